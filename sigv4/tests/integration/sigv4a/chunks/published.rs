//! The cases of `testdata/sigv4/sigv4a/chunks.toml`.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use sigv4::PayloadLiteral;
use sigv4::chunks::Chunking;
use sigv4::sigv4a::Signature;

use super::{Context, Upload, decode};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    context: toml::Table,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    context: toml::Table,
    mode: String,
    target: String,
    headers: Vec<(String, String)>,
    pattern: String,
    lengths: Vec<usize>,
    #[serde(default)]
    trailers: Vec<(String, String)>,
    public_key: [String; 2],
    /// Of the request.
    string_to_sign: String,
    signatures: Vec<String>,
    content_length: usize,
    wire_sha256: String,
}

#[test]
fn bodies_are_those_of_the_data() {
    assert!(published().len() >= 5);
}

/// A request with its body as it is received, and what is to come of it.
#[cfg_attr(not(feature = "tower"), expect(dead_code, reason = "what the layers are held against"))]
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) wire: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) context: Context,
}

/// The cases, each checked against what is expected of the signer and the decoder.
pub(crate) fn published() -> Vec<Published> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/sigv4/sigv4a/chunks.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file.case.iter().map(|case| {
        let mut context = file.context.clone();
        context.extend(case.context.clone());
        check(case, context.try_into().unwrap())
    });
    cases.collect()
}

fn check(case: &Case, context: Context) -> Published {
    let name = &case.name;
    let chunking =
        PayloadLiteral::parse(case.mode.as_bytes()).and_then(Chunking::of::<Signature>).unwrap();
    let mut upload = Upload::new(&context, chunking, &case.target, &case.headers);
    assert_eq!(upload.string_to_sign, case.string_to_sign, "{name}");
    assert_eq!(hex::encode(&upload.key.to_sec1_bytes()[1..]), case.public_key.concat(), "{name}");
    let decoder = upload.decoder(&case.target, &context);

    let (mut wire, mut body) = (Vec::new(), Vec::new());
    let mut signatures = vec![upload.seed.to_string()];
    for len in &case.lengths {
        let data: Vec<u8> = case.pattern.bytes().cycle().take(*len).collect();
        upload.push_chunk(&mut wire, &data);
        signatures.extend(upload.signer.signature().map(|signature| signature.to_string()));
        body.extend(data);
    }
    upload.push_end(&mut wire, &case.trailers);
    assert_eq!(wire.len(), case.content_length, "{name}");
    assert_eq!(hex::encode(Sha256::digest(&wire)), case.wire_sha256, "{name}");
    // That of the last chunk is covered by the hash alone if trailers follow.
    let last = upload.signer.signature().unwrap().to_string();
    assert_eq!(case.signatures.last(), Some(&last), "{name}");
    assert_eq!(case.signatures[..signatures.len()], signatures, "{name}");
    for piece in [1, 7, 1000, wire.len()] {
        // Byte by byte, long bodies would be looked at too often.
        if piece * 100 > wire.len() || wire.len() < 10_000 {
            assert_eq!(decode(decoder.clone(), &wire, piece), Ok(body.clone()), "{name}");
        }
    }
    let (name, target, headers) = (name.clone(), case.target.clone(), upload.headers);
    Published { name, target, headers, wire, body, context }
}
