//! The canonical query equals a naive one, and is its own canonical form.

use sigv4::{Credentials, Payload, Request, RequestError, SignError, SigningKey, SigningRules};
use sigv4::{QUERY_PARAMETERS_MAX, Timestamp};

/// Canonicalises a query.
pub fn check(query: &[u8]) {
    let canonical = canonical(query);
    assert_eq!(canonical, naive(query));
    if let Ok(text) = canonical {
        assert_eq!(self::canonical(&text).as_ref(), Ok(&text));
    }
}

/// The third line of the canonical request.
fn canonical(query: &[u8]) -> Result<Vec<u8>, SignError> {
    let now = Timestamp::from_unix_seconds(0).expect("a valid time");
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let key = SigningKey::derive(&credentials, now.date(), "r", "s").expect("a valid key");
    let target = [b"/?", query].concat();
    let headers = [("host", "h")];
    let request = Request::new("GET", &target, &headers);
    let mut out = vec![0; 3 * query.len() + 2 * QUERY_PARAMETERS_MAX + 256];
    let instant = key.at(now).expect("the day of the key");
    let rules = SigningRules::STANDARD;
    let made = instant.canonical_request(&request, Payload::EMPTY, &rules, &mut out)?;
    Ok(made.split(|&byte| byte == b'\n').nth(2).expect("there is a third line").to_vec())
}

/// The canonical query, written down from the specification.
fn naive(query: &[u8]) -> Result<Vec<u8>, SignError> {
    let position = query.iter().position(|byte| matches!(byte, 0..32 | 127 | b'#'));
    if let Some(at) = position {
        return Err(RequestError::InvalidTarget { position: at + 2 }.into());
    }
    for (at, _) in query.iter().enumerate().filter(|(_, byte)| **byte == b'%') {
        let digits = query.get(at + 1..at + 3);
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(RequestError::MalformedEscape { position: at + 2 }.into());
        }
    }
    let pieces: Vec<_> = query.split(|&byte| byte == b'&').filter(|p| !p.is_empty()).collect();
    let mut parameters = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index == QUERY_PARAMETERS_MAX {
            return Err(RequestError::TooManyParameters.into());
        }
        let (name, value) = match piece.iter().position(|&byte| byte == b'=') {
            Some(at) => (&piece[..at], &piece[at + 1..]),
            None => (*piece, &b""[..]),
        };
        let [name, value] = [name, value].map(|text| encoded(&decoded(text)));
        // A request signed in its headers must not look signed in its query.
        if let Some(name) =
            ["X-Amz-Algorithm", "X-Amz-Signature"].into_iter().find(|made| *made == name)
        {
            return Err(SignError::ParameterAlreadyPresent { name });
        }
        parameters.push((name, value));
    }
    parameters.sort();
    let pieces: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(pieces.join("&").into_bytes())
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        if text[at] == b'%' {
            let digits = std::str::from_utf8(&text[at + 1..at + 3]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("two digits"));
            at += 3;
        } else {
            bytes.push(if text[at] == b'+' { b' ' } else { text[at] });
            at += 1;
        }
    }
    bytes
}

fn encoded(bytes: &[u8]) -> String {
    let escape = |&byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(escape).collect()
}
