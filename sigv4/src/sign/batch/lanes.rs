//! Messages that are hashed side by side, each in a lane of its own.

use core::mem;
use core::ops::Range;

use crate::key::string_to_sign::StringToSign;
use crate::sha256::hmac;
use crate::sha256::interleave::{self, Block, Strand};
use crate::sha256::{self, BLOCK_LEN, BlockBuffer, INITIAL_STATE, Sha256, State, in_u64, to_bytes};
use crate::signature::Signature;

/// Requests that are signed side by side: as many as fill the widest registers.
pub(super) const LANES: usize = 16;

/// Bytes of a canonical request that wait for the other lanes; most are
/// shorter, their session token included. What is more is hashed as it comes.
const LANE_LEN: usize = 24 * BLOCK_LEN;

/// One lane for each request of a batch.
pub(super) struct Lanes([Lane; LANES]);

/// One message: its state, and the blocks that it has yet to take in.
pub(super) struct Lane {
    buffer: BlockBuffer<LANE_LEN>,
    /// Which blocks in the buffer it has yet to take in.
    left: Range<usize>,
}

impl Lanes {
    pub(super) fn new() -> Self {
        // All zero, which costs least; a message brings its own state.
        Self([const { Lane { buffer: BlockBuffer::ZERO, left: 0..0 } }; LANES])
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Lane> {
        self.0.iter_mut()
    }

    /// The SHA-256 of each message; of an empty one, nothing that counts.
    pub(super) fn sha256(&mut self, messages: [&[u8]; LANES]) -> [[u8; 32]; LANES] {
        for (lane, message) in self.0.iter_mut().zip(messages) {
            let (_, rest) = message.as_chunks::<BLOCK_LEN>();
            let (last, count) = sha256::padded_tail(rest, in_u64(message.len()));
            let count = if message.is_empty() { 0 } else { count };
            lane.lay_out(INITIAL_STATE, &last[..count]);
        }
        // Whole blocks are hashed where they lie.
        let mut messages = messages.into_iter();
        let mut strands = self.0.each_mut().map(|lane| Strand {
            state: &mut lane.buffer.state,
            blocks: messages.next().unwrap_or_default().as_chunks().0,
        });
        interleave::compress(&mut strands);
        self.compress();
        self.0.each_ref().map(|lane| to_bytes(&lane.buffer.state))
    }

    /// Signs the canonical requests that were gathered.
    pub(super) fn sign(&mut self, string_to_sign: &StringToSign<'_>) {
        let is_used = self.0.each_ref().map(|lane| !lane.left.is_empty());
        self.compress();
        for (lane, _) in self.0.iter_mut().zip(is_used).filter(|(_, is_used)| *is_used) {
            lane.lay_out_string_to_sign(string_to_sign);
        }
        self.compress();
        for (lane, _) in self.0.iter_mut().zip(is_used).filter(|(_, is_used)| *is_used) {
            let block = hmac::outer_block(&to_bytes(&lane.buffer.state));
            lane.lay_out(*string_to_sign.outer, &[block]);
        }
        self.compress();
    }

    /// Compresses what is left in all lanes.
    fn compress(&mut self) {
        let mut strands = self.0.each_mut().map(Lane::strand);
        interleave::compress(&mut strands);
    }
}

impl Lane {
    /// Takes in the canonical request that `write` writes.
    #[inline]
    pub(super) fn gather<E>(
        &mut self,
        write: impl FnOnce(&mut Sha256<'_, LANE_LEN>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.buffer.state = INITIAL_STATE;
        let mut hash = Sha256::new(&mut self.buffer);
        write(&mut hash)?;
        let Range { start, end } = hash.pad();
        self.left = start / BLOCK_LEN..end / BLOCK_LEN;
        Ok(())
    }

    /// The signature, once it is made.
    #[inline]
    pub(super) fn signature(&self) -> Signature {
        Signature::new(to_bytes(&self.buffer.state))
    }

    #[inline]
    fn lay_out_string_to_sign(&mut self, string_to_sign: &StringToSign<'_>) {
        let canonical_request = to_bytes(&self.buffer.state);
        self.buffer.state = string_to_sign.inner.0;
        let (blocks, _) = self.buffer.bytes.as_chunks_mut();
        if let Some(blocks) = blocks.first_chunk_mut() {
            let count = string_to_sign.write_last(blocks, &canonical_request);
            self.left = 0..count;
        }
    }

    /// Begins another message, given as whole blocks behind a midstate.
    #[inline]
    fn lay_out(&mut self, state: State, blocks: &[Block]) {
        self.buffer.state = state;
        let (own, _) = self.buffer.bytes.as_chunks_mut();
        own[..blocks.len()].copy_from_slice(blocks);
        self.left = 0..blocks.len();
    }

    /// What is left to be compressed, which then is done.
    #[inline]
    fn strand(&mut self) -> Strand<'_> {
        let left = mem::take(&mut self.left);
        Strand { state: &mut self.buffer.state, blocks: &self.buffer.bytes.as_chunks().0[left] }
    }
}
