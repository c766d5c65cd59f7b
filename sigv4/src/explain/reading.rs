//! How a text reads, in whatever spelling it comes.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::bytes::encode::unescape;

/// A text with its escapes decoded as often as there are any, in lower case, and
/// with a space for each plus sign: what two spellings of one text share.
pub(crate) struct Reading {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Where each byte begins in the text, and at last where the text ends.
    begins: Vec<usize>,
}

impl Reading {
    pub(crate) fn new(text: &[u8]) -> Self {
        // Room for all of it, which may be a secret: a vector that grows would
        // leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut begins = Vec::with_capacity(text.len() + 1);
        for (at, &byte) in text.iter().enumerate() {
            bytes.push(byte);
            begins.push(at);
            // What an escape stands for may be the last digit of another one.
            while let &[.., b'%', high, low] = bytes.as_slice()
                && let Some(decoded) = unescape(high, low)
            {
                let place = bytes.len() - 3;
                bytes.truncate(place);
                bytes.push(decoded);
                begins.truncate(place + 1);
            }
        }
        begins.push(text.len());
        for byte in bytes.iter_mut() {
            *byte = if *byte == b'+' { b' ' } else { byte.to_ascii_lowercase() };
        }
        Self { bytes, begins }
    }

    /// Where the byte at a place begins in the text; the end, if none is there.
    pub(crate) fn begin(&self, place: usize) -> usize {
        self.begins.get(place).or(self.begins.last()).copied().unwrap_or_default()
    }

    /// Whether the whole text reads as one of these names in lower case.
    pub(crate) fn is_any_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.bytes.trim_ascii() == name.as_bytes())
    }

    /// The places behind each of these names in lower case, where it is not the end
    /// of a longer one.
    pub(crate) fn places_behind(&self, names: &[&str]) -> Vec<usize> {
        let mut places = Vec::new();
        for name in names {
            for (at, window) in self.bytes.windows(name.len()).enumerate() {
                let is_alone =
                    at.checked_sub(1).is_none_or(|before| !is_of_name(self.bytes[before]));
                if is_alone && window == name.as_bytes() {
                    places.push(at + name.len());
                }
            }
        }
        places
    }
}

/// Whether a byte can stand in the name of a header or a parameter that is
/// known here.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_read_alike() {
        for text in ["a-B+c", "%61-b%20C", "%2561%2Db%252Bc", "%%361-b%2%30c", "%25%36%31-b c"] {
            assert_eq!(*Reading::new(text.as_bytes()).bytes, b"a-b c", "{text}");
        }
        assert_eq!(*Reading::new(b"a%2-b%zz%").bytes, b"a%2-b%zz%");
    }

    #[test]
    fn places_in_the_text_are_kept() {
        let reading = Reading::new(b"x%2558-y=%20z");
        assert_eq!(*reading.bytes, b"xx-y= z");
        let begins: Vec<_> = (0..9).map(|place| reading.begin(place)).collect();
        assert_eq!(begins, [0, 1, 6, 7, 8, 9, 12, 13, 13]);
    }

    #[test]
    fn names_are_found_where_they_stand_alone() {
        let reading = Reading::new(b"name=1&NAM%45=2&my-name=3&name");
        assert_eq!(reading.places_behind(&["name"]), [4, 11, 28]);
        assert!(Reading::new(b" N%61me ").is_any_of(&["other", "name"]));
        assert!(!Reading::new(b"names").is_any_of(&["name"]));
    }
}
