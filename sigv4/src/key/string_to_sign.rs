//! The string to sign: four lines, of which the last names the request.

use core::slice;

use sha2::block_api::compress256;

use crate::bytes::encode;
use crate::bytes::sink::{Buffer, Sink};
use crate::bytes::wipe::wipe;
use crate::names::ALGORITHM;
use crate::scope::{CredentialScope, Scope};
use crate::sha256::hmac::{self, HmacKey};
use crate::sha256::interleave::Block;
use crate::sha256::{BLOCK_LEN, State, in_u64, to_bytes};
#[cfg(feature = "sigv4a")]
use crate::sha256::{BlockBuffer, Sha256};
use crate::time::Timestamp;

/// The first three lines.
#[inline(always)]
pub(crate) fn write_head<S: Scope>(sink: &mut impl Sink, timestamp: Timestamp, scope: &S) {
    sink.write(S::ALGORITHM.as_bytes());
    sink.write(b"\n");
    sink.write(timestamp.as_bytes());
    sink.write(b"\n");
    scope.write_to(sink);
    sink.write(b"\n");
}

/// All four lines.
pub(crate) fn write(
    sink: &mut impl Sink,
    timestamp: Timestamp,
    scope: &impl Scope,
    canonical_request: &[u8; 32],
) {
    write_head(sink, timestamp, scope);
    sink.write(&encode::hex(canonical_request));
}

/// SHA-256 of all four lines, which is what an elliptic curve signs.
#[cfg(feature = "sigv4a")]
pub(crate) fn sha256(
    timestamp: Timestamp,
    scope: &impl Scope,
    canonical_request: &[u8; 32],
) -> [u8; 32] {
    let mut blocks: BlockBuffer = BlockBuffer::new();
    let mut hash = Sha256::new(&mut blocks);
    write(&mut hash, timestamp, scope, canonical_request);
    hash.finalize()
}

/// Longest first three lines in bytes.
const HEAD_LEN_MAX: usize = ALGORITHM.len() + Timestamp::LEN + CredentialScope::LEN_MAX + 3;

/// Bytes of the last line.
const LINE_LEN: usize = 64;

/// Where the timestamp stands, behind the algorithm's name and a line break.
const TIMESTAMP_BEGIN: usize = ALGORITHM.len() + 1;

/// The string to sign as the blocks of an HMAC's inner message: laid out and
/// padded but for the timestamp and the last line, once for a scope.
#[derive(Clone)]
pub(crate) struct Template {
    blocks: [[u8; BLOCK_LEN]; BLOCKS_MAX],
    /// Blocks before the one in which the last line begins.
    whole: usize,
    /// Where it begins in that one.
    line: usize,
    /// Blocks from that one on.
    count: usize,
}

/// Most blocks of a string to sign: the marker and the length take nine bytes.
const BLOCKS_MAX: usize = (HEAD_LEN_MAX + LINE_LEN + 9).div_ceil(BLOCK_LEN) + 1;

/// Most blocks from the last line on.
const LAST_BLOCKS: usize = 3;

impl Template {
    pub(crate) fn new(scope: &CredentialScope) -> Self {
        let mut blocks = [[0; BLOCK_LEN]; BLOCKS_MAX];
        let bytes = blocks.as_flattened_mut();
        let mut head = Buffer::new(bytes);
        head.write(ALGORITHM.as_bytes());
        head.write(b"\n");
        head.write(&[0; Timestamp::LEN]);
        head.write(b"\n");
        scope.write_to(&mut head);
        head.write(b"\n");
        let len = head.finish().map_or(0, <[u8]>::len);
        let (whole, line) = (len / BLOCK_LEN, len % BLOCK_LEN);
        let end = (len + LINE_LEN + 9).next_multiple_of(BLOCK_LEN);
        bytes[len + LINE_LEN] = 0x80;
        let bits = in_u64((BLOCK_LEN + len + LINE_LEN) * 8);
        bytes[end - 8..end].copy_from_slice(&bits.to_be_bytes());
        Self { blocks, whole, line, count: end / BLOCK_LEN - whole }
    }

