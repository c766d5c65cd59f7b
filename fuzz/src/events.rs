//! A verifier of events accepts nothing but what was signed.

use sigv4::events::{EventDate, EventError, EventFrame, EventSigner, EventVerifier};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, SigningKey, SigningRules,
    Timestamp, Verified, VerifyRules, VerifyingKey,
};

/// The input is a stream as it was received, and the payload of one to be sent.
pub fn check(input: &[u8]) {
    let date = EventDate::from_unix_milliseconds(1_440_938_160_250).expect("a valid date");
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let day = date.timestamp().date();
    let key = SigningKey::derive(&credentials, day, "us-east-1", "transcribe");
    let key = key.expect("a valid key");
    let verifying = VerifyingKey::derive(SECRET, key.scope()).expect("a valid secret");
    let verified = verified(&key, &verifying, date.timestamp());
    let receive = |wire: &[u8]| received(EventVerifier::new(&verified), &verifying, wire);

    check_received(&key, &verified, input, receive(input));

    let mut signer = EventSigner::new(&verified.signature);
    let mut wire = Vec::new();
    for payload in [input, b"".as_slice()] {
        // An empty input ends the stream at once.
        if let Ok(event) = signer.sign(&key, date, payload) {
            wire.extend([event.head(), payload, event.tail()].concat());
        }
    }
    let events = receive(&wire).expect("it was sent so");
    assert!(events.first().is_some_and(|(found, payload)| *found == date && payload == input));
    let at = input.iter().fold(0, |sum, byte| sum * 31 % wire.len() + usize::from(*byte));
    let at = at % wire.len();
    wire[at] ^= 1;
    assert!(receive(&wire).is_err());
}

/// What was accepted is what the signer makes of it, but for the order of headers.
fn check_received(
    key: &SigningKey<'_>,
    verified: &Verified,
    wire: &[u8],
    received: Result<Vec<(EventDate, Vec<u8>)>, EventError>,
) {
    let Ok(events) = received else { return };
    let mut signer = EventSigner::new(&verified.signature);
    let mut len = 0;
    for (date, payload) in events {
        let event = signer.sign(key, date, &payload).expect("it was accepted");
        let frame = [event.head(), payload.as_slice(), event.tail()].concat();
        let own = EventFrame::parse(&frame).expect("well-formed").expect("whole");
        let other = EventFrame::parse(&wire[len..]).expect("accepted").expect("whole");
        assert_eq!((own.date(), own.len()), (other.date(), other.len()));
        len += own.len();
    }
    assert!(len <= wire.len());
}

fn received(
    mut verifier: EventVerifier,
    key: &VerifyingKey,
    mut wire: &[u8],
) -> Result<Vec<(EventDate, Vec<u8>)>, EventError> {
    let mut events = Vec::new();
    loop {
        let needed = EventFrame::needed(wire)?;
        let Some(frame) = EventFrame::parse(wire)? else {
            assert!(needed > wire.len());
            break;
        };
        assert_eq!(needed, frame.len());
        wire = &wire[frame.len()..];
        events.push((frame.date(), verifier.verify(key, &frame)?.to_vec()));
    }
    verifier.finish().map(|()| events)
}

fn verified(key: &SigningKey<'_>, verifying: &VerifyingKey, now: Timestamp) -> Verified {
    let headers = [("Host", "transcribestreaming.us-east-1.amazonaws.com")];
    let (request, mut out) = (Request::new("POST", "/", headers.as_slice()), [0; 512]);
    let instant = key.at(now).expect("the day of the key");
    let signed = instant.sign(&request, Payload::EMPTY, &SigningRules::STANDARD, &mut out);
    let signed = signed.expect("the request is well-formed");
    let all: Vec<_> = headers.into_iter().chain(signed.headers()).collect();
    let request = Request::new("POST", "/", all.as_slice());
    let evidence = Evidence { key: verifying, session_token: None, body: Body::Bytes(b""), now };
    let presented = PresentedSignature::parse(&request).expect("it is signed");
    let rules = VerifyRules::strict("us-east-1", "transcribe");
    presented.verify(&request, &evidence, &rules).expect("what was signed verifies")
}

/// The seeds are signed with it, so that the fuzzer gets as far as the signature.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
