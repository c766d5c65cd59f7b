//! Header values: what may stand in one, and how its white space is reduced.

use crate::canonical::headers::FoldedLines;
use crate::sink::{self, Sink};

/// What a value needs before it can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Nothing: there are no control characters, and only single spaces
    /// inside, so that the value is its own canonical form.
    Plain,
    /// To be checked, trimmed and reduced byte by byte.
    Spaced,
}

/// Decides in one pass, sixteen bytes at a time, whether a value is plain; nearly
/// all are.
#[inline]
pub(crate) fn look_at(value: &[u8]) -> Contents {
    let (Some(first), Some(last)) = (value.first(), value.last()) else {
        return Contents::Plain;
    };
    if is_space(*first) || is_space(*last) {
        return Contents::Spaced;
    }
    if value.len() <= STEP {
        let mut padded = [b'a'; STEP + 1];
        sink::copy(&mut padded[..value.len()], value);
        return contents(&padded);
    }
    contents(value)
}

/// Bytes looked at together.
const STEP: usize = 16;

/// Whether more than [`STEP`] bytes are plain. Without branches: the compiler
/// turns it into vector code.
#[inline]
fn contents(value: &[u8]) -> Contents {
    let is_space = |byte: u8| 1_u8.saturating_sub(byte ^ b' ');
    let (bytes, next) = (&value[..value.len() - 1], &value[1..]);
    let mut found = [0; STEP];
    let mut look_at = |bytes: &[u8; STEP], next: &[u8; STEP]| {
        for ((found, &byte), &next) in found.iter_mut().zip(bytes).zip(next) {
            *found |= b' '.saturating_sub(byte)
                | b' '.saturating_sub(next)
                | (is_space(byte) & is_space(next));
        }
    };
    let chunks = bytes.as_chunks().0.iter().zip(next.as_chunks().0);
    chunks.for_each(|(bytes, next)| look_at(bytes, next));
    // The last chunks overlap those before.
    if let (Some(bytes), Some(next)) = (bytes.last_chunk(), next.last_chunk()) {
        look_at(bytes, next);
    }
    if found == [0; STEP] { Contents::Plain } else { Contents::Spaced }
}

/// White space that the canonical form reduces: ASCII only, Unicode spaces stay.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// The value without the white space around it.
pub(crate) fn trim(value: &[u8]) -> &[u8] {
    let Some(begin) = value.iter().position(|&byte| !is_space(byte)) else {
        return b"";
    };
    let end = value.iter().rposition(|&byte| !is_space(byte)).unwrap_or(begin);
    &value[begin..=end]
}

/// Writes a value with one space for each run of white space inside.
pub(crate) fn write_reduced(sink: &mut impl Sink, value: &[u8]) {
    let mut words = value.split(|&byte| is_space(byte)).filter(|word| !word.is_empty());
    sink.write(words.next().unwrap_or_default());
    for word in words {
        sink.write(b" ");
        sink.write(word);
    }
}

/// Whether a value holds nothing that would let it end early on the wire: no
/// zero byte, and no line break unless folded lines are allowed.
pub(crate) fn is_valid(value: &[u8], lines: FoldedLines) -> bool {
    let splits = value.iter().any(|byte| matches!(byte, b'\0' | b'\r' | b'\n'));
    !splits || (lines == FoldedLines::Unfold && is_folded(value))
}

/// Whether every line break is CRLF or LF with white space behind it, and there
/// is no zero byte.
fn is_folded(value: &[u8]) -> bool {
    value.iter().enumerate().all(|(at, byte)| match byte {
        b'\0' => false,
        b'\r' => value.get(at + 1) == Some(&b'\n'),
        b'\n' => matches!(value.get(at + 1), Some(b' ' | b'\t')),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Byte by byte, what [`look_at`] decides by words.
    fn is_plain(value: &[u8]) -> bool {
        let reduced: Vec<&[u8]> =
            value.split(|&byte| is_space(byte)).filter(|word| !word.is_empty()).collect();
        value.iter().all(|&byte| byte >= b' ') && reduced.join(&b' ') == value
    }

    #[test]
    fn what_is_plain_needs_no_work() {
        for len in 0..40 {
            for at in 0..len {
                for odd in
                    [b" ".as_slice(), b"  ", b"\t", b"\0", b"\n", b"\x1f", b"\x7f", b"\xff", b"! "]
                {
                    let mut value = std::vec![b'a'; len];
                    value.splice(at..at + 1, odd.iter().copied());
                    assert_eq!(look_at(&value) == Contents::Plain, is_plain(&value), "{value:?}");
                }
            }
        }
    }
}
