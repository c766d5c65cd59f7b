//! What a signer may choose, as data; what a verifier may is in `verify`.

use crate::names::{Role, is_amz};
#[cfg(feature = "signer")]
use crate::payload::Payload;

/// How requests to one kind of service are signed.
///
/// Start from a preset and change what differs:
///
/// ```
/// use sigv4::{SessionToken, SigningRules};
///
/// let rules = SigningRules { session_token: SessionToken::Unsigned, ..SigningRules::STANDARD };
/// # assert_ne!(rules, SigningRules::STANDARD);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningRules<'a> {
    /// How the service reads the path.
    pub path: PathRules,
    /// Whether header signing adds `x-amz-content-sha256`.
    pub content_sha256: ContentSha256,
    /// Whether the session token is covered by the signature.
    pub session_token: SessionToken,
    /// Which headers of the request are covered.
    pub headers: HeaderSelection<'a>,
    /// What becomes of values that go on over several lines.
    pub folded_lines: FoldedLines,
    /// What becomes of a raw `+` in the query.
    pub raw_plus: RawPlus,
    /// Where a body may go that no signature covers.
    pub unsigned_payload: UnsignedPayload,
}

impl SigningRules<'static> {
    /// Every service but S3: the path is normalised and encoded again.
    pub const STANDARD: Self = Self {
        path: PathRules::STANDARD,
        content_sha256: ContentSha256::Omit,
        session_token: SessionToken::Signed,
        headers: HeaderSelection::Default,
        folded_lines: FoldedLines::Refuse,
        raw_plus: RawPlus::Space,
        unsigned_payload: UnsignedPayload::OverTls,
    };

    /// [`STANDARD`](Self::STANDARD), and `x-amz-content-sha256` is sent.
    pub const STANDARD_WITH_CONTENT_SHA256: Self =
        Self { content_sha256: ContentSha256::Add, ..Self::STANDARD };

    /// S3 and what speaks its protocol: the path is decoded and encoded once, and
    /// `x-amz-content-sha256` is sent.
    pub const S3: Self =
        Self { path: PathRules::S3, content_sha256: ContentSha256::Add, ..Self::STANDARD };

    /// The services that are not signed by the [`STANDARD`](Self::STANDARD) rules, by the name in
    /// their credential scope.
    ///
    /// VPC Lattice (`vpc-lattice-svcs`) reads no hash of a body: sign what goes there with
    /// [`Payload::UNSIGNED`](crate::Payload::UNSIGNED).
    pub const BY_SERVICE: &[(&str, Self)] = &[
        ("aoss", Self::STANDARD_WITH_CONTENT_SHA256),
        ("glacier", Self::STANDARD_WITH_CONTENT_SHA256),
        ("s3", Self::S3),
        ("s3-object-lambda", Self::S3),
        ("s3-outposts", Self::S3),
        ("s3express", Self::S3),
        ("vpc-lattice-svcs", Self::STANDARD_WITH_CONTENT_SHA256),
    ];

    /// The rules that fit a service: those of the table [`BY_SERVICE`](Self::BY_SERVICE), else
    /// [`STANDARD`](Self::STANDARD).
    ///
    /// ```
    /// use sigv4::SigningRules;
    ///
    /// assert_eq!(SigningRules::of_service("s3express"), SigningRules::S3);
    /// assert_eq!(SigningRules::of_service("dynamodb"), SigningRules::STANDARD);
    /// ```
    #[must_use]
    pub fn of_service(service: &str) -> Self {
        let mut listed = Self::BY_SERVICE.iter();
        listed.find(|(name, _)| *name == service).map_or(Self::STANDARD, |(_, rules)| *rules)
    }
}

#[cfg(feature = "signer")]
impl SigningRules<'_> {
    /// What a presigned request says of its body when nobody knows it yet: nothing to S3,
    /// which wants it so, and to others that it is empty.
    pub(crate) const fn presigned_payload(&self) -> Payload<'static> {
        match self.path.encoding {
            PathEncoding::Once => Payload::UNSIGNED,
            PathEncoding::Twice | PathEncoding::AsSent => Payload::EMPTY,
        }
    }

    /// The same rules, with a payload declared that is not the hash of the body: a
    /// literal means nothing unless the other side is told.
    #[cfg(feature = "http")]
    pub(crate) const fn declaring(self, payload: Payload<'_>) -> Self {
        match payload {
            Payload::Literal(_) => Self { content_sha256: ContentSha256::Add, ..self },
            Payload::Bytes(_) | Payload::Sha256(_) => self,
        }
    }
}

impl Default for SigningRules<'static> {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Whether header signing adds and signs `x-amz-content-sha256`. Services that
/// want it: S3, Glacier, OpenSearch Serverless, VPC Lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentSha256 {
    /// The header is left to the caller.
    Omit,
    /// The header is added, with the payload's hash or literal.
    Add,
}

