//! Cases of kind `chunked`: a request, and its body in chunks.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sigv4::chunks::{CHUNK_END, CHUNK_HEADER_LEN_MAX, ChunkSigner, Chunking};
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
    let mut buffer = vec![0; instant.authorization_len(&request, &rules)?];
    let payload = Payload::Literal(chunking.literal::<Signature>());
    let seed = *instant.sign(&request, payload, &rules, &mut buffer)?.signature();

    let mut body = EncodedBody::new(instant.chunk_signer(chunking, &seed));
    for chunk in &case.chunks {
        let data = chunk.data.bytes()?;
        if !data.is_empty() {
            body.chunk(&data)?;
        }
    }
    let trailers = case.trailers.as_deref().unwrap_or_default();
    body.finish(trailers)?;

    let mut answer = json!({
        "seed_signature": seed.to_string(),
        "content_length": body.len,
        "wire_sha256": hex::encode(body.wire.finalize()),
    });
    if chunking.is_signed() {
        if chunking == Chunking::SignedWithTrailers {
            let signature = body.signer.signature().map(|signature| signature.to_string());
            answer["trailer_signature"] = json!(signature);
        }
        answer["chunk_signatures"] = json!(body.signatures);
    }
    Ok(answer)
}

/// The body on the wire, as its length and hash.
struct EncodedBody {
    signer: ChunkSigner,
    wire: Sha256,
    len: usize,
    signatures: Vec<String>,
}

impl EncodedBody {
    fn new(signer: ChunkSigner) -> Self {
        Self { signer, wire: Sha256::new(), len: 0, signatures: Vec::new() }
    }

    fn chunk(&mut self, data: &[u8]) -> Result<()> {
        let mut out = [0; CHUNK_HEADER_LEN_MAX];
        let header = self.signer.chunk(data, &mut out)?;
        for part in [header, data, CHUNK_END] {
            self.wire.update(part);
            self.len += part.len();
        }
        self.signatures.extend(self.signer.signature().map(|signature| signature.to_string()));
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
            self.signatures.push(signature.to_owned());
        }
        Ok(())
    }
}
