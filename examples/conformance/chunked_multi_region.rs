//! Cases of kind `chunked-v4a`: a request signed with SigV4a, and its body in
//! chunks.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sigv4::chunks::{CHUNK_END, Chunking};
use sigv4::sigv4a::{CHUNK_HEADER_LEN_MAX, ChunkSigner, RegionSet, Signature, SigningKey};
use sigv4::{Payload, PayloadLiteral, Request};

use super::Result;
use super::chunked::ChunkedCase;
use super::multi_region::public_key;

pub(super) fn sign(case: &ChunkedCase) -> Result<Value> {
    let chunking = PayloadLiteral::parse(case.mode.as_bytes()).and_then(Chunking::of::<Signature>);
    let chunking = chunking.ok_or("the mode is not known")?;
    let context = &case.ctx;
    let regions = RegionSet::new(&context.region)?;
    let key = SigningKey::derive(&context.credentials(), regions, &context.service)?;
    let instant = key.at(context.timestamp()?);
    let headers = case.req.signed_headers();
    let request = Request::new(&case.req.method, &case.req.target, &headers);
    let rules = context.rules();
    let mut buffer = vec![0; instant.authorization_len_max(&request, &rules)?];
    let payload = Payload::Literal(chunking.literal::<Signature>());
    let seed = *instant.sign(&request, payload, &rules, &mut buffer)?.signature();

    let mut body = EncodedBody::new(instant.chunk_signer(chunking, &seed));
    for chunk in &case.chunks {
        let data = chunk.data.bytes()?;
        if !data.is_empty() {
            body.chunk(&data)?;
        }
    }
    body.finish(case.trailers.as_deref().unwrap_or_default())?;

    let mut answer = json!({
        "seed_signature": seed.to_string(),
        "public_key": public_key(&key.verifying_key()),
        "content_length": body.wire.len(),
        "wire_sha256": hex::encode(Sha256::digest(&body.wire)),
    });
    if chunking.is_signed() {
        answer["chunk_signatures"] = json!(body.signatures);
        if chunking.has_trailers() {
            let signature = body.signer.signature().map(|signature| signature.to_string());
            answer["trailer_signature"] = json!(signature);
        }
    }
    Ok(answer)
}

/// The body on the wire, and the signatures in it.
struct EncodedBody {
    signer: ChunkSigner,
    wire: Vec<u8>,
    signatures: Vec<String>,
}

impl EncodedBody {
    fn new(signer: ChunkSigner) -> Self {
        Self { signer, wire: Vec::new(), signatures: Vec::new() }
    }

    fn chunk(&mut self, data: &[u8]) -> Result<()> {
        let mut out = [0; CHUNK_HEADER_LEN_MAX];
        let header = self.signer.chunk(data, &mut out)?;
        self.wire.extend([header, data, CHUNK_END].concat());
        self.signatures.extend(self.signer.signature().map(|signature| signature.to_string()));
        Ok(())
    }

    fn finish(&mut self, trailers: &[(String, String)]) -> Result<()> {
        let mut out = vec![0; self.signer.finish_len(trailers)];
        let end = self.signer.finish(trailers, &mut out)?;
        self.wire.extend(end);
        if self.signer.chunking().is_signed() {
            let last_chunk = std::str::from_utf8(end)?.lines().next().unwrap_or_default();
            let (_, signature) = last_chunk.split_once('=').ok_or("the last chunk is unsigned")?;
            self.signatures.push(signature.trim_end_matches('*').to_owned());
        }
        Ok(())
    }
}
