//! SHA-256 and HMAC on the block interface of `sha2`, with SHA-256 as a sink; what
//! the messages mean is not known here.
//!
//! The block interface (rather than `sha2::Sha256`) lets the signer keep the
//! midstates that are constant for a day and for a second, gather several
//! blocks before compressing, and wipe every copy.

pub(crate) mod hmac;
pub(crate) mod interleave;
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod simd;

use core::ops::Range;
use core::slice;

use sha2::block_api::compress256;

use crate::bytes::sink::{self, Sink};
use crate::bytes::wipe::wipe;
use crate::sha256::interleave::{Block, Strand};

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
const BUFFER_LEN: usize = 8 * BLOCK_LEN;

/// Where a message gathers. Lies apart from what writes to it, so that the
/// compiler can keep the place of the next byte in a register.
pub(crate) struct BlockBuffer<const LEN: usize = BUFFER_LEN> {
    pub(crate) state: State,
    pub(crate) bytes: [u8; LEN],
}

impl<const LEN: usize> BlockBuffer<LEN> {
    /// Two blocks at least, so that there is room for any padding.
    const WHOLE_BLOCKS: () = assert!(LEN >= 2 * BLOCK_LEN && LEN.is_multiple_of(BLOCK_LEN));

    /// A buffer that no message is in.
    pub(crate) const ZERO: Self = {
        const { Self::WHOLE_BLOCKS };
        Self { state: [0; 8], bytes: [0; LEN] }
    };

    /// The buffer of an empty message.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { state: INITIAL_STATE, ..Self::ZERO }
    }
}

/// SHA-256 of a message that comes in pieces.
pub(crate) struct Sha256<'s, const LEN: usize = BUFFER_LEN> {
    buffer: &'s mut BlockBuffer<LEN>,
    /// Bytes in the buffer that were compressed already.
    taken: usize,
    used: usize,
    /// Bytes that were compressed and have left the buffer.
    passed: u64,
}

impl<'s, const LEN: usize> Sha256<'s, LEN> {
    #[inline(always)]
    pub(crate) fn new(buffer: &'s mut BlockBuffer<LEN>) -> Self {
        Self { buffer, taken: 0, used: 0, passed: 0 }
    }

    #[inline(always)]
    fn write_past_the_buffer(&mut self, bytes: &[u8]) {
        let before = self.used;
        self.used = self.buffer.overflow(self.taken, before, bytes);
        self.passed += in_u64(before + bytes.len() - self.used);
        self.taken = 0;
    }

    /// Compresses what is left.
    #[inline(always)]
    pub(crate) fn finalize(mut self) -> [u8; DIGEST_LEN] {
        let left = self.pad();
        compress256(&mut self.buffer.state, self.buffer.bytes[left].as_chunks().0);
        to_bytes(&self.buffer.state)
    }

    /// Pads where the message lies, so that all that is left can be compressed
    /// in one call; returns where it is.
    #[inline(always)]
    pub(crate) fn pad(&mut self) -> Range<usize> {
        let len = self.passed + in_u64(self.used);
        if self.used + 9 > LEN {
            self.used = self.buffer.make_room(self.taken, self.used);
            self.taken = 0;
        }
        let end = (self.used + 9).next_multiple_of(BLOCK_LEN);
        let bytes = &mut self.buffer.bytes;
        // A fixed number of zeroes where there is room for it: no call, and no
        // branch on the length.
        match sink::part_mut(bytes, self.used, BLOCK_LEN + 8) {
            Some(room) => room.fill(0),
            None => bytes[self.used..end].fill(0),
        }
        bytes[self.used] = 0x80;
        bytes[end - 8..end].copy_from_slice(&(len * 8).to_be_bytes());
        self.taken..end
    }

    /// SHA-256 of another message, taking turns with the blocks gathered here.
    ///
    /// One strand of compressions waits for its own results; two that alternate
    /// fill each other's gaps. Only blocks that are gathered take part, so that the
    /// order of writing does not change what this hash is.
    #[inline(always)]
    pub(crate) fn sha256_beside(&mut self, message: &Message<'_>) -> [u8; DIGEST_LEN] {
        let Message { mut state, blocks, rest, len } = *message;
        let (last, count) = padded_tail(rest, len);
        let (own, _) = self.buffer.bytes[self.taken..self.used].as_chunks::<BLOCK_LEN>();
        let mut pair = [
            Strand { state: &mut self.buffer.state, blocks: own },
            Strand { state: &mut state, blocks: &[] },
        ];
        for blocks in [blocks, &last[..count]] {
            pair[1].blocks = blocks;
            let turns = blocks.len().min(pair[0].blocks.len());
            interleave::compress_next(&mut pair, turns);
            compress256(pair[1].state, pair[1].blocks);
        }
        let turns = own.len() - pair[0].blocks.len();
        self.taken += turns * BLOCK_LEN;
        to_bytes(&state)
    }
}

