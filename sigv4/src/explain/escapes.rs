//! Percent escapes as other encoders write them.

use alloc::vec::Vec;

use crate::bytes::base64::Variant;
use crate::bytes::encode::{escape, is_unreserved, unescape};

/// Escapes all but unreserved bytes and those in `kept`.
pub(crate) fn encode(bytes: &[u8], kept: &[u8]) -> Vec<u8> {
    let mut out = room_for(bytes);
    for &byte in bytes {
        if is_unreserved(byte) || kept.contains(&byte) {
            out.push(byte);
        } else {
            out.extend(escape(byte));
        }
    }
    out
}

/// Decodes the escapes of those bytes that pass the test, and no others.
pub(crate) fn decode(text: &[u8], is_decoded: impl Fn(u8) -> bool) -> Vec<u8> {
    replace(
        text,
        |byte, [_, high, low]| {
            if is_decoded(byte) { Vec::from([byte]) } else { Vec::from([b'%', high, low]) }
        },
    )
}

/// Decodes all escapes.
pub(crate) fn decode_all(text: &[u8]) -> Vec<u8> {
    decode(text, |_| true)
}

/// Writes the digits of all escapes in lower case.
pub(crate) fn in_lower_case(text: &[u8]) -> Vec<u8> {
    replace(text, |_, escape| escape.to_ascii_lowercase())
}

/// Puts `with` in place of every `what`.
pub(crate) fn substitute(text: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (room_for(text), text);
    while let Some((&first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(what).filter(|_| !what.is_empty()) {
            out.extend(with);
            rest = behind;
        } else {
            out.push(first);
            rest = behind;
        }
    }
    out
}

/// Base64 of RFC 4648 §4.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let len = Variant::Standard.encoded_len(bytes.len());
    let mut out = [0].repeat(len - bytes.len());
    out.extend(bytes);
    Variant::Standard.encode_in_place(&mut out, bytes.len());
    out
}

/// Room for all that `text` can become, which may be a secret: a vector that
/// grows would leave copies behind.
fn room_for(text: &[u8]) -> Vec<u8> {
    Vec::with_capacity(text.len().saturating_mul(3))
}

fn replace(text: &[u8], with: impl Fn(u8, [u8; 3]) -> Vec<u8>) -> Vec<u8> {
    let (mut out, mut rest) = (room_for(text), text);
    while let Some((&first, behind)) = rest.split_first() {
        if let Some((&[b'%', high, low], behind)) = rest.split_first_chunk()
            && let Some(byte) = unescape(high, low)
        {
            out.extend(with(byte, [b'%', high, low]));
            rest = behind;
        } else {
            out.push(first);
            rest = behind;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_replaced_one_by_one() {
        assert_eq!(encode(b"a b/c", b"/"), b"a%20b/c");
        assert_eq!(decode(b"%2F%20%2525%zz", |byte| byte == b'/'), b"/%20%2525%zz");
        assert_eq!(decode_all(b"%2F%2525%"), b"/%25%");
        assert_eq!(in_lower_case(b"A%2Fb%E1%8"), b"A%2fb%e1%8");
        assert_eq!(substitute(b"a%20b%20", b"%20", b"+"), b"a+b+");
        assert_eq!(base64(b"a?>"), b"YT8+");
        assert_eq!(base64(b"a"), b"YQ==");
    }
}
