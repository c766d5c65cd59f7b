//! Cases of kind `chunked-v4a`: a request signed with SigV4a, and its body in
//! chunks.

use serde_json::{Value, json};
use sigv4::chunks::Chunking;
use sigv4::sigv4a::{RegionSet, Signature, SigningKey};
use sigv4::{Payload, PayloadLiteral, Request};

use super::Result;
use super::chunked::{ChunkedCase, EncodedBody};
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
    let payload = Payload::Literal(chunking.literal::<Signature>());
    let mut buffer = vec![0; instant.authorization_len_max(&request, payload, &rules)?];
    let seed = *instant.sign(&request, payload, &rules, &mut buffer)?.signature();

    let body = EncodedBody::new(instant.chunk_signer(chunking, &seed), case)?;
    let mut answer = body.answer(&seed);
    answer["public_key"] = json!(public_key(&key.verifying_key()));
    Ok(answer)
}
