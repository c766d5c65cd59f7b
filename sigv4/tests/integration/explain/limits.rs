//! What is not examined, and what cannot be explained at all.

use sigv4::explain::{
    EXPLAIN_CANDIDATES_MAX, EXPLAIN_REQUEST_LEN_MAX, ServerView, SignatureFinding,
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
    for (over, expected) in [(0, SignatureFinding::Unexplained), (1, SignatureFinding::NotExamined)]
    {
        let path = "a".repeat(EXPLAIN_REQUEST_LEN_MAX - rest - "GET/".len() + over);
        let target = format!("/{path}");
        let request = Request::new("GET", &target, headers.as_slice());
        let explanation = view("secret").explain(&request).unwrap();
        assert_eq!(explanation.refusal(), Some(VerifyError::SignatureMismatch));
        assert_eq!(explanation.signature(), expected);
    }
}

#[test]
fn the_search_stops_after_so_many_candidates() {
    let names: Vec<_> = (0..60).map(|n| format!("x-{n:03}")).collect();
    let authorization = authorization(&format!("host;{};x-amz-date", names.join(";")));
    let mut headers: Vec<_> = names.iter().map(|name| (name.as_str(), "A  b; c")).collect();
    headers.extend([("host", "h"), ("authorization", &authorization)]);
    headers.push(("x-amz-date", "20150830T123600Z"));
    let target = "/a%20b/../c?z=%2F+~&y=&a=(%41)";
    let request = Request::new("GET", target, headers.as_slice());
    let explanation = view("secret").explain(&request).unwrap();
    assert_eq!(explanation.signature(), SignatureFinding::Unexplained);
    assert_eq!(explanation.candidates(), EXPLAIN_CANDIDATES_MAX);
    assert!(explanation.to_string().contains("and there are more"));
}
