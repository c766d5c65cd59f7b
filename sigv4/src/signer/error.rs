//! Why a signer does not sign.

use core::fmt;
use std::sync::Arc;

use crate::error::{KeyError, SignError};
use crate::expires::ExpiresError;
use crate::signer::url::UrlError;
use crate::time::Timestamp;

/// Why a signer does not sign.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignerError {
    /// The provider has not been asked yet.
    NoCredentials,
    /// The credentials have expired, or those with which the provider answered.
    Expired {
        /// When they did.
        expiration: Timestamp,
        /// The time to sign at.
        now: Timestamp,
    },
    /// The provider failed; shared by all who waited for its answer.
    Provider(Arc<dyn core::error::Error + Send + Sync>),
    /// There is no provider to ask for other credentials.
    NoProvider,
    /// No key can be derived.
    Key(KeyError),
    /// The request is refused, or the key does not fit the time.
    Sign(SignError),
    /// The text is not a URL that can be presigned.
    Url(UrlError),
    /// A presigned URL cannot be good for so long.
    Expires(ExpiresError),
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredentials => f.write_str("there are no credentials yet"),
            Self::Expired { expiration, now } => {
                write!(f, "the credentials expired at {expiration}, the time is {now}")
            }
            Self::Provider(error) => error.fmt(f),
            Self::NoProvider => f.write_str("there is no provider to ask for other credentials"),
            Self::Key(error) => error.fmt(f),
            Self::Sign(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
            Self::Expires(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SignerError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::NoCredentials | Self::Expired { .. } | Self::NoProvider => None,
            Self::Provider(error) => Some(&**error),
            Self::Key(error) => Some(error),
            Self::Sign(error) => Some(error),
            Self::Url(error) => Some(error),
            Self::Expires(error) => Some(error),
        }
    }
}

impl From<KeyError> for SignerError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<SignError> for SignerError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<UrlError> for SignerError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

impl From<ExpiresError> for SignerError {
    fn from(error: ExpiresError) -> Self {
        Self::Expires(error)
    }
}
