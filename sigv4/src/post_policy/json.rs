//! As much JSON (RFC 8259) as a policy is made of, written and read in place.
//!
//! Written here rather than taken from a crate because reading must neither
//! allocate nor decode: texts stay as they lie in the policy, and are decoded
//! only while they are compared.

use core::iter;

use crate::bytes::encode::index;
use crate::bytes::sink::Sink;

/// Writes the inside of a string, in ASCII: everything else as `\u` escapes.
pub(super) fn write_escaped(sink: &mut impl Sink, text: &str) {
    for char in text.chars() {
        match char {
            '"' | '\\' => sink.write(&[b'\\', byte_of(char)]),
            '\n' => sink.write(b"\\n"),
            '\r' => sink.write(b"\\r"),
            '\t' => sink.write(b"\\t"),
            '\u{8}' => sink.write(b"\\b"),
            '\u{c}' => sink.write(b"\\f"),
            ' '..='~' => sink.write_byte(byte_of(char)),
            _ => char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write_unit(sink, *unit)),
        }
    }
}

/// `\uXXXX`
fn write_unit(sink: &mut impl Sink, unit: u16) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let [high, low] = unit.to_be_bytes();
    let digits = [high >> 4, high & 15, low >> 4, low & 15].map(|digit| DIGITS[index(digit)]);
    sink.write(b"\\u");
    sink.write(&digits);
}

/// The byte of an ASCII character.
fn byte_of(char: char) -> u8 {
    u8::try_from(char).unwrap_or_default()
}

/// What is wrong with a policy where a cursor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No JSON.
    Syntax,
    /// JSON, but another kind of value than a policy has here.
    Shape,
}

/// What is yet to be read of a JSON text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// What is left.
    pub(super) const fn rest(&self) -> &'a str {
        self.rest
    }

    /// The next byte that is not white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest.bytes().next()
    }

    /// Takes `byte` if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.advance(1);
        }
        is_next
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(self.fault()) }
    }

    /// Takes a string.
    pub(super) fn string(&mut self) -> Result<JsonText<'a>, Fault> {
        self.expect(b'"')?;
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(byte) if *byte >= b' ' => at += 1,
                _ => return Err(Fault::Syntax),
            }
        }
        let text = JsonText(self.rest.get(..at).ok_or(Fault::Syntax)?);
        if text.units().any(|unit| unit.is_none()) {
            return Err(Fault::Syntax);
        }
        self.advance(at + 1);
        Ok(text)
    }

    /// Takes a whole number that is not negative, as its digits.
    pub(super) fn digits(&mut self) -> Result<&'a str, Fault> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.fault());
        }
        let len = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &self.rest[..len];
        let is_padded = len > 1 && digits.starts_with('0');
        if is_padded || matches!(self.rest.as_bytes().get(len), Some(b'.' | b'e' | b'E')) {
            return Err(Fault::Syntax);
        }
        self.advance(len);
        Ok(digits)
    }

    /// Fails unless nothing but white space is left.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        if self.peek().is_none() { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// What it means that something else stands here than was expected.
    fn fault(&mut self) -> Fault {
        match self.peek() {
            Some(b'"' | b'[' | b'{' | b',' | b'0'..=b'9') => Fault::Shape,
            _ => Fault::Syntax,
        }
    }

    fn advance(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }
}

/// The inside of a JSON string as it is written, escapes and all, each of which
/// was found valid.
#[derive(Clone, Copy)]
pub(super) struct JsonText<'a>(&'a str);

impl<'a> JsonText<'a> {
    /// As it is written.
    pub(super) const fn as_written(self) -> &'a str {
        self.0
    }

    /// The bytes it stands for, in UTF-8.
    pub(super) fn bytes(self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.units().map_while(|char| char).flat_map(|char| {
            let mut bytes = [0; 4];
            let len = char.encode_utf8(&mut bytes).len();
            bytes.into_iter().take(len)
        })
    }

    /// The characters it stands for; nothing in place of an escape that is none,
    /// where it ends.
    fn units(self) -> impl Iterator<Item = Option<char>> + Clone + use<'a> {
        let mut rest = self.0.chars();
        iter::from_fn(move || match rest.next()? {
            '\\' => {
                let decoded = unescape(&mut rest);
                if decoded.is_none() {
                    rest = "".chars();
                }
                Some(decoded)
            }
            char => Some(Some(char)),
        })
    }
}

/// What an escape stands for whose backslash was taken. The S3 documentation
/// knows `\$` and `\v` besides those of JSON ("POST Policy", character escaping).
fn unescape(rest: &mut core::str::Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        char @ ('"' | '\\' | '/' | '$') => char,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'u' => {
            let high = unit(rest)?;
            if let Some(char) = char::from_u32(high) {
                return Some(char);
            }
            let (Some('\\'), Some('u')) = (rest.next(), rest.next()) else { return None };
            let units = [u16::try_from(high).ok()?, u16::try_from(unit(rest)?).ok()?];
            return char::decode_utf16(units).next()?.ok();
        }
        _ => return None,
    })
}

/// Four hexadecimal digits.
fn unit(rest: &mut core::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |unit, _| Some(unit << 4 | rest.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::{Buffer, Count, Measure};
    use proptest::prelude::*;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    fn escaped(text: &str) -> String {
        let mut count = Count::default();
        write_escaped(&mut count, text);
        let mut bytes = vec![0; count.len()];
        let mut buffer = Buffer::new(&mut bytes);
        write_escaped(&mut buffer, text);
        String::from_utf8(buffer.finish().unwrap().to_vec()).unwrap()
    }

    fn read(json: &str) -> Option<String> {
        let mut cursor = Cursor::new(json);
        let text = cursor.string().ok()?;
        cursor.finish().ok()?;
        Some(String::from_utf8(text.bytes().collect::<Vec<_>>()).unwrap())
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_it_was_here_and_elsewhere(text: String) {
            let json = std::format!("\"{}\"", escaped(&text));
            prop_assert!(json.is_ascii());
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text.as_str());
            prop_assert_eq!(read(&json).unwrap(), text);
        }

        #[test]
        fn strings_are_read_as_elsewhere(inside in r#"([ -~]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|é|\t)*"#) {
            let json = std::format!("\"{inside}\"");
            prop_assert_eq!(read(&json), serde_json::from_str::<String>(&json).ok(), "{}", json);
        }
    }

    #[test]
    fn escapes_that_json_lacks_and_s3_documents() {
        assert_eq!(read(r#""a\$b\v""#).unwrap(), "a$b\u{b}");
        assert_eq!(read(r#""\ud83d\ude00""#).unwrap(), "😀");
        for lone in [r#""\ud83d""#, r#""\ud83dx""#, r#""\ude00\ud83d""#, r#""\ud83d\u0041""#] {
            assert_eq!(read(lone), None, "{lone}");
        }
    }
}
