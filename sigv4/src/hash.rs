//! SHA-256 as a sink, on the block interface of `sha2`.
//!
//! The block interface (rather than `sha2::Sha256`) lets the signer keep the
//! midstates that are constant for a day and for a second, gather several
//! blocks before compressing, and wipe every copy.

use core::slice;

use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::sink::{self, Sink};

/// Bytes in one SHA-256 block.
pub(crate) const BLOCK_LEN: usize = 64;

/// Bytes in a SHA-256 digest.
pub(crate) const DIGEST_LEN: usize = 32;

/// The eight words of SHA-256's state between blocks.
pub(crate) type State = [u32; 8];

/// FIPS 180-4 §5.3.3.
pub(crate) const INITIAL_STATE: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Bytes a message gathers before they are compressed: enough for most
/// canonical requests to be compressed in one call.
const STAGE_LEN: usize = 8 * BLOCK_LEN;

/// Where a message gathers. Lies apart from what writes to it, so that the
/// compiler can keep the place of the next byte in a register.
pub(crate) struct Stage {
    state: State,
    bytes: [u8; STAGE_LEN],
}

impl Stage {
    /// The stage of an empty message.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { state: INITIAL_STATE, bytes: [0; STAGE_LEN] }
    }
}

/// SHA-256 of a message that comes in pieces.
pub(crate) struct Sha256<'s> {
    stage: &'s mut Stage,
    /// Bytes on the stage that were compressed already.
    taken: usize,
    used: usize,
    /// Bytes that were compressed and have left the stage.
    passed: u64,
}

impl<'s> Sha256<'s> {
    #[inline(always)]
    pub(crate) fn new(stage: &'s mut Stage) -> Self {
        Self { stage, taken: 0, used: 0, passed: 0 }
    }

    #[inline(always)]
    fn write_past_the_stage(&mut self, bytes: &[u8]) {
        let before = self.used;
        self.used = self.stage.overflow(self.taken, before, bytes);
        self.passed += in_u64(before + bytes.len() - self.used);
        self.taken = 0;
    }

    /// Pads where the message lies if there is room, so that all that is left
    /// is compressed in one call.
    #[inline(always)]
    pub(crate) fn finalize(self) -> [u8; DIGEST_LEN] {
        let Self { stage: Stage { state, bytes }, taken, used, passed } = self;
        let len = passed + in_u64(used);
        let end = (used + 9).next_multiple_of(BLOCK_LEN);
        if end > STAGE_LEN {
            let (blocks, rest) = bytes[taken..used].as_chunks();
            compress256(state, blocks);
            let (last, count) = padded_tail(rest, len);
            compress256(state, &last[..count]);
            return to_bytes(state);
        }
        bytes[used] = 0x80;
        bytes[used + 1..end - 8].fill(0);
        bytes[end - 8..end].copy_from_slice(&(len * 8).to_be_bytes());
        compress256(state, bytes[taken..end].as_chunks().0);
        to_bytes(state)
    }

    /// SHA-256 of another message, taking turns with the blocks staged here.
    ///
    /// One chain of compressions waits for its own results; two that alternate
    /// fill each other's gaps. Only the staged blocks take part, so that the
    /// order of writing does not change what this hash is.
    #[inline(always)]
    pub(crate) fn sha256_beside(&mut self, message: &[u8]) -> [u8; DIGEST_LEN] {
        let (blocks, rest) = message.as_chunks::<BLOCK_LEN>();
        let (last, count) = padded_tail(rest, in_u64(message.len()));
        let (own, _) = self.stage.bytes[self.taken..self.used].as_chunks::<BLOCK_LEN>();
        let mut state = INITIAL_STATE;
        let mut turns = 0;
        for (own, block) in own.iter().zip(blocks.iter().chain(&last[..count])) {
            compress256(&mut self.stage.state, slice::from_ref(own));
            compress256(&mut state, slice::from_ref(block));
            turns += 1;
        }
        self.taken += turns * BLOCK_LEN;
        compress256(&mut state, blocks.get(turns..).unwrap_or_default());
        let last_turns = turns.saturating_sub(blocks.len());
        compress256(&mut state, &last[last_turns..count]);
        to_bytes(&state)
    }
}

impl Sink for Sha256<'_> {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        if let Some(target) = sink::part_mut(&mut self.stage.bytes, self.used, bytes.len()) {
            sink::copy(target, bytes);
            self.used += bytes.len();
        } else {
            self.write_past_the_stage(bytes);
        }
    }

    #[inline(always)]
    fn write_front<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        match sink::part_mut(&mut self.stage.bytes, self.used, N) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.used += len;
            }
            None => self.write(&bytes[..len]),
        }
    }
}

impl Stage {
    /// Takes what no longer fits; long runs are hashed where they lie. Returns
    /// how many bytes are then on the stage.
    #[inline(never)]
    fn overflow(&mut self, taken: usize, used: usize, bytes: &[u8]) -> usize {
        let (head, tail) = bytes.split_at(STAGE_LEN - used);
        self.bytes[used..].copy_from_slice(head);
        compress256(&mut self.state, self.bytes[taken..].as_chunks().0);
        let (blocks, rest) = tail.as_chunks();
        compress256(&mut self.state, blocks);
        self.bytes[..rest.len()].copy_from_slice(rest);
        rest.len()
    }
}

