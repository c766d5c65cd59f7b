//! The chain of signatures: each covers the one before it.

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::bytes::wipe::wipe;
use crate::payload::Payload;
use crate::scope::{CredentialScope, Scope};
use crate::sha256::hmac::{self, HmacKey};
use crate::sha256::{BLOCK_LEN, Blockwise, in_u64, to_bytes};
use crate::signature::Signature;
use crate::time::Timestamp;

/// A signature as it stands between the pieces of a body.
pub(crate) trait WireSignature: Copy {
    /// Bytes it takes there, whichever signature it is.
    const WIRE_LEN: usize;

    fn write_to(&self, sink: &mut impl Sink);

    /// Reads at most [`WIRE_LEN`](Self::WIRE_LEN) bytes.
    fn parse(wire: &[u8]) -> Option<Self>;
}

impl WireSignature for Signature {
    const WIRE_LEN: usize = Self::HEX_LEN;

    fn write_to(&self, sink: &mut impl Sink) {
        sink.write(&self.to_hex());
    }

    fn parse(wire: &[u8]) -> Option<Self> {
        encode::parse_hex(wire).map(Self::new)
    }
}

/// What signs one body, chunk by chunk.
pub(crate) trait SignChunks: Clone {
    type Signature: WireSignature;

    /// The last signature of the chain.
    fn last(&self) -> Self::Signature;

    /// Signs the next chunk, given the SHA-256 of its data.
    fn sign_chunk(&mut self, data: &[u8; 32]) -> Self::Signature;

    /// Signs the trailers, given the SHA-256 of their canonical form.
    fn sign_trailers(&mut self, canonical_trailers: &[u8; 32]) -> Self::Signature;
}

/// What verifies one body, chunk by chunk.
pub(crate) trait VerifyChunks {
    type Signature: WireSignature;

    /// Whether the next chunk was signed so; the chain goes on if it was.
    fn verify_chunk(&mut self, data: &[u8; 32], presented: &Self::Signature) -> bool;

    /// Whether the trailers were signed so.
    fn verify_trailers(&self, canonical_trailers: &[u8; 32], presented: &Self::Signature) -> bool;
}

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

    /// The signature of the next chunk.
    fn chunk(&self, data: &[u8; 32]) -> Signature {
        // What would be the hash of a chunk's headers, of which there are none.
        let headers = Payload::EMPTY.hash();
        self.sign(PAYLOAD_ALGORITHM, &[headers.as_bytes(), &encode::hex(data)])
    }

    /// The signature of the canonical trailers.
    fn trailers(&self, canonical_trailers: &[u8; 32]) -> Signature {
        self.sign(TRAILER_ALGORITHM, &[&encode::hex(canonical_trailers)])
    }

    fn sign(&self, algorithm: &str, lines: &[&[u8]]) -> Signature {
        sign(&self.key, algorithm, self.timestamp, &self.scope, &self.last, lines)
    }
}

impl SignChunks for Chain {
    type Signature = Signature;

    fn last(&self) -> Signature {
        self.last
    }

    fn sign_chunk(&mut self, data: &[u8; 32]) -> Signature {
        self.last = self.chunk(data);
        self.last
    }

    fn sign_trailers(&mut self, canonical_trailers: &[u8; 32]) -> Signature {
        self.last = self.trailers(canonical_trailers);
        self.last
    }
}

/// In constant time with respect to where two signatures differ.
impl VerifyChunks for Chain {
    type Signature = Signature;

    fn verify_chunk(&mut self, data: &[u8; 32], presented: &Signature) -> bool {
        let expected = self.chunk(data);
        let holds = expected == *presented;
        if holds {
            self.last = expected;
        }
        holds
    }

    fn verify_trailers(&self, canonical_trailers: &[u8; 32], presented: &Signature) -> bool {
        self.trailers(canonical_trailers) == *presented
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
    write_string_to_sign(&mut mac, algorithm, timestamp, scope, &previous.to_hex(), lines);
    let digest = mac.digest_with(b"");
    let mut outer = key.outer;
    hmac::close(&mut outer, &digest);
    let signature = Signature::new(to_bytes(&outer));
    // The string is no secret, the states that it met are.
    mac.wipe();
    wipe(&mut outer);
    signature
}

/// Algorithm, time, scope and previous signature, and then `lines`.
pub(crate) fn write_string_to_sign(
    sink: &mut impl Sink,
    algorithm: &str,
    timestamp: Timestamp,
    scope: &impl Scope,
    previous: &[u8],
    lines: &[&[u8]],
) {
    sink.write(algorithm.as_bytes());
    sink.write(b"\n");
    sink.write(timestamp.as_bytes());
    sink.write(b"\n");
    scope.write_to(sink);
    sink.write(b"\n");
    sink.write(previous);
    for line in lines {
        sink.write(b"\n");
        sink.write(line);
    }
}
