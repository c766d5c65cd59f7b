//! Events that were changed on their way, or are none.

use sigv4::events::{
    EVENT_PAYLOAD_LEN_MAX, EventDate, EventError, EventFrame, EventSignError, EventSigner,
    EventVerifier,
};
use sigv4::{
    Body, CredentialScope, Credentials, Evidence, Payload, PresentedSignature, Request, SigningKey,
    SigningRules, Timestamp, Verified, VerifyRules, VerifyingKey,
};

const NOON: i64 = 1_440_936_000_000;
const DAY: i64 = 86_400_000;

#[test]
fn no_flipped_bit_is_accepted() {
    let stream = Stream::new();
    let wire = stream.wire(&[(NOON, b"first"), (NOON + 1, b"second"), (NOON + 2, b"")]);
    assert_eq!(stream.received(&wire), Ok(3));
    for at in 0..wire.len() {
        for bit in 0..8 {
            let mut changed = wire.clone();
            changed[at] ^= 1 << bit;
            assert!(stream.received(&changed).is_err(), "{at}, {bit}");
        }
    }
    for len in 0..wire.len() {
        assert_eq!(stream.received(&wire[..len]), Err(EventError::EndMissing), "{len}");
    }
}

/// Whoever changes an event can make its checksums anew, but not its signature.
#[test]
fn no_flipped_bit_is_accepted_with_a_checksum_made_anew() {
    let stream = Stream::new();
    let wire = stream.wire(&[(NOON, b"payload"), (NOON, b"")]);
    let len = EventFrame::parse(&wire).unwrap().unwrap().len();
    for at in 12..len - 4 {
        for bit in 0..8 {
            let mut changed = wire.clone();
            changed[at] ^= 1 << bit;
            sum(&mut changed[..len]);
            let refused = stream.received(&changed).unwrap_err();
            assert!(
                matches!(
                    refused,
                    EventError::SignatureMismatch { index: 0 }
                        | EventError::MalformedHeaders
                        | EventError::DateOutOfRange
                        | EventError::WrongDay { .. }
                ),
                "{at}, {bit}: {refused}"
            );
        }
    }
}

#[test]
fn events_come_once_and_in_order() {
    let stream = Stream::new();
    let wire = stream.wire(&[(NOON, b"first"), (NOON, b"other"), (NOON, b"")]);
    let len = EventFrame::OVERHEAD + 5;
    let (first, other, end) = (&wire[..len], &wire[len..2 * len], &wire[2 * len..]);
    let mismatch = |index| Err(EventError::SignatureMismatch { index });
    for (parts, result) in [
        ([other, first, end], mismatch(0)),
        ([first, first, end], mismatch(1)),
        ([first, end, other], mismatch(1)),
        ([first, other, &[]], Err(EventError::EndMissing)),
    ] {
        assert_eq!(stream.received(&parts.concat()), result);
    }
    let late = [&wire, first].concat();
    assert_eq!(stream.received(&late), Err(EventError::DataAfterEnd));
}

#[test]
fn the_order_of_the_two_headers_is_free_and_nothing_else_is() {
    let stream = Stream::new();
    let wire = stream.wire(&[(NOON, b"")]);
    let (date, signature) = wire[12..wire.len() - 4].split_at(15);
    let swapped = frame(&[signature, date].concat(), b"");
    assert_eq!(stream.received(&swapped), Ok(1));
    for headers in [
        [date, date, &signature[..37]].concat(),
        [signature, &date[1..], b"\0"].concat(),
        [&date[..6], b"\x05", &date[7..], signature].concat(),
    ] {
        let refused = stream.received(&frame(&headers, b""));
        assert_eq!(refused, Err(EventError::MalformedHeaders));
    }
    for headers in [date.to_vec(), [date, signature, b"\x01a\0"].concat(), Vec::new()] {
        let refused = stream.received(&frame(&headers, b""));
        assert_eq!(refused, Err(EventError::MalformedPrelude));
    }
}

#[test]
fn lengths_are_refused_before_the_payload_is_there() {
    let prelude = |len: u32, headers_len: u32| {
        let mut prelude = [len.to_be_bytes(), headers_len.to_be_bytes(), [0; 4]].concat();
        sum(&mut prelude);
        EventFrame::parse(&prelude).map(|frame| frame.map(|frame| frame.len()))
    };
    let most = u32::try_from(EventFrame::OVERHEAD + EVENT_PAYLOAD_LEN_MAX).unwrap();
    let least = u32::try_from(EventFrame::OVERHEAD).unwrap();
    let len = EVENT_PAYLOAD_LEN_MAX + 1;
    assert_eq!(prelude(most, 67), Ok(None));
    assert_eq!(prelude(least, 67), Ok(None));
    assert_eq!(prelude(most + 1, 67), Err(EventError::PayloadTooLong { len }));
    assert!(matches!(prelude(u32::MAX, 67), Err(EventError::PayloadTooLong { .. })));
    for (len, headers_len) in [(least - 1, 67), (0, 67), (most, 66), (most, u32::MAX), (0, 0)] {
        assert_eq!(prelude(len, headers_len), Err(EventError::MalformedPrelude));
    }
    let wire = Stream::new().wire(&[(NOON, b"abc")]);
    for part in 0..wire.len() {
        let needed = if part < 12 { 12 } else { wire.len() };
        assert_eq!(EventFrame::needed(&wire[..part]), Ok(needed));
    }
    assert_eq!(EventFrame::needed(&[0; 12]), Err(EventError::PreludeChecksumMismatch));
}