impl<const LEN: usize> Sink for Sha256<'_, LEN> {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        if let Some(target) = sink::part_mut(&mut self.buffer.bytes, self.used, bytes.len()) {
            sink::copy(target, bytes);
            self.used += bytes.len();
        } else {
            self.write_past_the_buffer(bytes);
        }
    }

    #[inline(always)]
    fn write_front<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        match sink::part_mut(&mut self.buffer.bytes, self.used, N) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.used += len;
            }
            None => self.write(&bytes[..len]),
        }
    }
}

impl<const LEN: usize> BlockBuffer<LEN> {
    /// Takes what no longer fits; long runs are hashed where they lie. Returns
    /// how many bytes are then in the buffer.
    #[inline(never)]
    fn overflow(&mut self, taken: usize, used: usize, bytes: &[u8]) -> usize {
        let (head, tail) = bytes.split_at(LEN - used);
        self.bytes[used..].copy_from_slice(head);
        compress256(&mut self.state, self.bytes[taken..].as_chunks().0);
        let (blocks, rest) = tail.as_chunks();
        compress256(&mut self.state, blocks);
        self.bytes[..rest.len()].copy_from_slice(rest);
        rest.len()
    }

    /// Compresses whole blocks where the padding has no room behind them.
    /// Returns how many bytes are then in the buffer.
    #[cold]
    fn make_room(&mut self, taken: usize, used: usize) -> usize {
        let (blocks, rest) = self.bytes[taken..used].as_chunks::<BLOCK_LEN>();
        compress256(&mut self.state, blocks);
        let left = rest.len();
        self.bytes.copy_within(used - left..used, 0);
        left
    }
}

/// SHA-256 of `message`, whose whole blocks are never copied.
#[inline(always)]
pub(crate) fn digest(message: &[u8]) -> [u8; DIGEST_LEN] {
    Message::new(message).sha256()
}

/// A message in one piece, of which some blocks may have been hashed ahead.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    state: State,
    /// Whole blocks that are not hashed yet.
    blocks: &'a [Block],
    /// What is behind the whole blocks.
    rest: &'a [u8],
    /// Bytes of the whole message.
    len: u64,
}

impl<'a> Message<'a> {
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let (blocks, rest) = bytes.as_chunks();
        Self { state: INITIAL_STATE, blocks, rest, len: in_u64(bytes.len()) }
    }

    /// Hashes the first block ahead of everything else.
    ///
    /// A compression waits for its own results and leaves most of the processor
    /// idle: one in flight costs the work that follows nothing.
    #[inline(always)]
    pub(crate) fn start(&mut self) {
        if let Some((first, blocks)) = self.blocks.split_first() {
            compress256(&mut self.state, slice::from_ref(first));
            self.blocks = blocks;
        }
    }

    #[inline(always)]
    pub(crate) fn sha256(&self) -> [u8; DIGEST_LEN] {
        // Ahead of the blocks, so that no compression waits for the stores.
        let (last, count) = padded_tail(self.rest, self.len);
        let mut state = self.state;
        compress256(&mut state, self.blocks);
        compress256(&mut state, &last[..count]);
        to_bytes(&state)
    }
}

/// SHA-256 of a message whose end is not known yet.
#[derive(Clone)]
pub(crate) struct Blockwise {
    state: State,
    /// What does not fill a block, and zeroes.
    block: [u8; BLOCK_LEN],
    used: usize,
    compressed: u64,
}

impl Blockwise {
    /// Goes on from a midstate that has taken in `compressed` bytes.
    #[inline]
    pub(crate) fn resume(state: State, compressed: u64) -> Self {
        Self { state, block: [0; BLOCK_LEN], used: 0, compressed }
    }

