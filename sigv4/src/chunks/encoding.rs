//! The encoding of a body: what goes before, between and behind the data.

use crate::bytes::sink::{Buffer, Sink};
use crate::chunks::chain::SignChunks;
use crate::chunks::error::ChunkSignError;
use crate::chunks::trailers::{self, SortedTrailers};
use crate::chunks::{CHUNK_END, Chunking, header};
use crate::request::Headers;
use crate::sha256::{self, in_u64};

/// A body under way, whatever signs it.
#[derive(Clone)]
pub(crate) struct Encoding<C> {
    pub(crate) chunking: Chunking,
    /// Nothing where chunks are not signed.
    pub(crate) chain: Option<C>,
    pub(crate) is_finished: bool,
}

impl<C: SignChunks> Encoding<C> {
    /// Begins with the first chunk.
    pub(crate) fn new(chunking: Chunking, chain: impl FnOnce() -> C) -> Self {
        Self { chunking, chain: chunking.is_signed().then(chain), is_finished: false }
    }

    pub(crate) fn chunk<'b>(
        &mut self,
        data: &[u8],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        self.write_chunk(in_u64(data.len()), || sha256::digest(data), out)
    }

    pub(crate) fn hashed_chunk<'b>(
        &mut self,
        len: u64,
        sha256: &[u8; 32],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], ChunkSignError> {
        self.write_chunk(len, || *sha256, out)
    }

    pub(crate) fn finish<'b, H: Headers + ?Sized>(
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

    pub(crate) fn finish_len<H: Headers + ?Sized>(&self, trailers: &H) -> usize {
        let header = header::len::<C::Signature>(self.chunking, 0);
        let end = self.chunking.end_len::<C::Signature>();
        trailers.pairs().fold(header + end, |len, (name, value)| {
            len.saturating_add(name.len() + value.len() + trailers::LINE_OVERHEAD)
        })
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
        out.require(header::len::<C::Signature>(self.chunking, len))?;
        let signature = self.chain.as_mut().map(|chain| chain.sign_chunk(&sha256()));
        header::write(&mut out, len, signature.as_ref());
        Ok(out.finish()?)
    }
}
