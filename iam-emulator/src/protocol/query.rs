//! Parameters in the form encoding of the Query protocol, indexed once.
//!
//! Kept is what some operation reads: of ten million bytes of other names nothing is. Of a name
//! that occurs more than once the first occurrence counts.

use std::{borrow::Cow, collections::BTreeMap};

use super::list::{self, List};
use crate::error::{ApiError, ErrorCode};

/// The parameters of a request: those of the target, then those of the body.
#[derive(Debug, Default)]
pub(crate) struct Parameters<'a> {
    /// Values of whole names, encoded as they came.
    values: BTreeMap<Cow<'a, str>, &'a [u8]>,
    /// By the first part of a name with dots: what follows that part, and the value.
    nested: BTreeMap<String, Vec<Nested<'a>>>,
}

/// A parameter with dots: what follows the first part of its name, and its value.
pub(super) type Nested<'a> = (Cow<'a, str>, &'a [u8]);

impl<'a> Parameters<'a> {
    /// Takes a query string and a form, once every escape in them is one.
    ///
    /// `is_read` knows the names that some operation reads; of a name with dots its first part.
    pub(crate) fn read(
        query: &'a [u8],
        form: &'a [u8],
        is_read: impl Fn(&str) -> bool,
    ) -> Result<Self, ApiError> {
        check_escapes(query)?;
        check_escapes(form)?;
        let mut parameters = Self::default();
        for (name, value) in pairs(query).chain(pairs(form)) {
            let name = decode(name);
            let first = name.split('.').next().unwrap_or_default();
            if !is_read(first) {
                continue;
            }
            if first.len() == name.len() {
                parameters.values.entry(name).or_insert(value);
                continue;
            }
            let first = first.to_owned();
            let rest = match name {
                Cow::Borrowed(name) => Cow::Borrowed(&name[first.len() + 1..]),
                Cow::Owned(name) => Cow::Owned(name[first.len() + 1..].to_owned()),
            };
            parameters.nested.entry(first).or_default().push((rest, value));
        }
        Ok(parameters)
    }

    /// The value of the first parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.values.get(name).map(|value| decode(value))
    }

    /// The list of structures `name.member.N.field`.
    ///
    /// # Errors
    ///
    /// `MalformedInput` for an index that is none or leaves too much out.
    pub(crate) fn list(&self, name: &str) -> Result<Option<List<'_, 'a>>, ApiError> {
        match self.nested.get(name) {
            Some(entries) => list::read(entries).map(Some),
            None if self.values.get(name).is_some_and(|value| value.is_empty()) => {
                Ok(Some(List::default()))
            }
            None => Ok(None),
        }
    }
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        match pair.iter().position(|&byte| byte == b'=') {
            Some(equals) => (&pair[..equals], &pair[equals + 1..]),
            None => (pair, &b""[..]),
        }
    })
}

/// Writes parameters in the form encoding, every byte of a value escaped.
pub(crate) fn encode_form(parameters: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in parameters {
        form.push_str(name);
        form.push('=');
        for byte in value.bytes() {
            form.push_str(&format!("%{byte:02X}"));
        }
        form.push('&');
    }
    form
}

/// Every `%` needs two hexadecimal digits behind it.
fn check_escapes(text: &[u8]) -> Result<(), ApiError> {
    for (index, _) in text.iter().enumerate().filter(|&(_, &byte)| byte == b'%') {
        let digits = &text[index + 1..text.len().min(index + 3)];
        if digits.len() < 2 || digits.contains(&b'&') {
            return Err(malformed("Incomplete trailing escape % sequence".to_owned()));
        }
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            let digits = String::from_utf8_lossy(digits);
            return Err(malformed(format!("Illegal hex character in escape % pattern: %{digits}")));
        }
    }
    Ok(())
}

fn malformed(message: String) -> ApiError {
    ApiError::new(ErrorCode::MalformedQueryString, message)
}

/// Decodes `%XX` and `+`; what is not UTF-8 becomes replacement characters.
pub(super) fn decode(encoded: &[u8]) -> Cow<'_, str> {
    if !encoded.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return String::from_utf8_lossy(encoded);
    }
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'+', _) => decoded.push(b' '),
            (b'%', [high, low, behind @ ..]) => {
                decoded.push((hex_value(*high) << 4) | hex_value(*low));
                rest = behind;
            }
            _ => decoded.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

/// The value of a digit that [`check_escapes`] has let pass.
fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10) & 0x0f,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(query: &str, form: &str, name: &str) -> Option<String> {
        let read = |name: &str| name == "a" || name == "b";
        let parameters = Parameters::read(query.as_bytes(), form.as_bytes(), read).unwrap();
        parameters.get(name).map(Cow::into_owned)
    }

    #[test]
    fn the_first_of_a_name_counts_and_the_query_comes_first() {
        for (query, form, expected) in [
            ("a=1", "", Some("1")),
            ("", "a=1&a=2", Some("1")),
            ("a=1", "a=2", Some("1")),
            ("b=1", "&&a&a=2", Some("")),
            ("A=1", "", None),
            ("%61=x%2fy+z%2B", "", Some("x/y z+")),
            ("a=1=2", "", Some("1=2")),
            ("a=%ff", "", Some("\u{fffd}")),
            ("a.1=x", "", None),
        ] {
            assert_eq!(get(query, form, "a").as_deref(), expected, "{query} {form}");
        }
    }

    #[test]
    fn what_no_operation_reads_is_not_kept() {
        let form = "c=1&d.member.1=2&a=3&".repeat(1_000);
        let parameters = Parameters::read(b"", form.as_bytes(), |name| name == "a").unwrap();
        assert_eq!((parameters.values.len(), parameters.nested.len()), (1, 0));
    }

    #[test]
    fn every_escape_must_be_one() {
        for (query, message) in [
            ("a=%", "Incomplete trailing escape % sequence"),
            ("a=%4", "Incomplete trailing escape % sequence"),
            ("a=%4&b=1", "Incomplete trailing escape % sequence"),
            ("a=%zz", "Illegal hex character in escape % pattern: %zz"),
            ("%g0=1", "Illegal hex character in escape % pattern: %g0"),
        ] {
            for (query, form) in [(query, ""), ("", query)] {
                let refused = Parameters::read(query.as_bytes(), form.as_bytes(), |_| true);
                let refused = refused.unwrap_err();
                assert_eq!(refused.code(), ErrorCode::MalformedQueryString);
                assert_eq!(refused.message(), Some(message), "{query:?} {form:?}");
            }
        }
    }

    #[test]
    fn an_encoded_form_reads_back() {
        let form = encode_form(&[("a", "x&=+% \u{e9}"), ("b", "")]);
        assert_eq!(get("", &form, "a").as_deref(), Some("x&=+% \u{e9}"));
        assert_eq!(get("", &form, "b").as_deref(), Some(""));
    }
}
