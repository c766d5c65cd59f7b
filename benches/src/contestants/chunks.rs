//! A body in signed chunks, beside plain SHA-256 over the same bytes.

use std::hint::black_box;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sigv4::chunks::{
    CHUNK_END, CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkError, ChunkEvent, Chunking,
};
use sigv4::{
    Body, Evidence, Payload, PresentedSignature, Request, Signature, SigningInstant, SigningKey,
    SigningRules, VerifyRules, VerifyingKey,
};

use crate::contestant::{Contestant, Role};
use crate::workload::{self, REGION, SECRET_ACCESS_KEY};

/// Bytes of the body.
const BODY_LEN: usize = 1024 * 1024;

/// Signing and verifying, beside hashing alone.
#[must_use]
pub fn of<'k>(key: &'k SigningKey<'k>, chunk_len: usize) -> Vec<Contestant<'k>> {
    let upload = Arc::new(Upload::new(key, chunk_len));
    let (hashed, signed, verified) = (upload.clone(), upload.clone(), upload.clone());
    let instant = key.at(workload::timestamp()).expect("the key's day");
    assert_eq!(upload.sign(&instant), upload.last, "the same signature each time");
    vec![
        Contestant::new("sha2", Role::Floor, 0, move || Sha256::digest(black_box(&hashed.body))),
        Contestant::new("ChunkSigner", Role::Values, 0, move || signed.sign(black_box(&instant))),
        Contestant::new("ChunkDecoder", Role::Values, 0, move || verified.decode()),
    ]
}

/// A body, its request, and what they look like on the wire.
struct Upload {
    body: Vec<u8>,
    chunk_len: usize,
    seed: Signature,
    /// The signature of the last chunk that holds data.
    last: Signature,
    wire: Vec<u8>,
    decoder: ChunkDecoder,
}

impl Upload {
    fn new(key: &SigningKey<'_>, chunk_len: usize) -> Self {
        let headers = [
            ("host", "bucket.s3.amazonaws.com".to_owned()),
            ("x-amz-decoded-content-length", BODY_LEN.to_string()),
        ];
        let now = workload::timestamp();
        let instant = key.at(now).expect("the key's day");
        let payload = Payload::Literal(Chunking::Signed.literal::<Signature>());
        let mut out = [0; 1024];
        let request = Request::new("PUT", "/", &headers);
        let signed = instant.sign(&request, payload, &SigningRules::S3, &mut out);
        let signed = signed.expect("the request is well-formed");
        let all: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(signed.headers())
            .collect();

        let request = Request::new("PUT", "/", all.as_slice());
        let rules = VerifyRules { service: key.scope().service(), ..VerifyRules::s3(REGION) };
        let verifying = VerifyingKey::derive(SECRET_ACCESS_KEY, key.scope()).expect("a secret");
        let session_token = signed.x_amz_security_token();
        let evidence = Evidence { key: &verifying, session_token, body: Body::Bytes(b""), now };
        let verified = PresentedSignature::parse(&request)
            .and_then(|presented| presented.verify(&request, &evidence, &rules))
            .expect("what was signed verifies");
        let decoder = verified.chunk_decoder(&request, &verifying).expect("it is chunked");

        let body: Vec<u8> = (0..=250).cycle().take(BODY_LEN).collect();
        let seed = *signed.signature();
        let mut upload = Self { body, chunk_len, seed, last: seed, wire: Vec::new(), decoder };
        upload.last = upload.sign(&instant);
        upload.wire = upload.encode(&instant);
        assert_eq!(upload.decode(), Ok(BODY_LEN));
        upload
    }

    /// Every chunk, its header written and thrown away; returns the last signature.
    fn sign(&self, instant: &SigningInstant<'_>) -> Signature {
        let mut signer = instant.chunk_signer(Chunking::Signed, &self.seed);
        for data in self.body.chunks(self.chunk_len) {
            let mut header = [0; CHUNK_HEADER_LEN_MAX];
            black_box(signer.chunk(data, &mut header)).expect("the header fits");
        }
        signer.signature().expect("chunks are signed")
    }

    fn encode(&self, instant: &SigningInstant<'_>) -> Vec<u8> {
        let mut signer = instant.chunk_signer(Chunking::Signed, &self.seed);
        let (mut wire, mut header) = (Vec::new(), [0; CHUNK_HEADER_LEN_MAX]);
        for data in self.body.chunks(self.chunk_len) {
            wire.extend_from_slice(signer.chunk(data, &mut header).expect("the header fits"));
            wire.extend_from_slice(data);
            wire.extend_from_slice(CHUNK_END);
        }
        let end = signer.finish::<[(&str, &str)]>(&[], &mut header);
        wire.extend_from_slice(end.expect("there is room"));
        wire
    }

    /// Bytes of data that were verified.
    fn decode(&self) -> Result<usize, ChunkError> {
        let (mut decoder, mut rest, mut len) = (self.decoder.clone(), self.wire.as_slice(), 0);
        loop {
            let decoded = decoder.decode(black_box(rest))?;
            rest = &rest[decoded.consumed..];
            match decoded.event {
                ChunkEvent::Data(data) => len += black_box(data).len(),
                ChunkEvent::End(_) => {}
                ChunkEvent::Incomplete { .. } => return decoder.finish().map(|()| len),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_signed_and_verified_without_the_heap() {
        let workloads = workload::all();
        let key = workloads[0].key();
        for mut contestant in of(&key, 64 * 1024) {
            assert_eq!(contestant.run(1).allocations, 0, "{contestant:?}");
        }
    }
}
