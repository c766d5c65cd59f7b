//! A canonical request as text, taken apart into its lines.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use crate::canonical::query::split_once;

/// The six lines of a canonical request, where one can be changed at a time.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CanonicalText {
    pub(crate) method: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    /// Name and value of each header line, in their order.
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) signed_headers: Vec<u8>,
    pub(crate) payload: Vec<u8>,
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
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
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
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_slice())
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

    pub(crate) fn write(&self, text: &CanonicalText) -> Vec<u8> {
        let CanonicalText { method, path, query, headers, signed_headers, payload } = text;
        let line_break = self.line_break.as_bytes();
        let mut out = [method, path, query].map(|line| [line, line_break].concat()).concat();
        for (name, value) in headers {
            out.extend([name, self.behind_name.as_bytes(), value, line_break].concat());
        }
        if self.has_empty_line {
            out.extend(line_break);
        }
        out.extend([signed_headers, line_break, payload, self.end.as_bytes()].concat());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        let text = b"GET\n/\na=b\nhost:example.com\nx:\n\nhost;x\nhash";
        let parsed = CanonicalText::parse(text).unwrap();
        assert_eq!(Layout::RIGHT.write(&parsed), text);
        assert_eq!(parsed.header(b"host"), Some(b"example.com".as_slice()));
        assert!(CanonicalText::parse(b"GET\n/\n\nhost:x\n\nhost").is_none());
    }
}
