//! The cases of `testdata/sigv4/sigv4a`.

use sigv4::sigv4a::VerifyingKey;
use sigv4::{Timestamp, VerifyRules};

use super::roundtrip::{Made, public_key, sign, verify};
use crate::cases::multi_region::{Case, load};
use crate::reference::{Input, target_parts};
use crate::verifier::{self, Received};

#[test]
fn every_stage_is_that_of_awscrt() {
    let cases = load();
    assert!(cases.len() >= 24, "only {} cases were read", cases.len());
    for Case { name, input, expected } in &cases {
        let made = sign(input).unwrap_or_else(|error| panic!("{name}: {error}"));
        let canonical = String::from_utf8_lossy(&made.canonical_request);
        assert_eq!(canonical, expected.canonical_request, "{name}");
        assert_eq!(made.string_to_sign, expected.string_to_sign, "{name}");
    }
}

#[test]
fn signatures_are_those_of_another_deterministic_signer() {
    for Case { name, input, expected } in load() {
        let Made { signature, authorization, signed_target, .. } = sign(&input).unwrap();
        assert_eq!(signature, expected.deterministic_signature, "{name}");
        // The rest is that of awscrt, whose signature is another each time.
        let with_ours = |text: String| text.replace(&expected.signature, &signature);
        assert_eq!(authorization, expected.authorization.map(with_ours), "{name}");
        let parts = |target: Vec<u8>| target_parts(&target);
        let target = expected.signed_target.map(with_ours).map(String::into_bytes);
        assert_eq!(signed_target.map(parts), target.map(parts), "{name}");
    }
}

#[test]
fn public_keys_are_derived() {
    for Case { name, input, expected } in load() {
        let [x, y] = expected.public_key.map(|digits| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digits, &mut bytes).unwrap();
            bytes
        });
        assert_eq!(public_key(&input), VerifyingKey::from_coordinates(&x, &y).unwrap(), "{name}");
    }
}

#[test]
fn what_awscrt_signed_verifies() {
    for Case { name, input, expected } in load() {
        let target = expected.signed_target.as_deref().map(str::as_bytes);
        let mut received = Received::new(&input, expected.authorization.as_deref(), target);
        if expected.authorization.is_some() {
            received.headers.push(("X-Amz-Region-Set".into(), input.region.clone().into()));
        }
        assert_eq!(verify_at_signing(&input, &received), Ok(()), "{name}");
        let made = sign(&input).unwrap();
        assert_eq!(verify_at_signing(&input, &made.received), Ok(()), "{name}");
    }
}

/// Verifies in the second of signing, with what is on file for the input.
pub(crate) fn verify_at_signing(
    input: &Input,
    received: &Received,
) -> Result<(), sigv4::VerifyError> {
    let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
    let token = input.session_token.as_deref().filter(|token| !token.is_empty());
    verify(received, &public_key(input), token, &rules(input), now)
}

/// A server that signs as the input says, in whatever region.
pub(crate) fn rules(input: &Input) -> VerifyRules<'_> {
    VerifyRules { region: None, ..verifier::rules(input) }
}
