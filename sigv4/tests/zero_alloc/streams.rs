//! Chunks and events, made and verified, accepted and refused.

use sigv4::chunks::{CHUNK_HEADER_LEN_MAX, ChunkEvent, Chunking};
use sigv4::{
    Body, Evidence, Payload, PresentedSignature, Request, Signature, SigningRules, VerifyRules,
    VerifyingKey,
};

use crate::cases::{CREDENTIALS, REGION, SECRET, now};
use crate::without_allocation;

const CHUNKINGS: [Chunking; 3] =
    [Chunking::Signed, Chunking::SignedWithTrailers, Chunking::UnsignedWithTrailers];

#[test]
fn chunks() {
    for chunking in CHUNKINGS {
        let data = [b'a'; 10_000];
        // Where checksums are compared, this one is.
        let trailers: &[_] = if chunking.has_trailers() {
            &[("x-note", " A  B "), ("x-amz-checksum-crc32", "Rn7Ulw==")]
        } else {
            &[]
        };
        let mut headers = vec![
            ("host", "bucket.s3.amazonaws.com".to_owned()),
            ("x-amz-decoded-content-length", "10000".to_owned()),
        ];
        headers.extend(trailers.iter().map(|(name, _)| ("x-amz-trailer", (*name).to_owned())));
        let key = sigv4::SigningKey::derive(&CREDENTIALS, now().date(), REGION, "s3").unwrap();
        let instant = key.at(now()).unwrap();
        let request = Request::new("PUT", "/", headers.as_slice());
        let payload = Payload::Literal(chunking.literal::<Signature>());
        let mut out = [0; 512];
        let signed = instant.sign(&request, payload, &SigningRules::S3, &mut out).unwrap();

        let mut wire = Vec::with_capacity(16_384);
        let lengths: Vec<_> = trailers.iter().map(|(name, value)| (*name, value.len())).collect();
        without_allocation(|| {
            let mut signer = instant.chunk_signer(chunking, signed.signature());
            let (mut header, mut end) = ([0; CHUNK_HEADER_LEN_MAX], [0; 512]);
            for data in data.chunks(8_192) {
                wire.extend_from_slice(signer.chunk(data, &mut header).unwrap());
                wire.extend_from_slice(data);
                wire.extend_from_slice(b"\r\n");
            }
            assert!(signer.chunk(b"", &mut header).is_err());
            assert!(signer.finish(trailers, &mut header[..1]).is_err());
            wire.extend_from_slice(signer.finish(trailers, &mut end).unwrap());
            let len = chunking.encoded_len::<Signature>(10_000, 8_192, &lengths);
            assert_eq!(len, u64::try_from(wire.len()).ok());
        });

        headers.extend(signed.headers().map(|(name, value)| (name, value.to_owned())));
        let request = Request::new("PUT", "/", headers.as_slice());
        let rules = VerifyRules::s3(REGION);
        let presented = PresentedSignature::parse(&request).unwrap();
        let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).unwrap()).unwrap();
        let body = Body::Bytes(b"");
        let evidence = Evidence { key: &key, session_token: None, body, now: now() };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        let decode = |mut wire: &[u8]| {
            let mut decoder = verified.chunk_decoder(&request, &key)?;
            let mut len = 0;
            loop {
                let decoded = decoder.decode(wire)?;
                wire = &wire[decoded.consumed..];
                match decoded.event {
                    ChunkEvent::Data(data) => len += data.len(),
                    ChunkEvent::End(found) => len += found.iter().count(),
                    ChunkEvent::Incomplete { .. } => break,
                }
            }
            decoder.finish().map(|()| len)
        };
        assert_eq!(without_allocation(|| decode(&wire)), Ok(10_000 + trailers.len()));
        assert!(without_allocation(|| decode(&wire[..9_000])).is_err());
        wire[20] ^= 1;
        assert!(without_allocation(|| decode(&wire)).is_err() || !chunking.is_signed());
    }
}

#[cfg(feature = "checksums")]
#[test]
fn checksums() {
    use sigv4::chunks::{Checksum, ChecksumAlgorithm, ChecksumValue};

    for algorithm in ChecksumAlgorithm::ALL {
        without_allocation(|| {
            let mut checksum = Checksum::new(algorithm);
            [b'a'; 10_000].chunks(77).for_each(|data| checksum.update(data));
            let value = checksum.finish();
            assert_eq!(ChecksumValue::parse(algorithm, value.as_str().as_bytes()), Some(value));
        });
    }
}

#[cfg(feature = "events")]
#[test]
fn events() {
    use sigv4::events::{EventDate, EventFrame, EventSigner, EventVerifier};

    let key = crate::cases::key(&CREDENTIALS);
    let case = crate::cases::Case::few().signed();
    let request = case.request();
    let rules = crate::cases::strict();
    let presented = PresentedSignature::parse(&request).unwrap();
    let verifying = VerifyingKey::derive(SECRET, &presented.scope(&rules).unwrap()).unwrap();
    let body = Body::Bytes(crate::cases::BODY);
    let evidence = Evidence { key: &verifying, session_token: None, body, now: now() };
    let verified = presented.verify(&request, &evidence, &rules).unwrap();

    let mut wire = Vec::with_capacity(1_024);
    without_allocation(|| {
        let date = EventDate::from_unix_milliseconds(1_440_938_160_500).unwrap();
        let mut signer = EventSigner::new(&verified.signature);
        for payload in [b"one".as_slice(), b""] {
            let event = signer.sign(&key, date, payload).unwrap();
            for part in [event.head(), payload, event.tail()] {
                wire.extend_from_slice(part);
            }
        }
        assert!(signer.sign(&key, date, b"late").is_err());
        let mut verifier = EventVerifier::new(&verified);
        let mut rest = wire.as_slice();
        while let Some(frame) = EventFrame::parse(rest).unwrap() {
            assert!(verifier.verify(&verifying, &frame).is_ok());
            rest = &rest[frame.len()..];
        }
        assert!(verifier.finish().is_ok());
        assert!(EventFrame::parse(&wire[1..]).is_err());
    });
}
