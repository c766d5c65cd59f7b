//! The text that somebody else signed, or says should have been signed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::explain::canonical_text::CanonicalText;
use crate::explain::escapes;
use crate::names::ALGORITHM;

/// A canonical request or a string to sign from a log or an error answer.
pub(crate) enum OtherText {
    CanonicalRequest {
        lines: CanonicalText,
        /// All of it, as it was hashed.
        whole: Vec<u8>,
    },
    /// Algorithm, timestamp, scope and hash.
    StringToSign([Vec<u8>; 4]),
}

impl OtherText {
    /// Finds the text in what was given: the text itself, or an error answer of
    /// AWS that holds it, in XML or in quotes.
    pub(crate) fn read(given: &str) -> Option<Self> {
        let inner = XML_ELEMENTS.iter().find_map(|(begin, end)| between(given, begin, end));
        let text = match inner {
            Some(inner) => unescape_xml(inner),
            None => quoted(&given.replace("\\n", "\n")).as_bytes().to_vec(),
        };
        let text = escapes::substitute(&text, b"\r\n", b"\n");
        let text = text.trim_ascii();
        if text.starts_with(ALGORITHM.as_bytes()) {
            let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::to_vec);
            return Some(Self::StringToSign(lines.collect::<Vec<_>>().try_into().ok()?));
        }
        let lines = CanonicalText::parse(text)?;
        Some(Self::CanonicalRequest { lines, whole: text.to_vec() })
    }
}

/// The text in the quotes that follow AWS's sentence, or all of it.
fn quoted(given: &str) -> &str {
    let behind = given.split_once(CANONICAL_STRING).map_or(given, |(_, behind)| behind);
    // A quote inside a header does not end the text.
    let text = behind.split_once(STRING_TO_SIGN).map_or(behind, |(text, _)| text);
    text.trim_matches(|character: char| character == '\'' || character.is_whitespace())
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    let (_, behind) = text.split_once(begin)?;
    behind.split_once(end).map(|(inner, _)| inner)
}

fn unescape_xml(text: &str) -> Vec<u8> {
    let mut out = String::from(text);
    // The ampersand last, so that nothing is unescaped twice.
    for (entity, character) in ENTITIES {
        out = out.replace(entity, character);
    }
    out.into_bytes()
}

/// What S3 puts around the two texts; the canonical request says more.
const XML_ELEMENTS: [(&str, &str); 2] =
    [("<CanonicalRequest>", "</CanonicalRequest>"), ("<StringToSign>", "</StringToSign>")];

/// What other services put before the canonical request.
const CANONICAL_STRING: &str = "Canonical String for this request should have been";

/// What they put before the string to sign, behind the canonical request.
const STRING_TO_SIGN: &str = "The String-to-Sign should have been";

const ENTITIES: [(&str, &str); 7] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#10;", "\n"),
    ("&#13;", ""),
    ("&amp;", "&"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(given: &str) -> Vec<u8> {
        match OtherText::read(given) {
            Some(OtherText::CanonicalRequest { whole, .. }) => whole,
            _ => panic!("no canonical request in {given}"),
        }
    }

    #[test]
    fn a_canonical_request_is_found_in_what_holds_it() {
        let plain = "GET\n/\na=1&b='2'\nhost:h\n\nhost\nabc";
        let xml = plain.replace('&', "&amp;").replace('\'', "&apos;").replace('\n', "\r\n");
        let xml = std::format!("<Error><CanonicalRequest>{xml}</CanonicalRequest></Error>");
        let json = std::format!(
            r#"{{"message":"The Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'AWS4…'"}}"#,
            plain.replace('\n', "\\n")
        );
        assert_eq!(canonical(plain), plain.as_bytes());
        assert_eq!(canonical(&std::format!("{plain}\n")), plain.as_bytes());
        assert_eq!(canonical(&xml), plain.as_bytes());
        assert_eq!(canonical(&json), plain.as_bytes());
    }

    #[test]
    fn what_is_neither_is_nothing() {
        for given in ["", "GET", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256\n1\n2\n3\n4"] {
            assert!(OtherText::read(given).is_none(), "{given}");
        }
        let string = "AWS4-HMAC-SHA256\n20150830T123600Z\nscope\nhash";
        assert!(matches!(OtherText::read(string), Some(OtherText::StringToSign(_))));
    }
}
