//! What services disagree about when they verify, as data.

use crate::names::SessionTokenName;
use crate::rules::{PathRules, SessionToken};

/// What a verifier accepts.
///
/// Start from a preset and change what differs:
///
/// ```
/// use sigv4::VerifyRules;
///
/// let rules = VerifyRules { clock_skew_seconds: 300, ..VerifyRules::strict("us-east-1", "execute-api") };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyRules<'a> {
    /// The region that the scope must name; any if there is none.
    pub region: Option<&'a str>,
    /// The service that the scope must name.
    pub service: &'a str,
    /// How the path is canonicalised.
    pub path: PathRules,
    /// Whether a path may hold what canonicalising leaves out.
    pub unnormalized_path: UnnormalizedPath,
    /// How many seconds the two clocks may differ, inclusive.
    pub clock_skew_seconds: u32,
    /// Whether `X-Amz-Expires` is demanded and enforced.
    pub expires: ExpiresRule,
    /// What the last line of the canonical request is.
    pub payload: PayloadRule,
    /// Whether `x-amz-*` headers that are not signed are accepted.
    pub unsigned_amz_headers: Unsigned,
    /// Whether the header with the date need not be signed: its value is part of
    /// the string to sign in any case.
    pub unsigned_date: Unsigned,
    /// What counts when a part of the `Authorization` header, or a header that
    /// belongs to the signature, is repeated.
    pub header_duplicates: Duplicates,
    /// What counts when a parameter of the signature is repeated.
    pub query_duplicates: Duplicates,
    /// In which formats the date may come.
    pub date: DateRule,
    /// Whether access key ids may hold slashes.
    pub key_id_slashes: KeyIdSlashes,
    /// Whether the session token in a query is covered by the signature.
    pub session_token: SessionToken,
    /// Under which name the token of the access key travels. A token under the
    /// other name is refused.
    pub session_token_name: SessionTokenName,
}

impl<'a> VerifyRules<'a> {
    /// Fifteen minutes, the clock skew that most services allow.
    pub const CLOCK_SKEW_SECONDS: u32 = 15 * 60;

    /// The rules to choose for a service of one's own: whatever can be refused is.
    #[must_use]
    pub const fn strict(region: &'a str, service: &'a str) -> Self {
        Self {
            region: Some(region),
            service,
            path: PathRules::STANDARD,
            unnormalized_path: UnnormalizedPath::Refuse,
            clock_skew_seconds: Self::CLOCK_SKEW_SECONDS,
            expires: ExpiresRule::Enforced,
            payload: PayloadRule::Declared(DeclaredPayload {
                literals: PayloadLiterals::Refuse,
                presigned_default: PresignedPayload::Hashed,
                header: ContentSha256Rule::Optional,
            }),
            unsigned_amz_headers: Unsigned::Refuse,
            unsigned_date: Unsigned::Refuse,
            header_duplicates: Duplicates::Refuse,
            query_duplicates: Duplicates::Refuse,
            date: DateRule::HeaderOrDate,
            key_id_slashes: KeyIdSlashes::Allow,
            session_token: SessionToken::Signed,
            session_token_name: SessionTokenName::SecurityToken,
        }
    }

    /// S3: the path decoded and encoded once, `x-amz-content-sha256` demanded, the
    /// body of a presigned request not covered.
    #[must_use]
    pub const fn s3(region: &'a str) -> Self {
        Self {
            path: PathRules::S3,
            payload: PayloadRule::Declared(DeclaredPayload {
                literals: PayloadLiterals::Allow,
                presigned_default: PresignedPayload::Unsigned,
                header: ContentSha256Rule::Required,
            }),
            ..Self::strict(region, "s3")
        }
    }

    /// IAM and STS: any region, `X-Amz-Expires` ignored, the body always
    /// hashed, unsigned `x-amz-*` headers accepted, and the duplicates that
    /// they let win.
    #[must_use]
    pub const fn iam(service: &'a str) -> Self {
        Self {
            region: None,
            unnormalized_path: UnnormalizedPath::Accept,
            expires: ExpiresRule::Ignored,
            payload: PayloadRule::AlwaysHashed,
            unsigned_amz_headers: Unsigned::Allow,
            unsigned_date: Unsigned::Allow,
            header_duplicates: Duplicates::Last,
            query_duplicates: Duplicates::First,
            date: DateRule::HeaderOrDateLenient,
            key_id_slashes: KeyIdSlashes::Refuse,
            ..Self::strict("", service)
        }
    }
}

/// Whether a path may hold `.`, `..` and empty segments, which
/// [`PathRules::normalize`] leaves out of what is signed.
///
/// What is served is then another path than what is signed: `/public/../admin`
/// and `//admin` have the signature of `/admin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnnormalizedPath {
    /// It may: for servers that route by the normalised path.
    Accept,
    /// It may not.
    Refuse,
}

/// Whether `X-Amz-Expires` is demanded and enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpiresRule {
    /// A presigned request is good until its timestamp plus `X-Amz-Expires`,
    /// inclusive and without skew.
    Enforced,
    /// A presigned request is good within the clock skew, like any other.
    Ignored,
}

/// What the last line of the canonical request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayloadRule {
    /// What `x-amz-content-sha256` declares; a hash must be that of the body.
    Declared(DeclaredPayload),
    /// The hash of the body, whatever is declared.
    AlwaysHashed,
}

/// How a declared payload is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeclaredPayload {
    /// Whether literals are accepted in place of a hash.
    pub literals: PayloadLiterals,
    /// What a presigned request that declares nothing says about its body.
    pub presigned_default: PresignedPayload,
    /// Whether a request signed in its headers must declare its payload.
    pub header: ContentSha256Rule,
}

/// Whether literals are accepted in place of the payload's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayloadLiterals {
    /// `UNSIGNED-PAYLOAD` and the streaming literals leave the body, or its
    /// check, to the caller: see [`Verified::payload`](crate::Verified::payload).
    Allow,
    /// Only a hash is accepted.
    Refuse,
}

/// What a presigned request that declares nothing says about its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PresignedPayload {
    /// `UNSIGNED-PAYLOAD`
    Unsigned,
    /// The hash of the body.
    Hashed,
}

/// Whether a request signed in its headers must hold `x-amz-content-sha256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentSha256Rule {
    /// It must.
    Required,
    /// Without it the hash of the body is signed.
    Optional,
}

/// Whether something may be left out of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsigned {
    /// It may.
    Allow,
    /// It may not.
    Refuse,
}

/// What counts when something is there more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duplicates {
    /// Nothing: the request is refused.
    Refuse,
    /// The first.
    First,
    /// The last.
    Last,
}

/// In which formats the date of a request may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateRule {
    /// `X-Amz-Date` alone, in the basic format of ISO 8601.
    Header,
    /// `X-Amz-Date`, else the `Date` header as an HTTP date or in the basic format.
    HeaderOrDate,
    /// `X-Amz-Date`, else the `Date` header, both also in the extended format.
    HeaderOrDateLenient,
}

/// Whether access key ids may hold slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyIdSlashes {
    /// The last four parts of the credential are its scope, the rest is the id.
    Allow,
    /// The credential has exactly five parts.
    Refuse,
}
