//! Text as it was presented, decoded only while it is looked at.

use core::fmt::{self, Write};
use core::iter;

use subtle::ConstantTimeEq;

use crate::bytes::encode;
use crate::bytes::scan;
use crate::scope::CredentialEnd;

/// A piece of what was presented: plain in a header, percent-encoded in a query.
///
/// `Display` writes it decoded, with U+FFFD for each byte that is not ASCII.
#[derive(Clone, Copy)]
pub struct PresentedText<'a> {
    wire: &'a [u8],
    spelling: Spelling,
}

/// How a text is spelled on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As it is.
    Plain,
    /// With escapes, `%XX`, and no `+`.
    Escaped,
    /// With at least one `+`, which stands for a space.
    WithPlus,
}

impl<'a> PresentedText<'a> {
    pub(crate) const EMPTY: Self = Self::plain(b"");

    pub(crate) const fn plain(wire: &'a [u8]) -> Self {
        Self { wire, spelling: Spelling::Plain }
    }

    /// A header's value, without the white space around it.
    #[inline]
    pub(crate) const fn trimmed(value: &'a [u8]) -> Self {
        Self::plain(value.trim_ascii())
    }

    /// A parameter's name or value.
    pub(crate) fn encoded(wire: &'a [u8]) -> Self {
        let spelling = if !scan::any(wire, |byte| (byte == b'%') | (byte == b'+')) {
            Spelling::Plain
        } else if wire.contains(&b'+') {
            Spelling::WithPlus
        } else {
            Spelling::Escaped
        };
        Self { wire, spelling }
    }

    /// A parameter's name or value, of which it is known how it is spelled.
    #[inline]
    pub(crate) const fn spelled(wire: &'a [u8], spelling: Spelling) -> Self {
        Self { wire, spelling }
    }

    #[inline]
    pub(crate) const fn into_parts(self) -> (&'a [u8], Spelling) {
        (self.wire, self.spelling)
    }

    const fn is_encoded(self) -> bool {
        !matches!(self.spelling, Spelling::Plain)
    }

    /// Whether a piece may hold an escape in which no `%` was found.
    const fn has_plus(self) -> bool {
        matches!(self.spelling, Spelling::WithPlus)
    }

    /// A piece of this text, of which it is known whether it may hold an escape.
    const fn piece(self, wire: &'a [u8], may_have_escape: bool) -> Self {
        let spelling = if may_have_escape { self.spelling } else { Spelling::Plain };
        Self { wire, spelling }
    }