/// SHA-256 of `message`, whose whole blocks are never copied.
#[inline(always)]
pub(crate) fn sha256(message: &[u8]) -> [u8; DIGEST_LEN] {
    let mut state = INITIAL_STATE;
    let (blocks, rest) = message.as_chunks();
    compress256(&mut state, blocks);
    let (last, count) = padded_tail(rest, in_u64(message.len()));
    compress256(&mut state, &last[..count]);
    to_bytes(&state)
}

/// SHA-256 of short pieces, a block at a time.
#[derive(Clone)]
pub(crate) struct Blockwise {
    state: State,
    block: [u8; BLOCK_LEN],
    used: usize,
    compressed: u64,
}

impl Blockwise {
    /// Goes on from a midstate that has taken in `compressed` bytes.
    pub(crate) fn resume(state: State, compressed: u64) -> Self {
        Self { state, block: [0; BLOCK_LEN], used: 0, compressed }
    }

    /// Pads, and returns the digest; what follows on the same value is
    /// meaningless, except [`wipe`](Self::wipe).
    pub(crate) fn finalize(&mut self) -> [u8; DIGEST_LEN] {
        let (last, count) =
            padded_tail(&self.block[..self.used], self.compressed + in_u64(self.used));
        compress256(&mut self.state, &last[..count]);
        to_bytes(&self.state)
    }

    /// Zeroes everything that was taken in, for messages that are secret.
    pub(crate) fn wipe(&mut self) {
        self.wipe_state();
        self.block.zeroize();
    }

    /// Zeroes the state, for messages that follow a secret.
    pub(crate) fn wipe_state(&mut self) {
        self.state.zeroize();
    }
}

impl Sink for Blockwise {
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (head, behind) = rest.split_at(rest.len().min(BLOCK_LEN - self.used));
            self.block[self.used..self.used + head.len()].copy_from_slice(head);
            self.used += head.len();
            rest = behind;
            if self.used == BLOCK_LEN {
                compress256(&mut self.state, slice::from_ref(&self.block));
                self.compressed += in_u64(BLOCK_LEN);
                self.used = 0;
            }
        }
    }
}

/// The last one or two blocks of a message: what is left of it, the marker and
/// the length of the whole in bits.
#[inline(always)]
pub(crate) fn padded_tail(rest: &[u8], message_len: u64) -> ([[u8; BLOCK_LEN]; 2], usize) {
    let mut last = [[0; BLOCK_LEN]; 2];
    let bytes = last.as_flattened_mut();
    sink::copy(&mut bytes[..rest.len()], rest);
    bytes[rest.len()] = 0x80;
    // The marker and the length take nine bytes.
    let count = if rest.len() + 9 > BLOCK_LEN { 2 } else { 1 };
    bytes[count * BLOCK_LEN - 8..count * BLOCK_LEN]
        .copy_from_slice(&(message_len * 8).to_be_bytes());
    (last, count)
}

/// Writes the words of a state as the digest's bytes.
#[inline(always)]
pub(crate) fn to_bytes(state: &State) -> [u8; DIGEST_LEN] {
    let mut bytes = [0; DIGEST_LEN];
    for (target, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *target = word.to_be_bytes();
    }
    bytes
}

#[expect(clippy::as_conversions, reason = "a length in memory is at most 64 bits wide")]
pub(crate) const fn in_u64(length: usize) -> u64 {
    length as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Digest;

    #[test]
    fn equals_sha2_at_every_length_around_the_block_and_stage_borders() {
        let message: std::vec::Vec<u8> = (0..=250).cycle().take(2_000).collect();
        for length in (0..700).chain([1_023, 1_024, 1_025, 2_000]) {
            let expected: [u8; 32] = sha2::Sha256::digest(&message[..length]).into();
            assert_eq!(sha256(&message[..length]), expected, "{length} bytes at once");
            for piece in [1, 7, 63, 64, 65, 511, 513] {
                let mut stage = Stage::new();
                let mut long = Sha256::new(&mut stage);
                let mut short = Blockwise::resume(INITIAL_STATE, 0);
                for bytes in message[..length].chunks(piece) {
                    long.write(bytes);
                    short.write(bytes);
                }
                assert_eq!(long.finalize(), expected, "{length} bytes by {piece}");
                assert_eq!(short.finalize(), expected, "{length} bytes by {piece}");
            }
            for beside in [0, 1, 63, 64, 100, 448, 512, 600] {
                let mut stage = Stage::new();
                let mut long = Sha256::new(&mut stage);
                long.write(&message[..beside]);
                assert_eq!(long.sha256_beside(&message[..length]), expected, "{beside}, {length}");
                long.write(&message[beside..700]);
                let whole: [u8; 32] = sha2::Sha256::digest(&message[..700]).into();
                assert_eq!(long.finalize(), whole, "{beside} bytes beside {length}");
            }
        }
    }
}
