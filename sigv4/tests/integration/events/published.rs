//! The event stream that the tests of aws-c-auth sign, sent and received.

use sigv4::events::{
    EventDate, EventError, EventFrame, EventSignError, EventSigner, EventVerifier,
};
use sigv4::verify_rules::{DeclaredPayload, PayloadLiterals, PayloadRule};
use sigv4::{
    Body, ContentSha256, Credentials, Evidence, PathEncoding, PathRules, Payload, PayloadLiteral,
    PresentedSignature, Request, SigningKey, SigningRules, VerifyRules, VerifyingKey,
};

/// A stream that is signed with a signer's keys is the one that is signed with
/// those of its days, midnight in between.
#[cfg(feature = "signer")]
#[test]
fn a_signer_has_the_keys_of_all_days() {
    let credentials = || Credentials::new("access", "secret");
    let owned = sigv4::OwnedCredentials::new("access", "secret");
    let signer = sigv4::Signer::new(owned, "us-east-1", "demo").unwrap();
    let before = sigv4::Timestamp::parse(b"19810116T235959Z").unwrap();
    let seed = signer.key_for(before).unwrap().at(before).unwrap().sign_post_policy(b"any");
    let (mut by_signer, mut by_hand) = (EventSigner::new(&seed), EventSigner::new(&seed));
    let midnight = 348_537_600_000;
    for milliseconds in [-1, 0, 1] {
        let date = EventDate::from_unix_milliseconds(midnight + milliseconds).unwrap();
        let now = date.timestamp();
        let key = SigningKey::derive(&credentials(), now.date(), "us-east-1", "demo").unwrap();
        let signer_key = signer.key_for(now).unwrap();
        let [one, other] = [
            by_signer.sign(&signer_key, date, b"A").unwrap(),
            by_hand.sign(&key, date, b"A").unwrap(),
        ];
        assert_eq!((one.head(), one.tail()), (other.head(), other.tail()));
        let tomorrow = EventDate::from_unix_milliseconds(midnight + 86_400_000).unwrap();
        let (key, timestamp) = (now.date(), tomorrow.timestamp());
        let refused = by_signer.sign(&signer_key, tomorrow, b"A");
        assert_eq!(refused.err(), Some(EventSignError::WrongDay { key, timestamp }));
    }
}

#[test]
fn four_events() {
    let start = EventDate::from_unix_milliseconds(348_474_600_000).unwrap();
    assert_eq!(start.timestamp().as_str(), "19810116T063000Z");
    let credentials = Credentials::new("access", "secret");
    let date = start.timestamp().date();
    let key = SigningKey::derive(&credentials, date, "us-east-1", "demo").unwrap();
    let headers = [
        ("Host", "demo.us-east-1.amazonaws.com"),
        ("content-encoding", "application/vnd.amazon.eventstream"),
    ];
    let path = PathRules { normalize: true, encoding: PathEncoding::AsSent };
    let content_sha256 = ContentSha256::Add;
    let rules = SigningRules { path, content_sha256, ..SigningRules::STANDARD };
    let request = Request::new("POST", "/streaming", &headers);
    let mut buffer = [0; 512];
    let payload = Payload::Literal(PayloadLiteral::StreamingHmacEvents);
    let instant = key.at(start.timestamp()).unwrap();
    let signed = instant.sign(&request, payload, &rules, &mut buffer).unwrap();
    assert_eq!(
        signed.signature().to_string(),
        "e1d8e8c8815e60969f2a34765c9a15945ffc0badbaa4b7e3b163ea19131e949b"
    );

    let mut signer = EventSigner::new(signed.signature());
    let mut wire = Vec::new();
    let expected = [
        ("A", "7aabf85b765e6a4d0d500b6e968657b14726fa3e1eb7e839302728ffd77629a5"),
        ("B", "f72aa9642f571d24a6e1ae42f10f073ad9448d8a028b6bcd82da081335adda02"),
        ("C", "632af120435b57ec241d8bfbb12e496dfd5e2730a1a02ac0ab6eaa230ae02e9a"),
        ("", "c6f679ddb3af68f5e82f0cf6761244cb2338cf11e7d01a24130aea1b7c17e53e"),
    ];
    for ((payload, signature), seconds) in expected.into_iter().zip(1..) {
        let milliseconds = start.unix_milliseconds() + 1_000 * seconds;
        let date = EventDate::from_unix_milliseconds(milliseconds).unwrap();
        let event = signer.sign(&key, date, payload.as_bytes()).unwrap();
        assert_eq!(event.signature().to_string(), signature, "{payload}");
        wire.extend([event.head(), payload.as_bytes(), event.tail()].concat());
    }
    let late = signer.sign(&key, start, b"D");
    assert_eq!(late.err(), Some(EventSignError::Finished));

    let all: Vec<_> =
        headers.into_iter().chain(signed.headers()).map(|(n, v)| (n, v.to_owned())).collect();
    let sent = Request::new("POST", "/streaming", all.as_slice());
    let strict = VerifyRules::strict("us-east-1", "demo");
    let PayloadRule::Declared(declared) = strict.payload else { unreachable!() };
    let payload =
        PayloadRule::Declared(DeclaredPayload { literals: PayloadLiterals::Allow, ..declared });
    let rules = VerifyRules { path, payload, ..strict };
    let presented = PresentedSignature::parse(&sent).unwrap();
    let key = VerifyingKey::derive("secret", &presented.scope(&rules).unwrap()).unwrap();
    let evidence =
        Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now: start.timestamp() };
    let verified = presented.verify(&sent, &evidence, &rules).unwrap();
    let mut verifier = EventVerifier::new(&verified);
    let mut rest = wire.as_slice();
    for (payload, _) in expected {
        assert_eq!(verifier.finish(), Err(EventError::EndMissing));
        let frame = EventFrame::parse(rest).unwrap().unwrap();
        assert_eq!(verifier.verify(&key, &frame), Ok(payload.as_bytes()));
        rest = &rest[frame.len()..];
    }
    assert!(rest.is_empty());
    assert_eq!(verifier.finish(), Ok(()));
    let first = EventFrame::parse(&wire).unwrap().unwrap();
    assert_eq!(verifier.verify(&key, &first), Err(EventError::DataAfterEnd));
}
