//! The signer of chunks: what goes before, between and behind the data.

use core::fmt;

use crate::chunks::chain::Chain;
use crate::chunks::error::ChunkSignError;
use crate::chunks::trailers::{self, SortedTrailers};
use crate::chunks::{CHUNK_END, Chunking, header};
use crate::hash::{self, in_u64};
use crate::instant::SigningInstant;
use crate::request::Headers;
use crate::signature::Signature;
use crate::sink::{Buffer, Sink};

impl SigningInstant<'_> {
    /// Begins the chain of chunks behind a request that was signed with
    /// [`Chunking::literal`] at this instant, with this key.
    ///
    /// The signer keeps a copy of the key and borrows nothing, so that a body
    /// may outlive the instant.
    #[must_use]
    pub fn chunk_signer(&self, chunking: Chunking, seed: &Signature) -> ChunkSigner {
        let chain = chunking
            .is_signed()
            .then(|| Chain::new(&self.key.key, self.timestamp(), &self.key.scope, *seed));
        ChunkSigner { chunking, chain, is_finished: false }
    }
}

/// Encodes a body in chunks, without touching its data.
///
/// Send what [`chunk`](Self::chunk) writes, the chunk's data and
/// [`CHUNK_END`], as often as there is data, and then what
/// [`finish`](Self::finish) writes. [`Chunking::encoded_len`] tells the length
/// of it all beforehand. S3 wants at least 8 KiB in every chunk but the last.
/// The key is zeroed on drop.
///
/// ```
/// use sigv4::{
///     CHUNK_END, CHUNK_HEADER_LEN_MAX, Chunking, Credentials, Payload, Request, SigningKey,
///     SigningRules, Timestamp,
/// };
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
pub struct ChunkSigner {
    chunking: Chunking,
    /// Nothing where chunks are not signed.
    chain: Option<Chain>,
    is_finished: bool,
}

impl ChunkSigner {
    /// Writes the header of the chunk that holds `data`;
    /// [`CHUNK_HEADER_LEN_MAX`](crate::CHUNK_HEADER_LEN_MAX) bytes are always enough.
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
        self.write_chunk(in_u64(data.len()), || hash::sha256(data), out)
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
        self.write_chunk(len, || *sha256, out)
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
        if self.is_finished {
            return Err(ChunkSignError::Finished);
        }
        let sorted = SortedTrailers::new(trailers)?;
        if !sorted.is_empty() && !self.chunking.has_trailers() {
            return Err(ChunkSignError::TrailersNotAllowed);
        }
        let mut out = Buffer::new(out);
        out.require(self.finish_len(trailers))?;
        let mut chain = self.chain.clone();
        let signature = chain.as_mut().map(|chain| {
            let signature = chain.chunk(&hash::sha256(b""));
            chain.extend(signature);
            signature
        });
        header::write(&mut out, 0, signature.as_ref());
        trailers::write(&mut out, trailers);
        if let (Chunking::SignedWithTrailers, Some(chain)) = (self.chunking, chain.as_mut()) {
            let signature = chain.trailers(&sorted.sha256());
            chain.extend(signature);
            trailers::write_signature(&mut out, &signature);
        }
        out.write(CHUNK_END);
        let written = out.finish()?;
        self.chain = chain;
        self.is_finished = true;
        Ok(written)
    }

    /// Bytes that [`finish`](Self::finish) writes.
    #[must_use]
    pub fn finish_len<H: Headers + ?Sized>(&self, trailers: &H) -> usize {
        let header = header::len(self.chunking, 0);
        trailers.pairs().fold(header + self.chunking.end_len(), |len, (name, value)| {
            len.saturating_add(name.len() + value.len() + trailers::LINE_OVERHEAD)
        })
    }

    /// The last signature made, at first the seed; nothing where chunks are not signed.
    #[must_use]
    pub fn signature(&self) -> Option<Signature> {
        self.chain.as_ref().map(Chain::last)
    }

    /// How the body goes in chunks.
    #[must_use]
    pub const fn chunking(&self) -> Chunking {
        self.chunking
    }

    fn write_chunk<'b>(
        &mut self,
        len: u64,
        sha256: impl FnOnce() -> [u8; 32],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        if self.is_finished {
            return Err(ChunkSignError::Finished);
        }
        if len == 0 {
            return Err(ChunkSignError::EmptyChunk);
        }
        let mut out = Buffer::new(out);
        // Before any hashing, and before the chain goes on.
        out.require(header::len(self.chunking, len))?;
        let signature = self.chain.as_mut().map(|chain| {
            let signature = chain.chunk(&sha256());
            chain.extend(signature);
            signature
        });
        header::write(&mut out, len, signature.as_ref());
        Ok(out.finish()?)
    }
}

impl fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkSigner")
            .field("chunking", &self.chunking)
            .field("is_finished", &self.is_finished)
            .finish_non_exhaustive()
    }
}
