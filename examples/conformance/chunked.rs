//! Cases of kind `chunked`: a request, and its body in chunks.

use std::fmt::Display;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sigv4::chunks::{CHUNK_END, ChunkSignature, ChunkSigner, Chunking};
use sigv4::sigv4a::CHUNK_HEADER_LEN_MAX;
use sigv4::{Payload, PayloadLiteral, Request, Signature};

use super::{Context, HttpRequest, Result};

#[derive(Deserialize)]
pub(super) struct ChunkedCase {
    pub(super) ctx: Context,
    pub(super) req: HttpRequest,
    pub(super) mode: String,
    pub(super) chunks: Vec<Chunk>,
    #[serde(default)]
    pub(super) trailers: Option<Vec<(String, String)>>,
}

#[derive(Deserialize)]
pub(super) struct Chunk {
    pub(super) data: Data,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Data {
    Hex { hex: String },
    Pattern { pattern_hex: String, length: usize },
}

impl Data {
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Hex { hex } => hex::decode(hex)?,
            Self::Pattern { pattern_hex, length } => {
                let pattern = hex::decode(pattern_hex)?;
                pattern.into_iter().cycle().take(*length).collect()
            }
        })
    }
}

pub(super) fn sign(case: &ChunkedCase) -> Result<Value> {
    let chunking = PayloadLiteral::parse(case.mode.as_bytes()).and_then(Chunking::of::<Signature>);
    let chunking = chunking.ok_or("the mode is not known")?;
    let timestamp = case.ctx.timestamp()?;
    let key = case.ctx.key(timestamp)?;
    let instant = key.at(timestamp)?;
    let headers = case.req.signed_headers();
    let request = Request::new(&case.req.method, &case.req.target, &headers);
    let rules = case.ctx.rules();
    let payload = Payload::Literal(chunking.literal::<Signature>());
    let mut buffer = vec![0; instant.authorization_len(&request, payload, &rules)?];
    let seed = *instant.sign(&request, payload, &rules, &mut buffer)?.signature();

    let body = EncodedBody::new(instant.chunk_signer(chunking, &seed), case)?;
    Ok(body.answer(&seed))
}

/// The body on the wire, as its length and hash, and the signatures in it.
pub(super) struct EncodedBody<S: ChunkSignature> {
    signer: ChunkSigner<S>,
    wire: Sha256,
    len: usize,
    signatures: Vec<String>,
}

impl<S: ChunkSignature + Display> EncodedBody<S> {
    /// The body of a case, sent.
    pub(super) fn new(signer: ChunkSigner<S>, case: &ChunkedCase) -> Result<Self> {
        let mut body = Self { signer, wire: Sha256::new(), len: 0, signatures: Vec::new() };
        for chunk in &case.chunks {
            let data = chunk.data.bytes()?;
            if !data.is_empty() {
                body.chunk(&data)?;
            }
        }
        body.finish(case.trailers.as_deref().unwrap_or_default())?;
        Ok(body)
    }

    fn chunk(&mut self, data: &[u8]) -> Result<()> {
        let mut out = [0; CHUNK_HEADER_LEN_MAX];
        let header = self.signer.chunk(data, &mut out)?;
        for part in [header, data, CHUNK_END] {
            self.wire.update(part);
            self.len += part.len();
        }
        self.signatures.extend(self.signature());
        Ok(())
    }

    fn finish(&mut self, trailers: &[(String, String)]) -> Result<()> {
        let mut out = vec![0; self.signer.finish_len(trailers)];
        let end = self.signer.finish(trailers, &mut out)?;
        self.wire.update(end);
        self.len += end.len();
        if self.signer.chunking().is_signed() {
            let last_chunk = std::str::from_utf8(end)?.lines().next().unwrap_or_default();
            let (_, signature) = last_chunk.split_once('=').ok_or("the last chunk is unsigned")?;
            // Those of SigV4a are padded.
            self.signatures.push(signature.trim_end_matches('*').to_owned());
        }
        Ok(())
    }

    fn signature(&self) -> Option<String> {
        self.signer.signature().map(|signature| signature.to_string())
    }

    /// What the program answers, behind a request with this signature.
    pub(super) fn answer(self, seed: &S) -> Value {
        let (chunking, last) = (self.signer.chunking(), self.signature());
        let mut answer = json!({
            "seed_signature": seed.to_string(),
            "content_length": self.len,
            "wire_sha256": hex::encode(self.wire.finalize()),
        });
        if chunking.is_signed() {
            answer["chunk_signatures"] = json!(self.signatures);
        }
        if chunking == Chunking::SignedWithTrailers {
            answer["trailer_signature"] = json!(last);
        }
        answer
    }
}
