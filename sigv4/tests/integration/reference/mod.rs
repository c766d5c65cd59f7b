//! A naive signer, so simple that it is unlikely to be wrong.
//!
//! It follows the specification line by line with `String`, `Vec` and `BTreeMap`,
//! is checked against the same data as the crate, and shares no function and
//! no table with it. Input is taken to be well-formed.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Everything that a signature depends on.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) token_name: TokenName,
    pub(crate) region: String,
    pub(crate) service: String,
    /// `YYYYMMDDTHHMMSSZ`.
    pub(crate) timestamp: String,
    pub(crate) normalize: bool,
    pub(crate) encoding: Encoding,
    pub(crate) sign_body: bool,
    /// A literal payload line; without one the body is hashed.
    pub(crate) payload: Option<String>,
    pub(crate) omit_session_token: bool,
    pub(crate) expires: Option<u32>,
    pub(crate) form: Form,
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// Where the signature goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Header,
    Query,
}

/// How the canonical path is made of the wire path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// It is encoded again.
    Twice,
    /// It is decoded and encoded, as S3 does.
    Once,
    /// It stays, but for what cannot stand in a path.
    AsSent,
}

/// Under which name the session token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenName {
    Ordinary,
    /// For credentials of CreateSession.
    S3Express,
}

impl TokenName {
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Ordinary => "x-amz-security-token",
            Self::S3Express => "x-amz-s3session-token",
        }
    }

    fn parameter(self) -> &'static str {
        match self {
            Self::Ordinary => "X-Amz-Security-Token",
            Self::S3Express => "X-Amz-S3session-Token",
        }
    }
}

/// A decoded query parameter: name and value.
pub(crate) type Parameter = (Vec<u8>, Vec<u8>);

/// Every stage of one signing.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) canonical_request: Vec<u8>,
    pub(crate) string_to_sign: String,
    pub(crate) signed_headers: String,
    pub(crate) signature: String,
    /// In header form.
    pub(crate) authorization: Option<String>,
    /// In query form.
    pub(crate) signed_target: Option<Vec<u8>>,
}

pub(crate) fn sign(input: &Input) -> Signed {
    let headers = canonical_headers(input);
    let signed_headers = headers.keys().cloned().collect::<Vec<_>>().join(";");
    let added = added_parameters(input, &signed_headers);
    let canonical_request = canonical_request(input, &headers, &signed_headers, &added);
    let string_to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{}\n{}",
        input.timestamp,
        scope(input),
        hex::encode(Sha256::digest(&canonical_request)),
    );
    let signature = hex::encode(hmac(&signing_key(input), &string_to_sign));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={signed_headers}, Signature={signature}",
        input.access_key_id,
        scope(input),
    );
    let signed_target = signed_target(input, &added, &signature);
    let is_header = input.form == Form::Header;
    Signed {
        canonical_request,
        string_to_sign,
        signed_headers,
        signature,
        authorization: is_header.then_some(authorization),
        signed_target: (!is_header).then_some(signed_target),
    }
}

/// The four keys of the derivation: date, region, service, signing.
pub(crate) fn derived_keys(input: &Input) -> [Vec<u8>; 4] {
    let secret = format!("AWS4{}", input.secret_access_key);
    let date = hmac(secret.as_bytes(), &input.timestamp[..8]);
    let region = hmac(&date, &input.region);
    let service = hmac(&region, &input.service);
    let signing = hmac(&service, "aws4_request");
    [date, region, service, signing]
}

