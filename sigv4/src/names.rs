//! What Signature Version 4 calls things on the wire (algorithms, headers, parameters)
//! and what each header means to a signer, but not where any of them is written.

/// The only algorithm of Signature Version 4 with a shared secret.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The last part of every credential scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// Names of headers, in lower case.
pub(crate) mod header {
    pub(crate) const AUTHORIZATION: &str = "authorization";
    pub(crate) const CONTENT_SHA256: &str = "x-amz-content-sha256";
    pub(crate) const DATE: &str = "x-amz-date";
    pub(crate) const REGION_SET: &str = "x-amz-region-set";
    pub(crate) const S3_SESSION_TOKEN: &str = "x-amz-s3session-token";
    pub(crate) const SECURITY_TOKEN: &str = "x-amz-security-token";
}

/// Names of query parameters, in the only case that counts.
pub(crate) mod parameter {
    pub(crate) const ALGORITHM: &str = "X-Amz-Algorithm";
    pub(crate) const CONTENT_SHA256: &str = "X-Amz-Content-Sha256";
    pub(crate) const CREDENTIAL: &str = "X-Amz-Credential";
    pub(crate) const DATE: &str = "X-Amz-Date";
    pub(crate) const EXPIRES: &str = "X-Amz-Expires";
    pub(crate) const REGION_SET: &str = "X-Amz-Region-Set";
    pub(crate) const S3_SESSION_TOKEN: &str = "X-Amz-S3session-Token";
    pub(crate) const SECURITY_TOKEN: &str = "X-Amz-Security-Token";
    pub(crate) const SIGNATURE: &str = "X-Amz-Signature";
    pub(crate) const SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";
}

/// The name under which a session token travels, which whoever gave the
/// credentials decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SessionTokenName {
    /// `x-amz-security-token`, as a parameter `X-Amz-Security-Token`: temporary
    /// credentials of STS, and of all who ask it.
    #[default]
    SecurityToken,
    /// `x-amz-s3session-token`, as a parameter `X-Amz-S3session-Token`: those that
    /// `CreateSession` of S3 Express One Zone gave. Under the other name S3 refuses
    /// their token.
    S3Session,
}

impl SessionTokenName {
    /// The name of the header, in lower case.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::SecurityToken => header::SECURITY_TOKEN,
            Self::S3Session => header::S3_SESSION_TOKEN,
        }
    }

    /// The name of the query parameter.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::SecurityToken => parameter::SECURITY_TOKEN,
            Self::S3Session => parameter::S3_SESSION_TOKEN,
        }
    }
}

/// What a header means to a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing in particular.
    Ordinary,
    /// `host`, of which there must be one.
    Host,
    /// `date`, which a verifier may take for the other one.
    Date,
    /// `x-amz-date`, which signing makes.
    AmzDate,
    /// `authorization`, which signing makes.
    Authorization,
    /// `x-amz-security-token`, which signing makes.
    SecurityToken,
    /// `x-amz-s3session-token`, which signing makes.
    S3SessionToken,
    /// `x-amz-region-set`, which signing for several regions makes.
    RegionSet,
    /// `x-amz-content-sha256`, which signing makes or the caller declares.
    ContentSha256,
    /// The hop behind the signer may change it.
    Skipped,
}

impl Role {
    /// The role of a header, its name in lower case.
    pub(crate) const fn of(name: &[u8]) -> Self {
        if equals(name, b"host") {
            Self::Host
        } else if equals(name, b"date") {
            Self::Date
        } else if equals(name, header::DATE.as_bytes()) {
            Self::AmzDate
        } else if equals(name, header::AUTHORIZATION.as_bytes()) {
            Self::Authorization
        } else if equals(name, header::SECURITY_TOKEN.as_bytes()) {
            Self::SecurityToken
        } else if equals(name, header::S3_SESSION_TOKEN.as_bytes()) {
            Self::S3SessionToken
        } else if equals(name, header::REGION_SET.as_bytes()) {
            Self::RegionSet
        } else if equals(name, header::CONTENT_SHA256.as_bytes()) {
            Self::ContentSha256
        } else if is_skipped(name) {
            Self::Skipped
        } else {
            Self::Ordinary
        }
    }
}

/// Headers that are not signed by default, because the hop after the signer
/// may rewrite them.
pub const SKIPPED_HEADERS: &[&str] = &[
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

const fn is_skipped(name: &[u8]) -> bool {
    let mut at = 0;
    while at < SKIPPED_HEADERS.len() {
        if equals(name, SKIPPED_HEADERS[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a header name begins with `x-amz-`.
pub(crate) fn is_amz(name: &[u8]) -> bool {
    name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"x-amz-"))
}

/// Whether two names are the same; `==` of slices is not yet const.
pub(crate) const fn equals(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    a.len() == b.len() && at == a.len()
}
