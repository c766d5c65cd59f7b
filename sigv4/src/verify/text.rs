//! Text as it was presented, decoded only while it is looked at.

use core::fmt::{self, Write};
use core::iter;

use subtle::ConstantTimeEq;

use crate::encode;

/// A piece of what was presented: plain in a header, percent-encoded in a query.
///
/// `Display` writes it decoded, with U+FFFD for each byte that is not ASCII.
#[derive(Clone, Copy)]
pub struct PresentedText<'a> {
    wire: &'a [u8],
    is_encoded: bool,
}

impl<'a> PresentedText<'a> {
    pub(crate) const fn plain(wire: &'a [u8]) -> Self {
        Self { wire, is_encoded: false }
    }

    pub(crate) const fn encoded(wire: &'a [u8]) -> Self {
        Self { wire, is_encoded: true }
    }

    /// The decoded bytes, one after the other.
    pub fn bytes(self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        let mut plain = self.wire.iter().copied();
        let mut decoded = encode::percent_decoded(self.wire);
        iter::from_fn(move || if self.is_encoded { decoded.next() } else { plain.next() })
    }

    /// Decodes into `buffer`; nothing if it does not fit or is not UTF-8.
    #[must_use]
    pub fn decode_into<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        let mut len = 0;
        for byte in self.bytes() {
            *buffer.get_mut(len)? = byte;
            len += 1;
        }
        core::str::from_utf8(&buffer[..len]).ok()
    }

    /// Compares in a time that depends on the lengths alone.
    pub(crate) fn constant_time_eq(self, other: &[u8]) -> bool {
        let mut rest = other.iter();
        let mut difference = 0;
        for byte in self.bytes() {
            let Some(expected) = rest.next() else {
                return false;
            };
            difference |= byte ^ expected;
        }
        rest.next().is_none() && bool::from(difference.ct_eq(&0))
    }

    /// What stands before and behind the last `separator`.
    pub(crate) fn rsplit_once(self, separator: u8) -> Option<(Self, Self)> {
        let (begin, end) = self.separators(separator).last()?;
        Some((self.with(&self.wire[..begin]), self.with(&self.wire[end..])))
    }

    /// The pieces between the separators, at least one.
    pub(crate) fn split(self, separator: u8) -> impl Iterator<Item = Self> + Clone + use<'a> {
        let mut rest = Some(self);
        iter::from_fn(move || {
            let text = rest?;
            let first = text.separators(separator).next();
            rest = first.map(|(_, end)| text.with(&text.wire[end..]));
            Some(first.map_or(text, |(begin, _)| text.with(&text.wire[..begin])))
        })
    }

    /// Where each `separator` begins and ends on the wire: it may be escaped.
    fn separators(self, separator: u8) -> impl Iterator<Item = (usize, usize)> {
        let mut at = 0;
        iter::from_fn(move || {
            while let Some(&byte) = self.wire.get(at) {
                let begin = at;
                let escaped = match self.wire.get(at + 1..at + 3) {
                    Some(&[high, low]) if self.is_encoded && byte == b'%' => {
                        encode::unescape(high, low)
                    }
                    _ => None,
                };
                at += if escaped.is_some() { 3 } else { 1 };
                if escaped.unwrap_or(byte) == separator {
                    return Some((begin, at));
                }
            }
            None
        })
    }

    const fn with(self, wire: &'a [u8]) -> Self {
        Self { wire, is_encoded: self.is_encoded }
    }
}

impl PartialEq<str> for PresentedText<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl fmt::Display for PresentedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().try_for_each(|byte| {
            f.write_char(if byte.is_ascii() {
                char::from(byte)
            } else {
                char::REPLACEMENT_CHARACTER
            })
        })
    }
}

/// Shows nothing: it may be a signature or a session token.
impl fmt::Debug for PresentedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedText(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn separators_count_escaped_or_not_where_text_is_encoded() {
        let split = |text: PresentedText<'static>| {
            text.split(b';').map(|piece| piece.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(split(PresentedText::plain(b"a;b%3Bc")), ["a", "b%3Bc"]);
        assert_eq!(split(PresentedText::encoded(b"a;b%3Bc%3b")), ["a", "b", "c", ""]);
        assert_eq!(split(PresentedText::plain(b"")), [""]);
        let (front, back) = PresentedText::encoded(b"a/b%2Fc").rsplit_once(b'/').unwrap();
        assert_eq!((front.to_string(), back.to_string()), ("a/b".into(), "c".into()));
    }
}