/// Where a body may go that no signature covers: `UNSIGNED-PAYLOAD`, and
/// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
///
/// Heeded where the scheme is known, by what signs requests of the `http` crate in their
/// headers; presigning, which says nothing of a body, is not concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UnsignedPayload {
    /// Not to a URI whose scheme is `http`: anybody on the way might change it.
    /// botocore hashes the body there.
    #[default]
    OverTls,
    /// To any, for networks that are trusted.
    AnyScheme,
}

/// Whether the session token is covered by the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionToken {
    /// Added before signing, as nearly every service wants it.
    Signed,
    /// Added after signing, as AWS IoT Core wants it over WebSocket.
    Unsigned,
}

/// Which headers of a request are signed.
///
/// `host`, `content-type`, `content-md5`, `range` and every `x-amz-*` header
/// are signed in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderSelection<'a> {
    /// All headers except those that proxies and HTTP stacks add, remove or
    /// change on the way: [`SKIPPED_HEADERS`](crate::SKIPPED_HEADERS).
    Default,
    /// All but these, given in lower case.
    AllExcept(&'a [&'a str]),
    /// These alone, given in lower case.
    Only(&'a [&'a str]),
}

impl HeaderSelection<'_> {
    /// Whether the header with this name, in any case, and this role is signed.
    #[inline]
    pub(crate) fn includes(&self, name: &[u8], role: Role) -> bool {
        let is_listed = |names: &[&str]| {
            names.iter().any(|listed| listed.as_bytes().eq_ignore_ascii_case(name))
        };
        match self {
            Self::Default => role != Role::Skipped,
            Self::AllExcept(names) => !is_listed(names) || is_always_signed(name),
            Self::Only(names) => is_always_signed(name) || is_listed(names),
        }
    }
}

fn is_always_signed(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [b"host", b"content-type", b"content-md5", b"range"];
    is_amz(name) || NAMES.iter().any(|always| always.eq_ignore_ascii_case(name))
}

/// How a service reads the path: two independent settings, and the two pairs
/// that are in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PathRules {
    /// Remove `.`, `..` and empty segments from the path as it is on the wire.
    pub normalize: bool,
    /// How it is encoded then.
    pub encoding: PathEncoding,
}

impl PathRules {
    /// Every service but S3: normalise, then encode again.
    pub const STANDARD: Self = Self { normalize: true, encoding: PathEncoding::Twice };

    /// S3 and what speaks its protocol: never normalised, because object keys
    /// may hold `..` and `//`, and encoded once, however the key was encoded.
    pub const S3: Self = Self { normalize: false, encoding: PathEncoding::Once };
}

/// How the canonical path is made of the one on the wire, which is encoded
/// already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathEncoding {
    /// Percent-encoded once more: `%20` becomes `%2520`. Most services.
    Twice,
    /// Decoded and encoded strictly, so that every spelling of an object key is
    /// signed alike: `=`, `%3d` and `%3D` are all `%3D`. S3.
    ///
    /// A `/` stays, and so does `%2F`: a separator is neither made nor lost. A raw
    /// `+` is a space to S3 and a plus to others, so that a signer refuses it
    /// ([`RequestError::AmbiguousPlus`](crate::RequestError::AmbiguousPlus)); a
    /// verifier reads a space.
    Once,
    /// As it is on the wire, but for raw spaces and bytes that are not ASCII,
    /// which cannot stand there. No service reads paths so.
    AsSent,
}

/// What becomes of a raw `+` in the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RawPlus {
    /// It stands for a space, as services read it: `%20` is signed, and a
    /// presigned query says so.
    #[default]
    Space,
    /// It is an error, since whoever wrote it may have meant a plus.
    Refuse,
}

/// What becomes of a header value that goes on over several lines (obsolete
/// line folding, RFC 9112 §5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FoldedLines {
    /// A line break in a value is an error.
    #[default]
    Refuse,
    /// A line break with the white space behind it counts as white space; one
    /// without is still an error.
    Unfold,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_cannot_leave_out_what_must_be_signed() {
        let none = HeaderSelection::Only(&[]);
        let all_listed = HeaderSelection::AllExcept(&["host", "x-amz-acl", "range", "date"]);
        let includes = |selection: HeaderSelection<'_>, name: &str| {
            selection.includes(name.as_bytes(), Role::Ordinary)
        };
        for selection in [none, all_listed] {
            for name in ["Host", "X-Amz-Acl", "RANGE", "content-type", "Content-MD5"] {
                assert!(includes(selection, name), "{name}");
            }
            assert!(!includes(selection, "Date"));
        }
        assert!(includes(HeaderSelection::Only(&["date"]), "Date"));
    }
}