#[test]
fn a_key_of_another_day_is_refused_and_the_right_one_then_accepted() {
    let stream = Stream::new();
    let tomorrow = EventDate::from_unix_milliseconds(NOON + DAY).unwrap();
    let mut signer = EventSigner::new(&stream.verified.signature);
    let (key, timestamp) = (stream.key(NOON), tomorrow.timestamp());
    let refused = signer.sign(&key, tomorrow, b"").err();
    assert_eq!(refused, Some(EventSignError::WrongDay { key: key.scope().date(), timestamp }));
    let event = signer.sign(&stream.key(NOON + DAY), tomorrow, b"").unwrap();
    let wire = [event.head(), event.tail()].concat();
    let frame = EventFrame::parse(&wire).unwrap().unwrap();
    let mut verifier = EventVerifier::new(&stream.verified);
    let key = stream.verifying.scope().date();
    let refused = verifier.verify(&stream.verifying, &frame);
    assert_eq!(refused, Err(EventError::WrongDay { key, timestamp }));
    assert_eq!(verifier.verify(&verifying_key(tomorrow), &frame), Ok(b"".as_slice()));
    assert_eq!(verifier.finish(), Ok(()));
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let stream = Stream::new();
    let date = EventDate::from_unix_milliseconds(NOON).unwrap();
    let mut signer = EventSigner::new(&stream.verified.signature);
    let long = vec![0; EVENT_PAYLOAD_LEN_MAX + 1];
    let refused = signer.sign(&stream.key(NOON), date, &long).err();
    assert_eq!(refused, Some(EventSignError::PayloadTooLong { len: long.len() }));
    for milliseconds in [i64::MIN, i64::MAX, -62_167_219_200_001, 253_402_300_800_000] {
        assert!(EventDate::from_unix_milliseconds(milliseconds).is_err());
    }
    let before = EventDate::from_unix_milliseconds(-1).unwrap();
    assert_eq!(before.timestamp().as_str(), "19691231T235959Z");
}

/// A request that was verified, and the keys of both sides.
struct Stream {
    verified: Verified,
    verifying: VerifyingKey,
}

impl Stream {
    fn new() -> Self {
        let now = EventDate::from_unix_milliseconds(NOON).unwrap();
        let key = key(now.timestamp());
        let headers = [("Host", "example.amazonaws.com")];
        let (request, mut out) = (Request::new("POST", "/", &headers), [0; 512]);
        let instant = key.at(now.timestamp()).unwrap();
        let rules = SigningRules::STANDARD;
        let signed = instant.sign(&request, Payload::EMPTY, &rules, &mut out).unwrap();
        let all: Vec<_> = headers.into_iter().chain(signed.headers()).collect();
        let request = Request::new("POST", "/", all.as_slice());
        let verifying = verifying_key(now);
        let evidence = Evidence {
            key: &verifying,
            session_token: None,
            body: Body::Bytes(b""),
            now: now.timestamp(),
        };
        let rules = VerifyRules::strict("us-east-1", "transcribe");
        let presented = PresentedSignature::parse(&request).unwrap();
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        Self { verified, verifying }
    }

    fn key(&self, milliseconds: i64) -> SigningKey<'static> {
        key(EventDate::from_unix_milliseconds(milliseconds).unwrap().timestamp())
    }

    fn wire(&self, events: &[(i64, &[u8])]) -> Vec<u8> {
        let (mut signer, mut wire) = (EventSigner::new(&self.verified.signature), Vec::new());
        for (milliseconds, payload) in events {
            let date = EventDate::from_unix_milliseconds(*milliseconds).unwrap();
            let event = signer.sign(&self.key(*milliseconds), date, payload).unwrap();
            wire.extend([event.head(), payload, event.tail()].concat());
        }
        wire
    }

    /// How many events were verified.
    fn received(&self, mut wire: &[u8]) -> Result<usize, EventError> {
        let (mut verifier, mut count) = (EventVerifier::new(&self.verified), 0);
        while let Some(frame) = EventFrame::parse(wire)? {
            wire = &wire[frame.len()..];
            verifier.verify(&self.verifying, &frame)?;
            count += 1;
        }
        verifier.finish().map(|()| count)
    }
}

fn key(timestamp: Timestamp) -> SigningKey<'static> {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    SigningKey::derive(&credentials, timestamp.date(), "us-east-1", "transcribe").unwrap()
}

fn verifying_key(date: EventDate) -> VerifyingKey {
    let scope = CredentialScope::new(date.timestamp().date(), "us-east-1", "transcribe").unwrap();
    VerifyingKey::derive(SECRET, &scope).unwrap()
}

/// A frame around any headers.
fn frame(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let field = |len: usize| u32::try_from(len).unwrap().to_be_bytes();
    let len = 16 + headers.len() + payload.len();
    let mut prelude = [field(len), field(headers.len()), [0; 4]].concat();
    sum(&mut prelude);
    let mut frame = [prelude.as_slice(), headers, payload, &[0; 4]].concat();
    sum(&mut frame);
    frame
}

/// Writes the checksum of everything before the last four bytes into them.
fn sum(bytes: &mut [u8]) {
    let (covered, checksum) = bytes.split_at_mut(bytes.len() - 4);
    checksum.copy_from_slice(&crc32fast::hash(covered).to_be_bytes());
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
