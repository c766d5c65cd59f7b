//! Random requests, and region sets.

use proptest::prelude::*;
use proptest::sample::Index;
use sigv4::sigv4a::RegionSet;
use sigv4::verify_rules::{DateRule, Duplicates};
use sigv4::{Timestamp, VerifyRules};

use super::data;
use super::roundtrip::{public_key, sign, verify};
use crate::reference::{self, Form, Input};
use crate::requests;
use crate::verifier::Received;

proptest! {
    // An elliptic curve takes a thousand times as long as an HMAC.
    #![proptest_config(ProptestConfig { cases: cases(48), ..ProptestConfig::default() })]

    #[test]
    fn the_canonical_request_is_that_of_the_reference(input in multi_region(requests::well_formed())) {
        let made = sign(&input).map_err(TestCaseError::fail)?;
        prop_assert_eq!(
            made.canonical_request.escape_ascii().to_string(),
            canonical_request(&input, &made.received).escape_ascii().to_string()
        );
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else(
        input in multi_region(requests::verifiable()),
        part in 0..4_u8,
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let made = sign(&input).map_err(TestCaseError::fail)?;
        prop_assert_eq!(verify_received(&input, &made.received), Ok(()));
        let mut received = made.received.clone();
        let before = received.content(&input);
        let changed = requests::flip(&mut received, part, at, bit);
        // Another spelling of the same request is the same request.
        if changed && received.content(&input) != before {
            prop_assert!(verify_received(&input, &received).is_err());
        }
    }
}

proptest! {
    #[test]
    fn no_received_request_panics(
        input in requests::anything(),
        authorization in "AWS4-ECDSA-P256-SHA256 [ -~]{0,80}",
        signature in "(30[0-9a-f]{0,144})?",
        in_query in any::<bool>(),
    ) {
        let (id, service) = (&input.access_key_id, &input.service);
        let (day, time) = (&input.timestamp[..8], &input.timestamp);
        let mut received = Received::new(&input, Some(&authorization), None);
        if in_query {
            received.headers.pop();
            received.target.extend(format!(
                "?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Date={time}&X-Amz-SignedHeaders=host\
                 &X-Amz-Credential={id}/{day}/{service}/aws4_request&X-Amz-Region-Set={}\
                 &X-Amz-Expires=5&X-Amz-Signature={signature}",
                input.region,
            ).bytes());
        }
        let key = public_key(&other_key(&input));
        let now = Timestamp::parse(time.as_bytes()).unwrap();
        prop_assert!(verify(&received, &key, None, &rules(&input), now).is_err());
    }

    #[test]
    fn stars_fit_as_the_reference_says(patterns in "[ab*]{1,6}(,[ab*]{1,6}){0,3}", region in "[ab]{0,8}") {
        let expected = patterns.split(',').any(|pattern| fits(pattern.as_bytes(), region.as_bytes()));
        let set = RegionSet::new(&patterns).unwrap();
        prop_assert_eq!(set.includes(&region), expected);
        prop_assert!(set.regions().eq(patterns.split(',')));
    }

    #[test]
    fn any_text_is_a_region_set_or_not(text in ".{0,80}", region in ".{0,20}") {
        if let Ok(set) = RegionSet::new(&text) {
            prop_assert_eq!(set.as_str(), &text);
            let _ = set.includes(&region);
        }
    }
}

/// As many cases as are asked for, else so many.
fn cases(usual: u32) -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    asked.unwrap_or(usual)
}

/// Makes requests good in several regions.
fn multi_region(inputs: impl Strategy<Value = Input>) -> impl Strategy<Value = Input> {
    (inputs, "[a-z0-9*-]{1,24}(,[a-z0-9*-]{1,24}){0,3}").prop_map(|(mut input, region)| {
        input.region = region;
        input
    })
}

/// The canonical request as the reference writes it of what is sent.
fn canonical_request(input: &Input, received: &Received) -> Vec<u8> {
    let content = reference::canonical_content(&Input {
        // Nothing is to be added.
        form: Form::Query,
        target: without_signature(&received.target),
        headers: received
            .headers
            .iter()
            .filter(|(name, _)| is_signed(input, name))
            .cloned()
            .collect(),
        ..input.clone()
    });
    // The names of the signed headers are left out there.
    let at = content.windows(2).rposition(|pair| pair == b"\n\n").unwrap() + 1;
    let lines = content.split(|&byte| byte == b'\n').skip(3).take_while(|line| !line.is_empty());
    let names: Vec<_> =
        lines.map(|line| line.split(|&byte| byte == b':').next().unwrap()).collect();
    [&content[..at], &names.join(&b';'), &content[at..]].concat()
}

fn is_signed(input: &Input, name: &str) -> bool {
    !(input.omit_session_token && name == input.token_name.header())
}

fn without_signature(target: &[u8]) -> Vec<u8> {
    let text = b"&X-Amz-Signature=";
    let at = target.windows(text.len()).position(|window| window == text);
    target[..at.unwrap_or(target.len())].to_vec()
}

fn verify_received(input: &Input, received: &Received) -> Result<(), sigv4::VerifyError> {
    let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
    let token = input.session_token.as_deref().filter(|token| !token.is_empty());
    verify(received, &public_key(input), token, &rules(input), now)
}

fn rules(input: &Input) -> VerifyRules<'_> {
    VerifyRules {
        date: DateRule::Header,
        // Random requests hold several `Date` headers, which count for nothing.
        header_duplicates: Duplicates::First,
        ..data::rules(input)
    }
}

/// A key from which nothing was signed.
fn other_key(input: &Input) -> Input {
    Input { access_key_id: "AKIDOTHER".into(), secret_access_key: "other".into(), ..input.clone() }
}

/// A pattern against a text, byte by byte and in every way.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|len| fits(rest, &text[len..])),
        ([a, pattern @ ..], [b, text @ ..]) => a == b && fits(pattern, text),
        _ => false,
    }
}