fn signing_key(input: &Input) -> Vec<u8> {
    let [_, _, _, signing] = derived_keys(input);
    signing
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn scope(input: &Input) -> String {
    let day = &input.timestamp[..8];
    format!("{day}/{}/{}/aws4_request", input.region, input.service)
}

fn token(input: &Input) -> Option<&String> {
    input.session_token.as_ref().filter(|token| !token.is_empty())
}

/// The last line of the canonical request.
pub(crate) fn payload_line(input: &Input) -> String {
    let hash = hex::encode(Sha256::digest(&input.body));
    input.payload.clone().unwrap_or(hash)
}

fn canonical_request(
    input: &Input,
    headers: &BTreeMap<String, Vec<u8>>,
    signed_headers: &str,
    added: &[(String, String)],
) -> Vec<u8> {
    let mut text = Vec::new();
    text.extend([input.method.as_bytes(), b"\n"].concat());
    text.extend([canonical_path(input).as_slice(), b"\n"].concat());
    text.extend([canonical_query(input, added).as_bytes(), b"\n"].concat());
    for (name, value) in headers {
        text.extend([name.as_bytes(), b":", value, b"\n"].concat());
    }
    text.extend(format!("\n{signed_headers}\n{}", payload_line(input)).bytes());
    text
}

/// The canonical request of an input as it stands, nothing added to it.
pub(crate) fn canonical_content(input: &Input) -> Vec<u8> {
    let headers = canonical_headers(input);
    canonical_request(input, &headers, "", &[])
}

fn split_target(input: &Input) -> (&[u8], &[u8]) {
    let target = &input.target;
    match target.iter().position(|&byte| byte == b'?') {
        Some(mark) => (&target[..mark], &target[mark + 1..]),
        None => (target, b""),
    }
}

fn canonical_path(input: &Input) -> Vec<u8> {
    let (path, _) = split_target(input);
    let path = if input.normalize { normalized(path) } else { path.to_vec() };
    let path = if path.is_empty() { b"/".to_vec() } else { path };
    // What is encoded lies between raw slashes; one that is decoded is escaped again.
    let segments = path.split(|&byte| byte == b'/').map(|segment| match input.encoding {
        Encoding::Twice => encode(segment),
        Encoding::Once => encode(&form_decode(segment)),
        Encoding::AsSent => sendable(segment),
    });
    segments.collect::<Vec<_>>().join("/").into_bytes()
}

/// A path of which clients send no byte otherwise.
fn sendable(path: &[u8]) -> String {
    let written = path.iter().map(|&byte| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    written.collect()
}

/// The path of a presigned target. The canonical path is one spelling of it, unless
/// that is encoded twice and would be encoded once more when it is received.
fn presigned_path(input: &Input) -> Vec<u8> {
    match input.encoding {
        Encoding::Twice => split_target(input).0.to_vec(),
        Encoding::Once | Encoding::AsSent => canonical_path(input),
    }
}

fn normalized(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|&byte| byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let mut normalized = [b"/", kept.join(&b'/').as_slice()].concat();
    if path.ends_with(b"/") && !kept.is_empty() {
        normalized.push(b'/');
    }
    normalized
}

fn canonical_query(input: &Input, added: &[(String, String)]) -> String {
    let (_, query) = split_target(input);
    let pairs = split_query(query, form_decode);
    let mut pairs: Vec<_> =
        pairs.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.extend(added.iter().cloned());
    pairs.sort();
    let joined: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    joined.join("&")
}

/// The parameters of a query, decoded, in wire order.
fn split_query(query: &[u8], decode: fn(&[u8]) -> Vec<u8>) -> Vec<Parameter> {
    let pieces = query.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| {
        let equals = piece.iter().position(|&byte| byte == b'=');
        let name = &piece[..equals.unwrap_or(piece.len())];
        let value = equals.map_or(&b""[..], |equals| &piece[equals + 1..]);
        (decode(name), decode(value))
    });
    pairs.collect()
}

/// The parameters that a presigned URL gets, encoded, the signature excepted.
fn added_parameters(input: &Input, signed_headers: &str) -> Vec<(String, String)> {
    if input.form == Form::Header {
        return Vec::new();
    }
    let credential = format!("{}/{}", input.access_key_id, scope(input));
    let mut added = vec![
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("X-Amz-Credential", credential),
        ("X-Amz-Date", input.timestamp.clone()),
        ("X-Amz-SignedHeaders", signed_headers.to_owned()),
    ];
    added.extend(input.expires.map(|seconds| ("X-Amz-Expires", seconds.to_string())));
    if !input.omit_session_token {
        added.extend(token(input).map(|token| (input.token_name.parameter(), token.clone())));
    }
    let encoded =
        added.into_iter().map(|(name, value)| (name.to_owned(), encode(value.as_bytes())));
    encoded.collect()
}

fn signed_target(input: &Input, added: &[(String, String)], signature: &str) -> Vec<u8> {
    let (_, query) = split_target(input);
    // What a raw plus sign stands for is written so that nobody can misread it.
    let query = query.split(|&byte| byte == b'+').collect::<Vec<_>>().join(&b"%20"[..]);
    let mut target = [presigned_path(input).as_slice(), b"?", &query].concat();
    let mut append = |name: &str, value: &str| {
        target.extend(format!("&{name}={value}").bytes());
    };
    for (name, value) in added {
        append(name, value);
    }
    if let Some(token) = token(input).filter(|_| input.omit_session_token) {
        append(input.token_name.parameter(), &encode(token.as_bytes()));
    }
    append("X-Amz-Signature", signature);
    target
}

/// The path of a target and its parameters, decoded and sorted: the order of
/// parameters in a presigned URL is free.
pub(crate) fn target_parts(target: &[u8]) -> (Vec<u8>, Vec<Parameter>) {
    let mut halves = target.splitn(2, |&byte| byte == b'?');
    let path = halves.next().unwrap_or_default().to_vec();
    let mut pairs = split_query(halves.next().unwrap_or_default(), decode);
    pairs.sort();
    (path, pairs)
}

fn canonical_headers(input: &Input) -> BTreeMap<String, Vec<u8>> {
    let mut all = input.headers.clone();
    if input.form == Form::Header {
        all.push(("x-amz-date".into(), input.timestamp.clone().into_bytes()));
        if input.sign_body {
            all.push(("x-amz-content-sha256".into(), payload_line(input).into_bytes()));
        }
        if let Some(token) = token(input).filter(|_| !input.omit_session_token) {
            all.push((input.token_name.header().into(), token.clone().into_bytes()));
        }
    }
    let mut lines: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, value) in all {
        let name = name.to_ascii_lowercase();
        if is_skipped(&name) {
            continue;
        }
        let value = folded(&value);
        lines
            .entry(name)
            .and_modify(|line| line.extend([b",", value.as_slice()].concat()))
            .or_insert(value);
    }
    lines
}

/// The value trimmed, each inner run of white space one space.
fn folded(value: &[u8]) -> Vec<u8> {
    let words = value.split(|byte| b" \t\r\n\x0b\x0c".contains(byte));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ')
}

fn is_skipped(name: &str) -> bool {
    let skipped = "authorization connection expect keep-alive proxy-authenticate \
        proxy-authorization te trailer transfer-encoding upgrade user-agent x-amzn-trace-id";
    name.starts_with("sec-websocket-") || skipped.split_whitespace().any(|skipped| skipped == name)
}

/// Decodes as services do, to whom a raw plus sign is a space.
fn form_decode(text: &[u8]) -> Vec<u8> {
    let words = text.split(|&byte| byte == b'+').map(decode);
    words.collect::<Vec<_>>().join(&b' ')
}

/// Decodes escapes; what only looks like one stands for itself.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        match tail.get(..2).and_then(|digits| hex::decode(digits).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.extend(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

fn encode(bytes: &[u8]) -> String {
    let encode_byte = |&byte: &u8| match char::from(byte) {
        plain @ ('A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~') => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode_byte).collect()
}
