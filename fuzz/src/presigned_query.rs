//! The signature in a query is found as a naive reader finds it, and found again
//! when all that can be escaped is.

use sigv4::{Form, PresentedSignature, Request, RequestError, VerifyError};

use super::presented_parts::Parts;

/// Reads a query.
pub fn check(query: &[u8]) {
    check_query(query, naive(query));
    if let Ok((parts, form)) = naive(query) {
        check_query(&escaped(query), Ok((parts, form)));
    }
}

/// What there is, and whether it is a signature.
type Found = Result<(Parts, Option<Form>), RequestError>;

fn check_query(query: &[u8], expected: Found) {
    let target = [b"/?", query].concat();
    let headers = [("host", "h")];
    let request = Request::new("GET", &target, &headers);
    match (PresentedSignature::parse(&request), expected) {
        (Ok(presented), Ok((parts, Some(form)))) => {
            assert_eq!(presented.form(), form);
            assert!(presented.authorization().is_none());
            assert_eq!(presented.check_syntax(), Ok(()));
            parts.assert_found(&presented);
        }
        (Err(error), Ok((_, None))) => assert_eq!(error, VerifyError::NoSignature),
        (Err(error), Err(expected)) => assert_eq!(error, VerifyError::Request(expected)),
        (found, expected) => panic!("{found:?} and not {expected:?}"),
    }
}

fn naive(query: &[u8]) -> Found {
    // Positions are those in the target, behind `/?`.
    if let Some(at) = query.iter().position(|byte| matches!(byte, 0..32 | 127 | b'#')) {
        return Err(RequestError::InvalidTarget { position: at + 2 });
    }
    for (at, _) in query.iter().enumerate().filter(|(_, byte)| **byte == b'%') {
        if escape_at(query, at).is_none() {
            return Err(RequestError::MalformedEscape { position: at + 2 });
        }
    }
    let mut parts = Parts::default();
    for piece in query.split(|&byte| byte == b'&') {
        let mut sides = piece.splitn(2, |&byte| byte == b'=');
        let name = decoded(sides.next().unwrap_or_default());
        let texts = match name.as_slice() {
            b"X-Amz-Algorithm" => &mut parts.algorithm,
            b"X-Amz-Credential" => &mut parts.credential,
            b"X-Amz-SignedHeaders" => &mut parts.signed_headers,
            b"X-Amz-Signature" => &mut parts.signature,
            b"X-Amz-Date" => &mut parts.date,
            b"X-Amz-Expires" => &mut parts.expires,
            b"X-Amz-Security-Token" => &mut parts.session_token,
            b"X-Amz-S3session-Token" => {
                parts.has_s3_session_token = true;
                &mut parts.session_token
            }
            b"X-Amz-Content-Sha256" => &mut parts.content_sha256,
            _ => continue,
        };
        texts.push(decoded(sides.next().unwrap_or_default()));
    }
    let is_signed = !parts.algorithm.is_empty() || !parts.signature.is_empty();
    Ok((parts, is_signed.then_some(Form::Query)))
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let escape = if text[at] == b'%' { escape_at(text, at) } else { None };
        let plain = if text[at] == b'+' { b' ' } else { text[at] };
        bytes.push(escape.unwrap_or(plain));
        at += if escape.is_some() { 3 } else { 1 };
    }
    bytes
}

fn escape_at(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
}

/// Escapes each byte of a query that is none of its separators, in lower case,
/// which nobody writes.
fn escaped(query: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::new();
    let mut at = 0;
    while at < query.len() {
        match query[at] {
            b'%' => {
                escaped.extend(&query[at..at + 3]);
                at += 3;
                continue;
            }
            separator @ (b'&' | b'=') => escaped.push(separator),
            b'+' => escaped.extend(b"%20"),
            byte => escaped.extend(format!("%{byte:02x}").bytes()),
        }
        at += 1;
    }
    escaped
}
