//! What of a request may be shown.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::bytes::scan;
use crate::explain::ServerView;
use crate::explain::escapes;
use crate::verify::Presented;

/// Takes out of texts what no explanation may show: the secret and the session
/// tokens wherever they stand, and what stands where credentials do.
pub(crate) struct Redaction {
    sensitive: Vec<Zeroizing<Vec<u8>>>,
}

impl Redaction {
    pub(crate) fn new(view: &ServerView<'_>, presented: &Presented<'_>) -> Self {
        let secret = view.credentials.secret_access_key().as_bytes();
        let mut plain = Vec::from([
            Zeroizing::new(secret.to_vec()),
            Zeroizing::new(secret.trim_ascii().to_vec()),
        ]);
        if let Some(token) = view.credentials.session_token() {
            plain.push(Zeroizing::new(token.as_bytes().to_vec()));
        }
        if let Some(token) = presented.session_token(&view.rules) {
            plain.push(Zeroizing::new(token.bytes().collect()));
        }
        let encoded = plain.iter().map(|text| Zeroizing::new(escapes::encode(text, b"")));
        let encoded: Vec<_> = encoded.collect();
        let twice = encoded.iter().map(|text| Zeroizing::new(escapes::encode(text, b"")));
        let twice: Vec<_> = twice.collect();
        let sensitive = [plain, encoded, twice].into_iter().flatten();
        Self { sensitive: sensitive.filter(|text| !text.is_empty()).collect() }
    }

    /// A text that is safe to show, whatever stands in it.
    pub(crate) fn show(&self, text: &[u8]) -> String {
        let mut text = Zeroizing::new(text.to_vec());
        for sensitive in &self.sensitive {
            text = Zeroizing::new(escapes::substitute(&text, sensitive, REDACTED.as_bytes()));
        }
        for name in PARAMETERS {
            text = Zeroizing::new(without_values(&text, name));
        }
        let visible = |character: char| {
            if character.is_control() {
                character.escape_default().to_string()
            } else {
                character.to_string()
            }
        };
        String::from_utf8_lossy(&text).chars().map(visible).collect()
    }

    /// The value of the header with this name.
    pub(crate) fn show_header(&self, name: &[u8], value: &[u8]) -> String {
        if HEADERS.iter().any(|header| header.as_bytes().eq_ignore_ascii_case(name)) {
            return format!("{REDACTED}, {} bytes", value.len());
        }
        self.show(value)
    }
}

/// Puts [`REDACTED`] in place of the values that follow `name=`, in any case.
fn without_values(text: &[u8], name: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((&first, behind)) = rest.split_first() {
        match rest.split_at_checked(name.len()) {
            Some((own, [b'=', value @ ..])) if own.eq_ignore_ascii_case(name.as_bytes()) => {
                out.extend([own, b"=", REDACTED.as_bytes()].concat());
                let end = scan::position(value, |byte| (byte == b'&') | (byte <= b' '));
                rest = &value[end.unwrap_or(value.len())..];
            }
            _ => {
                out.push(first);
                rest = behind;
            }
        }
    }
    out
}

/// Stands where something is not shown.
const REDACTED: &str = "[redacted]";

/// Headers that are credentials, or keys of the data.
const HEADERS: [&str; 7] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
];

/// Parameters that are credentials.
const PARAMETERS: [&str; 3] = ["X-Amz-Security-Token", "X-Amz-S3session-Token", "X-Amz-Signature"];
