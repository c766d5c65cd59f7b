//! Why a presented signature is refused.

use core::fmt;

use crate::error::RequestError;
use crate::time::Timestamp;

/// Why a request is refused: one variant for each cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request itself is malformed.
    Request(RequestError),
    /// The path holds `.`, `..` or empty segments, which are not signed, and the
    /// rules forbid them.
    UnnormalizedPath,
    /// There is neither an `Authorization` header nor a signature in the query.
    NoSignature,
    /// There is an `Authorization` header and a signature in the query as well.
    BothForms,
    /// The algorithm is missing, or not the one that is verified:
    /// `AWS4-HMAC-SHA256`, or for SigV4a `AWS4-ECDSA-P256-SHA256`.
    UnsupportedAlgorithm,
    /// A part of the `Authorization` header is not `key=value`.
    MalformedAuthorization,
    /// The `Authorization` header holds a part that does not belong there.
    UnknownAuthorizationPart,
    /// A part of the signature is there more than once.
    Duplicate {
        /// Its name.
        name: &'static str,
    },
    /// A part of the signature is missing.
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// The credential has no four parts behind the access key id, or the id is
    /// none that a key can have: it is empty, too long, holds a comma or a byte
    /// that is not visible ASCII, or slashes where the rules forbid them.
    MalformedCredential,
    /// The date of the request is in no format that the rules accept.
    MalformedDate,
    /// The request was signed too long ago.
    Expired {
        /// When it was signed.
        timestamp: Timestamp,
        /// When it was verified.
        now: Timestamp,
    },
    /// The request was signed too far in the future.
    NotYetValid {
        /// When it was signed.
        timestamp: Timestamp,
        /// When it was verified.
        now: Timestamp,
    },
    /// `X-Amz-Expires` is not a number of seconds from 1 to 604,800.
    InvalidExpires,
    /// The credential scope names another region.
    WrongRegion,
    /// The credential scope names another service.
    WrongService,
    /// The credential scope does not end with `aws4_request`.
    WrongTerminator,
    /// The credential scope names another day than the timestamp.
    ScopeDateMismatch,
    /// The region or service of the credential scope is longer than a
    /// [`CredentialScope`](crate::CredentialScope) holds, or has bytes that cannot stand in one.
    InvalidScope,
    /// `X-Amz-Region-Set` is not a list of regions, separated by commas, or too
    /// long (SigV4a).
    MalformedRegionSet,
    /// `x-amz-region-set` is not among the signed headers (SigV4a).
    RegionSetNotSigned,
    /// The region set does not include the region of the rules (SigV4a).
    RegionNotInSet,
    /// The list of signed headers holds an empty name or one that is not a
    /// lower-case token, or is not sorted, or repeats a name.
    MalformedSignedHeaders,
    /// `host` is not among the signed headers.
    HostNotSigned,
    /// Neither `x-amz-date` nor `date` is among the signed headers.
    DateNotSigned,
    /// A header that the list of signed headers names is not there.
    SignedHeaderAbsent,
    /// A header whose name begins with `x-amz-` is not signed.
    UnsignedAmzHeader,
    /// The access key is temporary and the request has no session token.
    MissingSessionToken,
    /// The access key is permanent and the request has a session token, or it is
    /// temporary and its token stands under another name than it should.
    UnexpectedSessionToken,
    /// The session token is not the one that belongs to the access key.
    SessionTokenMismatch,
    /// `x-amz-content-sha256` is neither 64 lower-case hexadecimal digits nor a
    /// known literal.
    MalformedContentSha256,
    /// `x-amz-content-sha256` holds a literal that the rules forbid.
    PayloadNotCovered,
    /// The body is not the one whose hash `x-amz-content-sha256` declares.
    PayloadMismatch,
    /// The signature is not 64 lower-case hexadecimal digits, or for SigV4a not
    /// those of the DER encoding of two numbers of the curve.
    MalformedSignature,
    /// The verifying key was derived for another scope.
    KeyScopeMismatch,
    /// The signature is not one that the key makes of this request.
    SignatureMismatch,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request(error) => return error.fmt(f),
            Self::Duplicate { name } => return write!(f, "{name} is there more than once"),
            Self::Missing { name } => return write!(f, "{name} is missing"),
            Self::Expired { timestamp, now } => {
                return write!(f, "the request was signed at {timestamp}, too long before {now}");
            }
            Self::NotYetValid { timestamp, now } => {
                return write!(f, "the request was signed at {timestamp}, too far after {now}");
            }
            Self::UnnormalizedPath => "the path holds `.`, `..` or empty segments",
            Self::NoSignature => "the request is not signed",
            Self::BothForms => "the request is signed in a header and in the query",
            Self::UnsupportedAlgorithm => "the algorithm is not the one that is verified",
            Self::MalformedAuthorization => "a part of the authorization header is not key=value",
            Self::UnknownAuthorizationPart => "the authorization header holds an unknown part",
            Self::MalformedCredential => {
                "the credential is not id/date/region/service/aws4_request"
            }
            Self::MalformedDate => "the date of the request is malformed",
            Self::InvalidExpires => "the expiry is not a number of seconds from 1 to 604800",
            Self::WrongRegion => "the credential scope names another region",
            Self::WrongService => "the credential scope names another service",
            Self::WrongTerminator => "the credential scope does not end with aws4_request",
            Self::ScopeDateMismatch => "the credential scope names another day than the timestamp",
            Self::InvalidScope => "the region or service of the credential scope is invalid",
            Self::MalformedRegionSet => "the region set is malformed",
            Self::RegionSetNotSigned => "the region set is not signed",
            Self::RegionNotInSet => "the region set does not include the region",
            Self::MalformedSignedHeaders => {
                "the list of signed headers is malformed, unsorted or repeats a name"
            }
            Self::HostNotSigned => "the host header is not signed",
            Self::DateNotSigned => "the date of the request is not signed",
            Self::UnsignedAmzHeader => "a header whose name begins with x-amz- is not signed",
            Self::SignedHeaderAbsent => "a signed header is not there",
            Self::MissingSessionToken => "the session token is missing",
            Self::UnexpectedSessionToken => {
                "a session token came with a permanent access key, or under another name"
            }
            Self::SessionTokenMismatch => "the session token does not belong to the access key",
            Self::MalformedContentSha256 => {
                "x-amz-content-sha256 is neither a hash nor a known literal"
            }
            Self::PayloadNotCovered => "x-amz-content-sha256 leaves the body uncovered",
            Self::PayloadMismatch => "the body is not the one whose hash is declared",
            Self::MalformedSignature => "the signature is not one that the algorithm writes",
            Self::KeyScopeMismatch => "the verifying key was derived for another scope",
            Self::SignatureMismatch => "the signature does not match",
        })
    }
}

impl core::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RequestError> for VerifyError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}
