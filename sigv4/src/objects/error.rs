//! Why there is no bucket, or no URL of an object.

use core::fmt;

use crate::expires::ExpiresError;
use crate::objects::request::PART_NUMBER_MAX;
use crate::signer::{SignerError, UrlError};

/// Why there cannot be such a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BucketError {
    /// The name is empty, longer than 255 bytes, `.` or `..`, or holds something else than
    /// `A-Z a-z 0-9 - . _`; or it is to stand before a host and is none that a host can have.
    Name,
    /// The region is empty, or holds something else than `a-z 0-9 -`.
    Region,
    /// The endpoint has a query.
    EndpointQuery,
    /// The endpoint is not a URL.
    Endpoint(UrlError),
    /// An address cannot have a bucket's name before it; take
    /// [`Bucket::path_style`](crate::objects::Bucket::path_style).
    EndpointIsAddress,
}

impl fmt::Display for BucketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("the name of the bucket is none that a bucket can have"),
            Self::Region => f.write_str("the name of the region is none that a region can have"),
            Self::EndpointQuery => f.write_str("the endpoint has a query"),
            Self::Endpoint(error) => write!(f, "of the endpoint: {error}"),
            Self::EndpointIsAddress => {
                f.write_str("a bucket's name cannot stand before an address: take the path style")
            }
        }
    }
}

impl core::error::Error for BucketError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Endpoint(error) => Some(error),
            Self::Name | Self::Region | Self::EndpointQuery | Self::EndpointIsAddress => None,
        }
    }
}

impl From<UrlError> for BucketError {
    fn from(error: UrlError) -> Self {
        Self::Endpoint(error)
    }
}

/// Why there is no URL of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ObjectError {
    /// An empty key names no object: its URL would be that of the bucket.
    EmptyKey,
    /// The number of a part is 0 or more than [`PART_NUMBER_MAX`].
    PartNumber {
        /// What was asked for.
        number: u32,
    },
    /// It cannot be signed.
    Signer(SignerError),
    /// A header that it was given cannot be sent.
    #[cfg(feature = "http")]
    Header,
    /// The URL is longer than the `http` crate allows, 65,534 bytes.
    #[cfg(feature = "http")]
    UrlTooLong,
    /// No URL of reqwest can carry the path: of `a/../b` it would make `b`. The clients that can
    /// are those of the `http` crate, hyper's for one.
    #[cfg(feature = "reqwest")]
    PathRewritten,
}

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyKey => f.write_str("an empty key names no object"),
            Self::PartNumber { number } => {
                write!(f, "the number of a part, {number}, lies outside 1 to {PART_NUMBER_MAX}")
            }
            Self::Signer(error) => error.fmt(f),
            #[cfg(feature = "http")]
            Self::Header => f.write_str("a header cannot be sent"),
            #[cfg(feature = "http")]
            Self::UrlTooLong => f.write_str("the URL is longer than 65,534 bytes"),
            #[cfg(feature = "reqwest")]
            Self::PathRewritten => f.write_str(
                "the key has a segment `.` or `..`, which reqwest's URL would resolve: \
                 send it by a client of the http crate",
            ),
        }
    }
}

impl core::error::Error for ObjectError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Signer(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SignerError> for ObjectError {
    fn from(error: SignerError) -> Self {
        Self::Signer(error)
    }
}

impl From<ExpiresError> for ObjectError {
    fn from(error: ExpiresError) -> Self {
        Self::Signer(error.into())
    }
}
