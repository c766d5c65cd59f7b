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

    pub(crate) fn encoded(wire: &'a [u8]) -> Self {
        Self { wire, is_encoded: wire.contains(&b'%') }
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
        if self.is_encoded {
            for byte in self.bytes() {
                *buffer.get_mut(len)? = byte;
                len += 1;
            }
        } else {
            len = self.wire.len();
            buffer.get_mut(..len)?.copy_from_slice(self.wire);
        }
        core::str::from_utf8(&buffer[..len]).ok()
    }

    /// Reads exactly 64 lower-case hexadecimal digits.
    pub(crate) fn parse_hex(self) -> Option<[u8; 32]> {
        let mut decoded = [0; 64];
        encode::parse_hex(if self.is_encoded {
            self.decode_into(&mut decoded)?.as_bytes()
        } else {
            self.wire
        })
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

    /// What stands before and behind the last `separator`, which may be escaped.
    pub(crate) fn rsplit_once(self, separator: u8) -> Option<(Self, Self)> {
        let ends = |at| self.separator_end(at, separator);
        let (begin, end) = (0..self.wire.len()).rev().find_map(|at| Some((at, ends(at)?)))?;
        Some((self.with(&self.wire[..begin]), self.with(&self.wire[end..])))
    }

    /// The pieces between the separators, at least one.
    pub(crate) fn split(self, separator: u8) -> impl Iterator<Item = Self> + Clone + use<'a> {
        let mut rest = Some(self);
        iter::from_fn(move || {
            let text = rest?;
            let ends = |at| text.separator_end(at, separator);
            let first = (0..text.wire.len()).find_map(|at| Some((at, ends(at)?)));
            rest = first.map(|(_, end)| text.with(&text.wire[end..]));
            Some(first.map_or(text, |(begin, _)| text.with(&text.wire[..begin])))
        })
    }

    /// Where the separator ends that begins at `at`, if one does. No escape
    /// begins inside another, since every `%` begins one.
    #[inline]
    fn separator_end(self, at: usize, separator: u8) -> Option<usize> {
        match self.wire.get(at..)? {
            [byte, ..] if *byte == separator => Some(at + 1),
            [b'%', high, low, ..]
                if self.is_encoded && encode::unescape(*high, *low) == Some(separator) =>
            {
                Some(at + 3)
            }
            _ => None,
        }
    }

    fn with(self, wire: &'a [u8]) -> Self {
        if self.is_encoded { Self::encoded(wire) } else { Self::plain(wire) }
    }
}

impl PartialEq<str> for PresentedText<'_> {
    fn eq(&self, other: &str) -> bool {
        if self.is_encoded { self.bytes().eq(other.bytes()) } else { self.wire == other.as_bytes() }
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
