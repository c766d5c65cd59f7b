//! HMAC-SHA-256 (RFC 2104) on midstates.
//!
//! Written on the block interface because the two pads of a signing key are
//! constant for a day: keeping their midstates saves two of the four
//! compressions of a short message. The `hmac` crate is the oracle in the tests.

use core::slice;

use sha2::block_api::compress256;

use crate::bytes::sink::{self, Sink};
use crate::bytes::wipe::wipe;
use crate::sha256::interleave::Block;
use crate::sha256::{
    self, BLOCK_LEN, Blockwise, DIGEST_LEN, INITIAL_STATE, State, in_u64, to_bytes, write_bytes,
};

/// A key, as the two midstates it leaves behind; wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct HmacKey {
    pub(crate) inner: State,
    pub(crate) outer: State,
}

impl HmacKey {
    /// Longest message of a derivation in bytes.
    pub(crate) const DERIVATION_MESSAGE_LEN_MAX: usize = BLOCK_LEN;

    /// The key made of `parts` one after the other, of any total length.
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut block = [0; BLOCK_LEN];
        let total: usize = parts.iter().map(|part| part.len()).sum();
        if total <= BLOCK_LEN {
            let mut rest = block.as_mut_slice();
            for part in parts {
                let (target, behind) = rest.split_at_mut(part.len());
                sink::copy(target, part);
                rest = behind;
            }
        } else {
            // RFC 2104 §2: a key longer than a block is hashed first.
            let mut hash = Blockwise::resume(INITIAL_STATE, 0);
            parts.iter().for_each(|part| hash.write(part));
            let mut digest = hash.digest_with(b"");
            block[..DIGEST_LEN].copy_from_slice(&digest);
            wipe(&mut digest);
            hash.wipe();
        }
        let mut pads = PADS;
        for pad in &mut pads {
            pad.iter_mut().zip(&block).for_each(|(pad, key)| *pad ^= key);
        }
        wipe(&mut block);
        let mut key = Self { inner: INITIAL_STATE, outer: INITIAL_STATE };
        key.take(&pads);
        wipe(pads.as_flattened_mut());
        key
    }

    /// A MAC over an empty message so far.
    pub(crate) fn start(&self) -> Mac {
        Mac { inner: Blockwise::resume(self.inner, in_u64(BLOCK_LEN)), outer: self.outer }
    }

    /// The MAC of one message.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; DIGEST_LEN] {
        let mut mac = self.start();
        mac.write(message);
        mac.finalize()
    }

    /// The end of a derivation: the MAC of each message is the key for the next
    /// one. None is longer than [`DERIVATION_MESSAGE_LEN_MAX`](Self::DERIVATION_MESSAGE_LEN_MAX).
    pub(crate) fn derive<const N: usize>(mut self, messages: [&[u8]; N]) -> Self {
        // All are laid out ahead: the compressions wait for each other's results,
        // and should not wait for stores just made as well.
        let (mut padded, mut counts) = ([[[0; BLOCK_LEN]; 2]; N], [0; N]);
        for ((blocks, count), message) in padded.iter_mut().zip(&mut counts).zip(messages) {
            let len = in_u64(BLOCK_LEN + message.len());
            *count = sha256::write_padded_tail(blocks, message, len);
        }
        let mut pads = PADS;
        for (blocks, count) in padded.iter().zip(counts) {
            compress256(&mut self.inner, &blocks[..count]);
            close(&mut self.outer, &to_bytes(&self.inner));
            // The outer state now is the MAC.
            for (pad, [byte, ..]) in pads.iter_mut().zip(PADS) {
                let mask = u32::from_ne_bytes([byte; 4]);
                write_bytes(&self.outer.map(|word| word ^ mask), pad);
            }
            self.take(&pads);
        }
        wipe(pads.as_flattened_mut());
        self
    }

    /// Becomes the key that was combined with both pads.
    #[inline]
    fn take(&mut self, [inner, outer]: &[[u8; BLOCK_LEN]; 2]) {
        // Side by side, these two overlap in the processor.
        [self.inner, self.outer] = [INITIAL_STATE; 2];
        compress256(&mut self.inner, slice::from_ref(inner));
        compress256(&mut self.outer, slice::from_ref(outer));
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

/// A MAC under way; wiped when it is dropped.
pub(crate) struct Mac {
    inner: Blockwise,
    outer: State,
}

impl Mac {
    /// The MAC of everything written.
    pub(crate) fn finalize(mut self) -> [u8; DIGEST_LEN] {
        close(&mut self.outer, &self.inner.digest_with(b""));
        to_bytes(&self.outer)
    }
}

impl Sink for Mac {
    fn write(&mut self, bytes: &[u8]) {
        self.inner.write(bytes);
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        self.inner.wipe();
        wipe(&mut self.outer);
    }
}

/// The inner and the outer pad of RFC 2104 §2, not yet combined with a key.
const PADS: [[u8; BLOCK_LEN]; 2] = [[0x36; BLOCK_LEN], [0x5c; BLOCK_LEN]];

/// Takes the outer hash, over one block, from the midstate of its pad to its end.
#[inline]
pub(crate) fn close(outer: &mut State, inner_digest: &[u8; DIGEST_LEN]) {
    compress256(outer, slice::from_ref(&outer_block(inner_digest)));
}

/// The block that the outer hash is over.
#[inline]
pub(crate) fn outer_block(inner_digest: &[u8; DIGEST_LEN]) -> Block {
    let mut block = OUTER_BLOCK;
    block[..DIGEST_LEN].copy_from_slice(inner_digest);
    block
}

/// The block of an outer hash, whose inner digest is yet to come. All of a piece:
/// who loads a word just stored in two parts has to wait for both.
const OUTER_BLOCK: [u8; BLOCK_LEN] = {
    let mut block = [0; BLOCK_LEN];
    block[DIGEST_LEN] = 0x80;
    let [.., high, low] = in_u64((BLOCK_LEN + DIGEST_LEN) * 8).to_be_bytes();
    [block[BLOCK_LEN - 2], block[BLOCK_LEN - 1]] = [high, low];
    block
};

#[cfg(test)]
mod tests {
    use super::*;
    use ::hmac::{KeyInit, Mac};

    fn oracle(key: &[u8], message: &[u8]) -> [u8; DIGEST_LEN] {
        let mut oracle = ::hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
        oracle.update(message);
        oracle.finalize().into_bytes().into()
    }

    #[test]
    fn equals_the_hmac_crate_for_keys_and_messages_around_the_block_length() {
        let bytes: std::vec::Vec<u8> = (0..200).collect();
        for key in (0..=200).map(|length| &bytes[..length]) {
            let (front, back) = key.split_at(key.len() / 3);
            for message in [0, 1, 55, 56, 63, 64, 65, 119, 120, 200].map(|length| &bytes[..length])
            {
                let expected = oracle(key, message);
                for parts in [&[key][..], &[front, back]] {
                    assert_eq!(HmacKey::new(parts).mac(message), expected);
                }
            }
        }
    }

    #[test]
    fn a_derivation_is_the_mac_of_a_mac() {
        let bytes: std::vec::Vec<u8> = (0..64).collect();
        for length in 0..=BLOCK_LEN {
            let message = &bytes[..length];
            let derived = HmacKey::new(&[b"key"]).derive([b"first", message]);
            let twice = HmacKey::new(&[&oracle(&oracle(b"key", b"first"), message)]);
            assert_eq!((derived.inner, derived.outer), (twice.inner, twice.outer), "{length}");
        }
    }
}
