//! The `Authorization` header: `algorithm key=value, key=value, …`.

use crate::bytes::scan;
use crate::canonical::query;
use crate::names::ALGORITHM;
use crate::verify::parse::PresentedSignature;
use crate::verify::text::PresentedText;

impl<'a> PresentedSignature<'a> {
    /// Takes the value apart. A part ends at a comma or at a blank, as AWS reads it.
    #[inline]
    pub(crate) fn read_authorization(&mut self, value: &'a [u8]) {
        let value = value.trim_ascii();
        let (algorithm, mut rest) = value.split_at(algorithm_len(value));
        self.algorithm.push(PresentedText::plain(algorithm));
        rest = rest.trim_ascii_start();
        while !rest.is_empty() {
            let len = scan::find(rest, ends_part).unwrap_or(rest.len());
            self.read_part(&rest[..len]);
            rest = rest[len..].trim_ascii_start();
            if let Some(behind) = rest.strip_prefix(b",") {
                rest = behind.trim_ascii_start();
                if rest.is_empty() {
                    self.read_part(rest);
                }
            }
        }
    }

    #[inline]
    fn read_part(&mut self, part: &'a [u8]) {
        if let Some(value) = part.strip_prefix(b"Credential=") {
            self.credential.push(PresentedText::plain(value));
        } else if let Some(value) = part.strip_prefix(b"SignedHeaders=") {
            self.signed_headers.push(PresentedText::plain(value));
        } else if let Some(value) = part.strip_prefix(b"Signature=") {
            self.signature.push(PresentedText::plain(value));
        } else if query::split_once(part, b'=').is_some() {
            self.has_unknown = true;
        } else {
            self.without_equals.get_or_insert(PresentedText::plain(part));
        }
    }
}

/// 1 for a byte that ends a part, else 0.
#[inline(always)]
const fn ends_part(byte: u8) -> u8 {
    scan::equals(byte, b',') | scan::equals(byte, b' ') | scan::equals(byte, b'\t')
}

/// Bytes before the first white space.
#[inline]
fn algorithm_len(value: &[u8]) -> usize {
    match value.strip_prefix(ALGORITHM.as_bytes()) {
        Some([behind, ..]) if behind.is_ascii_whitespace() => ALGORITHM.len(),
        _ => value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len()),
    }
}
