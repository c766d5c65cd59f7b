//! The `Authorization` header is taken apart as a naive reader does it, and what
//! is read, written and read again is the same.

use sigv4::{Form, PresentedSignature, Request, VerifyError};

use super::presented_parts::Parts;

/// Reads a value of the header.
pub fn check(value: &[u8]) {
    let headers = headers(value);
    let request = Request::new("GET", "/", headers.as_slice());
    let presented = PresentedSignature::parse(&request).expect("any value is a header");
    assert_eq!(presented.form(), Form::Header);
    assert_eq!(presented.authorization(), Some(value));

    let naive = Naive::read(value);
    naive.parts.assert_found(&presented);
    let without_equals = presented.part_without_equals().map(|part| part.bytes().collect());
    assert_eq!(without_equals, naive.without_equals);
    let syntax = match naive {
        Naive { without_equals: Some(_), .. } => Err(VerifyError::MalformedAuthorization),
        Naive { has_unknown: true, .. } => Err(VerifyError::UnknownAuthorizationPart),
        _ => Ok(()),
    };
    assert_eq!(presented.check_syntax(), syntax);

    // Compact, as one signer writes it, and with white space, as others do.
    for (comma, end) in [(",", ""), (", ", ""), ("\t,  ", " ")] {
        let written = naive.write(comma, end);
        let headers = self::headers(&written);
        let request = Request::new("GET", "/", headers.as_slice());
        let presented = PresentedSignature::parse(&request).expect("any value is a header");
        naive.parts.assert_found(&presented);
    }
}

fn headers(value: &[u8]) -> [(&[u8], &[u8]); 3] {
    [(b"Host", b"h"), (b"X-Amz-Date", b" 20150830T123600Z "), (b"Authorization", value)]
}

struct Naive {
    parts: Parts,
    without_equals: Option<Vec<u8>>,
    has_unknown: bool,
}

impl Naive {
    /// The algorithm, white space, parts between commas and white space.
    fn read(value: &[u8]) -> Self {
        let value = trimmed(value);
        let end = value.iter().position(|byte| is_white_space(*byte)).unwrap_or(value.len());
        let parts = Parts {
            algorithm: vec![value[..end].to_vec()],
            date: vec![b"20150830T123600Z".to_vec()],
            ..Parts::default()
        };
        let mut naive = Self { parts, without_equals: None, has_unknown: false };
        let rest = trimmed(&value[end..]);
        if rest.is_empty() {
            return naive;
        }
        let parts = rest.split(|&byte| byte == b',').map(trimmed).flat_map(|part| {
            let words = part.split(|&byte| matches!(byte, b' ' | b'\t'));
            // Between two commas there is a part without a word in it.
            words.filter(move |word| part.is_empty() || !word.is_empty())
        });
        for part in parts {
            let mut sides = part.splitn(2, |&byte| byte == b'=');
            let (name, value) = (sides.next().unwrap_or_default(), sides.next());
            let texts = match name {
                b"Credential" => &mut naive.parts.credential,
                b"SignedHeaders" => &mut naive.parts.signed_headers,
                b"Signature" => &mut naive.parts.signature,
                _ => {
                    naive.has_unknown |= value.is_some();
                    if value.is_none() && naive.without_equals.is_none() {
                        naive.without_equals = Some(part.to_vec());
                    }
                    continue;
                }
            };
            match value {
                Some(value) => texts.push(value.to_vec()),
                None => {
                    naive.without_equals.get_or_insert(part.to_vec());
                }
            }
        }
        naive
    }

    /// The parts that are known, in another order.
    fn write(&self, comma: &str, end: &str) -> Vec<u8> {
        let named = [
            ("Signature=", &self.parts.signature),
            ("SignedHeaders=", &self.parts.signed_headers),
            ("Credential=", &self.parts.credential),
        ];
        let parts = named.into_iter().flat_map(|(name, texts)| {
            texts.iter().map(move |text| [name.as_bytes(), text].concat())
        });
        let parts: Vec<_> = parts.collect();
        let parts = parts.join(comma.as_bytes());
        [self.parts.algorithm.concat(), b" ".to_vec(), parts, end.as_bytes().to_vec()].concat()
    }
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_white_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_white_space(*last)
    {
        text = rest;
    }
    text
}

fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}
