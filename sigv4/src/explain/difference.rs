//! Where two views of a request differ.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::canonical::header::is_token;
use crate::explain::canonical_text::CanonicalText;
use crate::explain::draft::Draft;
use crate::explain::redaction::Redaction;
use crate::payload::PayloadLiteral;
use crate::signature::Signature;

/// One thing that differs between the verifier's view and the other one, as
/// text in which secrets and tokens are redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What differs.
    pub item: Item,
    /// As the verifier has it.
    pub here: String,
    /// As the client has it, or the text that was given for comparison.
    pub there: String,
}

/// A part of what a signature is made from, or of what is presented with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// Line 1 of the canonical request.
    Method,
    /// Line 2 of the canonical request.
    Path,
    /// Line 3 of the canonical request.
    Query,
    /// The line of the header with this name.
    Header(String),
    /// The order of the header lines.
    HeaderOrder,
    /// The list of signed headers.
    SignedHeaders,
    /// The last line of the canonical request, or the hash of the body.
    PayloadHash,
    /// The algorithm.
    Algorithm,
    /// The time of signing, or the time by the verifier's clock.
    Timestamp,
    /// The credential scope.
    Scope,
    /// The region in the credential scope.
    Region,
    /// The service in the credential scope.
    Service,
    /// The date in the credential scope.
    Date,
    /// The end of the credential scope.
    Terminator,
    /// The scope that the signing key was derived for.
    KeyScope,
    /// The last line of the string to sign.
    CanonicalRequestHash,
    /// The id of the access key.
    AccessKeyId,
    /// The credential as a whole.
    Credential,
    /// The seconds for which a presigned request is good.
    Expires,
    /// The signature, which is not shown but described.
    Signature,
    /// The session token, of which only the length is shown.
    SessionToken,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header(name) => return write!(f, "header {name}"),
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::HeaderOrder => "order of the headers",
            Self::SignedHeaders => "signed headers",
            Self::PayloadHash => "payload hash",
            Self::Algorithm => "algorithm",
            Self::Timestamp => "timestamp",
            Self::Scope => "credential scope",
            Self::Region => "region",
            Self::Service => "service",
            Self::Date => "date in the scope",
            Self::Terminator => "end of the scope",
            Self::KeyScope => "scope of the signing key",
            Self::CanonicalRequestHash => "hash of the canonical request",
            Self::AccessKeyId => "access key id",
            Self::Credential => "credential",
            Self::Expires => "X-Amz-Expires",
            Self::Signature => "signature",
            Self::SessionToken => "session token",
        })
    }
}

/// The item, and below it the two texts, one above the other.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { item, here, there } = self;
        let [here, there] =
            [here, there].map(|text| if text.is_empty() { "(empty)" } else { text.as_str() });
        write!(f, "{item}\n    here:  {here}\n    there: {there}")
    }
}

/// Collects differences, with what they hold redacted.
pub(crate) struct Differences<'r> {
    redaction: &'r Redaction,
    pub(crate) found: Vec<Difference>,
}

impl<'r> Differences<'r> {
    pub(crate) const fn new(redaction: &'r Redaction) -> Self {
        Self { redaction, found: Vec::new() }
    }

    /// Adds a difference, unless there is none or there are enough.
    pub(crate) fn add(&mut self, item: Item, here: &[u8], there: &[u8]) {
        if here != there && self.found.len() < DIFFERENCES_MAX {
            let show = |text: &[u8]| {
                if let Item::Header(name) = &item {
                    self.redaction.show_header(name.as_bytes(), text)
                } else {
                    self.redaction.show(text)
                }
            };
            let (here, there) = (show(here), show(there));
            let difference = Difference { item, here, there };
            // The search may find what a comparison has shown.
            if !self.found.contains(&difference) {
                self.found.push(difference);
            }
        }
    }

