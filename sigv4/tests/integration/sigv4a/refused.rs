//! One edit away from what verifies, each with its error.

use sigv4::sigv4a::{self, VerifyingKey};
use sigv4::verify_rules::{Duplicates, KeyIdSlashes, Unsigned};
use sigv4::{PresentedSignature, Request, SessionToken, Timestamp, VerifyError, VerifyRules};

use super::roundtrip::{public_key, sign, verify};
use crate::reference::{Encoding, Form, Input, TokenName};
use crate::verifier::Received;

fn input(form: Form) -> Input {
    Input {
        access_key_id: "AKIDEXAMPLE".into(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        session_token: Some("FwoGZXIvYXdzEXAMPLE".into()),
        token_name: TokenName::Ordinary,
        region: "us-east-1,eu-*".into(),
        service: "orders".into(),
        timestamp: "20150830T123600Z".into(),
        normalize: true,
        encoding: Encoding::Twice,
        sign_body: form == Form::Header,
        payload: None,
        omit_session_token: false,
        expires: (form == Form::Query).then_some(60),
        form,
        method: "POST".into(),
        target: b"/orders?page=2".into(),
        headers: vec![("Host".into(), b"example.com".into())],
        body: b"quantity=3".into(),
    }
}

fn check(received: &Received, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
    let input = input(Form::Header);
    let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
    verify(received, &public_key(&input), input.session_token.as_deref(), rules, now)
}

const RULES: VerifyRules<'static> = VerifyRules::strict("eu-central-1", "orders");

/// What is sent, with one text replaced wherever it stands.
fn edited(form: Form, from: &str, to: &str) -> Received {
    let mut received = sign(&input(form)).unwrap().received;
    let mut found = false;
    let mut replace = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        found |= text.contains(from);
        *bytes = text.replace(from, to).into_bytes();
    };
    replace(&mut received.method);
    replace(&mut received.target);
    replace(&mut received.body);
    received.headers.iter_mut().for_each(|(_, value)| replace(value));
    assert!(found, "{from} is not there");
    received
}

#[test]
fn both_forms_verify_as_they_are() {
    for form in [Form::Header, Form::Query] {
        assert_eq!(check(&sign(&input(form)).unwrap().received, &RULES), Ok(()), "{form:?}");
    }
}

#[test]
fn headers_that_were_changed_are_refused() {
    let cases = [
        ("POST", "PUT", VerifyError::SignatureMismatch),
        ("page=2", "page=3", VerifyError::SignatureMismatch),
        ("example.com", "example.org", VerifyError::SignatureMismatch),
        ("quantity=3", "quantity=4", VerifyError::PayloadMismatch),
        ("us-east-1,eu-*", "us-east-2,eu-*", VerifyError::SignatureMismatch),
        ("us-east-1,eu-*", "*", VerifyError::SignatureMismatch),
        ("us-east-1,eu-*", "us-east-1", VerifyError::RegionNotInSet),
        ("us-east-1,eu-*", "us-east-1, eu-*", VerifyError::MalformedRegionSet),
        ("us-east-1,eu-*", "us-east-1,,eu-*", VerifyError::MalformedRegionSet),
        ("us-east-1,eu-*", "", VerifyError::MalformedRegionSet),
        (";x-amz-region-set", "", VerifyError::RegionSetNotSigned),
        ("/20150830/", "/20150831/", VerifyError::ScopeDateMismatch),
        ("/orders/aws4", "/other/aws4", VerifyError::WrongService),
        ("aws4_request", "aws4_response", VerifyError::WrongTerminator),
        ("AKIDEXAMPLE/20150830/orders/", "orders/", VerifyError::MalformedCredential),
        ("AKIDEXAMPLE/", "/", VerifyError::MalformedCredential),
        (
            "20150830T123600Z",
            "20150830T122059Z",
            VerifyError::Expired {
                timestamp: Timestamp::parse(b"20150830T122059Z").unwrap(),
                now: Timestamp::parse(b"20150830T123600Z").unwrap(),
            },
        ),
        ("FwoGZXIvYXdzEXAMPLE", "FwoGZXIvYXdzEXAMPLF", VerifyError::SessionTokenMismatch),
        ("Signature=30", "Signature=31", VerifyError::MalformedSignature),
        ("Signature=30", "Signature=", VerifyError::MalformedSignature),
        ("Signature=", "Signed=", VerifyError::UnknownAuthorizationPart),
        ("AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA256", VerifyError::UnsupportedAlgorithm),
        ("AWS4-ECDSA-P256-SHA256", "AWS4-ECDSA-P256-SHA1", VerifyError::UnsupportedAlgorithm),
    ];
    for (from, to, expected) in cases {
        let refused = check(&edited(Form::Header, from, to), &RULES);
        assert_eq!(refused, Err(expected), "{from} to {to}");
    }
}

#[test]
fn the_access_key_id_decides_only_whose_key_is_looked_up() {
    // It stands in no string to sign; here the same key is on file for both.
    let received = edited(Form::Header, "AKIDEXAMPLE/", "AKIDOTHER/");
    assert_eq!(check(&received, &RULES), Ok(()));
}

