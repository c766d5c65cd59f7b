//! The decoder: takes chunks apart and verifies each before it shows its data.

use core::fmt;

use crate::chunks::decoding::Decoding;
use crate::chunks::{ChunkError, Decoded};
use crate::request::{Headers, Request};
use crate::sigv4a::chunks::Chunking;
use crate::sigv4a::chunks::chain::{Link, VerifyingChain};
use crate::sigv4a::public_key::VerifyingKey;
use crate::sigv4a::verify::Verified;

/// Decodes a body in chunks that were signed with SigV4a, and shows no data of
/// a signed chunk before its signature is verified with the public key.
///
/// Used as [`ChunkDecoder`](crate::chunks::ChunkDecoder) is, with the same events. Each
/// signed chunk costs the verifying of a signature, so that a sender of many
/// small ones keeps a verifier busy: some two hundred microseconds for as
/// little as 200 bytes.
///
/// ```
/// use sigv4::sigv4a::ChunkDecoder;
/// use sigv4::chunks::{ChunkError, ChunkEvent};
///
/// fn decode_all(mut decoder: ChunkDecoder, mut input: &[u8]) -> Result<Vec<u8>, ChunkError> {
///     let mut body = Vec::new();
///     while !input.is_empty() {
///         let decoded = decoder.decode(input)?;
///         input = &input[decoded.consumed..];
///         match decoded.event {
///             ChunkEvent::Data(data) => body.extend_from_slice(data),
///             ChunkEvent::End(_) => {}
///             ChunkEvent::Incomplete { .. } => break, // read more behind what is left
///         }
///     }
///     decoder.finish()?;
///     Ok(body)
/// }
/// ```
#[derive(Clone)]
pub struct ChunkDecoder(Decoding<VerifyingChain>);

impl ChunkDecoder {
    /// Begins to decode the body of a request that was verified with this key.
    ///
    /// What the headers say about the body is taken from the request, and is as
    /// trustworthy as the rules made it.
    ///
    /// # Errors
    ///
    /// Those of [`ChunkDecoder::new`](crate::chunks::ChunkDecoder::new).
    pub fn new<H: Headers + ?Sized>(
        request: &Request<'_, H>,
        verified: &Verified,
        key: &VerifyingKey,
    ) -> Result<Self, ChunkError> {
        let chunking = verified.payload.and_then(Chunking::of).ok_or(ChunkError::NotChunked)?;
        let Verified { timestamp, scope, signature: last, .. } = *verified;
        let chain = || VerifyingChain { key: *key, link: Link { timestamp, scope, last } };
        Decoding::new(request.headers(), chunking.wire(), chain).map(Self)
    }

    /// The same decoder, which accepts signed chunks of at most so many bytes.
    #[must_use]
    pub fn with_chunk_len_max(mut self, chunk_len_max: usize) -> Self {
        self.0.chunk_len_max = chunk_len_max;
        self
    }

    /// How many bytes of data the body has, according to its request.
    #[must_use]
    pub const fn decoded_len(&self) -> u64 {
        self.0.announced.decoded_len
    }

    /// Looks for what comes next in `input`, which begins where the last call
    /// stopped consuming.
    ///
    /// # Errors
    ///
    /// The [`ChunkError`] that ends the body.
    pub fn decode<'i>(&mut self, input: &'i [u8]) -> Result<Decoded<'i>, ChunkError> {
        self.0.decode(input)
    }

    /// Fails unless the body has come to its end. Call it when the input has.
    ///
    /// # Errors
    ///
    /// [`ChunkError::EndMissing`], or the error that ended the body before.
    pub const fn finish(&self) -> Result<(), ChunkError> {
        self.0.finish()
    }
}

impl fmt::Debug for ChunkDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkDecoder")
            .field("chunking", &self.0.chunking)
            .field("state", &self.0.state)
            .field("decoded_len", &self.0.decoded_len)
            .finish_non_exhaustive()
    }
}
