//! Header values: what may stand in one, and how its white space is reduced.

use crate::canonical::headers::FoldedLines;
use crate::scan;

/// Whether there are no control characters, and only single spaces inside, so
/// that the value is its own canonical form; nearly all are.
#[inline]
pub(crate) fn is_plain(value: &[u8]) -> bool {
    !scan::any(value, |byte| byte <= b' ') || is_single_spaced(value)
}

#[inline]
fn is_single_spaced(value: &[u8]) -> bool {
    if value.starts_with(b" ") || value.ends_with(b" ") {
        return false;
    }
    let Some(end) = value.last_chunk::<8>() else {
        return value.iter().all(|&byte| byte >= b' ')
            && !value.windows(2).any(|pair| pair == b"  ");
    };
    // Windows share one byte, so that no pair of spaces falls between two.
    let mut found = needs_work(end);
    let mut rest = value;
    while let Some(window) = rest.first_chunk::<8>() {
        found |= needs_work(window);
        rest = &rest[7..];
    }
    found == 0
}

/// Not zero if eight bytes hold a control character or two spaces in a row.
#[inline]
fn needs_work(bytes: &[u8; 8]) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    let bytes = u64::from_le_bytes(*bytes);
    // The borrow of a byte may spill over, but only out of one below 0x20.
    let controls = bytes.wrapping_sub(ONES * 0x20) & !bytes & TOPS;
    let differs = bytes ^ (ONES * 0x20);
    // Exact: the top bit of each byte that is a space, and of no other.
    let spaces = !(((differs & !TOPS) + !TOPS) | differs) & TOPS;
    controls | (spaces & (spaces << 8))
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
