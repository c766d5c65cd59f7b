//! The chain of signatures: each covers the one before it.

use crate::encode;
use crate::hash::{BLOCK_LEN, Blockwise, in_u64, to_bytes};
use crate::hmac::{self, HmacKey};
use crate::payload::Payload;
use crate::scope::{CredentialScope, Scope};
use crate::signature::Signature;
use crate::sink::Sink;
use crate::time::Timestamp;
use crate::wipe::wipe;

/// The first line of the string to sign of a chunk, and of an event.
pub(crate) const PAYLOAD_ALGORITHM: &str = "AWS4-HMAC-SHA256-PAYLOAD";

/// The first line of the string to sign of trailers.
const TRAILER_ALGORITHM: &str = "AWS4-HMAC-SHA256-TRAILER";

/// The signatures of one body: key, time and scope are those of the request.
#[derive(Clone)]
pub(crate) struct Chain {
    key: HmacKey,
    timestamp: Timestamp,
    scope: CredentialScope,
    last: Signature,
}

impl Chain {
    pub(crate) fn new(
        key: &HmacKey,
        timestamp: Timestamp,
        scope: &CredentialScope,
        seed: Signature,
    ) -> Self {
        Self { key: key.clone(), timestamp, scope: *scope, last: seed }
    }

    /// The last signature of the chain.
    pub(crate) const fn last(&self) -> Signature {
        self.last
    }

    /// The signature of the next chunk; [`extend`](Self::extend) makes it the last.
    pub(crate) fn chunk(&self, data: &[u8; 32]) -> Signature {
        // What would be the hash of a chunk's headers, of which there are none.
        let headers = Payload::EMPTY.hash();
        self.sign(PAYLOAD_ALGORITHM, &[headers.as_bytes(), &encode::hex(data)])
    }

    /// The signature of the canonical trailers.
    pub(crate) fn trailers(&self, canonical_trailers: &[u8; 32]) -> Signature {
        self.sign(TRAILER_ALGORITHM, &[&encode::hex(canonical_trailers)])
    }

    pub(crate) const fn extend(&mut self, signature: Signature) {
        self.last = signature;
    }

    fn sign(&self, algorithm: &str, lines: &[&[u8]]) -> Signature {
        sign(&self.key, algorithm, self.timestamp, &self.scope, &self.last, lines)
    }
}

/// The MAC of a string to sign: algorithm, time, scope and previous signature,
/// and then `lines`.
pub(crate) fn sign(
    key: &HmacKey,
    algorithm: &str,
    timestamp: Timestamp,
    scope: &CredentialScope,
    previous: &Signature,
    lines: &[&[u8]],
) -> Signature {
    let mut mac = Blockwise::resume(key.inner, in_u64(BLOCK_LEN));
    mac.write(algorithm.as_bytes());
    mac.write(b"\n");
    mac.write(timestamp.as_bytes());
    mac.write(b"\n");
    scope.write_to(&mut mac);
    mac.write(b"\n");
    mac.write(&previous.to_hex());
    for line in lines {
        mac.write(b"\n");
        mac.write(line);
    }
    let digest = mac.digest_with(b"");
    let mut outer = key.outer;
    hmac::close(&mut outer, &digest);
    let signature = Signature::new(to_bytes(&outer));
    // The string is no secret, the states that it met are.
    mac.wipe();
    wipe(&mut outer);
    signature
}
