//! Numbers in decimal digits.

use crate::bytes::sink::Sink;

/// Writes a number, without leading zeros.
#[inline(always)]
pub(crate) fn write(sink: &mut impl Sink, number: u64) {
    match u32::try_from(number) {
        Ok(number) if number < 100_000_000 => write_short(sink, number),
        _ => write_long(sink, number),
    }
}

/// Writes at most eight digits.
#[inline(always)]
fn write_short(sink: &mut impl Sink, number: u32) {
    // Gathered in a register, the last digit first: bytes written one by one
    // would have to reach memory before they could be copied together.
    let (mut digits, mut len, mut rest) = (0u64, 0, number);
    loop {
        digits = digits << 8 | u64::from(b'0') | u64::from(rest % 10);
        rest /= 10;
        len += 1;
        if rest == 0 {
            return sink.write_front(&digits.to_le_bytes(), len);
        }
    }
}

#[inline(never)]
fn write_long(sink: &mut impl Sink, number: u64) {
    let mut digits = [0; 20];
    let (mut begin, mut rest) = (digits.len(), number);
    loop {
        let [digit, ..] = (rest % 10).to_le_bytes();
        begin -= 1;
        digits[begin] = b'0' + digit;
        rest /= 10;
        if rest == 0 {
            return sink.write(&digits[begin..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::Buffer;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_what_the_standard_library_writes(number: u64, shift in 0..64) {
            let number = number >> shift;
            let mut bytes = [0; 20];
            let mut buffer = Buffer::new(&mut bytes);
            write(&mut buffer, number);
            let expected = std::format!("{number}");
            prop_assert_eq!(buffer.finish().unwrap(), expected.as_bytes());
        }
    }
}
