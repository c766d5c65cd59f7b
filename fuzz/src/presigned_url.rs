//! A presigned URL says what the text before it says, and its signature is the one that HMAC makes
//! of what is sent; a key stays in its bucket.

use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sigv4::{Bucket, OwnedCredentials, Signer, SigningRules, Timestamp};

/// Reads a URL, which is an endpoint, too; the name of a bucket; and a key: a line each.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (url, name, key) = (line(), line(), line());
    let [s3, iam] = ["s3", "iam"].map(|service| {
        let credentials = OwnedCredentials::new("AKIDEXAMPLE", SECRET);
        Signer::new(credentials, "us-east-1", service).expect("valid credentials")
    });
    for signer in [&s3, &iam] {
        check_presigned(signer, url, url);
    }
    for (bucket, is_virtual) in
        [(Bucket::path_style(url, name), false), (Bucket::virtual_hosted(url, name), true)]
    {
        match bucket {
            Ok(bucket) => check_bucket(&s3, &bucket, [url, name, key], is_virtual),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    if let Err(error) = Bucket::aws(name, key) {
        assert!(!error.to_string().is_empty());
    }
}

/// What is made of a key for an endpoint, and that it stays what it is when it is presigned.
fn check_bucket(signer: &Signer, bucket: &Bucket, [url, name, key]: [&str; 3], is_virtual: bool) {
    let request = bucket.get(key).with_parameter(name, key);
    let made = match request.url() {
        Ok(made) => made,
        Err(error) => return assert!(key.is_empty() && !error.to_string().is_empty()),
    };
    let endpoint = Parts::read(url);
    let parts = Parts::read(&made);
    let mut host = endpoint.host;
    let mut segments = endpoint.segments;
    while segments.last().is_some_and(Vec::is_empty) {
        segments.pop();
    }
    if segments.is_empty() {
        segments.push(Vec::new());
    }
    if is_virtual {
        host = format!("{name}.{host}");
    } else {
        segments.push(name.into());
    }
    segments.extend(key.split('/').map(Vec::from));
    let parameters = vec![(name.into(), key.into())];
    let expected = Parts { scheme: endpoint.scheme, host, segments, parameters };
    assert_eq!(parts, expected);
    if let Ok(presigned) = request.presign_at(signer, Duration::from_secs(EXPIRES), now()) {
        check_signature(signer, &presigned);
        assert_eq!(Parts::read(&presigned).without_made(), expected);
    }
}

/// Presigns a text as it is, whatever it was made of.
fn check_presigned(signer: &Signer, url: &str, text: &str) {
    match signer.presign_at("GET", url, Duration::from_secs(EXPIRES), now()) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(presigned) => {
            check_signature(signer, &presigned);
            assert_eq!(Parts::read(&presigned).without_made(), Parts::read(text));
        }
    }
}

/// What a URL means, by a reader that takes it for one.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    scheme: String,
    host: String,
    /// Of the path, decoded; nothing else separates them than a slash that is none of an escape.
    segments: Vec<Vec<u8>>,
    /// Decoded, in order.
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Parts {
    fn read(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").expect("a scheme");
        let scheme = scheme.to_ascii_lowercase();
        let authority_len = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(authority_len);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        let pieces = query.split('&').filter(|piece| !piece.is_empty());
        let mut parameters: Vec<_> = pieces
            .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
            .map(|(name, value)| (form_decoded(name), form_decoded(value)))
            .collect();
        parameters.sort();
        Self {
            host: host(&scheme, authority),
            scheme,
            segments: path.split('/').map(|segment| decoded(segment.as_bytes())).collect(),
            parameters,
        }
    }

    fn without_made(mut self) -> Self {
        self.parameters.retain(|(name, _)| !MADE.contains(&&**name));
        self
    }
}

/// The host with a port that is not the scheme's own; an address of IPv6 whole, so that all its
/// spellings are one.
fn host(scheme: &str, authority: &str) -> String {
    let authority = authority.to_ascii_lowercase();
    let default = if matches!(scheme, "https" | "wss") { "443" } else { "80" };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (&*authority, ""),
    };
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host = match address.map(str::parse::<Ipv6Addr>) {
        Some(Ok(address)) => format!("{:?}", address.octets()),
        _ => host.to_owned(),
    };
    let is_zero = !port.is_empty() && port.bytes().all(|byte| byte == b'0');
    let port = if is_zero { "0" } else { port.trim_start_matches('0') };
    if port.is_empty() || port == default { host } else { format!("{host}:{port}") }
}

fn form_decoded(text: &str) -> Vec<u8> {
    decoded(text.replace('+', " ").as_bytes())
}

/// Escapes resolved; what only looks like one stands for itself.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        match digits.and_then(|digits| core::str::from_utf8(digits).ok()) {
            Some(digits) if *first == b'%' => {
                bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
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

/// The query of a presigned URL is canonical; so is the path for S3, and elsewhere it is
/// normalised and encoded once more.
fn check_signature(signer: &Signer, presigned: &str) {
    let halves = presigned.rsplit_once("&X-Amz-Signature=");
    let (unsigned, signature) = halves.expect("a signature, and a query before it");
    let (_, rest) = unsigned.split_once("://").expect("a scheme");
    let (host, target) = rest.split_at(rest.find('/').expect("a path"));
    let (path, query) = target.split_once('?').expect("a query");
    let is_s3 = *signer.rules() == SigningRules::S3;
    let path = if is_s3 { Cow::Borrowed(path) } else { Cow::Owned(normalised(path)) };
    let payload = if is_s3 { "UNSIGNED-PAYLOAD".to_owned() } else { hex(&Sha256::digest(b"")) };
    let canonical = format!("GET\n{path}\n{query}\nhost:{host}\n\nhost\n{payload}");
    let scope = format!("20150830/us-east-1/{}/aws4_request", signer.service());
    let hash = hex(&Sha256::digest(&canonical));
    let to_sign = format!("AWS4-HMAC-SHA256\n20150830T123600Z\n{scope}\n{hash}");
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in scope.split('/').chain([&*to_sign]) {
        key = mac(&key, step.as_bytes());
    }
    assert_eq!(signature, hex(&key), "{canonical}");
}

fn normalised(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(encoded(segment)),
        }
    }
    let end = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte| match byte {
        byte if is_plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    Mac::update(&mut mac, message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time")
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const EXPIRES: u64 = 900;

/// The parameters that presigning adds.
const MADE: [&[u8]; 6] = [
    b"X-Amz-Algorithm",
    b"X-Amz-Credential",
    b"X-Amz-Date",
    b"X-Amz-Expires",
    b"X-Amz-SignedHeaders",
    b"X-Amz-Signature",
];
