//! Properties on random requests: `cargo test -p sigv4 --test properties`.
//!
//! The crate equals the naive reference signer on every well-formed request,
//! and no input of any kind makes it panic. `PROPTEST_CASES=100000` looks
//! longer.

#[expect(dead_code, reason = "the crate shows fewer stages than the reference")]
mod reference;
mod requests;
#[expect(dead_code, reason = "this test compares the stages that both signers make")]
mod signer;

use proptest::prelude::*;
use sigv4::FoldedLines;

use reference::target_parts;

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
        prop_assert_eq!(made.signature, expected.signature);
        prop_assert_eq!(made.authorization, expected.authorization);
        let parts = |target: Option<Vec<u8>>| target.as_deref().map(target_parts);
        prop_assert_eq!(parts(made.signed_target), parts(expected.signed_target));
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
    }
}
