//! What can be wrong with a key, a request or a signature to be made; what can be
//! wrong with one that is presented is [`VerifyError`](crate::VerifyError).

use core::fmt;

use crate::bytes::sink::BufferTooSmall;
use crate::limits::{
    ACCESS_KEY_ID_LEN_MAX, HEADERS_MAX, PATH_SEGMENTS_MAX, QUERY_PARAMETERS_MAX, REGION_LEN_MAX,
    SERVICE_LEN_MAX,
};
use crate::time::{Date, Timestamp};

/// Why no key can be derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The access key id is empty.
    EmptyAccessKeyId,
    /// The access key id has more than [`SigningKey::ACCESS_KEY_ID_LEN_MAX`](crate::SigningKey::ACCESS_KEY_ID_LEN_MAX) bytes.
    AccessKeyIdTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The access key id holds a comma or a byte that is not visible ASCII.
    InvalidAccessKeyId,
    /// The secret access key is empty.
    EmptySecretAccessKey,
    /// The secret access key ends with a line break, as a careless copy does.
    SecretEndsWithLineBreak,
    /// The session token holds a byte that is not visible ASCII.
    InvalidSessionToken,
    /// The region is empty.
    EmptyRegion,
    /// The region has more than [`CredentialScope::REGION_LEN_MAX`](crate::CredentialScope::REGION_LEN_MAX) bytes.
    RegionTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The region holds `/`, a comma or a byte that is not visible ASCII.
    InvalidRegion,
    /// The service is empty.
    EmptyService,
    /// The service has more than [`CredentialScope::SERVICE_LEN_MAX`](crate::CredentialScope::SERVICE_LEN_MAX) bytes.
    ServiceTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The service holds `/`, a comma or a byte that is not visible ASCII.
    InvalidService,
    /// None of the candidates that SigV4a derives is a private key of the curve:
    /// one in 2<sup>8128</sup> secrets is like that.
    NoPrivateKey,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyAccessKeyId => f.write_str("the access key id is empty"),
            Self::AccessKeyIdTooLong { len } => {
                write!(f, "the access key id has {len} bytes, more than {}", ACCESS_KEY_ID_LEN_MAX)
            }
            Self::InvalidAccessKeyId => {
                f.write_str("the access key id holds a comma or a byte that is not visible ASCII")
            }
            Self::EmptySecretAccessKey => f.write_str("the secret access key is empty"),
            Self::SecretEndsWithLineBreak => f.write_str(
                "the secret access key ends with a line break, which does not belong to it",
            ),
            Self::InvalidSessionToken => {
                f.write_str("the session token holds a byte that is not visible ASCII")
            }
            Self::EmptyRegion => f.write_str("the region is empty"),
            Self::RegionTooLong { len } => {
                write!(f, "the region has {len} bytes, more than {}", REGION_LEN_MAX)
            }
            Self::InvalidRegion => {
                f.write_str("the region holds a slash, a comma or a byte that is not visible ASCII")
            }
            Self::EmptyService => f.write_str("the service is empty"),
            Self::ServiceTooLong { len } => {
                write!(f, "the service has {len} bytes, more than {}", SERVICE_LEN_MAX)
            }
            Self::InvalidService => f.write_str(
                "the service holds a slash, a comma or a byte that is not visible ASCII",
            ),
            Self::NoPrivateKey => f.write_str("no private key can be derived from the secret"),
        }
    }
}

impl core::error::Error for KeyError {}

