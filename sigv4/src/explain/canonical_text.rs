//! A canonical request as text, taken apart into its lines.

use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::bytes::sink::{Count, Measure, Sink};
use crate::canonical::query::split_once;

/// The six lines of a canonical request, where one can be changed at a time.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CanonicalText {
    pub(crate) method: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    /// The header lines, in their order. Most guesses share most of them.
    pub(crate) headers: Vec<Rc<HeaderLine>>,
    pub(crate) signed_headers: Vec<u8>,
    pub(crate) payload: Vec<u8>,
}

/// `name:value`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HeaderLine {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

impl HeaderLine {
    pub(crate) fn new(name: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Rc<Self> {
        Rc::new(Self { name: name.into(), value: value.into() })
    }
}

impl CanonicalText {
    /// Reads what a canonical request looks like; nothing if it is none.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::to_owned);
        let (method, path, query) = (lines.next()?, lines.next()?, lines.next()?);
        let mut headers = Vec::new();
        let signed_headers = loop {
            let line = lines.next()?;
            match split_once(&line, b':') {
                Some((name, value)) => headers.push(HeaderLine::new(name, value)),
                // A signer may have left out the empty line, which is a mistake
                // to be shown and no reason not to read on.
                None if line.is_empty() => break lines.next()?,
                None => break line,
            }
        };
        let payload = lines.next()?;
        Some(Self { method, path, query, headers, signed_headers, payload })
    }

    /// The value of the first header with this name in lower case.
    pub(crate) fn header(&self, name: &[u8]) -> Option<&[u8]> {
        self.headers.iter().find(|line| line.name == name).map(|line| line.value.as_slice())
    }
}

/// How the lines become one text. Only the default is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) line_break: &'static str,
    pub(crate) behind_name: &'static str,
    pub(crate) has_empty_line: bool,
    pub(crate) end: &'static str,
}

impl Layout {
    pub(crate) const RIGHT: Self =
        Self { line_break: "\n", behind_name: ":", has_empty_line: true, end: "" };

    /// Writes the lines as one text.
    pub(crate) fn write_to(&self, text: &CanonicalText, sink: &mut impl Sink) {
        let CanonicalText { method, path, query, headers, signed_headers, payload } = text;
        let line_break = self.line_break.as_bytes();
        for line in [method, path, query] {
            sink.write(line);
            sink.write(line_break);
        }
        for line in headers {
            sink.write(&line.name);
            sink.write(self.behind_name.as_bytes());
            sink.write(&line.value);
            sink.write(line_break);
        }
        if self.has_empty_line {
            sink.write(line_break);
        }
        for part in [signed_headers, line_break, payload, self.end.as_bytes()] {
            sink.write(part);
        }
    }

    /// How many bytes that text has.
    pub(crate) fn len(&self, text: &CanonicalText) -> usize {
        let mut count = Count::default();
        self.write_to(text, &mut count);
        count.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        let text = b"GET\n/\na=b\nhost:example.com\nx:\n\nhost;x\nhash";
        let parsed = CanonicalText::parse(text).unwrap();
        let mut written = Vec::new();
        Layout::RIGHT.write_to(&parsed, &mut written);
        assert_eq!(written, text);
        assert_eq!(Layout::RIGHT.len(&parsed), text.len());
        assert_eq!(parsed.header(b"host"), Some(b"example.com".as_slice()));
        assert!(CanonicalText::parse(b"GET\n/\n\nhost:x\n\nhost").is_none());
    }
}
