//! The signer of chunks: what goes before, between and behind the data.

use core::fmt;

use crate::bytes::sink::{Buffer, Sink};
use crate::chunks::chain::{Chain, ChainLink, ChunkSignature};
use crate::chunks::error::ChunkSignError;
use crate::chunks::trailers::{self, SortedTrailers};
use crate::chunks::{CHUNK_END, Chunking, header};
use crate::key::instant::SigningInstant;
use crate::request::Headers;
use crate::sha256::{self, in_u64};
use crate::sign::signatory::Signatory;
use crate::signature::Signature;

/// The chain that a signer goes on with.
pub(crate) type SigningChain<S> = Chain<S, <S as ChainLink>::SigningKey>;

/// What begins a chain: the instants of either algorithm.
pub(crate) trait BeginChain<'k>: Signatory<'k, Signature: ChunkSignature> {
    /// The chain behind a request that was signed at this instant.
    fn chain(&self, seed: &Self::Signature) -> SigningChain<Self::Signature>;

    fn begin_chunks(
        &self,
        chunking: Chunking,
        seed: &Self::Signature,
    ) -> ChunkSigner<Self::Signature> {
        let chain = chunking.is_signed().then(|| self.chain(seed));
        ChunkSigner { chunking, chain, is_finished: false }
    }
}

impl<'k> BeginChain<'k> for SigningInstant<'k> {
    fn chain(&self, seed: &Signature) -> SigningChain<Signature> {
        Chain::new(self.key.key.clone(), self.timestamp(), self.key.scope, *seed)
    }
}

impl SigningInstant<'_> {
    /// Begins the chain of chunks behind a request that was signed with
    /// [`Chunking::literal`] at this instant, with this key.
    ///
    /// The signer keeps a copy of the key and borrows nothing, so that a body
    /// may outlive the instant.
    #[must_use]
    pub fn chunk_signer(&self, chunking: Chunking, seed: &Signature) -> ChunkSigner {
        self.begin_chunks(chunking, seed)
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
/// `S` is the kind of signature: begun by a
/// [`SigningInstant`](SigningInstant::chunk_signer), this signs with Signature Version 4. What
/// `sigv4a::SigningInstant::chunk_signer` begins signs with SigV4a; each signature then takes
/// some two hundred microseconds, so that chunks should have 64 KiB or more.
///
/// ```
/// use sigv4::chunks::{CHUNK_END, CHUNK_HEADER_LEN_MAX, Chunking};
/// use sigv4::{Credentials, Payload, Request, Signature, SigningKey, SigningRules, Timestamp};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let now = Timestamp::from_unix_seconds(1_369_353_600)?;
/// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3")?;
/// let instant = key.at(now)?;
///
/// let (chunking, body) = (Chunking::Signed, b"Welcome to Amazon S3.");
/// let encoded_len = chunking.encoded_len::<Signature>(21, 65_536, &[]).ok_or("too long")?;
/// let headers = [
///     ("Host", "examplebucket.s3.amazonaws.com"),
///     ("Content-Encoding", "aws-chunked"),
///     ("Content-Length", &encoded_len.to_string()),
///     ("X-Amz-Decoded-Content-Length", "21"),
/// ];
/// let request = Request::new("PUT", "/test.txt", &headers);
/// let mut buffer = [0; 1024];
/// let payload = Payload::Literal(chunking.literal::<Signature>());
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
/// assert_eq!(u64::try_from(sent.len())?, encoded_len);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ChunkSigner<S: ChunkSignature = Signature> {
    chunking: Chunking,
    /// Nothing where chunks are not signed.
    chain: Option<SigningChain<S>>,
    is_finished: bool,
}

impl<S: ChunkSignature> ChunkSigner<S> {
    /// Writes the header of the chunk that holds `data`;
    /// [`CHUNK_HEADER_LEN_MAX`](crate::chunks::CHUNK_HEADER_LEN_MAX) bytes are always enough
    /// (for SigV4a `sigv4a::CHUNK_HEADER_LEN_MAX`).
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
        self.write_chunk(in_u64(data.len()), || sha256::digest(data), out)
    }

    /// Writes the header of a chunk of `len` bytes that the caller has hashed, as
    /// [`chunk`](Self::chunk) does for data that is there.
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

    /// Bytes that [`hashed_chunk`](Self::hashed_chunk) writes for `len` bytes of data.
    #[cfg(feature = "http-body")]
    pub(crate) const fn header_len(&self, len: u64) -> usize {
        header::len::<S>(self.chunking, len)
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
        let signature = chain.as_mut().map(|chain| chain.sign_chunk(&sha256::digest(b"")));
        header::write(&mut out, 0, signature.as_ref());
        trailers::write(&mut out, trailers);
        if let (Chunking::SignedWithTrailers, Some(chain)) = (self.chunking, chain.as_mut()) {
            trailers::write_signature(&mut out, &chain.sign_trailers(&sorted.sha256()));
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
        let header = header::len::<S>(self.chunking, 0);
        let end = self.chunking.end_len::<S>();
        trailers.pairs().fold(header + end, |len, (name, value)| {
            len.saturating_add(name.len() + value.len() + trailers::LINE_OVERHEAD)
        })
    }

    /// The last signature made, at first the seed; nothing where chunks are not signed.
    #[must_use]
    pub fn signature(&self) -> Option<S> {
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
        out.require(header::len::<S>(self.chunking, len))?;
        let signature = self.chain.as_mut().map(|chain| chain.sign_chunk(&sha256()));
        header::write(&mut out, len, signature.as_ref());
        Ok(out.finish()?)
    }
}

impl<S: ChunkSignature> fmt::Debug for ChunkSigner<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkSigner")
            .field("chunking", &self.chunking)
            .field("is_finished", &self.is_finished)
            .finish_non_exhaustive()
    }
}
