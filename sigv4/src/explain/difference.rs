//! Where two views of a request differ.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::explain::canonical_text::CanonicalText;
use crate::explain::draft::Draft;
use crate::explain::redaction::Redaction;
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
            let show = |text: &[u8]| match &item {
                Item::Header(name) => self.redaction.show_header(name.as_bytes(), text),
                _ => self.redaction.show(text),
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
        self.add(Item::SignedHeaders, &here.signed_headers, &there.signed_headers);
        let [here, there] = [here, there].map(|text| payload_line(&text.payload));
        self.add(Item::PayloadHash, &here, &there);
    }

    fn add_headers(&mut self, here: &CanonicalText, there: &CanonicalText) {
        let before = self.found.len();
        for (name, value) in &here.headers {
            let other = there.header(name).unwrap_or(ABSENT);
            self.add(Item::Header(self.redaction.show(name)), value, other);
        }
        for (name, value) in &there.headers {
            if here.header(name).is_none() {
                self.add(Item::Header(self.redaction.show(name)), ABSENT, value);
            }
        }
        if self.found.len() == before && here.headers != there.headers {
            let [here, there] = [here, there].map(|text| {
                text.headers.iter().map(|(name, _)| name.as_slice()).collect::<Vec<_>>().join(&b';')
            });
            self.add(Item::HeaderOrder, &here, &there);
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

/// What stands in the last line, unless it is nothing that belongs there: a body
/// is not shown.
fn payload_line(line: &[u8]) -> Vec<u8> {
    let is_usual = line.len() <= Signature::HEX_LEN && line.iter().all(u8::is_ascii_graphic);
    if is_usual { line.to_vec() } else { format!("({} bytes)", line.len()).into_bytes() }
}

/// Stands where there is no header line.
const ABSENT: &[u8] = b"(not there)";

/// Most differences that an explanation shows.
const DIFFERENCES_MAX: usize = 8;
