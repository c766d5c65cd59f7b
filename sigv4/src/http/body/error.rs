//! What can be wrong with a body on its way.

#[cfg(feature = "tower")]
use core::convert::Infallible;
use core::fmt;
#[cfg(feature = "tower")]
use std::boxed::Box;

use ::http::StatusCode;

use crate::chunks::{ChunkError, ChunkSignError};
use crate::http::HttpSignError;
use crate::http::answer::Answer;

#[cfg(feature = "tower")]
type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// Why a request cannot be sent in chunks.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodySignError {
    /// The request cannot be signed.
    Sign(HttpSignError),
    /// The body does not know its exact length.
    UnknownLength,
    /// The length of the encoded body does not fit 64 bits, or chunks have none.
    TooLong,
    /// There are trailers, and the chunking has none.
    TrailersNotAllowed,
    /// The name of a trailer is not valid.
    InvalidTrailer,
    /// Several of the trailers are checksums; S3 takes one.
    SeveralChecksums,
    /// The `content-encoding` of the request cannot be added to.
    InvalidHeader,
}

impl fmt::Display for BodySignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sign(error) => return error.fmt(f),
            Self::UnknownLength => "the body does not know its exact length",
            Self::TooLong => "the encoded body has no length that fits 64 bits",
            Self::TrailersNotAllowed => "chunks of this kind have no trailers",
            Self::InvalidTrailer => "the name of a trailer is not valid",
            Self::SeveralChecksums => "several of the trailers are checksums",
            Self::InvalidHeader => "the content-encoding cannot be added to",
        })
    }
}

impl core::error::Error for BodySignError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            _ => None,
        }
    }
}

impl From<HttpSignError> for BodySignError {
    fn from(error: HttpSignError) -> Self {
        Self::Sign(error)
    }
}

/// Why a body cannot be signed as it streams.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignedBodyError<E> {
    /// The body itself fails.
    Body(E),
    /// The body has another length than it said.
    LengthMismatch {
        /// What it said.
        declared: u64,
    },
    /// A trailer that was announced does not come.
    MissingTrailer,
    /// A trailer comes that was not announced.
    UnexpectedTrailer,
    /// The value of a trailer has another length than was announced.
    TrailerLengthMismatch {
        /// What was announced.
        announced: usize,
    },
    /// The signer refuses a trailer.
    Chunk(ChunkSignError),
}

impl<E: fmt::Display> fmt::Display for SignedBodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::LengthMismatch { declared } => {
                write!(f, "the body does not have the declared {declared} bytes")
            }
            Self::MissingTrailer => f.write_str("a trailer that was announced is missing"),
            Self::UnexpectedTrailer => f.write_str("there is a trailer that was not announced"),
            Self::TrailerLengthMismatch { announced } => {
                write!(f, "a trailer does not have the announced {announced} bytes")
            }
            Self::Chunk(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for SignedBodyError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Chunk(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(feature = "tower")]
impl<E: Into<BoxError>> SignedBodyError<E> {
    /// This error for whoever knows neither its type nor the body's.
    pub(crate) fn into_boxed(self) -> BoxError {
        BoxError::from(match self {
            Self::Body(error) => return error.into(),
            Self::LengthMismatch { declared } => {
                SignedBodyError::<Infallible>::LengthMismatch { declared }
            }
            Self::MissingTrailer => SignedBodyError::MissingTrailer,
            Self::UnexpectedTrailer => SignedBodyError::UnexpectedTrailer,
            Self::TrailerLengthMismatch { announced } => {
                SignedBodyError::TrailerLengthMismatch { announced }
            }
            Self::Chunk(error) => SignedBodyError::Chunk(error),
        })
    }
}

impl<E> From<ChunkSignError> for SignedBodyError<E> {
    fn from(error: ChunkSignError) -> Self {
        Self::Chunk(error)
    }
}

/// Why a body is refused as it streams.
///
/// A server that reads the body to its end answers with [`status`](Self::status) and
/// [`code`](Self::code); with feature `tower`, `Refusal::of_body_error` finds it in a boxed error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum VerifiedBodyError<E> {
    /// The body itself fails.
    Body(E),
    /// The decoder refuses it.
    Chunk(ChunkError),
    /// A trailer cannot stand in a header of the `http` crate.
    InvalidTrailer,
}

impl<E> VerifiedBodyError<E> {
    /// The status that S3 answers with: 403 where a signature is wrong, else 400, or 411 where a
    /// length is missing.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.answer().status()
    }

    /// The code that S3 answers with, one of the "Error responses" of its API
    /// reference: `BadDigest` where the checksum is another.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.answer().code()
    }

    pub(crate) const fn answer(&self) -> Answer {
        match self {
            Self::Body(_) => Answer::IncompleteBody,
            Self::Chunk(error) => Answer::to_chunks(*error),
            Self::InvalidTrailer => Answer::MalformedTrailerError,
        }
    }
}

impl<E: fmt::Display> fmt::Display for VerifiedBodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::Chunk(error) => error.fmt(f),
            Self::InvalidTrailer => f.write_str("a trailer is not a valid header"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for VerifiedBodyError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Chunk(error) => Some(error),
            Self::InvalidTrailer => None,
        }
    }
}

#[cfg(feature = "tower")]
impl<E: Into<BoxError>> VerifiedBodyError<E> {
    /// This error for whoever knows neither its type nor the body's.
    pub(crate) fn into_boxed(self) -> BoxError {
        BoxError::from(match self {
            Self::Body(error) => return error.into(),
            Self::Chunk(error) => VerifiedBodyError::<Infallible>::Chunk(error),
            Self::InvalidTrailer => VerifiedBodyError::InvalidTrailer,
        })
    }
}

impl<E> From<ChunkError> for VerifiedBodyError<E> {
    fn from(error: ChunkError) -> Self {
        Self::Chunk(error)
    }
}
