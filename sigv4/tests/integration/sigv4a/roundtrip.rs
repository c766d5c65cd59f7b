//! The crate under test: signing a case's input, and verifying what arrives.

use std::fmt::Debug;

use sigv4::sigv4a::{self, RegionSet, SigningInstant, SigningKey, VerifyingKey};
use sigv4::{
    Body, Evidence, Expires, FoldedLines, PresentedSignature, Request, Timestamp, VerifyError,
    VerifyRules,
};

use crate::reference::{Form, Input};
use crate::signer::{payload, rules};
use crate::verifier::Received;

/// What the crate makes of an input.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) canonical_request: Vec<u8>,
    pub(crate) string_to_sign: String,
    pub(crate) signature: String,
    pub(crate) authorization: Option<String>,
    pub(crate) signed_target: Option<Vec<u8>>,
    /// What is sent.
    pub(crate) received: Received,
}

/// Signs, or says in which way the crate refuses to.
pub(crate) fn sign(input: &Input) -> Result<Made, String> {
    let credentials = crate::signer::credentials(input);
    let regions = RegionSet::new(&input.region).map_err(text)?;
    let key = SigningKey::derive(&credentials, regions, &input.service).map_err(text)?;
    let instant = key.at(Timestamp::parse(input.timestamp.as_bytes()).map_err(text)?);
    match input.form {
        Form::Header => sign_headers(input, &instant),
        Form::Query => sign_query(input, &instant),
    }
}

fn sign_headers(input: &Input, instant: &SigningInstant<'_>) -> Result<Made, String> {
    let request = Request::new(&input.method, &input.target, input.headers.as_slice());
    let (payload, rules) = (payload(input), rules(input, FoldedLines::Refuse));
    let mut canonical = vec![0; BUFFER_LEN];
    let canonical =
        instant.canonical_request(&request, payload, &rules, &mut canonical).map_err(text)?;
    let mut out = vec![0; instant.authorization_len_max(&request, payload, &rules).map_err(text)?];
    let signed = instant.sign(&request, payload, &rules, &mut out).map_err(text)?;
    let mut received = Received::new(input, None, None);
    let added = signed.headers().map(|(name, value)| (name.to_owned(), value.into()));
    received.headers.extend(added);
    Ok(Made {
        canonical_request: canonical.to_vec(),
        string_to_sign: string_to_sign(instant, canonical)?,
        signature: signed.signature().to_string(),
        authorization: Some(signed.authorization().to_owned()),
        signed_target: None,
        received,
    })
}

fn sign_query(input: &Input, instant: &SigningInstant<'_>) -> Result<Made, String> {
    let request = Request::new(&input.method, &input.target, input.headers.as_slice());
    let (payload, rules) = (payload(input), rules(input, FoldedLines::Refuse));
    let expires = input.expires.map(Expires::from_seconds).transpose().map_err(text)?;
    let mut canonical = vec![0; BUFFER_LEN];
    let canonical = instant
        .presigned_canonical_request(&request, payload, expires, &rules, &mut canonical)
        .map_err(text)?;
    let len_max = instant.presigned_len_max(&request, payload, expires, &rules).map_err(text)?;
    let mut out = vec![0; len_max];
    let signed = instant.presign(&request, payload, expires, &rules, &mut out).map_err(text)?;
    Ok(Made {
        canonical_request: canonical.to_vec(),
        string_to_sign: string_to_sign(instant, canonical)?,
        signature: signed.signature().to_string(),
        authorization: None,
        signed_target: Some(signed.target().to_vec()),
        received: Received::new(input, None, Some(signed.target())),
    })
}

fn string_to_sign(instant: &SigningInstant<'_>, canonical: &[u8]) -> Result<String, String> {
    let mut out = [0; 512];
    let written = instant.string_to_sign(canonical, &mut out).map_err(text)?;
    Ok(String::from_utf8_lossy(written).into_owned())
}

/// Room for any canonical request of the tests.
const BUFFER_LEN: usize = 1 << 17;

/// Verifies what arrived with a public key alone.
pub(crate) fn verify(
    received: &Received,
    key: &VerifyingKey,
    session_token: Option<&str>,
    rules: &VerifyRules<'_>,
    now: Timestamp,
) -> Result<(), VerifyError> {
    let request = Request::new(&received.method, &received.target, received.headers.as_slice());
    let presented = PresentedSignature::parse(&request)?;
    let presented = sigv4a::PresentedSignature::new(&presented, rules)?;
    let evidence = Evidence { key, session_token, body: Body::Bytes(&received.body), now };
    let verified = presented.verify(&request, &evidence, rules)?;
    // Each check alone comes to the same.
    let payload = presented.check_signature(&request, &evidence.body, key, rules)?;
    assert_eq!(payload, verified.payload);
    presented.check_scope(rules)?;
    presented.check_region_set(&request, rules)
}

/// The key that verifies an input.
pub(crate) fn public_key(input: &Input) -> VerifyingKey {
    VerifyingKey::derive(&input.access_key_id, &input.secret_access_key).unwrap()
}

fn text(error: impl Debug) -> String {
    format!("{error:?}")
}
