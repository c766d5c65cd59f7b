//! What can be wrong with a body in chunks.

use core::fmt;

use crate::bytes::sink::BufferTooSmall;
use crate::chunks::checksum_algorithm::ChecksumAlgorithm;
use crate::chunks::trailers::{TRAILERS_LEN_MAX, TRAILERS_MAX};

/// Why a chunk cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChunkSignError {
    /// The chunk has no data, which would end the body.
    EmptyChunk,
    /// The body has ended.
    Finished,
    /// There are trailers, and the chunking has none.
    TrailersNotAllowed,
    /// There are more than [`TRAILERS_MAX`] trailers.
    TooManyTrailers,
    /// A trailer's name is not an HTTP token or that of the signature, or its
    /// value holds a line break or a zero byte.
    InvalidTrailer {
        /// Which trailer, counted from zero.
        index: usize,
    },
    /// A trailer has the name of one before it.
    DuplicateTrailer {
        /// Which trailer, counted from zero.
        index: usize,
    },
    /// The output does not fit into the caller's buffer, in which nothing was written.
    BufferTooSmall {
        /// Bytes the output needs.
        needed: usize,
        /// Bytes the buffer has.
        available: usize,
    },
}

impl fmt::Display for ChunkSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyChunk => f.write_str("a chunk without data would end the body"),
            Self::Finished => f.write_str("the body has ended"),
            Self::TrailersNotAllowed => f.write_str("chunks of this kind have no trailers"),
            Self::TooManyTrailers => write!(f, "there are more than {TRAILERS_MAX} trailers"),
            Self::InvalidTrailer { index } => write!(f, "trailer {index} is not valid"),
            Self::DuplicateTrailer { index } => {
                write!(f, "trailer {index} has the name of one before it")
            }
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the output needs {needed} bytes, the buffer has {available}")
            }
        }
    }
}

impl core::error::Error for ChunkSignError {}

impl From<BufferTooSmall> for ChunkSignError {
    fn from(BufferTooSmall { needed, available }: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed, available }
    }
}

/// Why a body in chunks is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChunkError {
    /// `x-amz-content-sha256` does not say that the body comes in chunks, or
    /// says a kind of chunks that this crate does not know.
    NotChunked,
    /// There is no `x-amz-decoded-content-length`.
    MissingDecodedLength,
    /// `x-amz-decoded-content-length` is there twice, or is not a decimal number
    /// of at most 64 bits.
    MalformedDecodedLength,
    /// `x-amz-trailer` holds something that is no name, or a name twice, or more
    /// than [`TRAILERS_MAX`] names or
    /// [`TRAILER_NAMES_LEN_MAX`](crate::chunks::TRAILER_NAMES_LEN_MAX) bytes.
    MalformedTrailerNames,
    /// `x-amz-trailer` holds the names of several checksums; S3 takes one.
    SeveralChecksums,
    /// `x-amz-trailer` announces trailers where no signature would cover them: behind
    /// signed chunks whose literal does not end with `-TRAILER`.
    TrailersNotAllowed,
    /// A chunk header has more than
    /// [`CHUNK_HEADER_LEN_MAX`](crate::chunks::CHUNK_HEADER_LEN_MAX) bytes (for SigV4a
    /// `sigv4a::CHUNK_HEADER_LEN_MAX`).
    ChunkHeaderTooLong,
    /// A chunk header is not a length, a signature where chunks are signed, and CRLF.
    MalformedChunkHeader,
    /// A signed chunk is longer than the decoder was told to accept.
    ChunkTooLong {
        /// Its length in bytes.
        len: u64,
        /// The longest that is accepted.
        max: u64,
    },
    /// The chunks hold more than `x-amz-decoded-content-length` says.
    DecodedLengthExceeded {
        /// What it says.
        declared: u64,
    },
    /// The body ended before `x-amz-decoded-content-length` was reached.
    DecodedLengthNotReached {
        /// What it says.
        declared: u64,
        /// What there was.
        decoded: u64,
    },
    /// The signature of a chunk does not match.
    ChunkSignatureMismatch {
        /// Which chunk, counted from zero.
        index: u64,
    },
    /// There is no CRLF behind the data of a chunk.
    MissingChunkEnd,
    /// A line behind the last chunk is not `name:value`, or stands behind the
    /// trailers' signature.
    MalformedTrailer,
    /// There are more than [`TRAILERS_MAX`] trailers.
    TooManyTrailers,
    /// The trailers have more than [`TRAILERS_LEN_MAX`] bytes.
    TrailersTooLong,
    /// A trailer is there twice.
    DuplicateTrailer,
    /// There is a trailer that `x-amz-trailer` does not announce, or a signature
    /// of trailers where they are not signed.
    UnexpectedTrailer,
    /// A trailer that `x-amz-trailer` announces is not there.
    MissingTrailer,
    /// The trailers have no signature.
    MissingTrailerSignature,
    /// The signature of the trailers does not match.
    TrailerSignatureMismatch,
    /// The checksum of the trailers is not Base64, or not as long as its kind.
    MalformedChecksum {
        /// How it is computed.
        algorithm: ChecksumAlgorithm,
    },
    /// The checksum of the trailers is not that of the decoded body.
    ChecksumMismatch {
        /// How it is computed.
        algorithm: ChecksumAlgorithm,
    },
    /// The input ended before the body did.
    EndMissing,
    /// The input goes on behind the end of the body.
    DataAfterEnd,
}

