//! Explaining a refusal agrees with the verifier, and shows no secret.

use sigv4::explain::{EXPLAIN_STEPS_MAX, Explanation, ServerView, SignatureFinding};
use sigv4::{Body, Credentials, PresentedSignature, Timestamp, VerifyRules};

use super::raw_request::RawRequest;

/// Explains a request by the rules of each preset; what stands in its body is
/// compared with what is rebuilt, too.
pub fn check(input: &[u8]) {
    let raw = RawRequest::read(input);
    let request = raw.request();
    let other_text = core::str::from_utf8(raw.body).ok();
    let now = Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time");
    for rules in [
        VerifyRules::strict("us-east-1", "iam"),
        VerifyRules::s3("us-east-1"),
        VerifyRules::iam("iam"),
    ] {
        let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
        let view = ServerView {
            hosts: &["other.example"],
            targets: &["/other?b=2&a=1"],
            other_text,
            ..ServerView::new(credentials, Body::Bytes(raw.body), now, rules)
        };
        let explanation = view.explain(&request).expect("a valid secret");
        check_findings(&explanation);
        if let Err(error) = PresentedSignature::parse(&request) {
            assert_eq!(explanation.refusal(), Some(error));
        }
        assert!(!format!("{explanation} {explanation:?}").contains(SECRET));
    }
}

fn check_findings(explanation: &Explanation) {
    assert!(explanation.steps() <= EXPLAIN_STEPS_MAX);
    assert!(!explanation.to_string().is_empty());
    match (explanation.refusal(), explanation.signature()) {
        (None, signature) => {
            assert!(matches!(signature, SignatureFinding::Holds | SignatureFinding::NotExamined));
            assert!(explanation.mistakes().is_empty());
        }
        (Some(_), SignatureFinding::HoldsWithMistakes) => {
            assert!(!explanation.mistakes().is_empty());
        }
        (Some(_), SignatureFinding::Unexplained) => assert!(!explanation.is_cut_short()),
        (Some(_), SignatureFinding::CutShort) => assert!(explanation.is_cut_short()),
        (Some(_), _) => {}
    }
}

/// The seeds are signed with it, but for what the mistakes in them make of it.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
