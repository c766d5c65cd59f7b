//! The streams under `testdata/sigv4/streams`.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sigv4::chunks::Chunking;
use sigv4::{PayloadLiteral, Signature};

use crate::upload::{Signer, Upload, decode_in_pieces, push_chunk};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<C> {
    #[serde(rename = "about")]
    _about: String,
    context: Context,
    case: Vec<C>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    region: Option<String>,
    service: Option<String>,
    timestamp: Option<String>,
}

impl Context {
    /// This one's values, else the file's.
    fn over(&self, file: &Self) -> Self {
        let either = |own: &Option<String>, other: &Option<String>| own.clone().or(other.clone());
        Self {
            access_key_id: either(&self.access_key_id, &file.access_key_id),
            secret_access_key: either(&self.secret_access_key, &file.secret_access_key),
            session_token: either(&self.session_token, &file.session_token),
            region: either(&self.region, &file.region),
            service: either(&self.service, &file.service),
            timestamp: either(&self.timestamp, &file.timestamp),
        }
    }

    fn of(own: Option<&Self>, file: &Self) -> Self {
        own.map_or_else(|| file.clone(), |own| own.over(file))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChunksCase {
    name: String,
    rule: String,
    context: Option<Context>,
    #[serde(rename = "published")]
    _published: Option<String>,
    #[serde(rename = "published_signatures")]
    _published_signatures: Option<Vec<String>>,
    #[serde(rename = "source")]
    _source: String,
    mode: String,
    target: String,
    headers: Vec<(String, String)>,
    pattern: String,
    lengths: Vec<usize>,
    #[serde(default)]
    trailers: Vec<(String, String)>,
    signatures: Vec<String>,
    content_length: u64,
    wire_sha256: String,
}

#[test]
fn chunks() {
    let file: File<ChunksCase> = read("chunks.toml");
    assert!(file.case.len() >= 8);
    for case in &file.case {
        check_chunks(case, &Context::of(case.context.as_ref(), &file.context));
    }
}

fn check_chunks(case: &ChunksCase, context: &Context) {
    let ChunksCase { name, rule, .. } = case;
    assert_eq!(context.region.as_deref(), Some("us-east-1"));
    assert_eq!(context.service.as_deref(), Some("s3"));
    let signer = Signer {
        access_key_id: context.access_key_id.as_deref().unwrap(),
        secret_access_key: context.secret_access_key.as_deref().unwrap(),
        session_token: context.session_token.as_deref(),
        timestamp: context.timestamp.as_deref().unwrap(),
    };
    let chunking =
        PayloadLiteral::parse(case.mode.as_bytes()).and_then(Chunking::of::<Signature>).unwrap();
    let upload = Upload::new(signer, chunking, &case.target, &case.headers);
    let mut signer = upload.signer();
    let (mut wire, mut body) = (Vec::new(), Vec::new());
    let mut signatures = vec![upload.seed.to_string()];
    for length in &case.lengths {
        let data: Vec<u8> = case.pattern.bytes().cycle().take(*length).collect();
        push_chunk(&mut wire, &mut signer, &data);
        signatures.extend(signer.signature().map(|signature| signature.to_string()));
        body.extend(data);
    }
    let mut end = vec![0; signer.finish_len(case.trailers.as_slice())];
    wire.extend_from_slice(signer.finish(case.trailers.as_slice(), &mut end).unwrap());
    if let Some(signature) = signer.signature() {
        // That of the last chunk is in what was written; with trailers, theirs follows.
        let line = end.split(|&byte| byte == b'\r').next().unwrap();
        signatures
            .push(String::from_utf8(line.to_vec()).unwrap().split_off("0;chunk-signature=".len()));
        if chunking.has_trailers() {
            signatures.push(signature.to_string());
        }
    }
    assert_eq!(signatures, case.signatures, "{name}: {rule}");
    assert_eq!(u64::try_from(wire.len()).unwrap(), case.content_length, "{name}: {rule}");
    assert_eq!(hex::encode(Sha256::digest(&wire)), case.wire_sha256, "{name}: {rule}");

    let is_uniform = case.lengths.split_last().is_none_or(|(last, whole)| {
        whole.iter().all(|length| *length == whole[0] && last <= length)
    });
    if is_uniform {
        let trailers: Vec<_> =
            case.trailers.iter().map(|(name, value)| (name.as_str(), value.len())).collect();
        let chunk_len = case.lengths.first().copied().unwrap_or(1).try_into().unwrap();
        let decoded_len = u64::try_from(body.len()).unwrap();
        let len = chunking.encoded_len::<Signature>(decoded_len, chunk_len, &trailers);
        assert_eq!(len, Some(case.content_length), "{name}");
    }

    for piece in [1_000, wire.len()] {
        let (data, trailers) =
            decode_in_pieces(upload.decoder().unwrap(), wire.chunks(piece)).unwrap();
        assert!(data == body, "{name}: {rule}");
        let sent = case
            .trailers
            .iter()
            .map(|(name, value)| (name.clone().into_bytes(), value.trim().to_owned().into_bytes()));
        assert_eq!(trailers, sent.collect::<Vec<_>>(), "{name}: {rule}");
    }
}

#[cfg(feature = "events")]
mod events {
    use serde::Deserialize;
    use sigv4::events::{EventDate, EventFrame, EventSigner};
    use sigv4::{
        ContentSha256, Credentials, PathEncoding, PathRules, Payload, PayloadLiteral, Request,
        SigningKey, SigningRules, Timestamp,
    };

    use super::{Context, File, read};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct EventsCase {
        name: String,
        rule: String,
        context: Option<Context>,
        #[serde(rename = "published")]
        _published: Option<String>,
        #[serde(rename = "published_signatures")]
        _published_signatures: Option<Vec<String>>,
        #[serde(rename = "source")]
        _source: String,
        target: String,
        headers: Vec<(String, String)>,
        events: Vec<(i64, String)>,
        signatures: Vec<String>,
        frames: Vec<String>,
    }

    #[test]
    fn events() {
        let file: File<EventsCase> = read("events.toml");
        assert!(file.case.len() >= 4);
        for case in &file.case {
            check(case, &Context::of(case.context.as_ref(), &file.context));
        }
    }

    fn check(case: &EventsCase, context: &Context) {
        let EventsCase { name, rule, .. } = case;
        let text = |value: &Option<String>| value.clone().unwrap();
        let [id, secret] = [text(&context.access_key_id), text(&context.secret_access_key)];
        let [region, service] = [text(&context.region), text(&context.service)];
        let credentials = Credentials::new(&id, &secret);
        let key = |timestamp: Timestamp| {
            SigningKey::derive(&credentials, timestamp.date(), &region, &service).unwrap()
        };
        let now = Timestamp::parse(text(&context.timestamp).as_bytes()).unwrap();
        let path = PathRules { normalize: false, encoding: PathEncoding::AsSent };
        let content_sha256 = ContentSha256::Add;
        let rules = SigningRules { path, content_sha256, ..SigningRules::STANDARD };
        let request = Request::new("POST", &case.target, case.headers.as_slice());
        let payload = Payload::Literal(PayloadLiteral::StreamingHmacEvents);
        let (first_key, mut buffer) = (key(now), [0; 512]);
        let instant = first_key.at(now).unwrap();
        let signed = instant.sign(&request, payload, &rules, &mut buffer).unwrap();
        assert_eq!(signed.signature().to_string(), case.signatures[0], "{name}: {rule}");

        let mut signer = EventSigner::new(signed.signature());
        assert_eq!(case.events.len(), case.frames.len());
        let expected = case.signatures[1..].iter().zip(&case.frames);
        for ((milliseconds, payload), (signature, frame)) in case.events.iter().zip(expected) {
            let date = EventDate::from_unix_milliseconds(*milliseconds).unwrap();
            let payload = hex::decode(payload).unwrap();
            let event = signer.sign(&key(date.timestamp()), date, &payload).unwrap();
            assert_eq!(event.signature().to_string(), *signature, "{name}: {rule}");
            let made = [event.head(), payload.as_slice(), event.tail()].concat();
            assert_eq!(hex::encode(&made), *frame, "{name}: {rule}");
            assert_eq!(EventFrame::parse(&made).unwrap().unwrap().date(), date);
        }
    }
}

fn read<C: DeserializeOwned>(name: &str) -> File<C> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4/streams");
    toml::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}