impl fmt::Display for ChunkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChunkTooLong { len, max } => {
                return write!(f, "a chunk has {len} bytes, more than {max}");
            }
            Self::DecodedLengthExceeded { declared } => {
                return write!(f, "the chunks hold more than the declared {declared} bytes");
            }
            Self::DecodedLengthNotReached { declared, decoded } => {
                return write!(f, "the chunks hold {decoded} of the declared {declared} bytes");
            }
            Self::ChunkSignatureMismatch { index } => {
                return write!(f, "the signature of chunk {index} does not match");
            }
            Self::MalformedChecksum { algorithm } => {
                return write!(f, "the value of {} is malformed", algorithm.trailer());
            }
            Self::ChecksumMismatch { algorithm } => {
                return write!(f, "{} is not that of the body", algorithm.trailer());
            }
            Self::TooManyTrailers => {
                return write!(f, "there are more than {TRAILERS_MAX} trailers");
            }
            Self::TrailersTooLong => {
                return write!(f, "the trailers have more than {TRAILERS_LEN_MAX} bytes");
            }
            Self::NotChunked => "the body does not come in chunks of a known kind",
            Self::MissingDecodedLength => "x-amz-decoded-content-length is missing",
            Self::MalformedDecodedLength => "x-amz-decoded-content-length is malformed",
            Self::MalformedTrailerNames => "x-amz-trailer is malformed",
            Self::SeveralChecksums => "x-amz-trailer names several checksums",
            Self::TrailersNotAllowed => "x-amz-trailer announces what chunks of this kind lack",
            Self::ChunkHeaderTooLong => "a chunk header is too long",
            Self::MalformedChunkHeader => "a chunk header is malformed",
            Self::MissingChunkEnd => "there is no line end behind the data of a chunk",
            Self::MalformedTrailer => "a line of the trailers is malformed",
            Self::DuplicateTrailer => "a trailer is there twice",
            Self::UnexpectedTrailer => "there is a trailer that was not announced",
            Self::MissingTrailer => "a trailer that was announced is missing",
            Self::MissingTrailerSignature => "the trailers have no signature",
            Self::TrailerSignatureMismatch => "the signature of the trailers does not match",
            Self::EndMissing => "the body ends early",
            Self::DataAfterEnd => "the input goes on behind the end of the body",
        })
    }
}

impl core::error::Error for ChunkError {}
