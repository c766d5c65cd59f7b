//! The chain of signatures: each covers the one before it.

use p256::ecdsa;

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::chunks::chain::{SignChunks, VerifyChunks, WireSignature, write_string_to_sign};
use crate::payload::Payload;
use crate::sha256::{Sha256, Stage};
use crate::sigv4a::key;
use crate::sigv4a::public_key::VerifyingKey;
use crate::sigv4a::scope::MultiRegionScope;
use crate::sigv4a::signature::Signature;
use crate::time::Timestamp;

/// The first line of the string to sign of a chunk.
const PAYLOAD_ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256-PAYLOAD";

/// The first line of the string to sign of trailers.
const TRAILER_ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256-TRAILER";

/// What fills up a signature on the wire to the length of the longest, so that
/// the length of a body is known before it is signed.
const PADDING: u8 = b'*';

/// Where a chain has come to: time and scope are those of the request.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) timestamp: Timestamp,
    pub(crate) scope: MultiRegionScope,
    pub(crate) last: Signature,
}

impl Link {
    /// SHA-256 of the string to sign of the next chunk.
    fn chunk(&self, data: &[u8; 32]) -> [u8; 32] {
        // What would be the hash of a chunk's headers, of which there are none.
        let headers = Payload::EMPTY.hash();
        self.sha256(PAYLOAD_ALGORITHM, &[headers.as_bytes(), &encode::hex(data)])
    }

    /// SHA-256 of the string to sign of the canonical trailers.
    fn trailers(&self, canonical_trailers: &[u8; 32]) -> [u8; 32] {
        self.sha256(TRAILER_ALGORITHM, &[&encode::hex(canonical_trailers)])
    }

    fn sha256(&self, algorithm: &str, lines: &[&[u8]]) -> [u8; 32] {
        let mut stage: Stage = Stage::new();
        let mut hash = Sha256::new(&mut stage);
        let mut digits = [0; Signature::HEX_LEN_MAX];
        // Without the padding.
        let previous = self.last.hex(&mut digits);
        let (timestamp, scope) = (self.timestamp, &self.scope);
        write_string_to_sign(&mut hash, algorithm, timestamp, scope, previous, lines);
        hash.finalize()
    }
}

/// Signs; the key is zeroed on drop.
#[derive(Clone)]
pub(crate) struct SigningChain {
    pub(crate) key: ecdsa::SigningKey,
    pub(crate) link: Link,
}

impl SignChunks for SigningChain {
    type Signature = Signature;

    fn last(&self) -> Signature {
        self.link.last
    }

    fn sign_chunk(&mut self, data: &[u8; 32]) -> Signature {
        self.link.last = key::sign(&self.key, &self.link.chunk(data));
        self.link.last
    }

    fn sign_trailers(&mut self, canonical_trailers: &[u8; 32]) -> Signature {
        self.link.last = key::sign(&self.key, &self.link.trailers(canonical_trailers));
        self.link.last
    }
}

/// Verifies.
#[derive(Clone)]
pub(crate) struct VerifyingChain {
    pub(crate) key: VerifyingKey,
    pub(crate) link: Link,
}

impl VerifyChunks for VerifyingChain {
    type Signature = Signature;

    fn verify_chunk(&mut self, data: &[u8; 32], presented: &Signature) -> bool {
        let holds = self.key.has_signed(&self.link.chunk(data), presented);
        if holds {
            self.link.last = *presented;
        }
        holds
    }

    fn verify_trailers(&self, canonical_trailers: &[u8; 32], presented: &Signature) -> bool {
        self.key.has_signed(&self.link.trailers(canonical_trailers), presented)
    }
}

impl WireSignature for Signature {
    const WIRE_LEN: usize = Self::HEX_LEN_MAX;

    fn write_to(&self, sink: &mut impl Sink) {
        let mut wire = [PADDING; Self::HEX_LEN_MAX];
        self.hex(&mut wire);
        sink.write(&wire);
    }

    fn parse(wire: &[u8]) -> Option<Self> {
        let padding = wire.iter().rev().take_while(|byte| **byte == PADDING).count();
        Self::parse_hex(&wire[..wire.len() - padding])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::Buffer;

    #[test]
    fn signatures_are_padded_on_the_wire_and_read_back() {
        let short = b"3006020101020101";
        let signature = Signature::parse(short).unwrap();
        let mut wire = [0; Signature::WIRE_LEN];
        let mut buffer = Buffer::new(&mut wire);
        signature.write_to(&mut buffer);
        let wire = buffer.finish().unwrap();
        assert_eq!(wire.len(), 144);
        assert!(wire.starts_with(short) && wire[short.len()..].iter().all(|byte| *byte == b'*'));
        assert!(Signature::parse(wire) == Some(signature));
        assert!(Signature::parse(b"*3006020101020101").is_none());
        assert!(Signature::parse(b"3006*020101020101").is_none());
        assert!(Signature::parse(b"").is_none() && Signature::parse(&[b'*'; 144]).is_none());
    }
}