    /// Fixes the second, for a key of the same scope.
    #[inline(always)]
    pub(crate) fn at<'k>(&'k self, timestamp: Timestamp, key: &'k HmacKey) -> StringToSign<'k> {
        let mut inner = key.inner;
        if self.whole > 0 {
            let mut first = self.blocks[0];
            write_timestamp(&mut first, timestamp);
            compress256(&mut inner, slice::from_ref(&first));
            compress256(&mut inner, &self.blocks[1..self.whole]);
        }
        StringToSign { template: self, outer: &key.outer, timestamp, inner: Midstate(inner) }
    }
}

#[inline(always)]
fn write_timestamp(first: &mut Block, timestamp: Timestamp) {
    first[TIMESTAMP_BEGIN..][..Timestamp::LEN].copy_from_slice(timestamp.as_bytes());
}

/// The string to sign of one second: its MAC up to the block in which the last
/// line begins, which alone differs from one request to the next.
#[derive(Clone)]
pub(crate) struct StringToSign<'k> {
    template: &'k Template,
    pub(crate) outer: &'k State,
    pub(crate) timestamp: Timestamp,
    pub(crate) inner: Midstate,
}

/// The state of a hash that goes on; wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct Midstate(pub(crate) State);

impl StringToSign<'_> {
    /// The MAC, as often as one likes.
    #[inline(always)]
    pub(crate) fn mac(&self, canonical_request: &[u8; 32]) -> [u8; 32] {
        let mut last = [[0; BLOCK_LEN]; LAST_BLOCKS];
        let count = self.write_last(&mut last, canonical_request);
        let mut state = self.inner.0;
        compress256(&mut state, &last[..count]);
        let digest = to_bytes(&state);
        wipe(&mut state);
        let mut mac = *self.outer;
        hmac::close(&mut mac, &digest);
        to_bytes(&mac)
    }

    /// Writes the blocks that follow `inner` for one request; returns how many
    /// of them count.
    #[inline(always)]
    pub(crate) fn write_last(
        &self,
        blocks: &mut [Block; LAST_BLOCKS],
        canonical_request: &[u8; 32],
    ) -> usize {
        let Template { blocks: all, whole, line, count } = self.template;
        // One by one: three together would be a call of the C library.
        let [first, second, third] = blocks;
        (*first, *second, *third) = (all[*whole], all[*whole + 1], all[*whole + 2]);
        if *whole == 0 {
            // The scope is so short that all of it stands beside the last line.
            write_timestamp(first, self.timestamp);
        }
        let line = &mut blocks.as_flattened_mut()[*line..][..LINE_LEN];
        line.copy_from_slice(&encode::hex(canonical_request));
        *count
    }
}

impl Drop for Midstate {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Date;
    use ::hmac::{KeyInit, Mac};

    #[test]
    fn equals_the_hmac_crate_for_scopes_of_every_length() {
        let timestamp = Timestamp::parse(b"20150830T123600Z").unwrap();
        let digest = [0x5a; 32];
        for len in 1..=2 * CredentialScope::REGION_LEN_MAX {
            let (region, service) = ("r".repeat(len / 2), "s".repeat(len.div_ceil(2)));
            let date = Date::parse(b"20150830").unwrap();
            let scope = CredentialScope::new(date, &region, &service).unwrap();
            let key = HmacKey::new(&[b"key"]);
            let mac = Template::new(&scope).at(timestamp, &key).mac(&digest);
            let mut text = [0; 512];
            let mut buffer = Buffer::new(&mut text);
            write(&mut buffer, timestamp, &scope, &digest);
            let mut oracle = ::hmac::Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
            oracle.update(buffer.finish().unwrap());
            assert_eq!(mac, <[u8; 32]>::from(oracle.finalize().into_bytes()), "{len}");
        }
    }
}
