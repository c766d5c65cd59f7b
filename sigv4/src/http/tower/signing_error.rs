//! Why a request of a client is not sent, or is sent in vain.

use core::fmt;

use crate::http::HttpSignError;
use crate::http::body::BodySignError;
use crate::http::tower::BoxError;
use crate::http::tower::body::ReadError;
use crate::signer::SignerError;
use crate::time::TimestampError;

/// Why a [`SigningService`](crate::tower::SigningService) has no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum SigningServiceError<E> {
    /// The inner service failed; the request was signed.
    Service(E),
    /// The clock shows a time that cannot be signed.
    Clock(TimestampError),
    /// There are no credentials, because the provider has none or those there are have expired.
    Credentials(SignerError),
    /// The request cannot be signed.
    Sign(HttpSignError),
    /// The request cannot be sent in chunks.
    Chunks(BodySignError),
    /// The body is longer than the setting allows to keep in memory.
    BodyTooLong {
        /// The most bytes it may have.
        max: usize,
    },
    /// The body failed while it was read.
    Body(BoxError),
}

impl<E> SigningServiceError<E> {
    pub(crate) fn of_body(error: ReadError, max: usize) -> Self {
        match error {
            ReadError::TooLong => Self::BodyTooLong { max },
            ReadError::Failed(error) => Self::Body(error),
        }
    }
}

impl<E: fmt::Display> fmt::Display for SigningServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Clock(error) => error.fmt(f),
            Self::Credentials(error) => write!(f, "there are no credentials: {error}"),
            Self::Sign(error) => error.fmt(f),
            Self::Chunks(error) => error.fmt(f),
            Self::BodyTooLong { max } => {
                write!(f, "the body has more than the {max} bytes that may be kept in memory")
            }
            Self::Body(error) => write!(f, "the body cannot be read: {error}"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for SigningServiceError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Service(error) => Some(error),
            Self::Clock(error) => Some(error),
            Self::Sign(error) => Some(error),
            Self::Chunks(error) => Some(error),
            Self::Credentials(error) => Some(error),
            Self::Body(error) => Some(&**error),
            Self::BodyTooLong { .. } => None,
        }
    }
}

impl<E> From<TimestampError> for SigningServiceError<E> {
    fn from(error: TimestampError) -> Self {
        Self::Clock(error)
    }
}

impl<E> From<SignerError> for SigningServiceError<E> {
    fn from(error: SignerError) -> Self {
        Self::Sign(error.into())
    }
}

impl<E> From<HttpSignError> for SigningServiceError<E> {
    fn from(error: HttpSignError) -> Self {
        Self::Sign(error)
    }
}

impl<E> From<BodySignError> for SigningServiceError<E> {
    fn from(error: BodySignError) -> Self {
        Self::Chunks(error)
    }
}
