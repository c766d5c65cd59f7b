//! The decoding of a body: what is expected next, whatever verifies it.

use crate::chunks::announced::Announced;
use crate::chunks::chain::{Chain, ChainLink};
use crate::chunks::checksum_check::ChecksumCheck;
use crate::chunks::coverage::Coverage;
use crate::chunks::decoder::{CHUNK_LEN_MAX, ChunkEvent, Decoded};
use crate::chunks::error::ChunkError;
use crate::chunks::header::ChunkHeader;
use crate::chunks::trailers::TrailerSection;
use crate::chunks::{CHUNK_END, Chunking};
use crate::request::Headers;
use crate::sha256::{self, in_u64};

/// The chain that a body is held against.
pub(crate) type VerifyingChain<S> = Chain<S, <S as ChainLink>::VerifyingKey>;

/// A body under way, whatever verifies it.
#[derive(Clone)]
pub(crate) struct Decoding<S: ChainLink> {
    pub(crate) chunking: Chunking,
    pub(crate) announced: Announced,
    /// Nothing where chunks are not signed.
    chain: Option<VerifyingChain<S>>,
    checksum: ChecksumCheck,
    pub(crate) chunk_len_max: usize,
    pub(crate) state: State<S>,
    /// Bytes of data in all chunks whose header was read.
    pub(crate) decoded_len: u64,
    /// Chunks that were verified.
    chunks: u64,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State<S> {
    Header,
    /// Data that is verified as a whole.
    Signed {
        len: usize,
        signature: S,
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

impl<S: ChainLink> Decoding<S> {
    /// Begins with the first chunk.
    pub(crate) fn new<H: Headers + ?Sized>(
        headers: &H,
        chunking: Chunking,
        chain: impl FnOnce() -> VerifyingChain<S>,
    ) -> Result<Self, ChunkError> {
        let announced = Announced::read(headers, chunking)?;
        Ok(Self {
            chunking,
            checksum: ChecksumCheck::new(announced.checksum),
            announced,
            chain: chunking.is_signed().then(chain),
            chunk_len_max: CHUNK_LEN_MAX,
            state: State::Header,
            decoded_len: 0,
            chunks: 0,
        })
    }

    /// What covers the data.
    pub(crate) const fn coverage(&self) -> Coverage {
        let checksum = self.checksum.coverage();
        if self.chunking.is_signed() {
            Coverage::SignedChunks(checksum)
        } else {
            Coverage::UnsignedChunks(checksum)
        }
    }

    pub(crate) fn decode<'i>(&mut self, input: &'i [u8]) -> Result<Decoded<'i>, ChunkError> {
        let decoded = self.step(input);
        if let Err(error) = decoded {
            self.state = State::Failed(error);
            // Nothing is verified with it any more.
            self.chain = None;
        }
        decoded
    }

    pub(crate) const fn finish(&self) -> Result<(), ChunkError> {
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
                        self.checksum.update(data);
                        self.state = State::ChunkEnd;
                        return Ok(Decoded::data(consumed, data));
                    }
                },
                State::Unsigned { left } => match at_most(rest, left) {
                    [] => 1,
                    data => {
                        self.checksum.update(data);
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
                        self.checksum.finish(&section.trailers)?;
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
        ChunkHeader { len, signature }: ChunkHeader<S>,
    ) -> Result<State<S>, ChunkError> {
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

    /// Verifies a whole chunk.
    fn check_chunk(&mut self, data: &[u8], presented: S) -> Result<(), ChunkError> {
        let error = ChunkError::ChunkSignatureMismatch { index: self.chunks };
        let chain = self.chain.as_mut().ok_or(error)?;
        if !chain.verify_chunk(&sha256::digest(data), &presented) {
            return Err(error);
        }
        self.chunks += 1;
        Ok(())
    }

    fn check_trailers(&mut self, section: &TrailerSection<'_, S>) -> Result<(), ChunkError> {
        self.announced.check_trailers(&section.trailers)?;
        match (section.signature, self.expects_signature(), &self.chain) {
            (None, false, _) => Ok(()),
            (Some(_), false, _) => Err(ChunkError::UnexpectedTrailer),
            (Some(presented), true, Some(chain))
                if chain.verify_trailers(&section.sorted.sha256(), &presented) =>
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

/// The first `count` bytes, or as many as there are.
fn at_most(bytes: &[u8], count: u64) -> &[u8] {
    usize::try_from(count).ok().and_then(|count| bytes.get(..count)).unwrap_or(bytes)
}
