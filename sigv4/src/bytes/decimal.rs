//! Numbers in decimal digits.

use crate::bytes::sink::Sink;

/// Writes a number, without leading zeros.
pub(crate) fn write(sink: &mut impl Sink, number: u64) {
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
