//! The decoder: takes chunks apart and verifies each before it shows its data.

use core::fmt;

use crate::chunks::announced::Announced;
use crate::chunks::chain::Chain;
use crate::chunks::error::ChunkError;
use crate::chunks::header::ChunkHeader;
use crate::chunks::trailers::{TrailerSection, Trailers};
use crate::chunks::{CHUNK_END, Chunking};
use crate::hash::{self, in_u64};
use crate::key::VerifyingKey;
use crate::request::{Headers, Request};
use crate::signature::Signature;
use crate::verify::Verified;

/// Longest signed chunk in bytes that a decoder accepts unless it is told otherwise:
/// all of it has to be in memory before any of it is verified.
pub const CHUNK_LEN_MAX: usize = 16 * 1024 * 1024;

/// Decodes a body in chunks, and shows no data of a signed chunk before its
/// signature is verified.
///
/// The caller keeps the bytes: [`decode`](Self::decode) looks at what there is
/// and says how much of it was used. Nothing is allocated or copied. A body is
/// whole only when [`ChunkEvent::End`] has come; what was shown before is
/// signed, but may be the beginning of a longer body. The key is zeroed on drop.
///
/// ```
/// use sigv4::{ChunkDecoder, ChunkError, ChunkEvent};
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
pub struct ChunkDecoder {
    chunking: Chunking,
    announced: Announced,
    /// Nothing where chunks are not signed.
    chain: Option<Chain>,
    chunk_len_max: usize,
    state: State,
    /// Bytes of data in all chunks whose header was read.
    decoded_len: u64,
    /// Chunks that were verified.
    chunks: u64,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum State {
    Header,
    /// Data that is verified as a whole.
    Signed {
        len: usize,
        signature: Signature,
    },
    /// Data that nothing verifies.
    Unsigned {
        left: u64,
    },
    ChunkEnd,
    Trailers,
    End,
    Failed(ChunkError),
}

impl ChunkDecoder {
    /// Begins to decode the body of a request that was verified with this key.
    ///
    /// What the headers say about the body is taken from the request, and is as
    /// trustworthy as the rules made it: `x-amz-*` headers have to be signed by
    /// all presets but that of IAM.
    ///
    /// # Errors
    ///
    /// [`ChunkError::NotChunked`],
    /// [`MissingDecodedLength`](ChunkError::MissingDecodedLength),
    /// [`MalformedDecodedLength`](ChunkError::MalformedDecodedLength) or
    /// [`MalformedTrailerNames`](ChunkError::MalformedTrailerNames).
    pub fn new<H: Headers + ?Sized>(
        request: &Request<'_, H>,
        verified: &Verified,
        key: &VerifyingKey,
    ) -> Result<Self, ChunkError> {
        let chunking = verified.payload.and_then(Chunking::of).ok_or(ChunkError::NotChunked)?;
        let Verified { timestamp, signature, .. } = *verified;
        let chain = || Chain::new(key.hmac_key(), timestamp, key.scope(), signature);
        Ok(Self {
            chunking,
            announced: Announced::read(request.headers())?,
            chain: chunking.is_signed().then(chain),
            chunk_len_max: CHUNK_LEN_MAX,
            state: State::Header,
            decoded_len: 0,
            chunks: 0,
        })
    }

    /// The same decoder, which accepts signed chunks of at most so many bytes.
    #[must_use]
    pub fn with_chunk_len_max(self, chunk_len_max: usize) -> Self {
        Self { chunk_len_max, ..self }
    }

    /// How many bytes of data the body has, according to its request.
    #[must_use]
    pub const fn decoded_len(&self) -> u64 {
        self.announced.decoded_len
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
        let decoded = self.step(input);
        if let Err(error) = decoded {
            self.state = State::Failed(error);
            // Nothing is verified with it any more.
            self.chain = None;
        }
        decoded
    }

    /// Fails unless the body has come to its end. Call it when the input has.
    ///
    /// # Errors
    ///
    /// [`ChunkError::EndMissing`], or the error that ended the body before.
    pub const fn finish(&self) -> Result<(), ChunkError> {
        match self.state {
            State::End => Ok(()),
            State::Failed(error) => Err(error),
            _ => Err(ChunkError::EndMissing),
        }
    }