    /// Adds what differs between two canonical requests, line by line.
    pub(crate) fn add_lines(&mut self, here: &CanonicalText, there: &CanonicalText) {
        self.add(Item::Method, &here.method, &there.method);
        self.add(Item::Path, &here.path, &there.path);
        self.add(Item::Query, &here.query, &there.query);
        self.add_headers(here, there);
        let [own, other] = [here, there].map(|text| name_list(&text.signed_headers));
        self.add(Item::SignedHeaders, &own, &other);
        let [own, other] = [here, there].map(|text| payload_line(&text.payload));
        self.add(Item::PayloadHash, &own, &other);
    }

    fn add_headers(&mut self, here: &CanonicalText, there: &CanonicalText) {
        let before = self.found.len();
        let [own, others] = [here, there].map(first_values);
        for line in &here.headers {
            let other = others.get(line.name.as_slice()).copied().unwrap_or(ABSENT);
            self.add_header(&line.name, &line.value, other);
        }
        for line in &there.headers {
            if !own.contains_key(line.name.as_slice()) {
                self.add_header(&line.name, ABSENT, &line.value);
            }
        }
        if self.found.len() == before && here.headers != there.headers {
            let [here, there] = [here, there].map(|text| {
                let names = text.headers.iter().map(|line| line.name.as_slice());
                names.collect::<Vec<_>>().join(&b';')
            });
            self.add(Item::HeaderOrder, &here, &there);
        }
    }

    fn add_header(&mut self, name: &[u8], here: &[u8], there: &[u8]) {
        if here != there && self.found.len() < DIFFERENCES_MAX {
            self.add(Item::Header(self.redaction.show(name)), here, there);
        }
    }

    /// Adds what differs between two drafts. Of the key only its scope is shown.
    pub(crate) fn add_drafts(&mut self, here: &Draft, there: &Draft) {
        self.add_lines(&here.text, &there.text);
        let [own, other] = [&here.string_to_sign, &there.string_to_sign];
        self.add(Item::Timestamp, &own.timestamp, &other.timestamp);
        self.add(Item::Scope, &own.scope, &other.scope);
        let [own, other] = [here, there].map(|draft| draft.key.parts.join(&b'/'));
        self.add(Item::KeyScope, &own, &other);
    }
}

/// The value of the first line of each name.
fn first_values(text: &CanonicalText) -> BTreeMap<&[u8], &[u8]> {
    let lines = text.headers.iter().rev();
    lines.map(|line| (line.name.as_slice(), line.value.as_slice())).collect()
}

/// A list of names, unless it is none: where a text is broken in the middle of a
/// line, a piece of anything may stand in its place.
fn name_list(line: &[u8]) -> Vec<u8> {
    let is_list = line.contains(&b';')
        || line.len() <= SHORT_NAME_LEN
        || !line.iter().any(u8::is_ascii_uppercase);
    let is_list = is_list && line.iter().all(|byte| *byte == b';' || is_token(*byte));
    if is_list { line.to_vec() } else { described(line) }
}

fn described(line: &[u8]) -> Vec<u8> {
    format!("({} bytes)", line.len()).into_bytes()
}

/// What stands in the last line, unless it is nothing that belongs there: a body
/// is not shown.
fn payload_line(line: &[u8]) -> Vec<u8> {
    let is_hash = line.len() <= Signature::HEX_LEN && line.iter().all(u8::is_ascii_hexdigit);
    let is_base64 = line.len() == HASH_BASE64_LEN && line.ends_with(b"=");
    let is_usual = is_hash || is_base64 || PayloadLiteral::parse(line).is_some();
    if is_usual { line.to_vec() } else { described(line) }
}

/// The length of a SHA-256 in Base64.
const HASH_BASE64_LEN: usize = 44;

/// Longest name of a header in bytes that is shown alone and whatever its case.
const SHORT_NAME_LEN: usize = 12;

/// Stands where there is no header line.
const ABSENT: &[u8] = b"(not there)";

/// Most differences that an explanation shows.
const DIFFERENCES_MAX: usize = 8;