    /// The bytes on the wire, if they are those that are meant.
    #[inline]
    pub(crate) const fn as_plain(self) -> Option<&'a [u8]> {
        if self.is_encoded() { None } else { Some(self.wire) }
    }

    /// The decoded bytes, one after the other.
    pub fn bytes(self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        let mut plain = self.wire.iter().copied();
        let mut decoded = encode::decoded(self.wire);
        iter::from_fn(move || if self.is_encoded() { decoded.next() } else { plain.next() })
    }

    /// The first decoded byte, and what is behind it.
    #[inline]
    pub(crate) fn split_first(self) -> Option<(u8, Self)> {
        let (&byte, behind) = self.wire.split_first()?;
        if self.is_encoded()
            && let Some((decoded, len)) = self.escape_at(0)
        {
            return Some((decoded, Self { wire: &self.wire[len..], ..self }));
        }
        Some((byte, Self { wire: behind, ..self }))
    }

    /// Whether this text, decoded, comes first.
    pub(crate) fn is_before(self, other: Self) -> bool {
        match (self.as_plain(), other.as_plain()) {
            (Some(own), Some(other)) => own < other,
            _ => self.bytes().lt(other.bytes()),
        }
    }

    /// Decodes into `buffer`; nothing if it does not fit or is not UTF-8.
    #[must_use]
    pub fn decode_into<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        let mut len = 0;
        if self.is_encoded() {
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
        encode::parse_hex(if self.is_encoded() {
            self.decode_into(&mut decoded)?.as_bytes()
        } else {
            self.wire
        })
    }

    /// Compares in a time that depends on the lengths, and on what is presented,
    /// but not on where the difference lies.
    pub(crate) fn constant_time_eq(self, other: &[u8]) -> bool {
        if !self.is_encoded() {
            let is_equal = scan::difference(self.wire, other).ct_eq(&0);
            return self.wire.len() == other.len() && is_equal.into();
        }
        // A space is in nothing that this is asked of.
        if self.spelling == Spelling::WithPlus {
            return false;
        }
        let (mut begin, mut other, mut difference) = (0, other, 0);
        let is_escape = |byte| scan::equals(byte, b'%');
        let compared = scan::visit(self.wire, is_escape, |at| {
            let Some((byte, len)) = self.escape_at(at) else {
                return Ok(());
            };
            let plain = &self.wire[begin..at];
            let (expected, behind) = other.split_at_checked(plain.len()).ok_or(Enough)?;
            let (&last, behind) = behind.split_first().ok_or(Enough)?;
            difference |= scan::difference(plain, expected) | (byte ^ last);
            (begin, other) = (at + len, behind);
            Ok(())
        });
        let plain = &self.wire[begin..];
        if let Err(Enough) = compared {
            return false;
        }
        if plain.len() != other.len() {
            return false;
        }
        difference |= scan::difference(plain, other);
        difference.ct_eq(&0).into()
    }

    /// What is between the last separators, which may be escaped, and before
    /// them; nothing if they are fewer than it takes for `N` pieces.
    #[inline]
    pub(crate) fn rsplit<const N: usize>(self, separator: u8) -> Option<[Self; N]> {
        let (mut pieces, mut left) = ([self; N], N - 1);
        let (mut end, mut has_escape) = (self.wire.len(), self.has_plus());
        let mark = self.separator_mark(separator);
        let found = scan::visit_from_behind(self.wire, mark, |at| {
            let Some(begin) = self.separator_end(at, separator) else {
                has_escape = true;
                return Ok(());
            };
            pieces[left] = self.piece(&self.wire[begin..end], has_escape);
            (end, has_escape) = (at, self.has_plus());
            left -= 1;
            if left > 0 { Ok(()) } else { Err(Enough) }
        });
        pieces[0].wire = &self.wire[..end];
        if let Err(Enough) = found { Some(pieces) } else { None }
    }

    /// The access key id before the end of a credential, if this text is one that
    /// ends so and is spelled as usual.
    #[inline]
    pub(crate) fn strip_credential_end(self, end: &CredentialEnd) -> Option<Self> {
        let end = if self.is_encoded() { end.in_query()? } else { end.in_header() };
        let (front, found) = self.wire.split_at_checked(self.wire.len().checked_sub(end.len())?)?;
        if scan::difference(found, end) != 0 {
            return None;
        }
        Some(if self.is_encoded() { Self::encoded(front) } else { Self::plain(front) })
    }

    /// Hands the pieces between the separators, at least one, to `take`.
    #[inline(always)]
    pub(crate) fn split<E>(
        self,
        separator: u8,
        mut take: impl FnMut(Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut begin, mut has_escape) = (0, self.has_plus());
        scan::visit(self.wire, self.separator_mark(separator), |at| {
            let Some(behind) = self.separator_end(at, separator) else {
                has_escape = true;
                return Ok(());
            };
            take(self.piece(&self.wire[begin..at], has_escape))?;
            (begin, has_escape) = (behind, self.has_plus());
            Ok(())
        })?;
        take(self.piece(&self.wire[begin..], has_escape))
    }

    /// Whether one of the pieces between the separators passes the test.
    pub(crate) fn any(self, separator: u8, test: impl Fn(Self) -> bool) -> bool {
        self.split(separator, |piece| if test(piece) { Err(Enough) } else { Ok(()) }).is_err()
    }

    /// Marks what may be a separator, or the start of its escape.
    #[inline]
    fn separator_mark(self, separator: u8) -> impl Fn(u8) -> u8 + Copy {
        let escape = if self.is_encoded() { b'%' } else { separator };
        move |byte| scan::equals(byte, separator) | scan::equals(byte, escape)
    }

    /// What the escape stands for that begins at `at`, and how long it is; nothing
    /// if none does, or if it is malformed and stands for itself.
    #[inline]
    fn escape_at(self, at: usize) -> Option<(u8, usize)> {
        match self.wire.get(at..)? {
            [b'%', high, low, ..] => encode::unescape(*high, *low).map(|byte| (byte, 3)),
            [b'+', ..] => Some((b' ', 1)),
            _ => None,
        }
    }

    /// Where the separator ends that begins at `at`, if one does. No escape
    /// begins inside another, since every `%` begins one.
    #[inline]
    fn separator_end(self, at: usize, separator: u8) -> Option<usize> {
        match self.wire.get(at..)? {
            [byte, ..] if *byte == separator => Some(at + 1),
            [b'%', high, low, ..] if encode::unescape(*high, *low) == Some(separator) => {
                Some(at + 3)
            }
            _ => None,
        }
    }
}

/// Nothing more has to be looked at.
struct Enough;

impl PartialEq<str> for PresentedText<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self == other.as_bytes()
    }
}

impl PartialEq<[u8]> for PresentedText<'_> {
    #[inline]
    fn eq(&self, other: &[u8]) -> bool {
        if self.is_encoded() {
            self.bytes().eq(other.iter().copied())
        } else {
            // Short as they are, a call of the C library would cost more.
            self.wire.len() == other.len() && scan::difference(self.wire, other) == 0
        }
    }
}

impl fmt::Display for PresentedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It nearly always stands there as it is shown.
        if let Ok(text) = str::from_utf8(self.wire)
            && text.is_ascii()
            && !self.is_encoded()
        {
            return f.write_str(text);
        }
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
    use core::convert::Infallible;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn separators_count_escaped_or_not_where_text_is_encoded() {
        let split = |text: PresentedText<'static>| {
            let mut pieces = Vec::new();
            let Ok(()) = text.split(b';', |piece| {
                pieces.push(piece.to_string());
                Ok::<_, Infallible>(())
            });
            pieces
        };
        assert_eq!(split(PresentedText::plain(b"a;b%3Bc")), ["a", "b%3Bc"]);
        assert_eq!(split(PresentedText::encoded(b"a;b%3Bc%3b")), ["a", "b", "c", ""]);
        assert_eq!(split(PresentedText::plain(b"")), [""]);
        let pieces = PresentedText::encoded(b"a/b%2Fc%20%2fd").rsplit(b'/').unwrap();
        assert_eq!(pieces.map(|piece| piece.to_string()), ["a/b", "c ", "d"]);
        let pieces = PresentedText::plain(b"a/b%2Fc/").rsplit(b'/').unwrap();
        assert_eq!(pieces.map(|piece| piece.to_string()), ["a", "b%2Fc", ""]);
        assert!(PresentedText::plain(b"a/b%2Fc/").rsplit::<4>(b'/').is_none());
    }
}
