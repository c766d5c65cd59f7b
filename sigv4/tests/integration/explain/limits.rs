//! What is not examined, and what cannot be explained at all.

use sigv4::explain::{
    Comparison, EXPLAIN_OTHER_TEXT_LEN_MAX, EXPLAIN_REQUEST_LEN_MAX, EXPLAIN_STEPS_MAX,
    Explanation, Mistake, ServerView, SignatureFinding,
};
use sigv4::{Body, Credentials, KeyError, Request, Timestamp, VerifyError, VerifyRules};

fn view(secret: &str) -> ServerView<'_> {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let rules = VerifyRules::strict("us-east-1", "service");
    ServerView::new(Credentials::new("AKIDEXAMPLE", secret), Body::Bytes(b""), now, rules)
}

fn authorization(signed_headers: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders={signed_headers}, Signature={}",
        "0".repeat(64)
    )
}

#[test]
fn a_request_that_is_not_signed_has_a_reason() {
    let request = Request::new("GET", "/", [("host", "h")].as_slice());
    let explanation = view("secret").explain(&request).unwrap();
    assert_eq!(explanation.refusal(), Some(VerifyError::NoSignature));
    assert_eq!(explanation.signature(), SignatureFinding::NotExamined);
    assert!(explanation.to_string().contains("Sign the request"));
}

#[test]
fn a_secret_that_makes_no_key_is_an_error() {
    let request = Request::new("GET", "/", [("host", "h")].as_slice());
    assert_eq!(view("").explain(&request).unwrap_err(), KeyError::EmptySecretAccessKey);
    let error = view("secret\n").explain(&request).unwrap_err();
    assert_eq!(error, KeyError::SecretEndsWithLineBreak);
}

#[test]
fn a_request_is_examined_up_to_the_limit() {
    let authorization = authorization("host;x-amz-date");
    let headers = [
        ("host", "h"),
        ("x-amz-date", "20150830T123600Z"),
        ("authorization", authorization.as_str()),
    ];
    let rest: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    for (over, expected) in [(0, SignatureFinding::CutShort), (1, SignatureFinding::NotExamined)] {
        let path = "a".repeat(EXPLAIN_REQUEST_LEN_MAX - rest - "GET/".len() + over);
        let target = format!("/{path}");
        let request = Request::new("GET", &target, headers.as_slice());
        let explanation = view("secret").explain(&request).unwrap();
        assert_eq!(explanation.refusal(), Some(VerifyError::SignatureMismatch));
        assert_eq!(explanation.signature(), expected);
    }
}

/// A request with headers of which nearly every mistake makes another one.
fn explain_long(count: usize, value: &str, view: &ServerView<'_>) -> Explanation {
    let names: Vec<_> = (0..count).map(|n| format!("X-{n:04}")).collect();
    let listed = names.join(";").to_lowercase();
    let authorization = authorization(&format!("host;{listed};x-amz-date"));
    let mut headers: Vec<_> = names.iter().map(|name| (name.as_str(), value)).collect();
    headers.extend([("host", "h"), ("authorization", &authorization)]);
    headers.push(("x-amz-date", "20150830T123600Z"));
    let target = "/a%20b/c?z=%2F+~&y=&a=(%41)";
    view.explain(&Request::new("GET", target, headers.as_slice())).unwrap()
}

#[test]
fn the_search_stops_after_so_many_steps() {
    for (count, value) in [(300, "A  b; c"), (900, "A")] {
        let explanation = explain_long(count, value, &view("secret"));
        assert_eq!(explanation.refusal(), Some(VerifyError::SignatureMismatch));
        assert_eq!(explanation.signature(), SignatureFinding::CutShort);
        assert!(explanation.is_cut_short());
        assert!(explanation.steps() <= EXPLAIN_STEPS_MAX, "{}", explanation.steps());
        assert!(explanation.steps() > EXPLAIN_STEPS_MAX / 2, "{}", explanation.steps());
        assert!(explanation.to_string().contains("there are more than the steps suffice for"));
    }
}

#[test]
fn what_was_left_untried_is_not_excluded() {
    let all = explain_long(3, "A  b", &ServerView { steps_max: usize::MAX, ..view("secret") });
    assert_eq!(all.signature(), SignatureFinding::Unexplained);
    assert!(!all.is_cut_short() && !all.to_string().contains("there are more"));
    for steps_max in [0, 1, 100, 3_000, all.steps() - 1, all.steps()] {
        let found = explain_long(3, "A  b", &ServerView { steps_max, ..view("secret") });
        assert!(found.steps() <= steps_max, "{} of {steps_max}", found.steps());
        assert_eq!(found.is_cut_short(), steps_max < all.steps());
        assert!(all.excluded().starts_with(found.excluded()));
        let is_whole = found.signature() == SignatureFinding::Unexplained;
        assert_eq!(is_whole, steps_max == all.steps());
    }
    let none = explain_long(3, "A  b", &ServerView { steps_max: 0, ..view("secret") });
    assert_eq!((none.candidates(), none.excluded()), (0, [].as_slice()));
    assert_eq!(none.refusal(), Some(VerifyError::SignatureMismatch));
}

#[test]
fn a_long_body_is_hashed_once_however_many_candidates_there_are() {
    let authorization = authorization("host;x-amz-content-sha256;x-amz-date");
    let declared = "0".repeat(64);
    let headers = [
        ("host", "h"),
        ("x-amz-date", "20150830T123600Z"),
        ("x-amz-content-sha256", &declared),
        ("authorization", &authorization),
    ];
    let request = Request::new("PUT", "/", headers.as_slice());
    for (len, is_cut_short) in [(1 << 10, false), (1 << 22, true)] {
        let body = vec![b'\n'; len];
        let view = ServerView { body: Body::Bytes(&body), ..view("secret") };
        let explanation = view.explain(&request).unwrap();
        assert_eq!(explanation.refusal(), Some(VerifyError::PayloadMismatch));
        assert_eq!(explanation.is_cut_short(), is_cut_short, "{len}");
        assert!(explanation.steps() <= EXPLAIN_STEPS_MAX);
        assert!(!explanation.excluded().contains(&Mistake::BodyLineBreak) || !is_cut_short);
    }
}

#[test]
fn a_text_for_comparison_is_read_up_to_the_limit() {
    let head = "GET\n/\n\nhost:h\n\nhost\n";
    for (over, expected) in [(0, Comparison::Differs), (1, Comparison::TooLong)] {
        let text = format!("{head}{}", "a".repeat(EXPLAIN_OTHER_TEXT_LEN_MAX - head.len() + over));
        let view = ServerView { other_text: Some(&text), ..view("secret") };
        let explanation = explain_long(1, "a", &view);
        assert_eq!(explanation.comparison(), Some(expected));
    }
}
