//! The query as it was presented, read once.

use core::mem;
use core::ops::Range;

use crate::bytes::encode;
use crate::bytes::scan::{self, CHUNK_LEN};
use crate::bytes::sink;
use crate::verify::text::Spelling;

/// One parameter as it is on the wire, and where it stands in the query.
pub(crate) struct Piece<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
    pub(crate) name_has_escape: bool,
    pub(crate) value_spelling: Spelling,
    pub(crate) place: Range<usize>,
}

/// Whether a parameter is part of the canonical query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Yes,
    No,
}

/// Hands every parameter to `take` and says whether the query is in canonical
/// form: all that has to be escaped is, nothing else is, every name is followed
/// by `=`, and the parameters are sorted, those excepted that `take` leaves out.
///
/// What is canonical holds neither a malformed escape nor a byte that may not
/// stand in a target.
#[inline]
pub(crate) fn read<'a>(query: &'a [u8], take: impl FnMut(Piece<'a>) -> Kept) -> bool {
    let mut reader = Reader {
        query,
        take,
        begin: 0,
        name_end: None,
        name_has_escape: false,
        has_escape: false,
        has_plus: false,
        previous: None,
        is_canonical: true,
    };
    if query.is_empty() {
        return true;
    }
    let (chunks, rest) = query.as_chunks();
    let mut last = [b'a'; CHUNK_LEN];
    sink::copy(&mut last[..rest.len()], rest);
    for (at, chunk) in chunks.iter().chain([&last]).enumerate() {
        reader.look_at(chunk, at * CHUNK_LEN);
    }
    reader.end_piece(query.len());
    reader.is_canonical
}

struct Reader<'a, F> {
    query: &'a [u8],
    take: F,
    /// Where the piece begins that is being read.
    begin: usize,
    /// Where its first `=` stands.
    name_end: Option<usize>,
    name_has_escape: bool,
    /// Whether there was an escape since the piece or the value began.
    has_escape: bool,
    /// Whether there was a `+` since then.
    has_plus: bool,
    /// Name and value of the piece before.
    previous: Option<(&'a [u8], &'a [u8])>,
    is_canonical: bool,
}

impl<'a, F: FnMut(Piece<'a>) -> Kept> Reader<'a, F> {
    #[inline(always)]
    fn look_at(&mut self, chunk: &[u8; CHUNK_LEN], base: usize) {
        for at in scan::places(chunk, encode::reserved) {
            let position = base + at;
            match chunk[at] {
                b'%' => {
                    self.has_escape = true;
                    self.is_canonical &= is_needed_escape(&self.query[position..]);
                }
                b'=' if self.name_end.is_none() => {
                    self.name_end = Some(position);
                    self.name_has_escape = self.take_spelling() != Spelling::Plain;
                }
                b'&' => {
                    self.end_piece(position);
                    self.begin = position + 1;
                }
                other => {
                    // It stands for a space, whose canonical form is an escape.
                    self.has_plus |= other == b'+';
                    self.is_canonical = false;
                }
            }
        }
    }

    /// How the name or value is spelled that ends here.
    #[inline(always)]
    fn take_spelling(&mut self) -> Spelling {
        let has_escape = mem::take(&mut self.has_escape);
        if mem::take(&mut self.has_plus) {
            Spelling::WithPlus
        } else if has_escape {
            Spelling::Escaped
        } else {
            Spelling::Plain
        }
    }

    #[inline]
    fn end_piece(&mut self, end: usize) {
        let place = self.begin..end;
        let spelling = self.take_spelling();
        let (name, value, name_has_escape, value_spelling) = match self.name_end.take() {
            Some(name_end) => {
                let (name, value) = (self.begin..name_end, name_end + 1..end);
                (&self.query[name], &self.query[value], self.name_has_escape, spelling)
            }
            None => {
                self.is_canonical = false;
                if place.is_empty() {
                    return;
                }
                let name_has_escape = spelling != Spelling::Plain;
                (&self.query[place.clone()], b"".as_slice(), name_has_escape, Spelling::Plain)
            }
        };
        let piece = Piece { name, value, name_has_escape, value_spelling, place };
        if (self.take)(piece) == Kept::Yes {
            let previous = self.previous.replace((name, value));
            self.is_canonical &= previous.is_none_or(|before| is_in_order(before, (name, value)));
        }
    }
}

/// By name, then by value.
#[inline]
fn is_in_order(before: (&[u8], &[u8]), behind: (&[u8], &[u8])) -> bool {
    if let (Some(before), Some(behind)) = (before.0.first_chunk(), behind.0.first_chunk()) {
        let [before, behind] = [before, behind].map(|bytes| u64::from_be_bytes(*bytes));
        if before != behind {
            return before < behind;
        }
    }
    before <= behind
}

/// Whether an escape stands at the start of `text`, and the canonical form
/// writes it so.
#[inline]
fn is_needed_escape(text: &[u8]) -> bool {
    let Some(&[_, high, low]) = text.first_chunk() else {
        return false;
    };
    let [high, low] = [high, low].map(|digit| UPPER_CASE_DIGITS[usize::from(digit)]);
    // What is no digit is more than any is.
    high | low < 16 && !encode::UNRESERVED[usize::from(high << 4 | low)]
}

/// What each byte stands for as an upper-case hexadecimal digit; 255 if it is none.
static UPPER_CASE_DIGITS: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        let [_, _, character] = encode::escape(digit);
        table[encode::index(character)] = digit;
        digit += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn pieces_are_split_and_canonical_queries_recognised() {
        let cases = [
            ("", true),
            ("a=", true),
            ("a=1&a=1&a=10&b=2", true),
            ("A-B=c.d&A-C=%2F%3A&a=%E1", true),
            ("a", false),
            ("a=1&", false),
            ("&a=1", false),
            ("a=1&&b=2", false),
            ("a=1&b=2&omitted=3&c=4", true),
            ("b=1&a=2", false),
            ("a=2&a=1", false),
            ("a-=1&a=2", false),
            ("a=1=2", false),
            ("a=/", false),
            ("a=%2f", false),
            ("a=%41", false),
            ("a=%zz", false),
            ("a=%2", false),
            ("a=%", false),
            ("a=b c", false),
            ("a=b+c", false),
            ("a+=b", false),
            ("abcdefghijklmno=1&abcdefghijklmnp=2", true),
            ("abcdefghijklmno=1&abcdefghijklmn=2", false),
        ];
        for (query, expected) in cases {
            let mut pieces = Vec::new();
            let is_canonical = read(query.as_bytes(), |piece| {
                let has_escape = |text: &[u8]| text.iter().any(|byte| b"%+".contains(byte));
                assert_eq!(piece.name_has_escape, has_escape(piece.name));
                assert_eq!(piece.value_spelling != Spelling::Plain, has_escape(piece.value));
                pieces.push((piece.name, piece.value));
                if piece.name == b"omitted" { Kept::No } else { Kept::Yes }
            });
            assert_eq!(is_canonical, expected, "{query}");
            let split = query.split('&').filter(|piece| !piece.is_empty());
            let split = split.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
            let split: Vec<_> = split.map(|(n, v)| (n.as_bytes(), v.as_bytes())).collect();
            assert_eq!(pieces, split, "{query}");
        }
    }
}