    fn step<'i>(&mut self, input: &'i [u8]) -> Result<Decoded<'i>, ChunkError> {
        let mut consumed = 0;
        loop {
            let rest = &input[consumed..];
            let needed = match self.state {
                State::Header => match ChunkHeader::read(rest, self.chunking)? {
                    None => rest.len() + 1,
                    Some((header, len)) => {
                        consumed += len;
                        self.state = self.after_header(header)?;
                        continue;
                    }
                },
                State::Signed { len, signature } => match rest.get(..len) {
                    None => len,
                    Some(data) => {
                        self.check_chunk(data, signature)?;
                        self.state = State::ChunkEnd;
                        return Ok(Decoded::data(consumed, data));
                    }
                },
                State::Unsigned { left } => match at_most(rest, left) {
                    [] => 1,
                    data => {
                        let left = left - in_u64(data.len());
                        self.state =
                            if left == 0 { State::ChunkEnd } else { State::Unsigned { left } };
                        return Ok(Decoded::data(consumed, data));
                    }
                },
                State::ChunkEnd => match rest.split_first_chunk() {
                    None => CHUNK_END.len(),
                    Some((CHUNK_END, _)) => {
                        consumed += CHUNK_END.len();
                        self.state = State::Header;
                        continue;
                    }
                    Some(_) => return Err(ChunkError::MissingChunkEnd),
                },
                State::Trailers => match TrailerSection::read(rest, self.expects_signature())? {
                    None => rest.len() + 1,
                    Some(section) => {
                        self.check_trailers(&section)?;
                        self.state = State::End;
                        let event = ChunkEvent::End(section.trailers);
                        return Ok(Decoded { consumed: consumed + section.len, event });
                    }
                },
                State::End if rest.is_empty() => 0,
                State::End => return Err(ChunkError::DataAfterEnd),
                State::Failed(error) => return Err(error),
            };
            return Ok(Decoded { consumed, event: ChunkEvent::Incomplete { needed } });
        }
    }

    /// What comes behind a chunk header.
    fn after_header(
        &mut self,
        ChunkHeader { len, signature }: ChunkHeader,
    ) -> Result<State, ChunkError> {
        let declared = self.announced.decoded_len;
        self.decoded_len = self
            .decoded_len
            .checked_add(len)
            .filter(|decoded| *decoded <= declared)
            .ok_or(ChunkError::DecodedLengthExceeded { declared })?;
        if len == 0 {
            if let Some(signature) = signature {
                self.check_chunk(b"", signature)?;
            }
            let decoded = self.decoded_len;
            if decoded < declared {
                return Err(ChunkError::DecodedLengthNotReached { declared, decoded });
            }
            return Ok(State::Trailers);
        }
        let Some(signature) = signature else {
            return Ok(State::Unsigned { left: len });
        };
        let max = self.chunk_len_max;
        match usize::try_from(len) {
            Ok(len) if len <= max => Ok(State::Signed { len, signature }),
            _ => Err(ChunkError::ChunkTooLong { len, max: in_u64(max) }),
        }
    }

    /// Verifies a whole chunk, in constant time with respect to where two
    /// signatures differ.
    fn check_chunk(&mut self, data: &[u8], presented: Signature) -> Result<(), ChunkError> {
        let index = self.chunks;
        let error = ChunkError::ChunkSignatureMismatch { index };
        let chain = self.chain.as_mut().ok_or(error)?;
        let expected = chain.chunk(&hash::sha256(data));
        if expected != presented {
            return Err(error);
        }
        chain.extend(expected);
        self.chunks += 1;
        Ok(())
    }

    fn check_trailers(&mut self, section: &TrailerSection<'_>) -> Result<(), ChunkError> {
        self.announced.check_trailers(&section.trailers)?;
        match (section.signature, self.expects_signature(), &self.chain) {
            (None, false, _) => Ok(()),
            (Some(_), false, _) => Err(ChunkError::UnexpectedTrailer),
            (Some(presented), true, Some(chain))
                if chain.trailers(&section.sorted.sha256()) == presented =>
            {
                Ok(())
            }
            (Some(_), true, _) => Err(ChunkError::TrailerSignatureMismatch),
            (None, true, _) => Err(ChunkError::MissingTrailerSignature),
        }
    }

    /// Whether the trailers have to be signed.
    fn expects_signature(&self) -> bool {
        self.chunking == Chunking::SignedWithTrailers
    }
}

impl fmt::Debug for ChunkDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunkDecoder")
            .field("chunking", &self.chunking)
            .field("state", &self.state)
            .field("decoded_len", &self.decoded_len)
            .finish_non_exhaustive()
    }
}

/// The first `count` bytes, or as many as there are.
fn at_most(bytes: &[u8], count: u64) -> &[u8] {
    usize::try_from(count).ok().and_then(|count| bytes.get(..count)).unwrap_or(bytes)
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
    const fn data(before: usize, data: &'i [u8]) -> Self {
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
    /// The end of the body, with its trailers; verified if they are signed.
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
