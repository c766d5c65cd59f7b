//! The verifier agrees with itself, and with HMAC where it accepts.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sigv4::{
    Body, CredentialScope, Evidence, PresentedSignature, Request, Timestamp, Verified, VerifyError,
    VerifyRules, VerifyingKey,
};

use super::raw_request::RawRequest;

/// Verifies a request by the rules of each preset.
pub fn check(input: &[u8]) {
    let raw = RawRequest::read(input);
    let request = raw.request();
    let presented = match PresentedSignature::parse(&request) {
        Ok(presented) => presented,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for rules in [
        VerifyRules::strict("us-east-1", "iam"),
        VerifyRules::s3("us-east-1"),
        VerifyRules::iam("iam"),
    ] {
        check_by(&rules, &raw, &request, &presented);
    }
}

fn check_by(
    rules: &VerifyRules<'_>,
    raw: &RawRequest<'_>,
    request: &Request<'_, [(&[u8], &[u8])]>,
    presented: &PresentedSignature<'_>,
) {
    let now = Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time");
    let scope = presented.scope(rules);
    let scope = scope.or(CredentialScope::new(now.date(), "us-east-1", "iam"));
    let scope = scope.expect("a valid scope");
    let body = Body::Bytes(raw.body);
    let verdict = |secret: &str| {
        let key = VerifyingKey::derive(secret, &scope).expect("a valid secret");
        let evidence = Evidence { key: &key, session_token: None, body, now };
        let verdict = presented.verify(request, &evidence, rules);
        assert_eq!(verdict, one_by_one(presented, request, &evidence, rules));
        verdict
    };
    match verdict(SECRET) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(_) => {
            assert_eq!(presented.scope(rules), Ok(scope));
            assert_eq!(verdict("other"), Err(VerifyError::SignatureMismatch));
            check_signature(presented, request, &body, rules);
        }
    }
}

/// Every check in its order, as a server calls them that answers each in words
/// of its own.
fn one_by_one(
    presented: &PresentedSignature<'_>,
    request: &Request<'_, [(&[u8], &[u8])]>,
    evidence: &Evidence<'_>,
    rules: &VerifyRules<'_>,
) -> Result<Verified, VerifyError> {
    presented.check_duplicates(rules)?;
    presented.check_algorithm(rules)?;
    presented.check_syntax()?;
    presented.check_complete(rules)?;
    presented.check_scope(rules)?;
    let timestamp = presented.check_time(rules, evidence.now)?;
    presented.check_session_token(evidence.session_token, rules)?;
    let literal = presented.check_signature(request, &evidence.body, evidence.key, rules)?;
    presented.check_host_signed(rules)?;
    presented.check_signed_headers(request, rules)?;
    // `Verified` cannot be made outside; its parts are compared instead.
    let verified = presented.verify(request, evidence, rules)?;
    assert_eq!((verified.timestamp, verified.payload), (timestamp, literal));
    Ok(verified)
}

/// The signature that was accepted, made again with HMAC from the stages that
/// the verifier shows.
fn check_signature(
    presented: &PresentedSignature<'_>,
    request: &Request<'_, [(&[u8], &[u8])]>,
    body: &Body<'_>,
    rules: &VerifyRules<'_>,
) {
    let (mut canonical, mut string_to_sign) = (vec![0; 1 << 17], [0; 512]);
    let canonical = presented
        .canonical_request(request, body, rules, &mut canonical)
        .expect("it was verified")
        .expect("the buffer is large");
    let string_to_sign = presented
        .string_to_sign(canonical, rules, &mut string_to_sign)
        .expect("it was verified")
        .expect("the buffer is large");
    let scope = presented.scope(rules).expect("it was verified");
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in [scope.date().as_str(), scope.region(), scope.service(), "aws4_request"] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hmac(&key, string_to_sign);
    let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let accepted = presented.signature(rules).map(|text| text.to_string());
    assert_eq!(accepted, Some(signature));
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The seeds are signed with it, so that the fuzzer gets as far as the signature.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
