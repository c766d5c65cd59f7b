//! Bodies in signed chunks, the `aws-chunked` encoding of S3: what goes between the
//! pieces of data and what takes them apart again, but nothing that reads or sends.
//!
//! A chunk's signature covers its data and the signature before it, the first
//! one that of the request itself (the *seed*).

pub(crate) mod announced;
pub(crate) mod chain;
#[cfg(feature = "checksums")]
pub(crate) mod checksum;
pub(crate) mod checksum_algorithm;
pub(crate) mod checksum_check;
pub(crate) mod coverage;
pub(crate) mod decoder;
pub(crate) mod decoding;
mod error;
pub(crate) mod header;
pub(crate) mod signer;
pub(crate) mod trailers;

pub use announced::{DECODED_LENGTH_HEADER, TRAILER_HEADER, TRAILER_NAMES_LEN_MAX};
pub use chain::ChunkSignature;
#[cfg(feature = "checksums")]
pub use checksum::{Checksum, ChecksumValue};
pub use checksum_algorithm::ChecksumAlgorithm;
pub use coverage::{Coverage, TrailingChecksum};
pub use decoder::{CHUNK_LEN_MAX, ChunkDecoder, ChunkEvent, Decoded};
pub use error::{ChunkError, ChunkSignError};
pub use header::{CHUNK_END, CHUNK_HEADER_LEN_MAX};
pub use signer::ChunkSigner;
pub use trailers::{TRAILERS_LEN_MAX, TRAILERS_MAX, Trailers};

use crate::payload::PayloadLiteral;
use crate::sha256::in_u64;

/// How a body goes in chunks; which one, the request says in
/// `x-amz-content-sha256`.
///
/// Both algorithms have all three. Where they differ, the kind of signature is
/// named: [`Signature`](crate::Signature), or `sigv4a::Signature`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chunking {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`, or `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`:
    /// every chunk is signed.
    Signed,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`, or
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: every chunk is signed, and so are
    /// the trailers behind the last.
    SignedWithTrailers,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: nothing but the request is signed.
    /// For TLS; the trailers hold a checksum of the body.
    UnsignedWithTrailers,
}

impl Chunking {
    const ALL: [Self; 3] = [Self::Signed, Self::SignedWithTrailers, Self::UnsignedWithTrailers];

    /// What a literal says, if it is one of chunks behind a request with a signature of
    /// this kind.
    ///
    /// ```
    /// use sigv4::chunks::Chunking;
    /// use sigv4::{PayloadLiteral, Signature};
    ///
    /// let signed = Chunking::of::<Signature>(PayloadLiteral::StreamingHmac);
    /// assert_eq!(signed, Some(Chunking::Signed));
    /// assert_eq!(Chunking::of::<Signature>(PayloadLiteral::StreamingEcdsa), None);
    /// ```
    #[must_use]
    pub fn of<S: ChunkSignature>(literal: PayloadLiteral) -> Option<Self> {
        Self::ALL.into_iter().find(|chunking| chunking.literal::<S>() == literal)
    }

    /// The literal to sign the request with, in place of the payload's hash.
    #[must_use]
    pub const fn literal<S: ChunkSignature>(self) -> PayloadLiteral {
        match self {
            Self::Signed => S::SIGNED,
            Self::SignedWithTrailers => S::SIGNED_WITH_TRAILERS,
            Self::UnsignedWithTrailers => PayloadLiteral::StreamingUnsignedTrailer,
        }
    }

    /// Whether chunks and trailers carry signatures.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        !matches!(self, Self::UnsignedWithTrailers)
    }

    /// Whether trailers may follow the last chunk.
    #[must_use]
    pub const fn has_trailers(self) -> bool {
        !matches!(self, Self::Signed)
    }

    /// The exact length of the encoded body, which is its `content-length`, with
    /// signatures of this kind.
    ///
    /// Every chunk has `chunk_len` bytes of data but the last, which has what is
    /// left. `trailers` are their names, each with the length of its value.
    /// Nothing if `chunk_len` is 0 or the sum does not fit.
    ///
    /// ```
    /// use sigv4::Signature;
    /// use sigv4::chunks::Chunking;
    ///
    /// let signed = Chunking::Signed.encoded_len::<Signature>(66_560, 65_536, &[]);
    /// assert_eq!(signed, Some(66_824));
    /// let (unsigned, checksum) = (Chunking::UnsignedWithTrailers, [("x-amz-checksum-crc32c", 8)]);
    /// assert_eq!(unsigned.encoded_len::<Signature>(66_560, 65_536, &checksum), Some(66_613));
    /// ```
    #[must_use]
    pub fn encoded_len<S: ChunkSignature>(
        self,
        decoded_len: u64,
        chunk_len: u64,
        trailers: &[(&str, usize)],
    ) -> Option<u64> {
        let overhead = |data_len| in_u64(header::len::<S>(self, data_len) + CHUNK_END.len());
        let whole = decoded_len.checked_div(chunk_len)?;
        let rest = decoded_len % chunk_len;
        let mut len = whole.checked_mul(overhead(chunk_len))?;
        if rest > 0 {
            len = len.checked_add(overhead(rest))?;
        }
        len = len.checked_add(decoded_len)?.checked_add(in_u64(header::len::<S>(self, 0)))?;
        for (name, value_len) in trailers {
            let line = name.len().checked_add(*value_len)?.checked_add(trailers::LINE_OVERHEAD)?;
            len = len.checked_add(in_u64(line))?;
        }
        len.checked_add(in_u64(self.end_len::<S>()))
    }

    /// Bytes behind the trailers.
    pub(crate) const fn end_len<S: ChunkSignature>(self) -> usize {
        let signature = trailers::SIGNATURE_NAME.len() + S::WIRE_LEN;
        match self {
            Self::SignedWithTrailers => signature + trailers::LINE_OVERHEAD + CHUNK_END.len(),
            Self::Signed | Self::UnsignedWithTrailers => CHUNK_END.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Signature;

    #[test]
    fn lengths_that_do_not_fit_are_nothing() {
        let chunking = Chunking::Signed;
        let len = |decoded_len, chunk_len, trailers: &[(&str, usize)]| {
            chunking.encoded_len::<Signature>(decoded_len, chunk_len, trailers)
        };
        assert_eq!(len(1, 0, &[]), None);
        assert_eq!(len(u64::MAX, 1, &[]), None);
        assert_eq!(len(u64::MAX, u64::MAX, &[]), None);
        assert_eq!(len(0, 1, &[("a", usize::MAX)]), None);
        assert_eq!(len(0, 1, &[]), Some(86));
    }

    #[test]
    fn a_literal_of_anything_else_is_no_chunking() {
        check_literals::<Signature>(&[
            PayloadLiteral::StreamingHmac,
            PayloadLiteral::StreamingHmacTrailer,
            PayloadLiteral::StreamingUnsignedTrailer,
        ]);
        #[cfg(feature = "sigv4a")]
        check_literals::<crate::sigv4a::Signature>(&[
            PayloadLiteral::StreamingEcdsa,
            PayloadLiteral::StreamingEcdsaTrailer,
            PayloadLiteral::StreamingUnsignedTrailer,
        ]);
    }

    fn check_literals<S: ChunkSignature>(chunked: &[PayloadLiteral]) {
        for literal in PayloadLiteral::ALL {
            let chunking = Chunking::of::<S>(literal);
            assert_eq!(chunking.is_some(), chunked.contains(&literal), "{literal:?}");
            assert!(chunking.is_none_or(|chunking| chunking.literal::<S>() == literal));
        }
    }
}
