//! The signing cases of `testdata/sigv4`, each stage compared by itself.
//!
//! Run with `cargo test -p sigv4 --test suite`. The expected values come from
//! signers outside this repository; the naive reference signer is held to
//! them as well, so that the property tests may trust it.

#[expect(dead_code, reason = "this test reads the signing cases alone")]
mod cases;
mod reference;
mod signer;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use cases::signing::{self, Case};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(signing::load_all);

/// Names every case for which `is_right` does not hold.
fn check(what: &str, is_right: impl Fn(&Case) -> bool) {
    let cases = &*CASES;
    let wrong: Vec<_> =
        cases.iter().filter(|case| !is_right(case)).map(|case| &case.name).collect();
    assert!(wrong.is_empty(), "{what} of {} in {} cases: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn the_data_is_there_and_named_once() {
    let cases = &*CASES;
    let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.len() >= 250, "only {} cases were read", cases.len());
}

#[test]
fn published_values_are_the_expected_ones() {
    let published = CASES.iter().filter_map(|case| Some((case, case.published.as_ref()?)));
    assert_eq!(published.clone().count(), 6);
    for (Case { name, input, expected, .. }, published) in published {
        let keys = reference::derived_keys(input).map(hex::encode);
        let [date, region, service, signing] = keys.map(Some);
        let digest = hex::encode(Sha256::digest(&expected.canonical_request));
        assert!(!published.document.is_empty(), "{name}");
        assert_eq!(digest, published.canonical_request_sha256, "{name}");
        assert_eq!(expected.signature, published.signature, "{name}");
        assert_eq!(signing, published.signing_key, "{name}");
        if published.date_key.is_some() {
            let stated = [&published.date_key, &published.region_key, &published.service_key];
            assert_eq!([&date, &region, &service], stated, "{name}");
        }
    }
}

mod the_reference {
    use super::check;
    use crate::reference::{sign, target_parts};

    #[test]
    fn writes_the_canonical_request() {
        check("canonical requests", |case| {
            sign(&case.input).canonical_request == case.expected.canonical_request
        });
    }

    #[test]
    fn writes_the_string_to_sign() {
        check("strings to sign", |case| {
            sign(&case.input).string_to_sign == case.expected.string_to_sign
        });
    }

    #[test]
    fn lists_the_signed_headers() {
        check("signed headers", |case| {
            sign(&case.input).signed_headers == case.expected.signed_headers
        });
    }

    #[test]
    fn signs() {
        check("signatures", |case| sign(&case.input).signature == case.expected.signature);
    }

    #[test]
    fn writes_the_authorization_header() {
        check("authorization headers", |case| {
            sign(&case.input).authorization == case.expected.authorization
        });
    }

    #[test]
    fn presigns() {
        check("presigned targets", |case| {
            let parts = |target: &Option<Vec<u8>>| target.as_deref().map(target_parts);
            parts(&sign(&case.input).signed_target) == parts(&case.expected.signed_target)
        });
    }
}

mod the_crate {
    use super::check;
    use crate::cases::signing::Case;
    use crate::reference::target_parts;
    use crate::signer::{self, Made};

    /// What the crate makes of a case; a refusal is an empty result, which is
    /// never the expected one.
    fn made(case: &Case) -> Option<Made> {
        signer::sign(&case.input, case.lines).ok()
    }

    #[test]
    fn refuses_no_case() {
        check("refusals", |case| made(case).is_some());
    }

    #[test]
    fn writes_the_canonical_request() {
        check("canonical requests", |case| {
            made(case).is_some_and(|made| made.canonical_request == case.expected.canonical_request)
        });
    }

    #[test]
    fn signs() {
        check("signatures", |case| {
            made(case).is_some_and(|made| made.signature == case.expected.signature)
        });
    }

    #[test]
    fn writes_the_authorization_header() {
        check("authorization headers", |case| {
            made(case).is_some_and(|made| made.authorization == case.expected.authorization)
        });
    }

    #[test]
    fn names_the_headers_to_add() {
        check("added headers", |case| {
            made(case)
                .is_some_and(|made| sorted(made.added_headers) == sorted(case.added_headers()))
        });
    }

    #[test]
    fn presigns() {
        check("presigned targets", |case| {
            let parts = |target: &Option<Vec<u8>>| target.as_deref().map(target_parts);
            made(case).is_some_and(|made| {
                parts(&made.signed_target) == parts(&case.expected.signed_target)
            })
        });
    }

    fn sorted(mut headers: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
        headers.sort();
        headers
    }
}
