//! Header values: what may stand in one, and how its white space is reduced.

use crate::bytes::scan;
use crate::bytes::sink::Sink;
use crate::rules::FoldedLines;

/// Whether there are no control characters, and only single spaces inside, so
/// that the value is its own canonical form; nearly all are.
#[inline(always)]
pub(crate) fn is_plain(value: &[u8]) -> bool {
    !scan::any(value, |byte| byte <= b' ') || is_single_spaced(value)
}

/// Whether a value that is not all visible has only single spaces inside, and no
/// control characters.
#[inline]
fn is_single_spaced(value: &[u8]) -> bool {
    let is_edge_space = |byte: Option<&u8>| byte.is_some_and(|&byte| is_space(byte));
    if is_edge_space(value.first()) || is_edge_space(value.last()) {
        return false;
    }
    let (Some((_, next)), Some((_, bytes))) = (value.split_first(), value.split_last()) else {
        return true;
    };
    // Each byte together with the next one. Without branches: the compiler turns
    // it into vector code.
    let is_space = |byte: u8| 1_u8.saturating_sub(byte ^ b' ');
    let is_odd = |byte: u8, next: u8| {
        b' '.saturating_sub(byte) | b' '.saturating_sub(next) | (is_space(byte) & is_space(next))
    };
    let (Some(last), Some(last_next)) = (bytes.last_chunk(), next.last_chunk()) else {
        return value.iter().all(|&byte| byte >= b' ')
            && bytes.iter().zip(next).all(|(&byte, &next)| is_odd(byte, next) == 0);
    };
    let mut found = [0; STEP];
    let mut look_at = |bytes: &[u8; STEP], next: &[u8; STEP]| {
        for ((found, &byte), &next) in found.iter_mut().zip(bytes).zip(next) {
            *found |= is_odd(byte, next);
        }
    };
    let chunks = bytes.as_chunks().0.iter().zip(next.as_chunks().0);
    chunks.for_each(|(bytes, next)| look_at(bytes, next));
    // The last ones overlap those before.
    look_at(last, last_next);
    found == [0; STEP]
}

/// Bytes looked at together.
const STEP: usize = 16;

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
    // First what is quickly asked.
    let splits = scan::any(value, |byte| byte < b' ')
        && value.iter().any(|byte| matches!(byte, b'\0' | b'\r' | b'\n'));
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

    #[test]
    fn what_is_plain_is_its_own_canonical_form() {
        for len in 0..40 {
            for at in 0..len {
                for odd in
                    [b" ".as_slice(), b"  ", b"\t", b"\0", b"\n", b"\x1f", b"\x7f", b"\xff", b"! "]
                {
                    let mut value = std::vec![b'a'; len];
                    value.splice(at..at + 1, odd.iter().copied());
                    let words: Vec<&[u8]> = value
                        .split(|&byte| is_space(byte))
                        .filter(|word| !word.is_empty())
                        .collect();
                    let expected =
                        value.iter().all(|&byte| byte >= b' ') && words.join(&b' ') == value;
                    assert_eq!(is_plain(&value), expected, "{value:?}");
                }
            }
        }
    }
}