    /// The digest of everything written and of `rest`, at most a block.
    #[inline]
    pub(crate) fn digest_with(&self, rest: &[u8]) -> [u8; DIGEST_LEN] {
        let mut last = [[0; BLOCK_LEN]; 3];
        last[0] = self.block;
        let end = self.used + rest.len();
        let bytes = last.as_flattened_mut();
        sink::copy(&mut bytes[self.used..end], rest);
        let count = write_padding(bytes, end, self.compressed + in_u64(end));
        let mut state = self.state;
        compress256(&mut state, &last[..count]);
        let digest = to_bytes(&state);
        wipe(&mut state);
        digest
    }

    /// Zeroes everything that was taken in, for messages that are secret.
    pub(crate) fn wipe(&mut self) {
        wipe(&mut self.state);
        wipe(&mut self.block);
    }
}

impl Sink for Blockwise {
    fn write(&mut self, bytes: &[u8]) {
        let (head, behind) = bytes.split_at(bytes.len().min(BLOCK_LEN - self.used));
        self.block[self.used..self.used + head.len()].copy_from_slice(head);
        self.used += head.len();
        if self.used < BLOCK_LEN {
            return;
        }
        compress256(&mut self.state, slice::from_ref(&self.block));
        let (blocks, rest) = behind.as_chunks();
        compress256(&mut self.state, blocks);
        self.compressed += in_u64((1 + blocks.len()) * BLOCK_LEN);
        self.block = [0; BLOCK_LEN];
        self.block[..rest.len()].copy_from_slice(rest);
        self.used = rest.len();
    }
}

/// The last one or two blocks of a message: what is left of it, the marker and
/// the length of the whole in bits.
#[inline(always)]
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
    write_padding(bytes, rest.len(), message_len)
}

/// Writes the marker and the length behind the first `end` bytes, where all is
/// zero, and returns how many blocks there are then.
#[inline]
fn write_padding(bytes: &mut [u8], end: usize, message_len: u64) -> usize {
    bytes[end] = 0x80;
    // The marker and the length take nine bytes.
    let count = (end + 9).div_ceil(BLOCK_LEN);
    bytes[count * BLOCK_LEN - 8..count * BLOCK_LEN]
        .copy_from_slice(&(message_len * 8).to_be_bytes());
    count
}

/// Writes the words of a state as the digest's bytes.
#[inline(always)]
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
    fn equals_sha2_at_every_length_around_the_block_and_buffer_borders() {
        let message: std::vec::Vec<u8> = (0..=250).cycle().take(2_000).collect();
        for length in (0..700).chain([1_023, 1_024, 1_025, 2_000]) {
            let expected: [u8; 32] = sha2::Sha256::digest(&message[..length]).into();
            assert_eq!(digest(&message[..length]), expected, "{length} bytes at once");
            for piece in [1, 7, 63, 64, 65, 511, 513] {
                let mut blocks: BlockBuffer = BlockBuffer::new();
                let mut long = Sha256::new(&mut blocks);
                let mut two_blocks = BlockBuffer::<{ 2 * BLOCK_LEN }>::new();
                let mut two_blocks = Sha256::new(&mut two_blocks);
                let mut short = Blockwise::resume(INITIAL_STATE, 0);
                for bytes in message[..length].chunks(piece) {
                    long.write(bytes);
                    two_blocks.write(bytes);
                    short.write(bytes);
                }
                assert_eq!(long.finalize(), expected, "{length} bytes by {piece}");
                assert_eq!(two_blocks.finalize(), expected, "{length} bytes by {piece}");
                assert_eq!(short.digest_with(b""), expected, "{length} bytes by {piece}");
            }
            for rest in (0..=BLOCK_LEN).filter(|&rest| rest <= length) {
                let (front, rest) = message[..length].split_at(length - rest);
                let mut open = Blockwise::resume(INITIAL_STATE, 0);
                open.write(front);
                assert_eq!(open.digest_with(rest), expected, "{length} bytes, {}", rest.len());
            }
            for beside in [0, 1, 63, 64, 100, 448, 512, 600] {
                let mut blocks: BlockBuffer = BlockBuffer::new();
                let mut long = Sha256::new(&mut blocks);
                long.write(&message[..beside]);
                let mut other = Message::new(&message[..length]);
                if beside % 2 == 0 {
                    other.start();
                }
                assert_eq!(long.sha256_beside(&other), expected, "{beside}, {length}");
                long.write(&message[beside..700]);
                let whole: [u8; 32] = sha2::Sha256::digest(&message[..700]).into();
                assert_eq!(long.finalize(), whole, "{beside} bytes beside {length}");
            }
        }
    }
}
