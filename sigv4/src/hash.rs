//! SHA-256 as a sink, on the block interface of `sha2`.
//!
//! The block interface (rather than `sha2::Sha256`) lets the signer keep the
//! midstates that are constant for a day and for a second, gather several
//! blocks before compressing, and wipe every copy.

use core::slice;

use sha2::block_api::compress256;

use crate::sink::{self, Sink};
use crate::wipe::wipe;

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

    /// The digest of everything written and of `rest`; leaves this as it is.
    #[inline]
    pub(crate) fn finalize_with(&self, rest: &[u8; BLOCK_LEN]) -> [u8; DIGEST_LEN] {
        let (blocks, tail) = self.staged[..self.used].as_chunks::<BLOCK_LEN>();
        let mut state = self.state;
        compress256(&mut state, blocks);
        let mut joined = [[0; BLOCK_LEN]; 2];
        let bytes = joined.as_flattened_mut();
        sink::copy(&mut bytes[..tail.len()], tail);
        bytes[tail.len()..tail.len() + BLOCK_LEN].copy_from_slice(rest);
        let len = self.compressed + in_u64(self.used + BLOCK_LEN);
        let (last, count) = padded_tail(&bytes[BLOCK_LEN..BLOCK_LEN + tail.len()], len);
        let blocks = [joined[0], last[0], last[1]];
        compress256(&mut state, &blocks[..=count]);
        let digest = to_bytes(&state);
        wipe(&mut state);
        digest
    }

    /// Zeroes everything that was taken in, for messages that are secret.
    pub(crate) fn wipe(&mut self) {
        self.wipe_state();
        wipe(&mut self.staged);
    }

    /// Zeroes the state, for messages that follow a secret.
    pub(crate) fn wipe_state(&mut self) {
        wipe(&mut self.state);
    }

    /// Pads where the message lies if there is room, so that all that is left
    /// is compressed in one call.
    #[inline]
    fn pad(&mut self) {
        let len = self.compressed + in_u64(self.used);
        let end = (self.used + 9).next_multiple_of(BLOCK_LEN);
        if end > N {
            let (blocks, rest) = self.staged[..self.used].as_chunks();
            compress256(&mut self.state, blocks);
            let (last, count) = padded_tail(rest, len);
            return compress256(&mut self.state, &last[..count]);
        }
        self.staged[self.used] = 0x80;
        self.staged[self.used + 1..end - 8].fill(0);
        self.staged[end - 8..end].copy_from_slice(&(len * 8).to_be_bytes());
        compress256(&mut self.state, self.staged[..end].as_chunks().0);
    }

    /// SHA-256 of another message, taking turns with the blocks staged here.
    ///
    /// One chain of compressions waits for its own results; two that alternate
    /// fill each other's gaps. Only the staged blocks take part, so that the
    /// order of writing does not change what this hash is.
    #[inline]
    pub(crate) fn sha256_beside(&mut self, message: &[u8]) -> [u8; DIGEST_LEN] {
        let (blocks, rest) = message.as_chunks::<BLOCK_LEN>();
        let (last, count) = padded_tail(rest, in_u64(message.len()));
        let (own, _) = self.staged[..self.used].as_chunks::<BLOCK_LEN>();
        let mut state = INITIAL_STATE;
        let mut turns = 0;
        for (own, block) in own.iter().zip(blocks.iter().chain(&last[..count])) {
            compress256(&mut self.state, slice::from_ref(own));
            compress256(&mut state, slice::from_ref(block));
            turns += 1;
        }
        compress256(&mut state, blocks.get(turns..).unwrap_or_default());
        let last_turns = turns.saturating_sub(blocks.len());
        compress256(&mut state, &last[last_turns..count]);
        self.drop_front(turns);
        to_bytes(&state)
    }

    /// Forgets staged blocks that were compressed.
    #[inline]
    fn drop_front(&mut self, blocks: usize) {
        let compressed = blocks * BLOCK_LEN;
        self.staged.copy_within(compressed..self.used, 0);
        self.used -= compressed;
        self.compressed += in_u64(compressed);
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
            sink::copy(target, bytes);
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
    finish(&mut state, 0, message);
    to_bytes(&state)
}

/// Takes a midstate that has taken in `compressed` bytes to the end of the
/// hash, with `message` behind them.
#[inline]
pub(crate) fn finish(state: &mut State, compressed: u64, message: &[u8]) {
    let (blocks, rest) = message.as_chunks();
    compress256(state, blocks);
    let (last, count) = padded_tail(rest, compressed + in_u64(message.len()));
    compress256(state, &last[..count]);
}

/// The last one or two blocks of a message: what is left of it, the marker and
/// the length of the whole in bits.
#[inline]
pub(crate) fn padded_tail(rest: &[u8], message_len: u64) -> ([[u8; BLOCK_LEN]; 2], usize) {
    let mut last = [[0; BLOCK_LEN]; 2];
    let count = write_padded_tail(&mut last, rest, message_len);
    (last, count)
}

/// Writes them over zeroes, and returns how many blocks they take.
#[inline]
pub(crate) fn write_padded_tail(
    last: &mut [[u8; BLOCK_LEN]; 2],
    rest: &[u8],
    message_len: u64,
) -> usize {
    let bytes = last.as_flattened_mut();
    sink::copy(&mut bytes[..rest.len()], rest);
    bytes[rest.len()] = 0x80;
    // The marker and the length take nine bytes.
    let count = if rest.len() + 9 > BLOCK_LEN { 2 } else { 1 };
    bytes[count * BLOCK_LEN - 8..count * BLOCK_LEN]
        .copy_from_slice(&(message_len * 8).to_be_bytes());
    count
}

/// Writes the words of a state as the digest's bytes.
#[inline]
pub(crate) fn to_bytes(state: &State) -> [u8; DIGEST_LEN] {
    let mut bytes = [0; DIGEST_LEN];
    write_bytes(state, &mut bytes);
    bytes
}

/// Writes them to the front of `target`.
#[inline]
pub(crate) fn write_bytes(state: &State, target: &mut [u8]) {
    for (target, word) in target.as_chunks_mut().0.iter_mut().zip(state) {
        *target = word.to_be_bytes();
    }
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
            for beside in [0, 1, 63, 64, 100, 448, 512, 600] {
                let mut long = Sha256::new();
                long.write(&message[..beside]);
                assert_eq!(long.sha256_beside(&message[..length]), expected, "{beside}, {length}");
                long.write(&message[beside..700]);
                let whole: [u8; 32] = sha2::Sha256::digest(&message[..700]).into();
                assert_eq!(long.finalize(), whole, "{beside} bytes beside {length}");
            }
        }
    }
}
