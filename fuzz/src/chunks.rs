//! A decoder of chunks shows nothing but what was signed, however it is cut.

use sigv4::chunks::{
    CHUNK_END, CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkError, ChunkEvent, Chunking,
};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, Signature, SigningInstant,
    SigningKey, SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

/// The first byte chooses the kind of chunks, the second where the input is
/// cut; the rest is a body as it was received, and the data of one to be sent.
pub fn check(input: &[u8]) {
    let [kind, cut, body @ ..] = input else { return };
    let chunking = match kind % 3 {
        0 => Chunking::Signed,
        1 => Chunking::SignedWithTrailers,
        _ => Chunking::UnsignedWithTrailers,
    };
    let now = Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time");
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").expect("a valid key");
    let instant = key.at(now).expect("the day of the key");
    let upload = Upload { instant: &instant, chunking };
    check_received(&upload, usize::from(*cut), body);
    check_round_trip(&upload, usize::from(*cut), body);
}

/// What is accepted, or shown before an error, was signed: encoded again it is the
/// input, if chunks are signed.
fn check_received(upload: &Upload<'_>, cut: usize, wire: &[u8]) {
    // The seeds declare their length in their first lines.
    let declared = wire.iter().position(|&byte| byte == b'\n').unwrap_or_default();
    let (line, wire) = wire.split_at(declared);
    let declared = std::str::from_utf8(line).ok().and_then(|line| line.parse().ok());
    let (declared, wire) = (declared.unwrap_or(8), wire.strip_prefix(b"\n").unwrap_or(wire));
    let whole = upload.decode(declared, [wire]);
    let at = cut.min(wire.len());
    let pieces = upload.decode(declared, [&wire[..at], &wire[at..]]);
    match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            assert_eq!(whole, pieces);
            assert_eq!(u64::try_from(whole.data.len()).ok(), Some(declared));
            if upload.chunking == Chunking::Signed {
                let encoded = upload.encode(declared, &whole.chunks, &[]);
                assert_eq!(encoded, with_lengths_in_lower_case(wire, &whole.chunks));
            }
        }
        (Err(whole), Err(pieces)) => assert_eq!(whole, pieces),
        (whole, pieces) => panic!("{whole:?} at once, {pieces:?} in pieces"),
    }
}

/// Whatever is sent is received, and not with any byte changed that is signed.
fn check_round_trip(upload: &Upload<'_>, cut: usize, data: &[u8]) {
    let chunk_len = cut + 1;
    let chunks: Vec<_> = data.chunks(chunk_len).map(<[u8]>::to_vec).collect();
    let trailers: &[_] = if upload.chunking.has_trailers() { &[("x-a", "b")] } else { &[] };
    let declared = data.len().try_into().expect("a length of 64 bits");
    let wire = upload.encode(declared, &chunks, trailers);
    let lengths: Vec<_> = trailers.iter().map(|(name, value)| (*name, value.len())).collect();
    let len = upload.chunking.encoded_len::<Signature>(
        declared,
        chunk_len.try_into().expect("short"),
        &lengths,
    );
    assert_eq!(len, wire.len().try_into().ok());
    let received = upload.decode(declared, wire.chunks(chunk_len)).expect("it was sent so");
    assert_eq!(received.data, data);
    let mut changed = wire.clone();
    let at = data.iter().fold(cut, |sum, byte| sum * 31 % wire.len() + usize::from(*byte));
    changed[at % wire.len()] ^= 1;
    if let Ok(other) = upload.decode(declared, [changed.as_slice()]) {
        assert!(other.data == data || !upload.chunking.is_signed());
    }
}

/// A body of signed chunks, whose lengths may come in either case, as this crate writes it.
fn with_lengths_in_lower_case(wire: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let (mut spelled, mut at) = (wire.to_vec(), 0);
    for data in chunks {
        let digits = format!("{:x}", data.len()).len();
        spelled[at..at + digits].make_ascii_lowercase();
        let signature = b";chunk-signature=".len() + 64;
        at += digits + signature + CHUNK_END.len() + data.len() + CHUNK_END.len();
    }
    spelled
}