/// What is wrong with a request, to be signed or to be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The method is not an HTTP token.
    InvalidMethod,
    /// The target holds a control character or a `#`.
    InvalidTarget {
        /// Where, in bytes from the start of the target.
        position: usize,
    },
    /// The target is not a path with an optional query: it is `*`, or begins
    /// with a scheme.
    TargetNotOriginForm,
    /// A `%` has no two hexadecimal digits behind it, in the query or in a path
    /// that is to be decoded ([`PathEncoding::Once`](crate::PathEncoding::Once)).
    MalformedEscape {
        /// Where, in bytes from the start of the target.
        position: usize,
    },
    /// A raw `+` stands where a space or a plus may be meant: in a path that is
    /// to be decoded, or in a query under [`RawPlus::Refuse`](crate::RawPlus::Refuse).
    /// Write `%20` or `%2B`.
    AmbiguousPlus {
        /// Where, in bytes from the start of the target.
        position: usize,
    },
    /// The path has to be normalised and keeps more than [`PATH_SEGMENTS_MAX`] segments.
    TooManyPathSegments,
    /// There are more than [`QUERY_PARAMETERS_MAX`] query parameters.
    TooManyParameters,
    /// There are more than [`HEADERS_MAX`] headers.
    TooManyHeaders,
    /// A header name is not an HTTP token.
    InvalidHeaderName {
        /// Which header, counted from zero.
        index: usize,
    },
    /// A header value holds a line break or a zero byte.
    InvalidHeaderValue {
        /// Which header, counted from zero.
        index: usize,
    },
    /// There is no `host` header.
    MissingHost,
    /// There is more than one host: two `host` headers, or one and another
    /// authority in the target, which in HTTP/2 is `:authority`.
    DuplicateHost,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidMethod => f.write_str("the method is not an HTTP token"),
            Self::InvalidTarget { position } => {
                write!(f, "the target holds a control character or `#` at byte {position}")
            }
            Self::TargetNotOriginForm => {
                f.write_str("the target is not a path with an optional query")
            }
            Self::MalformedEscape { position } => {
                write!(
                    f,
                    "the target holds a `%` without two hexadecimal digits at byte {position}"
                )
            }
            Self::AmbiguousPlus { position } => {
                write!(
                    f,
                    "the target holds a `+` at byte {position}: write `%20` for a space, \
                     `%2B` for a plus"
                )
            }
            Self::TooManyPathSegments => {
                write!(f, "the path keeps more than {PATH_SEGMENTS_MAX} segments")
            }
            Self::TooManyParameters => {
                write!(f, "there are more than {QUERY_PARAMETERS_MAX} query parameters")
            }
            Self::TooManyHeaders => write!(f, "there are more than {HEADERS_MAX} headers"),
            Self::InvalidHeaderName { index } => {
                write!(f, "the name of header {index} is not an HTTP token")
            }
            Self::InvalidHeaderValue { index } => {
                write!(f, "the value of header {index} holds a line break or a zero byte")
            }
            Self::MissingHost => f.write_str("there is no host header"),
            Self::DuplicateHost => f.write_str("there is more than one host"),
        }
    }
}

impl core::error::Error for RequestError {}

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The timestamp does not lie in the key's day: derive the key anew.
    WrongDay {
        /// The day the key is good for.
        key: Date,
        /// The time it was asked to sign at.
        timestamp: Timestamp,
    },
    /// The request itself is at fault.
    Request(RequestError),
    /// The request holds a header that signing would add.
    HeaderAlreadyPresent {
        /// Its name, in lower case.
        name: &'static str,
    },
    /// The query holds a parameter of the signature.
    ParameterAlreadyPresent {
        /// Its name.
        name: &'static str,
    },
    /// The request declares another payload in `x-amz-content-sha256` than the
    /// one to be signed.
    ContentSha256Mismatch,
    /// The output does not fit into the caller's buffer, which was zeroed as far
    /// as it had been written.
    BufferTooSmall {
        /// Bytes the output needs.
        needed: usize,
        /// Bytes the buffer has.
        available: usize,
    },
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongDay { key, timestamp } => {
                write!(f, "the key is good for {key}, the timestamp is {timestamp}")
            }
            Self::Request(error) => error.fmt(f),
            Self::HeaderAlreadyPresent { name } => write!(f, "the request already holds the header {name}"),
            Self::ParameterAlreadyPresent { name } => write!(f, "the query already holds the parameter {name}"),
            Self::ContentSha256Mismatch => {
                f.write_str("the header x-amz-content-sha256 declares another payload than the one to be signed")
            }
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the output needs {needed} bytes, the buffer has {available}")
            }
        }
    }
}

impl core::error::Error for SignError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RequestError> for SignError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<BufferTooSmall> for SignError {
    fn from(BufferTooSmall { needed, available }: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed, available }
    }
}
