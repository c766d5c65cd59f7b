//! Whatever comes, explaining it ends, and says nothing that is not so.

use proptest::prelude::*;
use sigv4::explain::{EXPLAIN_STEPS_MAX, ServerView, SignatureFinding};
use sigv4::verify_rules::UnnormalizedPath;
use sigv4::{
    Body, Credentials, Payload, Request, SigningKey, SigningRules, Timestamp, VerifyRules,
};

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn view<'a>(secret: &'a str, rules: VerifyRules<'a>, body: &'a [u8]) -> ServerView<'a> {
    ServerView::new(Credentials::new("AKIDEXAMPLE", secret), Body::Bytes(body), now(), rules)
}

/// Text of the bytes that matter to parsers, and some that do not.
fn odd_text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => proptest::sample::select(b"/=&%+;:,. ~a2F'\"\t".to_vec()),
        1 => any::<u8>(),
    ];
    proptest::collection::vec(byte, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        path in odd_text(),
        parts in [odd_text(), odd_text(), odd_text()],
        header in odd_text(),
        other in odd_text(),
        is_query in any::<bool>(),
    ) {
        let [credential, list, signature] = parts;
        let credential = [b"AKIDEXAMPLE/20150830/us-east-1/service".as_slice(), &credential].concat();
        let list = [b"host;".as_slice(), &list].concat();
        let query = [
            b"?X-Amz-Signature=".as_slice(), &signature, b"&X-Amz-Credential=", &credential,
            b"&X-Amz-SignedHeaders=", &list, b"&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60",
            b"&X-Amz-Algorithm=AWS4-HMAC-SHA256",
        ];
        let authorization = [
            b"AWS4-HMAC-SHA256 Credential=".as_slice(), &credential, b", SignedHeaders=", &list,
            b", Signature=", &signature,
        ].concat();
        let target = [b"/".as_slice(), &path, &if is_query { query.concat() } else { Vec::new() }].concat();
        let mut headers = vec![("host", b"h:80".to_vec()), ("x-odd", header)];
        if !is_query {
            headers.extend([("authorization", authorization), ("x-amz-date", b"20150830T123600Z".to_vec())]);
        }
        let other = String::from_utf8_lossy(&other).into_owned();
        let request = Request::new("GET", &target, headers.as_slice());
        for rules in [VerifyRules::strict("us-east-1", "service"), VerifyRules::s3("us-east-1"), VerifyRules::iam("service")] {
            let view = ServerView { other_text: Some(&other), ..view("secret", rules, b"body") };
            let explanation = view.explain(&request).unwrap();
            prop_assert!(explanation.steps() <= EXPLAIN_STEPS_MAX);
            prop_assert!(!explanation.to_string().is_empty());
        }
    }

    #[test]
    fn a_right_request_has_no_mistake_and_a_wrong_secret_none_that_is_known(
        path in "/[a-z%A-F0-9 ./~:+]{0,12}",
        value in "[ -~]{0,12}",
        body in proptest::collection::vec(any::<u8>(), 0..12),
        other in "[A-Za-z0-9/+]{40}",
    ) {
        let path = path.replace('%', "%25").replace(' ', "%20");
        let headers = [("host", "example.com"), ("x-note", value.as_str())];
        let request = Request::new("POST", &path, headers.as_slice());
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let key = SigningKey::derive(&Credentials::new("AKIDEXAMPLE", secret), now().date(), "us-east-1", "service").unwrap();
        let mut buffer = [0; 1024];
        let signed = key.at(now()).unwrap();
        let signed = signed.sign(&request, Payload::Bytes(&body), &SigningRules::STANDARD, &mut buffer).unwrap();
        let added: Vec<_> = signed.headers().chain(headers).collect();
        let request = Request::new("POST", &path, added.as_slice());
        let rules = VerifyRules {
            unnormalized_path: UnnormalizedPath::Accept,
            ..VerifyRules::strict("us-east-1", "service")
        };
        let right = view(secret, rules, &body).explain(&request).unwrap();
        prop_assert_eq!(right.refusal(), None);
        prop_assert_eq!(right.signature(), SignatureFinding::Holds);
        prop_assert!(right.mistakes().is_empty() && right.differences().is_empty());
        let wrong = view(&other, rules, &body).explain(&request).unwrap();
        prop_assert_eq!(wrong.signature(), SignatureFinding::Unexplained);
        prop_assert!(wrong.mistakes().is_empty() && wrong.differences().is_empty());
    }
}
