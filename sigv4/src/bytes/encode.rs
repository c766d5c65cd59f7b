//! Percent-encoding (RFC 3986) and lower-case hexadecimal.

use core::convert::Infallible;
use core::iter;

use crate::bytes::scan;
use crate::bytes::sink::Sink;

/// Whether a byte never needs a percent escape: `A-Z a-z 0-9 - . _ ~`
/// (RFC 3986 §2.3).
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    // `|` rather than `||`: without branches it can be asked of many at once.
    ((byte | 0x20).wrapping_sub(b'a') < 26)
        | (byte.wrapping_sub(b'0') < 10)
        | (byte == b'-')
        | (byte == b'.')
        | (byte == b'_')
        | (byte == b'~')
}

/// A predicate on bytes as a table.
macro_rules! table_of {
    ($predicate:path) => {{
        let mut table = [false; 256];
        let mut byte = 0u8;
        loop {
            table[$crate::bytes::encode::index(byte)] = $predicate(byte);
            if byte == u8::MAX {
                break table;
            }
            byte += 1;
        }
    }};
}

/// [`is_unreserved`] for every byte, since all targets pass through it.
pub(crate) static UNRESERVED: [bool; 256] = table_of!(is_unreserved);

#[expect(clippy::as_conversions, reason = "`usize::from` is not yet const")]
pub(crate) const fn index(byte: u8) -> usize {
    byte as usize
}

/// Writes `bytes`, escaping those for which `mark` returns 1 and not 0.
#[inline(always)]
pub(crate) fn write_escaped(sink: &mut impl Sink, bytes: &[u8], mark: impl Fn(u8) -> u8 + Copy) {
    let mut begin = 0;
    let Ok(()) = scan::visit(bytes, mark, |at| {
        sink.write(&bytes[begin..at]);
        sink.write(&escape(bytes[at]));
        begin = at + 1;
        Ok::<_, Infallible>(())
    });
    sink.write(&bytes[begin..]);
}

/// 0 for a byte that never needs an escape, else 1; without branches, so that many
/// are asked at once.
#[inline(always)]
pub(crate) const fn reserved(byte: u8) -> u8 {
    // Each is zero for the bytes it is named after.
    let letter = (byte | 0x20).wrapping_sub(b'a').saturating_sub(b'z' - b'a');
    let digit = byte.wrapping_sub(b'0').saturating_sub(9);
    let hyphen_or_dot = byte.wrapping_sub(b'-').saturating_sub(1);
    let low_line = byte ^ b'_';
    let tilde = byte ^ b'~';
    let least = min(min(min(letter, digit), min(hyphen_or_dot, low_line)), tilde);
    min(least, 1)
}

const fn min(a: u8, b: u8) -> u8 {
    if a < b { a } else { b }
}

/// A sink that percent-encodes what passes through it, so that a serialiser
/// written for a header also serves for a query.
pub(crate) struct PercentEncoding<'s, S: Sink>(pub(crate) &'s mut S);

impl<S: Sink> Sink for PercentEncoding<'_, S> {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        write_escaped(self.0, bytes, reserved);
    }
}

/// `%XX`, in upper case.
#[inline(always)]
pub(crate) const fn escape(byte: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [b'%', DIGITS[index(byte >> 4)], DIGITS[index(byte & 15)]]
}

/// The byte two hexadecimal digits of either case stand for.
#[inline]
pub(crate) const fn unescape(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (DIGITS[index(high)], DIGITS[index(low)]);
    // What is no digit is more than any is.
    if high | low < 16 { Some(high << 4 | low) } else { None }
}

/// What each byte stands for as a hexadecimal digit; 255 if it is none.
static DIGITS: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut byte = 0;
    while byte < u8::MAX {
        if let Some(digit) = digit(byte) {
            table[index(byte)] = digit;
        }
        byte += 1;
    }
    table
};

/// Whether `text` is made of unreserved bytes and of escapes as the canonical
/// form writes them.
pub(crate) fn has_only_needed_escapes(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        match rest {
            [] => return true,
            [byte, behind @ ..] if UNRESERVED[usize::from(*byte)] => rest = behind,
            [b'%', high, low, behind @ ..] if is_needed_escape(*high, *low) => rest = behind,
            _ => return false,
        }
    }
}

