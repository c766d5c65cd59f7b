//! Parameters in the form encoding of the Query protocol.
//!
//! Nothing is collected: a parameter is looked for when an operation asks for
//! it. Unknown parameters are ignored without a trace, and ten million bytes
//! of them cost no memory.

use std::{borrow::Cow, collections::BTreeMap};

use crate::error::{ApiError, ErrorCode};

/// The parameters of a request: those of the target, then those of the body.
///
/// Of a name that occurs more than once the first occurrence counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'a> {
    query: &'a [u8],
    form: &'a [u8],
}

/// One entry of a list of structures: its fields by name.
pub(crate) type Member<'a> = BTreeMap<&'static str, Cow<'a, str>>;

impl<'a> Parameters<'a> {
    /// Takes a query string and a form, once every escape in them is one.
    pub(crate) fn read(query: &'a [u8], form: &'a [u8]) -> Result<Self, ApiError> {
        check_escapes(query)?;
        check_escapes(form)?;
        Ok(Self { query, form })
    }

    /// The value of the first parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.pairs().find(|(encoded, _)| decode(encoded) == name).map(|(_, value)| decode(value))
    }

    /// The structures `list.member.N.field`, in the order of their numbers.
    ///
    /// Stops at one more than `members_max`, which is enough to refuse them.
    pub(crate) fn members(
        &self,
        list: &str,
        fields: &[&'static str],
        members_max: usize,
    ) -> Vec<Member<'a>> {
        let mut members: BTreeMap<u32, Member<'a>> = BTreeMap::new();
        for (name, value) in self.pairs() {
            let name = decode(name);
            let Some((number, field)) = member_of(&name, list, fields) else {
                continue;
            };
            if members.len() <= members_max || members.contains_key(&number) {
                let member = members.entry(number).or_default();
                member.entry(field).or_insert_with(|| decode(value));
            }
        }
        members.into_values().collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        [self.query, self.form].into_iter().flat_map(|text| {
            text.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| match pair
                .iter()
                .position(|&byte| byte == b'=')
            {
                Some(equals) => (&pair[..equals], &pair[equals + 1..]),
                None => (pair, &b""[..]),
            })
        })
    }
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

/// The number and the field in `list.member.N.field`.
fn member_of(name: &str, list: &str, fields: &[&'static str]) -> Option<(u32, &'static str)> {
    let rest = name.strip_prefix(list)?.strip_prefix(".member.")?;
    let (number, field) = rest.split_once('.')?;
    let field = fields.iter().find(|known| **known == field)?;
    let number = number.parse().ok().filter(|&number| number > 0)?;
    Some((number, field))
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
fn decode(encoded: &[u8]) -> Cow<'_, str> {
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
        let parameters = Parameters::read(query.as_bytes(), form.as_bytes()).unwrap();
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
        ] {
            assert_eq!(get(query, form, "a").as_deref(), expected, "{query} {form}");
        }
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
                let refused = Parameters::read(query.as_bytes(), form.as_bytes()).unwrap_err();
                assert_eq!(refused.code(), ErrorCode::MalformedQueryString);
                assert_eq!(refused.message(), Some(message), "{query:?} {form:?}");
            }
        }
    }

    #[test]
    fn members_come_in_the_order_of_their_numbers() {
        let form = b"T.member.2.K=b&T.member.1.K=a&T.member.1.V=x&T.member.1.K=c\
            &T.member.0.K=no&T.member.x.K=no&T.member.1.Z=no&T.1.K=no";
        let parameters = Parameters::read(b"", form).unwrap();
        let members = parameters.members("T", &["K", "V"], 50);
        let shown: Vec<_> = members
            .iter()
            .map(|member| (member["K"].as_ref(), member.get("V").map(Cow::as_ref)))
            .collect();
        assert_eq!(shown, [("a", Some("x")), ("b", None)]);
    }

    #[test]
    fn one_member_too_many_is_kept_and_no_more() {
        let form: String = (1..=100).map(|n| format!("T.member.{n}.K=k&")).collect();
        let parameters = Parameters::read(b"", form.as_bytes()).unwrap();
        assert_eq!(parameters.members("T", &["K"], 50).len(), 51);
    }

    #[test]
    fn an_encoded_form_reads_back() {
        let form = encode_form(&[("a", "x&=+% \u{e9}"), ("b", "")]);
        assert_eq!(get("", &form, "a").as_deref(), Some("x&=+% \u{e9}"));
        assert_eq!(get("", &form, "b").as_deref(), Some(""));
    }
}
