//! What S3 answers to what is refused.

use ::http::StatusCode;

use crate::chunks::ChunkError;

/// Which of its errors S3 answers with: those of "Error responses" in its API reference.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "tower"), expect(dead_code, reason = "the layers answer all of them"))]
pub(crate) enum Answer {
    AccessDenied,
    AuthorizationHeaderMalformed,
    AuthorizationQueryParametersError,
    BadDigest,
    EntityTooLarge,
    ExpiredToken,
    IncompleteBody,
    InternalError,
    InvalidAccessKeyId,
    InvalidArgument,
    InvalidRequest,
    InvalidToken,
    InvalidUri,
    MalformedTrailerError,
    MissingContentLength,
    RequestTimeTooSkewed,
    SignatureDoesNotMatch,
    XAmzContentSha256Mismatch,
}

impl Answer {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::AccessDenied => "AccessDenied",
            Self::AuthorizationHeaderMalformed => "AuthorizationHeaderMalformed",
            Self::AuthorizationQueryParametersError => "AuthorizationQueryParametersError",
            Self::BadDigest => "BadDigest",
            Self::EntityTooLarge => "EntityTooLarge",
            Self::ExpiredToken => "ExpiredToken",
            Self::IncompleteBody => "IncompleteBody",
            Self::InternalError => "InternalError",
            Self::InvalidAccessKeyId => "InvalidAccessKeyId",
            Self::InvalidArgument => "InvalidArgument",
            Self::InvalidRequest => "InvalidRequest",
            Self::InvalidToken => "InvalidToken",
            Self::InvalidUri => "InvalidURI",
            Self::MalformedTrailerError => "MalformedTrailerError",
            Self::MissingContentLength => "MissingContentLength",
            Self::RequestTimeTooSkewed => "RequestTimeTooSkewed",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::XAmzContentSha256Mismatch => "XAmzContentSHA256Mismatch",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::AccessDenied
            | Self::InvalidAccessKeyId
            | Self::RequestTimeTooSkewed
            | Self::SignatureDoesNotMatch => StatusCode::FORBIDDEN,
            Self::AuthorizationHeaderMalformed
            | Self::AuthorizationQueryParametersError
            | Self::BadDigest
            | Self::EntityTooLarge
            | Self::ExpiredToken
            | Self::IncompleteBody
            | Self::InvalidArgument
            | Self::InvalidRequest
            | Self::InvalidToken
            | Self::InvalidUri
            | Self::MalformedTrailerError
            | Self::XAmzContentSha256Mismatch => StatusCode::BAD_REQUEST,
            Self::MissingContentLength => StatusCode::LENGTH_REQUIRED,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is answered to a body in chunks.
    pub(crate) const fn to_chunks(error: ChunkError) -> Self {
        match error {
            ChunkError::ChecksumMismatch { .. } => Self::BadDigest,
            ChunkError::ChunkSignatureMismatch { .. } | ChunkError::TrailerSignatureMismatch => {
                Self::SignatureDoesNotMatch
            }
            ChunkError::MissingDecodedLength => Self::MissingContentLength,
            ChunkError::DecodedLengthExceeded { .. }
            | ChunkError::DecodedLengthNotReached { .. }
            | ChunkError::EndMissing => Self::IncompleteBody,
            ChunkError::ChunkTooLong { .. } => Self::EntityTooLarge,
            ChunkError::MalformedTrailer
            | ChunkError::TooManyTrailers
            | ChunkError::TrailersTooLong
            | ChunkError::DuplicateTrailer
            | ChunkError::UnexpectedTrailer
            | ChunkError::MissingTrailer
            | ChunkError::MissingTrailerSignature => Self::MalformedTrailerError,
            ChunkError::NotChunked
            | ChunkError::MalformedDecodedLength
            | ChunkError::MalformedTrailerNames
            | ChunkError::TrailersNotAllowed
            | ChunkError::SeveralChecksums
            | ChunkError::MalformedChecksum { .. }
            | ChunkError::ChunkHeaderTooLong
            | ChunkError::MalformedChunkHeader
            | ChunkError::MissingChunkEnd
            | ChunkError::DataAfterEnd => Self::InvalidRequest,
        }
    }
}
