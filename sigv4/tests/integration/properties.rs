//! Properties on random requests.
//!
//! The crate equals the naive reference signer on every well-formed request, its
//! verifier accepts what the reference signed and refuses it with any bit
//! flipped, and no input of any kind makes it panic. `PROPTEST_CASES=100000`
//! looks longer.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sigv4::verify_rules::{DateRule, Duplicates};
use sigv4::{FoldedLines, Payload, Timestamp, VerifyRules};

use crate::reference::{self, Input, target_parts};
use crate::requests;
use crate::signer;
use crate::verifier::{self, OnFile, Received};

proptest! {
    #[test]
    fn the_crate_equals_the_reference(input in requests::well_formed()) {
        let expected = reference::sign(&input);
        let made = signer::sign(&input, FoldedLines::Refuse);
        let made = made.map_err(|error| TestCaseError::fail(format!("refused: {error}")))?;
        prop_assert_eq!(
            made.canonical_request.escape_ascii().to_string(),
            expected.canonical_request.escape_ascii().to_string()
        );
        prop_assert_eq!(made.string_to_sign, expected.string_to_sign);
        prop_assert_eq!(made.signature, expected.signature);
        prop_assert_eq!(made.authorization, expected.authorization);
        let parts = |target: Option<Vec<u8>>| target.as_deref().map(target_parts);
        prop_assert_eq!(parts(made.signed_target), parts(expected.signed_target));
    }

    #[test]
    fn a_prepared_request_signs_each_payload_as_if_alone(
        input in requests::well_formed(),
        bodies in vec(vec(any::<u8>(), 0..200), 0..4),
        digest in any::<[u8; 32]>(),
    ) {
        let mut payloads: Vec<_> = bodies.iter().map(|body| Payload::Bytes(body)).collect();
        payloads.extend([Payload::UNSIGNED, Payload::Sha256(digest), Payload::EMPTY]);
        payloads.extend_from_within(..1);
        prop_assert_eq!(signer::misprepared(&input, FoldedLines::Refuse, &payloads), Ok(None));
    }

    #[test]
    fn the_order_of_headers_with_different_names_does_not_matter(
        input in requests::well_formed(),
        seed in any::<u64>(),
    ) {
        let mut shuffled = input.clone();
        // Stable, so that the values of one name stay in order.
        shuffled.headers.sort_by_key(|(name, _)| {
            let lower = name.to_ascii_lowercase();
            lower.bytes().fold(seed, |hash, byte| hash.rotate_left(7).wrapping_mul(31) ^ u64::from(byte))
        });
        let made = |input| signer::sign(input, FoldedLines::Refuse).map(|made| made.signature);
        prop_assert_eq!(made(&input), made(&shuffled));
    }

    #[test]
    fn no_input_panics(input in requests::anything(), unfold in any::<bool>()) {
        let lines = if unfold { FoldedLines::Unfold } else { FoldedLines::Refuse };
        // Either way is fine, so long as it comes back.
        let _ = signer::sign(&input, lines);
        let _ = signer::misprepared(&input, lines, &[Payload::EMPTY]);
    }

    #[test]
    fn the_verifier_accepts_what_the_reference_signed(input in requests::verifiable()) {
        prop_assert_eq!(verify(&input, &received(&input)), Ok(()));
    }

    #[test]
    fn no_flipped_bit_of_a_signed_part_is_accepted(
        input in requests::verifiable(),
        part in 0..4_u8,
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let mut received = received(&input);
        let before = received.content(&input);
        let changed = requests::flip(&mut received, part, at, bit);
        // Another spelling of the same request is the same request.
        if changed && received.content(&input) != before {
            prop_assert!(verify(&input, &received).is_err());
        }
    }

    #[test]
    fn no_received_request_panics(
        input in requests::anything(),
        authorization in "(AWS4-HMAC-SHA256 )?[ -~]{0,60}",
        in_query in any::<bool>(),
    ) {
        let mut received = Received::new(&input, Some(&authorization), None);
        if in_query {
            received.headers.pop();
            received.target.extend(authorization.bytes());
            received.target.extend(b"&X-Amz-Signature=0");
        }
        // Nothing was signed with the key on file.
        prop_assert!(verify(&input, &received).is_err());
    }
}

/// The request as the reference signs it and sends it.
fn received(input: &Input) -> Received {
    let signed = reference::sign(input);
    Received::new(input, signed.authorization.as_deref(), signed.signed_target.as_deref())
}

/// Verifies with the signer's own secret and token, a second after signing.
fn verify(input: &Input, received: &Received) -> Result<(), String> {
    let signed_at = Timestamp::parse(input.timestamp.as_bytes()).expect("a valid time");
    let now = Timestamp::from_unix_seconds(signed_at.unix_seconds() + 1).unwrap_or(signed_at);
    let on_file = OnFile {
        secret_access_key: &input.secret_access_key,
        session_token: input.session_token.as_deref().filter(|token| !token.is_empty()),
    };
    received.verify(None, on_file, &rules(input), now)
}

fn rules(input: &Input) -> VerifyRules<'_> {
    VerifyRules {
        date: DateRule::Header,
        // Random requests hold several `Date` headers, which count for nothing.
        header_duplicates: Duplicates::First,
        ..verifier::rules(input)
    }
}
