//! The signer of chunks: what goes before, between and behind the data.

use core::fmt;

use crate::chunks::Chunking;
use crate::chunks::chain::{Chain, SignChunks};
use crate::chunks::encoding::Encoding;
use crate::chunks::error::ChunkSignError;
use crate::key::instant::SigningInstant;
use crate::request::Headers;
use crate::signature::Signature;

impl SigningInstant<'_> {
    /// Begins the chain of chunks behind a request that was signed with
    /// [`Chunking::literal`] at this instant, with this key.
    ///
    /// The signer keeps a copy of the key and borrows nothing, so that a body
    /// may outlive the instant.
    #[must_use]
    pub fn chunk_signer(&self, chunking: Chunking, seed: &Signature) -> ChunkSigner {
        let chain = || Chain::new(&self.key.key, self.timestamp(), &self.key.scope, *seed);
        ChunkSigner(Encoding::new(chunking, chain))
    }
}

/// Encodes a body in chunks, without touching its data.
///
/// Send what [`chunk`](Self::chunk) writes, the chunk's data and
/// [`CHUNK_END`](crate::chunks::CHUNK_END), as often as there is data, and then what
/// [`finish`](Self::finish) writes. [`Chunking::encoded_len`] tells the length
/// of it all beforehand. S3 wants at least 8 KiB in every chunk but the last.
/// The key is zeroed on drop.
///
/// ```
/// use sigv4::{Credentials, Payload, Request, SigningKey, SigningRules, Timestamp};
/// use sigv4::chunks::{CHUNK_END, CHUNK_HEADER_LEN_MAX, Chunking};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let now = Timestamp::from_unix_seconds(1_369_353_600)?;
/// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3")?;
/// let instant = key.at(now)?;
///
/// let (chunking, body) = (Chunking::Signed, b"Welcome to Amazon S3.");
/// let encoded_len = chunking.encoded_len(21, 65_536, &[]).ok_or("too long")?.to_string();
/// let headers = [
///     ("Host", "examplebucket.s3.amazonaws.com"),
///     ("Content-Encoding", "aws-chunked"),
///     ("Content-Length", encoded_len.as_str()),
///     ("X-Amz-Decoded-Content-Length", "21"),
/// ];
/// let request = Request::new("PUT", "/test.txt", &headers);
/// let mut buffer = [0; 1024];
/// let payload = Payload::Literal(chunking.literal());
/// let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer)?;
///
/// let mut signer = instant.chunk_signer(chunking, signed.signature());
/// let mut sent = Vec::new();
/// for data in body.chunks(65_536) {
///     sent.extend_from_slice(signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX])?);
///     sent.extend_from_slice(data);
///     sent.extend_from_slice(CHUNK_END);
/// }
/// sent.extend_from_slice(signer.finish::<[(&str, &str)]>(&[], &mut [0; 128])?);
/// assert_eq!(sent.len().to_string(), encoded_len);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ChunkSigner(Encoding<Chain>);

impl ChunkSigner {
    /// Writes the header of the chunk that holds `data`;
    /// [`CHUNK_HEADER_LEN_MAX`](crate::chunks::CHUNK_HEADER_LEN_MAX) bytes are always enough.
    ///
    /// # Errors
    ///
    /// [`ChunkSignError::EmptyChunk`] without data, because a chunk of no length
    /// is the end; [`Finished`](ChunkSignError::Finished); or
    /// [`BufferTooSmall`](ChunkSignError::BufferTooSmall), after which the same
    /// chunk can be signed again.
    pub fn chunk<'b>(
        &mut self,
        data: &[u8],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        self.0.chunk(data, out)
    }

    /// The same for `len` bytes of data that the caller has hashed.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk).
    pub fn hashed_chunk<'b>(
        &mut self,
        len: u64,
        sha256: &[u8; 32],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        self.0.hashed_chunk(len, sha256, out)
    }

    /// Writes what stands behind the data: the last chunk, which is empty, the
    /// trailers in the order and spelling given, and their signature. Needs
    /// [`finish_len`](Self::finish_len) bytes.
    ///
    /// # Errors
    ///
    /// [`ChunkSignError::TrailersNotAllowed`] if there are trailers and the
    /// chunking has none,
    /// [`InvalidTrailer`](ChunkSignError::InvalidTrailer),
    /// [`DuplicateTrailer`](ChunkSignError::DuplicateTrailer),
    /// [`TooManyTrailers`](ChunkSignError::TooManyTrailers),
    /// [`Finished`](ChunkSignError::Finished), or
    /// [`BufferTooSmall`](ChunkSignError::BufferTooSmall), after which it can be
    /// called again.
    pub fn finish<'b, H: Headers + ?Sized>(
        &mut self,
        trailers: &H,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        self.0.finish(trailers, out)
    }

    /// Bytes that [`finish`](Self::finish) writes.
    #[must_use]
    pub fn finish_len<H: Headers + ?Sized>(&self, trailers: &H) -> usize {
        self.0.finish_len(trailers)
    }

    /// The last signature made, at first the seed; nothing where chunks are not signed.
    #[must_use]
    pub fn signature(&self) -> Option<Signature> {
        self.0.chain.as_ref().map(Chain::last)
    }

    /// How the body goes in chunks.
    #[must_use]
    pub const fn chunking(&self) -> Chunking {
        self.0.chunking
    }
}

impl fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkSigner")
            .field("chunking", &self.0.chunking)
            .field("is_finished", &self.0.is_finished)
            .finish_non_exhaustive()
    }
}
