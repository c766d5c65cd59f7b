//! Bodies in chunks: those of the test data, and what is refused.

pub(crate) mod published;
mod refused;

use serde::Deserialize;
use sigv4::chunks::{CHUNK_END, ChunkError, ChunkEvent, Chunking};
use sigv4::sigv4a::{
    self, CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkSigner, RegionSet, Signature, SigningKey,
    VerifyingKey,
};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, SigningRules, Timestamp,
    VerifyRules,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    #[serde(default)]
    pub(crate) session_token: String,
    pub(crate) region: String,
    service: String,
    pub(crate) timestamp: String,
}

/// A request that was signed, and what is needed to send its body.
struct Upload {
    signer: ChunkSigner,
    seed: Signature,
    string_to_sign: String,
    headers: Vec<(String, String)>,
    key: VerifyingKey,
}

impl Upload {
    fn new(
        context: &Context,
        chunking: Chunking,
        target: &str,
        headers: &[(String, String)],
    ) -> Self {
        let credentials = Credentials::new(&context.access_key_id, &context.secret_access_key)
            .with_session_token(&context.session_token);
        let regions = RegionSet::new(&context.region).unwrap();
        let key = SigningKey::derive(&credentials, regions, &context.service).unwrap();
        let instant = key.at(Timestamp::parse(context.timestamp.as_bytes()).unwrap());
        let request = Request::new("PUT", target, headers);
        let (payload, rules) =
            (Payload::Literal(chunking.literal::<Signature>()), SigningRules::S3);
        let (mut canonical, mut string, mut out) = ([0; 2048], [0; 512], [0; 2048]);
        let canonical =
            instant.canonical_request(&request, payload, &rules, &mut canonical).unwrap();
        let string = instant.string_to_sign(canonical, &mut string).unwrap();
        let signed = instant.sign(&request, payload, &rules, &mut out).unwrap();
        let added = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            signer: instant.chunk_signer(chunking, signed.signature()),
            seed: *signed.signature(),
            string_to_sign: String::from_utf8(string.to_vec()).unwrap(),
            headers: headers.iter().cloned().chain(added).collect(),
            key: key.verifying_key(),
        }
    }

    fn push_chunk(&mut self, wire: &mut Vec<u8>, data: &[u8]) {
        let mut header = [0; CHUNK_HEADER_LEN_MAX];
        wire.extend(self.signer.chunk(data, &mut header).unwrap());
        wire.extend(data);
        wire.extend(CHUNK_END);
    }

    fn push_end(&mut self, wire: &mut Vec<u8>, trailers: &[(String, String)]) {
        let mut end = vec![0; self.signer.finish_len(trailers)];
        wire.extend(self.signer.finish(trailers, &mut end).unwrap());
    }

    /// A decoder behind the verified request.
    fn decoder(&self, target: &str, context: &Context) -> ChunkDecoder {
        let request = Request::new("PUT", target, self.headers.as_slice());
        self.verified(target, context).chunk_decoder(&request, &self.key).unwrap()
    }

    fn verified(&self, target: &str, context: &Context) -> sigv4a::Verified {
        let request = Request::new("PUT", target, self.headers.as_slice());
        let rules = VerifyRules { region: None, ..VerifyRules::s3("") };
        let presented = PresentedSignature::parse(&request).unwrap();
        let presented = sigv4a::PresentedSignature::new(&presented, &rules).unwrap();
        let evidence = Evidence {
            key: &self.key,
            session_token: Some(&*context.session_token).filter(|token| !token.is_empty()),
            body: Body::Bytes(b""),
            now: Timestamp::parse(context.timestamp.as_bytes()).unwrap(),
        };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        assert!(verified.signature == self.seed);
        verified
    }
}

/// Decodes a body that arrives in pieces of so many bytes.
fn decode(mut decoder: ChunkDecoder, wire: &[u8], piece: usize) -> Result<Vec<u8>, ChunkError> {
    let (mut body, mut arrived, mut input) = (Vec::new(), 0, Vec::new());
    loop {
        let decoded = decoder.decode(&input)?;
        let consumed = decoded.consumed;
        match decoded.event {
            ChunkEvent::Data(data) => body.extend_from_slice(data),
            ChunkEvent::End(_) => {}
            ChunkEvent::Incomplete { .. } if arrived == wire.len() => {
                decoder.finish()?;
                return Ok(body);
            }
            ChunkEvent::Incomplete { .. } => {
                let end = (arrived + piece).min(wire.len());
                input.extend_from_slice(&wire[arrived..end]);
                arrived = end;
            }
        }
        input.drain(..consumed);
    }
}
