//! The canonical path equals a naive one, and is signed again by S3's rule as it is.

use sigv4::{
    Credentials, Expires, PATH_SEGMENTS_MAX, PathEncoding, PathRules, Payload, Request,
    RequestError, SignError, SigningInstant, SigningKey, SigningRules, Timestamp,
};

/// Canonicalises a path by every rule.
pub fn check(input: &[u8]) {
    let wire = input.split(|&byte| byte == b'?').next().unwrap_or_default();
    if wire.iter().filter(|&&byte| byte == b'/').count() >= PATH_SEGMENTS_MAX {
        return;
    }
    let wire = [b"/", wire].concat();
    for normalize in [false, true] {
        for encoding in [PathEncoding::Twice, PathEncoding::Once, PathEncoding::AsSent] {
            check_by(&wire, PathRules { normalize, encoding });
        }
    }
}

fn check_by(wire: &[u8], rules: PathRules) {
    let canonical = canonical(wire, rules);
    assert_eq!(canonical, naive(wire, rules), "{rules:?}");
    let target = presigned_path(wire, rules);
    let Ok(path) = canonical else {
        assert_eq!(target, canonical);
        return;
    };
    match rules.encoding {
        PathEncoding::Twice => assert_eq!(target, Ok(wire.to_vec())),
        PathEncoding::Once => {
            assert_eq!(target.as_ref(), Ok(&path));
            assert_eq!(self::canonical(&path, PathRules::S3), Ok(path));
        }
        PathEncoding::AsSent => assert_eq!(target, Ok(path)),
    }
}

/// The second line of the canonical request.
fn canonical(wire: &[u8], rules: PathRules) -> Result<Vec<u8>, SignError> {
    with_instant(|instant| {
        let (request, rules) = (Request::new("GET", wire, &HEADERS), signing_rules(rules));
        let mut out = vec![0; 3 * wire.len() + 256];
        let made = instant.canonical_request(&request, Payload::EMPTY, &rules, &mut out)?;
        Ok(made.split(|&byte| byte == b'\n').nth(1).expect("there is a second line").to_vec())
    })
}

/// The path of the target that presigning makes.
fn presigned_path(wire: &[u8], rules: PathRules) -> Result<Vec<u8>, SignError> {
    with_instant(|instant| {
        let (request, rules) = (Request::new("GET", wire, &HEADERS), signing_rules(rules));
        let mut out = vec![0; 3 * wire.len() + 512];
        let expires = Some(Expires::MAX);
        let made = instant.presign(&request, Payload::EMPTY, expires, &rules, &mut out)?;
        let path = made.target().split(|&byte| byte == b'?').next();
        Ok(path.expect("a split has a first part").to_vec())
    })
}

fn with_instant<T>(sign: impl FnOnce(&SigningInstant<'_>) -> T) -> T {
    let now = Timestamp::from_unix_seconds(0).expect("a valid time");
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let key = SigningKey::derive(&credentials, now.date(), "r", "s").expect("a valid key");
    sign(&key.at(now).expect("the day of the key"))
}

fn signing_rules(path: PathRules) -> SigningRules<'static> {
    SigningRules { path, ..SigningRules::STANDARD }
}

/// The path written down from the specification.
fn naive(wire: &[u8], rules: PathRules) -> Result<Vec<u8>, SignError> {
    let position = wire.iter().position(|byte| matches!(byte, 0..32 | 127 | b'#'));
    if let Some(position) = position {
        return Err(RequestError::InvalidTarget { position }.into());
    }
    if rules.encoding == PathEncoding::Once {
        refuse_ambiguous(wire)?;
    }
    let path = if rules.normalize { normalized(wire) } else { wire.to_vec() };
    let segments = path.split(|&byte| byte == b'/');
    let encoded: Vec<_> = segments.map(|segment| encoded(segment, rules.encoding)).collect();
    Ok(encoded.join("/").into_bytes())
}

fn refuse_ambiguous(wire: &[u8]) -> Result<(), RequestError> {
    for (position, _) in wire.iter().enumerate().filter(|(_, byte)| **byte == b'%') {
        let digits = wire.get(position + 1..position + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(RequestError::MalformedEscape { position });
        }
    }
    match wire.iter().position(|&byte| byte == b'+') {
        Some(position) => Err(RequestError::AmbiguousPlus { position }),
        None => Ok(()),
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
    let end = if path.ends_with(b"/") && !kept.is_empty() { "/" } else { "" };
    [b"/", kept.join(&b'/').as_slice(), end.as_bytes()].concat()
}

fn encoded(segment: &[u8], encoding: PathEncoding) -> String {
    let escape = |byte: u8| format!("%{byte:02X}");
    let mut text = String::new();
    let mut at = 0;
    while at < segment.len() {
        let byte = segment[at];
        at += 1;
        let is_unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        text += &match encoding {
            PathEncoding::Once if byte == b'%' => {
                let digits = std::str::from_utf8(&segment[at..at + 2]).expect("two digits");
                at += 2;
                let byte = u8::from_str_radix(digits, 16).expect("two digits");
                encoded(&[byte], PathEncoding::Twice)
            }
            PathEncoding::AsSent if byte != b' ' && byte.is_ascii() => char::from(byte).to_string(),
            _ if is_unreserved => char::from(byte).to_string(),
            _ => escape(byte),
        };
    }
    text
}

const HEADERS: [(&str, &str); 1] = [("host", "h")];
