//! Bodies in chunks that are signed with an elliptic curve.

mod chain;
mod decoder;
mod signer;

pub use decoder::ChunkDecoder;
pub use signer::ChunkSigner;

use crate::chunks::header;
use crate::payload::PayloadLiteral;
use crate::sigv4a::signature::Signature;

/// Longest chunk header in bytes: sixteen digits and a signature, which always
/// has the length of the longest on the wire.
pub const CHUNK_HEADER_LEN_MAX: usize = header::len_max::<Signature>();

/// How a body goes in chunks; which one, the request says in
/// `x-amz-content-sha256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chunking {
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`: every chunk is signed.
    Signed,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: every chunk is signed,
    /// and so are the trailers behind the last.
    SignedWithTrailers,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: nothing but the request is signed.
    /// For TLS; the trailers hold a checksum of the body.
    UnsignedWithTrailers,
}

impl Chunking {
    /// What a literal says, if it is one of chunks behind a request that was
    /// signed with SigV4a.
    #[must_use]
    pub const fn of(literal: PayloadLiteral) -> Option<Self> {
        match literal {
            PayloadLiteral::StreamingEcdsa => Some(Self::Signed),
            PayloadLiteral::StreamingEcdsaTrailer => Some(Self::SignedWithTrailers),
            PayloadLiteral::StreamingUnsignedTrailer => Some(Self::UnsignedWithTrailers),
            _ => None,
        }
    }

    /// The literal to sign the request with, in place of the payload's hash.
    #[must_use]
    pub const fn literal(self) -> PayloadLiteral {
        match self {
            Self::Signed => PayloadLiteral::StreamingEcdsa,
            Self::SignedWithTrailers => PayloadLiteral::StreamingEcdsaTrailer,
            Self::UnsignedWithTrailers => PayloadLiteral::StreamingUnsignedTrailer,
        }
    }

    /// Whether chunks and trailers carry signatures.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        self.wire().is_signed()
    }

    /// Whether trailers may follow the last chunk.
    #[must_use]
    pub const fn has_trailers(self) -> bool {
        self.wire().has_trailers()
    }

    /// The exact length of the encoded body, which is its `content-length`. Says
    /// what [`Chunking::encoded_len`](crate::chunks::Chunking::encoded_len) says.
    ///
    /// ```
    /// use sigv4::sigv4a::Chunking;
    ///
    /// assert_eq!(Chunking::Signed.encoded_len(66_560, 65_536, &[]), Some(67_064));
    /// ```
    #[must_use]
    pub fn encoded_len(
        self,
        decoded_len: u64,
        chunk_len: u64,
        trailers: &[(&str, usize)],
    ) -> Option<u64> {
        self.wire().encoded_len_with::<Signature>(decoded_len, chunk_len, trailers)
    }

    /// The same, of which the wire alone is meant.
    const fn wire(self) -> crate::chunks::Chunking {
        match self {
            Self::Signed => crate::chunks::Chunking::Signed,
            Self::SignedWithTrailers => crate::chunks::Chunking::SignedWithTrailers,
            Self::UnsignedWithTrailers => crate::chunks::Chunking::UnsignedWithTrailers,
        }
    }

    const fn of_wire(wire: crate::chunks::Chunking) -> Self {
        match wire {
            crate::chunks::Chunking::Signed => Self::Signed,
            crate::chunks::Chunking::SignedWithTrailers => Self::SignedWithTrailers,
            crate::chunks::Chunking::UnsignedWithTrailers => Self::UnsignedWithTrailers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_literals_of_sigv4a_are_chunks_of_sigv4a() {
        for chunking in
            [Chunking::Signed, Chunking::SignedWithTrailers, Chunking::UnsignedWithTrailers]
        {
            assert_eq!(Chunking::of(chunking.literal()), Some(chunking));
            assert_eq!(Chunking::of_wire(chunking.wire()), chunking);
        }
        assert_eq!(Chunking::of(PayloadLiteral::StreamingHmac), None);
        assert_eq!(Chunking::of(PayloadLiteral::StreamingHmacTrailer), None);
        assert_eq!(crate::chunks::Chunking::of(PayloadLiteral::StreamingEcdsa), None);
    }
}
