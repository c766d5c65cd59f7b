//! A signed upload in chunks: what sends it, and what receives it.

use sigv4::chunks::{
    CHUNK_END, CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkError, ChunkEvent, ChunkSigner, Chunking,
};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, Signature, SigningKey,
    SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

/// Whose key signs an upload, and when.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) session_token: Option<&'a str>,
    pub(crate) timestamp: &'a str,
}

impl Signer<'static> {
    /// That of the published examples.
    pub(crate) const PUBLISHED: Self = Self {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: None,
        timestamp: "20130524T000000Z",
    };
}

impl<'a> Signer<'a> {
    fn now(&self) -> Timestamp {
        Timestamp::parse(self.timestamp.as_bytes()).unwrap()
    }

    fn key(&self) -> SigningKey<'a> {
        let credentials = Credentials::new(self.access_key_id, self.secret_access_key)
            .with_session_token(self.session_token.unwrap_or_default());
        SigningKey::derive(&credentials, self.now().date(), "us-east-1", "s3").unwrap()
    }
}

/// What came out of a body: its data, and its trailers.
pub(crate) type Content = (Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>);

/// A request that was signed.
pub(crate) struct Upload<'a> {
    signer: Signer<'a>,
    pub(crate) chunking: Chunking,
    target: &'a str,
    headers: Vec<(String, String)>,
    pub(crate) seed: Signature,
}

impl<'a> Upload<'a> {
    pub(crate) fn new(
        signer: Signer<'a>,
        chunking: Chunking,
        target: &'a str,
        headers: &[(String, String)],
    ) -> Self {
        let key = signer.key();
        let instant = key.at(signer.now()).unwrap();
        let request = Request::new("PUT", target, headers);
        let payload = Payload::Literal(chunking.literal::<Signature>());
        let mut buffer = [0; 1024];
        let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer).unwrap();
        let mut headers = headers.to_vec();
        headers.extend(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
        Self { signer, chunking, target, headers, seed: *signed.signature() }
    }

    /// The usual request for a body of this length, and with these trailers.
    pub(crate) fn of(chunking: Chunking, decoded_len: usize, trailers: &[&str]) -> Self {
        let mut headers = vec![
            ("Host".to_owned(), "bucket.s3.amazonaws.com".to_owned()),
            ("X-Amz-Decoded-Content-Length".to_owned(), decoded_len.to_string()),
        ];
        if !trailers.is_empty() {
            headers.push(("X-Amz-Trailer".to_owned(), trailers.join(", ")));
        }
        Self::new(Signer::PUBLISHED, chunking, "/key", &headers)
    }

    pub(crate) fn signer(&self) -> ChunkSigner {
        let key = self.signer.key();
        key.at(self.signer.now()).unwrap().chunk_signer(self.chunking, &self.seed)
    }

    /// The body on the wire, in chunks of these lengths.
    pub(crate) fn encode(&self, chunks: &[&[u8]], trailers: &[(&str, &str)]) -> Vec<u8> {
        let (mut signer, mut wire) = (self.signer(), Vec::new());
        for data in chunks {
            push_chunk(&mut wire, &mut signer, data);
        }
        let mut end = vec![0; signer.finish_len(trailers)];
        wire.extend_from_slice(signer.finish(trailers, &mut end).unwrap());
        wire
    }

    /// The decoder that a server makes of the request.
    pub(crate) fn decoder(&self) -> Result<ChunkDecoder, ChunkError> {
        let request = Request::new("PUT", self.target, self.headers.as_slice());
        let rules = VerifyRules::s3("us-east-1");
        let presented = PresentedSignature::parse(&request).unwrap();
        let scope = presented.scope(&rules).unwrap();
        let key = VerifyingKey::derive(self.signer.secret_access_key, &scope).unwrap();
        let evidence = Evidence {
            key: &key,
            session_token: self.signer.session_token,
            body: Body::Bytes(b""),
            now: self.signer.now(),
        };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        verified.chunk_decoder(&request, &key)
    }

    pub(crate) fn decode(&self, wire: &[u8]) -> Result<Content, ChunkError> {
        decode_in_pieces(self.decoder()?, [wire])
    }
}

pub(crate) fn push_chunk(wire: &mut Vec<u8>, signer: &mut ChunkSigner, data: &[u8]) {
    wire.extend_from_slice(signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX]).unwrap());
    wire.extend_from_slice(data);
    wire.extend_from_slice(CHUNK_END);
}

/// What a decoder makes of input that comes in pieces.
pub(crate) fn decode_in_pieces<'i>(
    mut decoder: ChunkDecoder,
    pieces: impl IntoIterator<Item = &'i [u8]>,
) -> Result<Content, ChunkError> {
    let (mut data, mut trailers) = (Vec::new(), Vec::new());
    let mut buffer = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            let decoded = decoder.decode(&buffer)?;
            match decoded.event {
                ChunkEvent::Data(found) => {
                    assert!(!found.is_empty());
                    data.extend_from_slice(found);
                }
                ChunkEvent::End(found) => {
                    trailers.extend(found.iter().map(|(n, v)| (n.to_vec(), v.to_vec())));
                }
                ChunkEvent::Incomplete { needed } => {
                    buffer.drain(..decoded.consumed);
                    assert!(needed > buffer.len() || needed == 0);
                    break;
                }
            }
            buffer.drain(..decoded.consumed);
        }
    }
    decoder.finish().map(|()| (data, trailers))
}
