//! The signing cases of `testdata/sigv4`, each stage compared by itself.
//!
//! Run with `cargo test -p sigv4 --test suite`. The expected values come from
//! signers outside this repository; the naive reference signer is held to
//! them as well, so that the property tests may trust it.

mod cases;
mod reference;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use cases::Case;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases::load_all);

/// Names every case for which `is_right` does not hold.
fn check(what: &str, is_right: impl Fn(&Case) -> bool) {
    let cases = &*CASES;
    let wrong: Vec<_> = cases
        .iter()
        .filter(|case| !is_right(case))
        .map(|case| &case.name)
        .collect();
    assert!(
        wrong.is_empty(),
        "{what} of {} in {} cases: {wrong:#?}",
        wrong.len(),
        cases.len()
    );
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
    let published = CASES
        .iter()
        .filter_map(|case| Some((case, case.published.as_ref()?)));
    assert_eq!(published.clone().count(), 6);
    for (
        Case {
            name,
            input,
            expected,
            ..
        },
        published,
    ) in published
    {
        let keys = reference::derived_keys(input).map(hex::encode);
        let [date, region, service, signing] = keys.map(Some);
        let digest = hex::encode(Sha256::digest(&expected.canonical_request));
        assert!(!published.document.is_empty(), "{name}");
        assert_eq!(digest, published.canonical_request_sha256, "{name}");
        assert_eq!(expected.signature, published.signature, "{name}");
        assert_eq!(signing, published.signing_key, "{name}");
        if published.date_key.is_some() {
            let stated = [
                &published.date_key,
                &published.region_key,
                &published.service_key,
            ];
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
        check("signatures", |case| {
            sign(&case.input).signature == case.expected.signature
        });
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