#[test]
fn queries_that_were_changed_are_refused() {
    let cases = [
        ("page=2", "page=3", VerifyError::SignatureMismatch),
        ("us-east-1%2Ceu-%2A", "us-east-1%2Ceu-%2A%2A", VerifyError::SignatureMismatch),
        ("us-east-1%2Ceu-%2A", "us-east-1", VerifyError::RegionNotInSet),
        ("us-east-1%2Ceu-%2A", "us-east-1%2C%20eu-%2A", VerifyError::MalformedRegionSet),
        ("X-Amz-Region-Set", "X-Amz-Regions", VerifyError::Missing { name: "X-Amz-Region-Set" }),
        (
            "&page",
            "&X-Amz-Region-Set=%2A&page",
            VerifyError::Duplicate { name: "X-Amz-Region-Set" },
        ),
        (
            "&page",
            "&X-Amz-Region%2DSet=%2A&page",
            VerifyError::Duplicate { name: "X-Amz-Region-Set" },
        ),
        ("X-Amz-Expires=60", "X-Amz-Expires=61", VerifyError::SignatureMismatch),
        ("quantity=3", "quantity=4", VerifyError::SignatureMismatch),
        ("%2Forders%2F", "%2Fother%2F", VerifyError::WrongService),
        ("Signature=30", "Signature=3O", VerifyError::MalformedSignature),
    ];
    for (from, to, expected) in cases {
        let refused = check(&edited(Form::Query, from, to), &RULES);
        assert_eq!(refused, Err(expected), "{from} to {to}");
    }
}

#[test]
fn a_region_set_must_be_there_and_once_whatever_the_rules_say() {
    let lenient = VerifyRules {
        header_duplicates: Duplicates::Last,
        query_duplicates: Duplicates::First,
        unsigned_amz_headers: Unsigned::Allow,
        ..RULES
    };
    let mut received = sign(&input(Form::Header)).unwrap().received;
    let name = "X-Amz-Region-Set";
    received.headers.push((name.into(), b"*".into()));
    assert_eq!(check(&received, &lenient), Err(VerifyError::Duplicate { name }));
    received.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-region-set"));
    assert_eq!(check(&received, &lenient), Err(VerifyError::Missing { name }));
    received.headers.push((name.into(), vec![b'r'; 1_025]));
    assert_eq!(check(&received, &lenient), Err(VerifyError::MalformedRegionSet));
}

#[test]
fn a_header_beside_a_presigned_region_set_must_be_signed() {
    let mut received = sign(&input(Form::Query)).unwrap().received;
    received.headers.push(("X-Amz-Region-Set".into(), b"*".into()));
    assert_eq!(check(&received, &RULES), Err(VerifyError::UnsignedAmzHeader));
}

#[test]
fn the_region_is_held_against_the_set_only_if_there_is_one() {
    let received = sign(&input(Form::Header)).unwrap().received;
    for (region, expected) in [
        (Some("us-east-1"), Ok(())),
        (Some("eu-west-3"), Ok(())),
        (Some("us-east-2"), Err(VerifyError::RegionNotInSet)),
        (Some(""), Err(VerifyError::RegionNotInSet)),
        (None, Ok(())),
    ] {
        assert_eq!(check(&received, &VerifyRules { region, ..RULES }), expected, "{region:?}");
    }
}

#[test]
fn another_key_verifies_nothing() {
    let input = input(Form::Header);
    let received = sign(&input).unwrap().received;
    let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
    let token = input.session_token.as_deref();
    for (id, secret) in [("AKIDEXAMPLE", "other"), ("AKIDOTHER", &*input.secret_access_key)] {
        let key = VerifyingKey::derive(id, secret).unwrap();
        let refused = verify(&received, &key, token, &RULES, now);
        assert_eq!(refused, Err(VerifyError::SignatureMismatch), "{id}");
    }
}

#[test]
fn each_algorithm_refuses_the_other() {
    let input = input(Form::Header);
    let received = sign(&input).unwrap().received;
    let request = Request::new(&received.method, &received.target, received.headers.as_slice());
    let presented = PresentedSignature::parse(&request).unwrap();
    assert_eq!(presented.check_algorithm(&RULES), Err(VerifyError::UnsupportedAlgorithm));
    let hmac = crate::reference::sign(&input);
    let received = Received::new(&input, hmac.authorization.as_deref(), None);
    let request = Request::new(&received.method, &received.target, received.headers.as_slice());
    let presented = PresentedSignature::parse(&request).unwrap();
    let refused = sigv4a::PresentedSignature::new(&presented, &RULES).map(|_| ());
    assert_eq!(refused, Err(VerifyError::UnsupportedAlgorithm));
}

#[test]
fn slashes_in_ids_are_a_matter_of_rules() {
    let input = Input { access_key_id: "team/a/AKID".into(), ..input(Form::Header) };
    let received = sign(&input).unwrap().received;
    let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
    let (key, token) = (public_key(&input), input.session_token.as_deref());
    assert_eq!(verify(&received, &key, token, &RULES, now), Ok(()));
    let strict = VerifyRules { key_id_slashes: KeyIdSlashes::Refuse, ..RULES };
    let refused = verify(&received, &key, token, &strict, now);
    assert_eq!(refused, Err(VerifyError::MalformedCredential));
}

#[test]
fn an_unsigned_token_is_accepted_where_the_rules_say_so() {
    let input = Input { omit_session_token: true, ..input(Form::Query) };
    let received = sign(&input).unwrap().received;
    let rules = VerifyRules { session_token: SessionToken::Unsigned, ..RULES };
    assert_eq!(check(&received, &rules), Ok(()));
    assert_eq!(check(&received, &RULES), Err(VerifyError::SignatureMismatch));
}
