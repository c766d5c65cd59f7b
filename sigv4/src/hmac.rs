//! HMAC-SHA-256 (RFC 2104) on midstates.
//!
//! Written on the block interface because the two pads of a signing key are
//! constant for a day: keeping their midstates saves two of the four
//! compressions of a short message. The `hmac` crate is the oracle in the tests.

use core::slice;

use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::chains::Block;
use crate::hash::{BLOCK_LEN, Blockwise, DIGEST_LEN, INITIAL_STATE, State, in_u64, to_bytes};
use crate::sink::Sink;

/// A key, as the two midstates it leaves behind; wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct HmacKey {
    pub(crate) inner: State,
    pub(crate) outer: State,
}

impl HmacKey {
    /// The key made of `parts` one after the other, of any total length.
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut block = [0; BLOCK_LEN];
        let total: usize = parts.iter().map(|part| part.len()).sum();
        if total <= BLOCK_LEN {
            let mut rest = block.as_mut_slice();
            for part in parts {
                let (target, behind) = rest.split_at_mut(part.len());
                target.copy_from_slice(part);
                rest = behind;
            }
        } else {
            // RFC 2104 §2: a key longer than a block is hashed first.
            let mut hash = Blockwise::resume(INITIAL_STATE, 0);
            parts.iter().for_each(|part| hash.write(part));
            let mut digest = hash.finalize();
            block[..DIGEST_LEN].copy_from_slice(&digest);
            digest.zeroize();
            hash.wipe();
        }
        let key = Self { inner: pad(&mut block, 0x36), outer: pad(&mut block, 0x36 ^ 0x5c) };
        block.zeroize();
        key
    }

    /// A MAC over an empty message so far.
    #[inline(always)]
    pub(crate) fn start(&self) -> Hmac {
        Hmac { inner: Blockwise::resume(self.inner, in_u64(BLOCK_LEN)), outer: self.outer }
    }

    /// The MAC of one message.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; DIGEST_LEN] {
        let mut mac = self.start();
        mac.write(message);
        mac.finalize()
    }

    /// The key whose bytes are the MAC of `message`: one step of a derivation.
    pub(crate) fn derive(&self, message: &[u8]) -> Self {
        let mut bytes = self.mac(message);
        let key = Self::new(&[&bytes]);
        bytes.zeroize();
        key
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// Turns `block` into a pad by XOR with `mask`, and compresses it.
fn pad(block: &mut [u8; BLOCK_LEN], mask: u8) -> State {
    block.iter_mut().for_each(|byte| *byte ^= mask);
    let mut state = INITIAL_STATE;
    compress256(&mut state, slice::from_ref(block));
    state
}

/// A MAC under way; wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct Hmac {
    inner: Blockwise,
    outer: State,
}

impl Hmac {
    /// The MAC of everything written.
    #[inline(always)]
    pub(crate) fn finalize(mut self) -> [u8; DIGEST_LEN] {
        let digest = self.inner.finalize();
        close(&self.outer, &digest)
    }
}

/// The outer hash, over one block.
#[inline(always)]
pub(crate) fn close(outer: &State, inner_digest: &[u8; DIGEST_LEN]) -> [u8; DIGEST_LEN] {
    let mut state = *outer;
    compress256(&mut state, slice::from_ref(&outer_block(inner_digest)));
    // In a derivation the state now is the next key; the inner digest is none.
    let mac = to_bytes(&state);
    state.zeroize();
    mac
}

/// The block that the outer hash is over.
#[inline]
pub(crate) fn outer_block(inner_digest: &[u8; DIGEST_LEN]) -> Block {
    let mut block = [0; BLOCK_LEN];
    block[..DIGEST_LEN].copy_from_slice(inner_digest);
    block[DIGEST_LEN] = 0x80;
    block[BLOCK_LEN - 8..].copy_from_slice(&OUTER_BITS.to_be_bytes());
    block
}

/// Bits of the outer message: the pad and the inner digest.
const OUTER_BITS: u64 = in_u64((BLOCK_LEN + DIGEST_LEN) * 8);

impl Sink for Hmac {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        self.inner.write(bytes);
    }
}

impl Drop for Hmac {
    fn drop(&mut self) {
        // The messages that are MACed are no secret, only the states are.
        self.inner.wipe_state();
        self.outer.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::hmac::{KeyInit, Mac};

    #[test]
    fn equals_the_hmac_crate_for_keys_and_messages_around_the_block_length() {
        let bytes: std::vec::Vec<u8> = (0..200).collect();
        for key in (0..=200).map(|length| &bytes[..length]) {
            for message in [0, 1, 55, 56, 63, 64, 65, 119, 120, 200].map(|length| &bytes[..length])
            {
                let mut oracle = ::hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
                oracle.update(message);
                let expected: [u8; 32] = oracle.finalize().into_bytes().into();
                assert_eq!(HmacKey::new(&[key]).mac(message), expected);
                let (front, back) = key.split_at(key.len() / 3);
                assert_eq!(HmacKey::new(&[front, back]).mac(message), expected);
            }
        }
    }
}
