//! The string to sign: four lines, of which the last names the request.

use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::encode;
use crate::hash::{BLOCK_LEN, State, in_u64, to_bytes};
use crate::hmac::{self, HmacKey};
use crate::scope::CredentialScope;
use crate::sink::{Buffer, Sink};
use crate::time::Timestamp;

/// The only algorithm of Signature Version 4 with a shared secret.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The first three lines.
#[inline(always)]
pub(crate) fn write_head(sink: &mut impl Sink, timestamp: Timestamp, scope: &CredentialScope) {
    sink.write(ALGORITHM.as_bytes());
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
    scope: &CredentialScope,
    canonical_request: &[u8; 32],
) {
    write_head(sink, timestamp, scope);
    sink.write(&encode::hex(canonical_request));
}

/// Longest first three lines in bytes.
const HEAD_LEN_MAX: usize = ALGORITHM.len() + Timestamp::LEN + CredentialScope::LEN_MAX + 3;

/// Bytes of the last line.
const DIGITS: usize = 64;

/// The MAC of the string to sign up to its last line, which alone differs from
/// one request to the next, and the blocks that are left, laid out and padded
/// but for that line. Wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct StringToSign {
    inner: State,
    outer: State,
    last: [u8; 3 * BLOCK_LEN],
    /// Where the last line begins in `last`.
    line: usize,
    /// Bytes of `last` that count.
    end: usize,
}

impl StringToSign {
    #[inline(always)]
    pub(crate) fn new(key: &HmacKey, timestamp: Timestamp, scope: &CredentialScope) -> Self {
        let mut bytes = [0; HEAD_LEN_MAX];
        let mut head = Buffer::new(&mut bytes);
        write_head(&mut head, timestamp, scope);
        let len = head.finish().map_or(0, <[u8]>::len);
        let mut inner = key.inner;
        let (blocks, tail) = bytes[..len].as_chunks();
        compress256(&mut inner, blocks);
        let line = tail.len();
        let mut last = [0; 3 * BLOCK_LEN];
        last[..line].copy_from_slice(tail);
        let end = (line + DIGITS + 9).next_multiple_of(BLOCK_LEN);
        last[line + DIGITS] = 0x80;
        let bits = in_u64((BLOCK_LEN + len + DIGITS) * 8);
        last[end - 8..end].copy_from_slice(&bits.to_be_bytes());
        Self { inner, outer: key.outer, last, line, end }
    }

    /// The MAC, as often as one likes.
    #[inline(always)]
    pub(crate) fn mac(&self, canonical_request: &[u8; 32]) -> [u8; 32] {
        let mut last = self.last;
        last[self.line..self.line + DIGITS].copy_from_slice(&encode::hex(canonical_request));
        let mut state = self.inner;
        compress256(&mut state, last[..self.end].as_chunks().0);
        let digest = to_bytes(&state);
        state.zeroize();
        hmac::close(&self.outer, &digest)
    }
}

impl Drop for StringToSign {
    fn drop(&mut self) {
        // The string itself is no secret, only the states are.
        self.inner.zeroize();
        self.outer.zeroize();
    }
}