/// Whether two digits are those of the escape that the canonical form writes.
pub(crate) const fn is_needed_escape(high: u8, low: u8) -> bool {
    match unescape(high, low) {
        Some(byte) => {
            !is_unreserved(byte) && !high.is_ascii_lowercase() && !low.is_ascii_lowercase()
        }
        None => false,
    }
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The bytes that `text` stands for: `%XX` resolved, `+` a space, as services
/// read queries, and S3 paths. A malformed escape stands for itself.
pub(crate) fn decoded(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    let mut rest = text;
    iter::from_fn(move || {
        let (&byte, behind) = rest.split_first()?;
        if let (b'%', Some((&[high, low], after))) = (byte, behind.split_first_chunk())
            && let Some(decoded) = unescape(high, low)
        {
            rest = after;
            return Some(decoded);
        }
        rest = behind;
        Some(if byte == b'+' { b' ' } else { byte })
    })
}

/// `text` decoded and encoded again, strictly: its canonical form.
pub(crate) fn encoded_anew(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    decoded(text).flat_map(|byte| {
        let plain = UNRESERVED[usize::from(byte)];
        let escape = if plain { [byte, 0, 0] } else { escape(byte) };
        escape.into_iter().take(if plain { 1 } else { 3 })
    })
}

/// Where the first `%` stands that two hexadecimal digits do not follow.
pub(crate) fn malformed_escape(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = scan::position(&text[from..], |byte| byte == b'%') {
        let at = from + found;
        match text.get(at + 1..at + 3) {
            Some(&[high, low]) if unescape(high, low).is_some() => from = at + 3,
            _ => return Some(at),
        }
    }
    None
}

/// 32 bytes as 64 lower-case hexadecimal digits.
#[inline(always)]
pub(crate) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    // Plain arithmetic, which the compiler turns into vector code: the least of
    // it if high and low digits are apart until the end.
    let (mut high, mut low) = ([0; 32], [0; 32]);
    for ((high, low), byte) in high.iter_mut().zip(&mut low).zip(bytes) {
        (*high, *low) = (hex_digit(byte >> 4), hex_digit(byte & 15));
    }
    let mut digits = [0; 64];
    for (pair, (&high, &low)) in digits.as_chunks_mut().0.iter_mut().zip(high.iter().zip(&low)) {
        *pair = [high, low];
    }
    digits
}

#[inline(always)]
const fn hex_digit(nibble: u8) -> u8 {
    // A mask, not a branch, where many are asked at once.
    nibble + b'0' + if nibble > 9 { b'a' - b'9' - 1 } else { 0 }
}

/// One byte as two lower-case hexadecimal digits.
#[cfg(feature = "sigv4a")]
pub(crate) const fn hex_byte(byte: u8) -> [u8; 2] {
    [hex_digit(byte >> 4), hex_digit(byte & 15)]
}

/// Reads two lower-case hexadecimal digits.
#[cfg(feature = "sigv4a")]
pub(crate) const fn parse_hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    if high.is_ascii_uppercase() || low.is_ascii_uppercase() { None } else { unescape(high, low) }
}

/// Reads exactly 64 lower-case hexadecimal digits.
#[inline]
pub(crate) fn parse_hex(digits: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let (mut nibbles, mut invalid) = ([0; 64], false);
    // Without branches: the compiler turns it into vector code.
    for (nibble, digit) in nibbles.iter_mut().zip(digits) {
        let (decimal, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
        *nibble = if decimal < 10 { decimal } else { letter.wrapping_add(10) };
        invalid |= (decimal > 9) & (letter > 5);
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(nibbles.as_chunks().0) {
        *byte = high << 4 | low;
    }
    if invalid { None } else { Some(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn what_is_reserved_is_not_unreserved() {
        for byte in 0..=u8::MAX {
            assert_eq!(reserved(byte) == 0, is_unreserved(byte), "{byte}");
        }
    }

    #[test]
    fn every_byte_is_either_unreserved_or_escaped() {
        for byte in 0..=u8::MAX {
            let mut text = [0; 3];
            let mut buffer = crate::bytes::sink::Buffer::new(&mut text);
            write_escaped(&mut buffer, &[byte], reserved);
            let kept = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                .contains(&byte);
            let expected =
                if kept { std::vec![byte] } else { std::format!("%{byte:02X}").into_bytes() };
            assert_eq!(buffer.finish(), Ok(expected.as_slice()));
            assert_eq!(decoded(&expected).collect::<Vec<_>>(), [byte]);
        }
    }

    #[test]
    fn malformed_escapes_are_found_where_they_stand() {
        let cases: &[(&[u8], Option<usize>)] = &[
            (b"", None),
            (b"a%20b", None),
            (b"%", Some(0)),
            (b"a%4", Some(1)),
            (b"%41%zz", Some(3)),
            (b"%%41", Some(0)),
        ];
        for (text, expected) in cases {
            assert_eq!(malformed_escape(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn hexadecimal_agrees_with_the_hex_crate_and_is_read_strictly() {
        let bytes: [u8; 32] = core::array::from_fn(|n| n.to_le_bytes()[0].wrapping_mul(37));
        let digits = hex(&bytes);
        let mut expected = [0; 64];
        ::hex::encode_to_slice(bytes, &mut expected).unwrap();
        assert_eq!(digits, expected);
        assert_eq!(parse_hex(&digits), Some(bytes));
        assert_eq!(parse_hex(&digits[..63]), None);
        assert_eq!(parse_hex(&[&digits[..], b"0"].concat()), None);
        assert_eq!(parse_hex(&digits.to_ascii_uppercase()), None);
        for odd in 0..=u8::MAX {
            let mut digits = [b'0'; 64];
            digits[33] = odd;
            let is_digit = matches!(odd, b'0'..=b'9' | b'a'..=b'f');
            assert_eq!(parse_hex(&digits).is_some(), is_digit, "{odd}");
        }
    }
}