struct Upload<'a> {
    instant: &'a SigningInstant<'a>,
    chunking: Chunking,
}

#[derive(Debug, PartialEq)]
struct Received {
    data: Vec<u8>,
    /// Signed chunks, which are shown as they were sent.
    chunks: Vec<Vec<u8>>,
    trailers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Upload<'_> {
    fn headers(&self, declared: u64) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("host", "bucket.s3.amazonaws.com".to_owned()),
            ("x-amz-decoded-content-length", declared.to_string()),
        ];
        if self.chunking.has_trailers() {
            headers.push(("x-amz-trailer", "x-a".to_owned()));
        }
        headers
    }

    fn encode(&self, declared: u64, chunks: &[Vec<u8>], trailers: &[(&str, &str)]) -> Vec<u8> {
        let (headers, mut out) = (self.headers(declared), [0; 1024]);
        let request = Request::new("PUT", "/", headers.as_slice());
        let payload = Payload::Literal(self.chunking.literal::<Signature>());
        let signed = self.instant.sign(&request, payload, &SigningRules::S3, &mut out);
        let signed = signed.expect("the request is well-formed");
        let mut signer = self.instant.chunk_signer(self.chunking, signed.signature());
        let mut wire = Vec::new();
        for data in chunks {
            let mut header = [0; CHUNK_HEADER_LEN_MAX];
            wire.extend_from_slice(signer.chunk(data, &mut header).expect("there is data"));
            wire.extend_from_slice(data);
            wire.extend_from_slice(CHUNK_END);
        }
        let mut end = vec![0; signer.finish_len(trailers)];
        wire.extend_from_slice(signer.finish(trailers, &mut end).expect("valid trailers"));
        wire
    }

    fn decode<'i>(
        &self,
        declared: u64,
        pieces: impl IntoIterator<Item = &'i [u8]>,
    ) -> Result<Received, ChunkError> {
        let mut decoder = self.decoder(declared);
        let mut received = Received { data: vec![], chunks: vec![], trailers: vec![] };
        let mut buffer = Vec::new();
        for piece in pieces {
            buffer.extend_from_slice(piece);
            loop {
                let decoded = decoder.decode(&buffer)?;
                let mut is_incomplete = false;
                match decoded.event {
                    ChunkEvent::Data(data) => {
                        received.data.extend_from_slice(data);
                        if self.chunking.is_signed() {
                            received.chunks.push(data.to_vec());
                        }
                    }
                    ChunkEvent::End(trailers) => received.trailers.extend(
                        trailers.iter().map(|(name, value)| (name.to_vec(), value.to_vec())),
                    ),
                    ChunkEvent::Incomplete { .. } => is_incomplete = true,
                }
                buffer.drain(..decoded.consumed);
                if is_incomplete {
                    break;
                }
            }
        }
        decoder.finish().map(|()| received)
    }

    fn decoder(&self, declared: u64) -> ChunkDecoder {
        let (mut headers, mut out) = (self.headers(declared), [0; 1024]);
        let request = Request::new("PUT", "/", headers.as_slice());
        let payload = Payload::Literal(self.chunking.literal::<Signature>());
        let signed = self.instant.sign(&request, payload, &SigningRules::S3, &mut out);
        let signed = signed.expect("the request is well-formed");
        headers.extend(signed.headers().map(|(name, value)| (name, value.to_owned())));
        let request = Request::new("PUT", "/", headers.as_slice());
        let scope = self.instant.scope();
        let key = VerifyingKey::derive(SECRET, scope).expect("a valid secret");
        let now = self.instant.timestamp();
        let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now };
        let presented = PresentedSignature::parse(&request).expect("it is signed");
        let verified = presented.verify(&request, &evidence, &VerifyRules::s3("us-east-1"));
        let verified = verified.expect("what was signed verifies");
        verified.chunk_decoder(&request, &key).expect("it is chunked")
    }
}

/// The seeds are signed with it, so that the fuzzer gets as far as the signature.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
