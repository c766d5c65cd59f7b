//! The decoder: takes chunks apart and verifies each before it shows its data.

use core::fmt;

use crate::chunks::Chunking;
use crate::chunks::chain::{Chain, ChunkSignature};
use crate::chunks::coverage::Coverage;
use crate::chunks::decoding::{Decoding, VerifyingChain};
use crate::chunks::error::ChunkError;
use crate::chunks::trailers::Trailers;
use crate::key::VerifyingKey;
use crate::payload::PayloadLiteral;
use crate::request::{Headers, Request};
use crate::signature::Signature;
use crate::verify::Verified;

/// Longest signed chunk in bytes that a decoder accepts unless it is told otherwise:
/// all of it has to be in memory before any of it is verified.
pub const CHUNK_LEN_MAX: usize = 16 * 1024 * 1024;

impl Verified {
    /// Begins to decode the body of this request, which was verified with this key.
    ///
    /// What the headers say about the body is taken from the request, and is as
    /// trustworthy as the rules made it: `x-amz-*` headers have to be signed by
    /// all presets but that of IAM.
    ///
    /// # Errors
    ///
    /// [`ChunkError::NotChunked`],
    /// [`MissingDecodedLength`](ChunkError::MissingDecodedLength),
    /// [`MalformedDecodedLength`](ChunkError::MalformedDecodedLength),
    /// [`MalformedTrailerNames`](ChunkError::MalformedTrailerNames),
    /// [`TrailersNotAllowed`](ChunkError::TrailersNotAllowed) or
    /// [`SeveralChecksums`](ChunkError::SeveralChecksums).
    pub fn chunk_decoder<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        key: &VerifyingKey,
    ) -> Result<ChunkDecoder, ChunkError> {
        ChunkDecoder::begin(request, self.payload, || {
            Chain::new(key.hmac_key().clone(), self.timestamp, *key.scope(), self.signature)
        })
    }
}

/// Decodes a body in chunks, and shows no data of a signed chunk before its
/// signature is verified.
///
/// The caller keeps the bytes: [`decode`](Self::decode) looks at what there is
/// and says how much of it was used. Nothing is allocated or copied. A body is
/// whole only when [`ChunkEvent::End`] has come; what was shown before of signed
/// chunks is signed, but may be the beginning of a longer body. A checksum among the
/// trailers, if feature `checksums` knows it, is compared before that end:
/// [`coverage`](Self::coverage) tells beforehand. The key is zeroed on drop.
///
/// `S` is the kind of signature, that of the request: [`Verified::chunk_decoder`] begins
/// a decoder for Signature Version 4, `sigv4a::Verified::chunk_decoder` one for SigV4a. Both
/// take bodies whose chunks carry no signature as well.
///
/// ```
/// use sigv4::chunks::{ChunkDecoder, ChunkError, ChunkEvent, ChunkSignature};
///
/// fn decode_all<S: ChunkSignature>(
///     mut decoder: ChunkDecoder<S>,
///     mut input: &[u8],
/// ) -> Result<Vec<u8>, ChunkError> {
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
pub struct ChunkDecoder<S: ChunkSignature = Signature>(Decoding<S>);

impl<S: ChunkSignature> ChunkDecoder<S> {
    pub(crate) fn begin<H: Headers + ?Sized>(
        request: &Request<'_, H>,
        payload: Option<PayloadLiteral>,
        chain: impl FnOnce() -> VerifyingChain<S>,
    ) -> Result<Self, ChunkError> {
        let chunking = payload.and_then(Chunking::of::<S>).ok_or(ChunkError::NotChunked)?;
        Decoding::new(request.headers(), chunking, chain).map(Self)
    }

    /// Accepts signed chunks of at most so many bytes, instead of [`CHUNK_LEN_MAX`].
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

    /// What covers the data of the body, according to its request. It has covered them once
    /// [`ChunkEvent::End`] has come.
    #[must_use]
    pub const fn coverage(&self) -> Coverage {
        self.0.coverage()
    }

    /// Looks for what comes next in `input`, which begins where the last call
    /// stopped consuming.
    ///
    /// Call it again with what is left until it answers
    /// [`Incomplete`](ChunkEvent::Incomplete), then read more behind that. After
    /// an error the same error is answered for ever.
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

impl<S: ChunkSignature> fmt::Debug for ChunkDecoder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkDecoder")
            .field("chunking", &self.0.chunking)
            .field("state", &self.0.state)
            .field("decoded_len", &self.0.decoded_len)
            .finish_non_exhaustive()
    }
}

/// What a decoder found.
#[derive(Clone, Copy, Debug)]
pub struct Decoded<'i> {
    /// How many bytes of the input are done with. Data that was found is the
    /// last of them.
    pub consumed: usize,
    /// What was found.
    pub event: ChunkEvent<'i>,
}

impl<'i> Decoded<'i> {
    pub(crate) const fn data(before: usize, data: &'i [u8]) -> Self {
        Self { consumed: before + data.len(), event: ChunkEvent::Data(data) }
    }
}

/// What comes out of a body in chunks.
#[derive(Clone, Copy)]
pub enum ChunkEvent<'i> {
    /// More input is needed: at least so many bytes, what was not consumed
    /// included. None at the end of the body.
    Incomplete {
        /// How many.
        needed: usize,
    },
    /// Data, verified if chunks are signed; never empty.
    Data(&'i [u8]),
    /// The end of the body, with its trailers; verified if they are signed, and with the
    /// checksum of the data where one is checked.
    End(Trailers<'i>),
}

impl fmt::Debug for ChunkEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete { needed } => {
                f.debug_struct("Incomplete").field("needed", needed).finish()
            }
            Self::Data(data) => f.debug_tuple("Data").field(&data.len()).finish(),
            Self::End(trailers) => f.debug_tuple("End").field(trailers).finish(),
        }
    }
}
