//! The `Authorization` header: `algorithm key=value, key=value, …`.

use crate::bytes::scan;
use crate::canonical::query;
use crate::names::ALGORITHM;
use crate::verify::parse::PresentedSignature;
use crate::verify::text::PresentedText;

impl<'a> PresentedSignature<'a> {
    /// Takes the value apart, with or without spaces around the commas.
    #[inline]
    pub(crate) fn read_authorization(&mut self, value: &'a [u8]) {
        let value = value.trim_ascii();
        let (algorithm, mut rest) = value.split_at(algorithm_len(value));
        self.algorithm.push(PresentedText::plain(algorithm));
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return;
        }
        while let Some(comma) = scan::find(rest, b',') {
            self.read_part(&rest[..comma]);
            rest = &rest[comma + 1..];
        }
        self.read_part(rest);
    }

    #[inline]
    fn read_part(&mut self, part: &'a [u8]) {
        let part = part.trim_ascii();
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

/// Bytes before the first white space.
#[inline]
fn algorithm_len(value: &[u8]) -> usize {
    match value.strip_prefix(ALGORITHM.as_bytes()) {
        Some([behind, ..]) if behind.is_ascii_whitespace() => ALGORITHM.len(),
        _ => value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len()),
    }
}
