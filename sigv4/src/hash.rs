//! SHA-256 as a sink, on the block interface of `sha2`.
//!
//! The block interface (rather than `sha2::Sha256`) lets the signer keep the
//! midstates that are constant for a day and for a second, gather several
//! blocks before compressing, and wipe every copy.

use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::sink::Sink;

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

/// Bytes a long message gathers before they are compressed: enough for most
/// canonical requests to be compressed in one call.
const LONG_MESSAGE: usize = 8 * BLOCK_LEN;

/// SHA-256 of a message of several blocks.
pub(crate) type Sha256 = Staged<LONG_MESSAGE>;

/// SHA-256 that stages up to `N` bytes, a multiple of the block length.
#[derive(Clone)]
pub(crate) struct Staged<const N: usize> {
    state: State,
    staged: [u8; N],
    used: usize,
    /// Bytes already compressed, those before `state` began included.
    compressed: u64,
}

impl<const N: usize> Staged<N> {
    const WHOLE_BLOCKS: () = assert!(N >= BLOCK_LEN && N.is_multiple_of(BLOCK_LEN));

    /// The hash of an empty message so far.
    #[inline]
    pub(crate) fn new() -> Self {
        Self::resume(INITIAL_STATE, 0)
    }

    /// Goes on from a midstate that has taken in `compressed` bytes.
    #[inline]
    pub(crate) fn resume(state: State, compressed: u64) -> Self {
        const { Self::WHOLE_BLOCKS };
        Self { state, staged: [0; N], used: 0, compressed }
    }

    /// Pads, and returns the digest; what follows on the same value is
    /// meaningless, except [`wipe`](Self::wipe).
    #[inline]
    pub(crate) fn finalize(&mut self) -> [u8; DIGEST_LEN] {
        self.pad();
        to_bytes(&self.state)
    }

    /// Zeroes everything that was taken in, for messages or states that are secret.
    pub(crate) fn wipe(&mut self) {
        self.state.zeroize();
        self.staged.zeroize();
    }

    #[inline]
    fn pad(&mut self) {
        let bits = (self.compressed + in_u64(self.used)) * 8;
        // The marker byte and the length take nine bytes.
        if self.used + 9 > N {
            let rest = self.compress_whole_blocks();
            self.staged.copy_within(self.used - rest..self.used, 0);
            self.used = rest;
        }
        if self.used + 9 > N {
            // Only when one block is staged and its tail leaves no room.
            self.staged[self.used] = 0x80;
            self.staged[self.used + 1..].fill(0);
            compress256(&mut self.state, self.staged.as_chunks().0);
            self.staged.fill(0);
            self.used = BLOCK_LEN - 9;
        } else {
            self.staged[self.used] = 0x80;
        }
        let end = (self.used + 9).next_multiple_of(BLOCK_LEN);
        self.staged[self.used + 1..end - 8].fill(0);
        self.staged[end - 8..end].copy_from_slice(&bits.to_be_bytes());
        compress256(&mut self.state, self.staged[..end].as_chunks().0);
    }

    /// Compresses the staged blocks and returns how many bytes are left over.
    #[inline]
    fn compress_whole_blocks(&mut self) -> usize {
        let (blocks, rest) = self.staged[..self.used].as_chunks();
        compress256(&mut self.state, blocks);
        self.compressed += in_u64(self.used - rest.len());
        rest.len()
    }

    /// Takes what no longer fits the stage; long runs are hashed where they lie.
    #[inline(never)]
    fn write_past_the_stage(&mut self, bytes: &[u8]) {
        let (head, tail) = bytes.split_at(N - self.used);
        self.staged[self.used..].copy_from_slice(head);
        compress256(&mut self.state, self.staged.as_chunks().0);
        let (blocks, rest) = tail.as_chunks();
        compress256(&mut self.state, blocks);
        self.compressed += in_u64(N + tail.len() - rest.len());
        self.staged[..rest.len()].copy_from_slice(rest);
        self.used = rest.len();
    }
}

impl<const N: usize> Sink for Staged<N> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if let Some(target) = self.staged.get_mut(self.used..end) {
            target.copy_from_slice(bytes);
            self.used = end;
        } else {
            self.write_past_the_stage(bytes);
        }
    }
}

/// SHA-256 of `message`, whose whole blocks are never copied.
#[inline]
pub(crate) fn sha256(message: &[u8]) -> [u8; DIGEST_LEN] {
    let mut state = INITIAL_STATE;
    let (blocks, rest) = message.as_chunks();
    compress256(&mut state, blocks);
    let mut tail = Staged::<BLOCK_LEN>::resume(state, in_u64(message.len() - rest.len()));
    tail.write(rest);
    tail.finalize()
}

/// Writes the words of a state as the digest's bytes.
#[inline]
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
                let (mut long, mut short) = (Sha256::new(), Staged::<BLOCK_LEN>::new());
                for bytes in message[..length].chunks(piece) {
                    long.write(bytes);
                    short.write(bytes);
                }
                assert_eq!(long.finalize(), expected, "{length} bytes by {piece}");
                assert_eq!(short.finalize(), expected, "{length} bytes by {piece}");
            }
        }
    }
}
