//! Why a signer has no key, or no credentials.

use core::fmt;
use std::sync::Arc;

use crate::error::{KeyError, SignError};
use crate::time::Timestamp;

/// Why a signer does not sign.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignerError {
    /// The provider has not been asked yet.
    NoCredentials,
    /// The credentials have expired.
    Expired {
        /// When they did.
        expiration: Timestamp,
        /// The time to sign at.
        now: Timestamp,
    },
    /// No key can be derived.
    Key(KeyError),
    /// The key does not fit the time.
    Sign(SignError),
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredentials => f.write_str("there are no credentials yet"),
            Self::Expired { expiration, now } => write_expired(f, *expiration, *now),
            Self::Key(error) => error.fmt(f),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SignerError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::NoCredentials | Self::Expired { .. } => None,
            Self::Key(error) => Some(error),
            Self::Sign(error) => Some(error),
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

/// Why a provider's answer is no use.
#[derive(Debug)]
#[non_exhaustive]
pub enum RefreshError<E> {
    /// The provider failed; shared by all who waited for its answer.
    Provider(Arc<E>),
    /// The provider answered with credentials that have expired.
    Expired {
        /// When they did.
        expiration: Timestamp,
        /// The time to sign at.
        now: Timestamp,
    },
    /// The provider answered with credentials from which no key can be derived.
    Key(KeyError),
}

impl<E> Clone for RefreshError<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Provider(error) => Self::Provider(Arc::clone(error)),
            Self::Expired { expiration, now } => {
                Self::Expired { expiration: *expiration, now: *now }
            }
            Self::Key(error) => Self::Key(*error),
        }
    }
}

impl<E: fmt::Display> fmt::Display for RefreshError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => error.fmt(f),
            Self::Expired { expiration, now } => write_expired(f, *expiration, *now),
            Self::Key(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for RefreshError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Provider(error) => Some(error),
            Self::Expired { .. } => None,
            Self::Key(error) => Some(error),
        }
    }
}

impl<E> From<KeyError> for RefreshError<E> {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

fn write_expired(f: &mut fmt::Formatter<'_>, expiration: Timestamp, now: Timestamp) -> fmt::Result {
    write!(f, "the credentials expired at {expiration}, the time is {now}")
}
