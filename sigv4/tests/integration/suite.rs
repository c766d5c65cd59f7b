//! The signing cases of `testdata/sigv4`, each stage compared by itself.
//!
//! The expected values come from signers outside this repository; the naive
//! reference signer is held to them as well, so that the property tests may
//! trust it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::cases::signing::{self, Case};
use crate::reference;

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
    use sigv4::{Payload, PayloadLiteral};

    use super::{CASES, check};
    use crate::cases::signing::Case;
    use crate::reference::{Form, target_parts};
    use crate::signer::{self, Made};
    use crate::verifier;

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
    fn writes_the_string_to_sign() {
        check("strings to sign", |case| {
            made(case).is_some_and(|made| made.string_to_sign == case.expected.string_to_sign)
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
            let authorization = case.expected.authorization.as_deref().unwrap_or_default();
            let expected = verifier::added_headers(&case.input, authorization);
            made(case).is_some_and(|made| sorted(made.added_headers) == sorted(expected))
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

    #[test]
    fn prepares() {
        check("prepared requests", |case| {
            let payloads = [
                signer::payload(&case.input),
                Payload::Bytes(b"another body"),
                Payload::Literal(PayloadLiteral::StreamingHmac),
                signer::payload(&case.input),
            ];
            let misprepared = signer::misprepared(&case.input, case.lines, &payloads);
            misprepared == Ok(None) || case.input.form == Form::Query || declares_payload(case)
        });
        let declaring = CASES.iter().filter(|case| declares_payload(case));
        for case in declaring.clone().filter(|case| case.input.form == Form::Header) {
            let refused = signer::misprepared(&case.input, case.lines, &[]);
            assert_eq!(refused, Err("ContentSha256Mismatch".to_owned()), "{}", case.name);
        }
        assert!(declaring.count() < 10, "nearly every case is prepared");
    }

    /// Whether the request itself names a payload, which cannot vary then.
    fn declares_payload(case: &Case) -> bool {
        let mut names = case.input.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        names.any(|name| name == "x-amz-content-sha256")
    }

    fn sorted(mut headers: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
        headers.sort();
        headers
    }
}

/// What the cases' own signatures, which others made, look like to the crate's
/// verifier.
mod the_verifier {
    use sigv4::{Body, FoldedLines, Timestamp};

    use super::{CASES, check};
    use crate::cases::signing::Case;
    use crate::reference::Form;
    use crate::verifier::{OnFile, Received, rules};

    #[test]
    fn accepts_what_others_signed() {
        check("refusals", |case| {
            let now = Timestamp::parse(case.input.timestamp.as_bytes()).expect("a valid time");
            let on_file = OnFile {
                secret_access_key: &case.input.secret_access_key,
                session_token: case
                    .input
                    .session_token
                    .as_deref()
                    .filter(|token| !token.is_empty()),
            };
            let verdict = received(case).verify(body(case), on_file, &rules(&case.input), now);
            verdict.is_ok() || !is_verifiable(case)
        });
    }

    #[test]
    fn rebuilds_the_canonical_request() {
        check("canonical requests", |case| {
            let rebuilt = received(case).stages(body(case), &rules(&case.input));
            let rebuilt = rebuilt.map(|(canonical_request, _)| canonical_request);
            rebuilt.is_some_and(|rebuilt| rebuilt == case.expected.canonical_request)
                || !is_verifiable(case)
        });
    }

    #[test]
    fn rebuilds_the_string_to_sign() {
        check("strings to sign", |case| {
            let rebuilt = received(case).stages(body(case), &rules(&case.input));
            let rebuilt = rebuilt.map(|(_, string_to_sign)| string_to_sign);
            rebuilt.is_some_and(|rebuilt| rebuilt == case.expected.string_to_sign.as_bytes())
                || !is_verifiable(case)
        });
    }

    #[test]
    fn can_verify_all_but_a_few_cases() {
        let others =
            CASES.iter().filter(|case| !is_verifiable(case)).map(|case| case.name.as_str());
        assert_eq!(
            others.collect::<Vec<_>>(),
            ["header-obs-fold", "header-obs-fold-cr", "payload-unsigned"]
        );
    }

    /// A verifier takes no folded lines, and a literal payload must be declared
    /// in a header or go without saying.
    fn is_verifiable(case: &Case) -> bool {
        let input = &case.input;
        let is_declared = input.form == Form::Query || input.sign_body || input.payload.is_none();
        case.lines == FoldedLines::Refuse && is_declared
    }

    fn received(case: &Case) -> Received {
        let expected = &case.expected;
        Received::new(
            &case.input,
            expected.authorization.as_deref(),
            expected.signed_target.as_deref(),
        )
    }

    /// The hash, where the case gives it in place of a body.
    fn body(case: &Case) -> Option<Body<'_>> {
        let mut digest = [0; 32];
        let line = case.input.payload.as_ref()?;
        hex::decode_to_slice(line, &mut digest).ok().map(|()| Body::Sha256(digest))
    }
}
