//! Whatever can be signed verifies, and does not once it is altered.

use sigv4::verify_rules::{Duplicates, UnnormalizedPath};
use sigv4::{
    Body, Credentials, Evidence, Expires, HEADERS_MAX, Payload, PresentedSignature,
    QUERY_PARAMETERS_MAX, Request, SignError, SigningInstant, SigningKey, SigningRules, Timestamp,
    VerifyError, VerifyRules, VerifyingKey,
};

use super::raw_request::RawRequest;

/// Signs a request in both forms, for S3 and for everything else.
pub fn check(input: &[u8]) {
    let raw = RawRequest::read(input);
    let parameters = raw.target.iter().filter(|&&byte| byte == b'&').count() + 1;
    if raw.headers.len() > HEADERS_MAX - ADDED_HEADERS
        || parameters > QUERY_PARAMETERS_MAX - ADDED_PARAMETERS
    {
        // What signing adds would lift the request over the verifier's limits.
        return;
    }
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET).with_session_token(TOKEN);
    let now = now();
    for (service, signing, verifying) in [
        ("s3", SigningRules::S3, VerifyRules::s3("us-east-1")),
        ("iam", SigningRules::STANDARD, VerifyRules::strict("us-east-1", "iam")),
    ] {
        let key = SigningKey::derive(&credentials, now.date(), "us-east-1", service);
        let key = key.expect("a valid key");
        let instant = key.at(now).expect("the day of the key");
        // What the caller repeats, or a path that is not in normal form, is for the
        // verifier to refuse, not for the signer.
        let verifying = VerifyRules {
            unnormalized_path: UnnormalizedPath::Accept,
            header_duplicates: Duplicates::Last,
            query_duplicates: Duplicates::Last,
            ..verifying
        };
        check_header_form(&raw, &instant, &signing, &verifying);
        check_query_form(&raw, &instant, &signing, &verifying);
    }
}

fn check_header_form(
    raw: &RawRequest<'_>,
    instant: &SigningInstant<'_>,
    signing: &SigningRules<'_>,
    verifying: &VerifyRules<'_>,
) {
    let (request, payload) = (raw.request(), Payload::Bytes(raw.body));
    let mut out = buffer_for(raw);
    let made = match instant.sign(&request, payload, signing, &mut out) {
        Ok(made) => made,
        Err(error) => {
            assert!(instant.canonical_request(&request, payload, signing, &mut [0; 8]).is_err());
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let needed = made.authorization().len();
    assert_eq!(instant.authorization_len(&request, Payload::EMPTY, signing), Ok(needed));
    let mut short = vec![0; needed - 1];
    let error = instant.sign(&request, payload, signing, &mut short).err();
    assert_eq!(error, Some(SignError::BufferTooSmall { needed, available: needed - 1 }));

    let mut prepared = vec![0; instant.prepared_len(&request, signing).unwrap_or_default()];
    match instant.prepare(&request, signing, &mut prepared) {
        Ok(mut prepared) => assert!(prepared.sign(payload).headers().eq(made.headers())),
        // The request names the payload, which could then not vary.
        Err(error) => assert_eq!(error, SignError::ContentSha256Mismatch),
    }

    let mut headers = raw.headers.clone();
    headers.extend(made.headers().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
    let signed = Request::new(raw.method, raw.target, headers.as_slice());
    check_verdicts(&signed, raw.body, verifying);
}

fn check_query_form(
    raw: &RawRequest<'_>,
    instant: &SigningInstant<'_>,
    signing: &SigningRules<'_>,
    verifying: &VerifyRules<'_>,
) {
    let is_s3 = *signing == SigningRules::S3;
    let payload = if is_s3 { Payload::UNSIGNED } else { Payload::Bytes(raw.body) };
    let (request, expires) = (raw.request(), Some(Expires::MAX));
    let mut out = buffer_for(raw);
    let Ok(made) = instant.presign(&request, payload, expires, signing, &mut out) else {
        let len = instant.presigned_len(&request, payload, expires, signing);
        // Counting does not normalise the path, which may have too many segments.
        assert!(len.is_err() || raw.target.len() > 1_024);
        return;
    };
    let needed = made.target().len();
    assert_eq!(instant.presigned_len(&request, payload, expires, signing), Ok(needed));
    let signed = Request::new(raw.method, made.target(), raw.headers.as_slice());
    check_verdicts(&signed, raw.body, verifying);
}

/// Accepted as it is; refused with another body, secret or signature.
fn check_verdicts(signed: &Request<'_, [(&[u8], &[u8])]>, body: &[u8], rules: &VerifyRules<'_>) {
    let accepted = verdict(signed, body, SECRET, rules).expect("what was signed verifies");
    let mismatch = Err(VerifyError::SignatureMismatch);
    assert_eq!(verdict(signed, body, "other", rules).map(|_| ()), mismatch);
    if accepted.payload.is_none() {
        let other = [body, b"x"].concat();
        assert!(verdict(signed, &other, SECRET, rules).is_err(), "the body is covered");
    }
    let method = [signed.method(), b"X"].concat();
    let other = Request::new(&method, signed.target(), signed.headers());
    assert_eq!(verdict(&other, body, SECRET, rules).map(|_| ()), mismatch);
}

fn verdict(
    request: &Request<'_, [(&[u8], &[u8])]>,
    body: &[u8],
    secret: &str,
    rules: &VerifyRules<'_>,
) -> Result<sigv4::Verified, VerifyError> {
    let presented = PresentedSignature::parse(request)?;
    let key = VerifyingKey::derive(secret, &presented.scope(rules)?).expect("a valid secret");
    let body = Body::Bytes(body);
    let evidence = Evidence { key: &key, session_token: Some(TOKEN), body, now: now() };
    presented.verify(request, &evidence, rules)
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time")
}

/// Room for anything made of a request: every byte escaped, and what is added.
fn buffer_for(raw: &RawRequest<'_>) -> Vec<u8> {
    let headers = raw.headers.iter().map(|(name, value)| name.len() + value.len() + 2);
    vec![0; 3 * (raw.target.len() + headers.sum::<usize>()) + 4_096]
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjE+/=";

/// `authorization` and the three headers that go with it.
const ADDED_HEADERS: usize = 4;

/// The parameters of a presigned request.
const ADDED_PARAMETERS: usize = 7;
