//! Bodies in signed chunks: the `aws-chunked` encoding of S3.
//!
//! A chunk's signature covers its data and the signature before it, the first
//! one that of the request itself (the *seed*). Nothing here reads or sends:
//! the signer makes what goes between the pieces of data, and the decoder takes
//! what came apart again.

pub(crate) mod announced;
pub(crate) mod chain;
pub(crate) mod decoder;
pub(crate) mod decoding;
pub(crate) mod encoding;
mod error;
pub(crate) mod header;
pub(crate) mod signer;
pub(crate) mod trailers;

pub use announced::{DECODED_LENGTH_HEADER, TRAILER_HEADER, TRAILER_NAMES_LEN_MAX};
pub use decoder::{CHUNK_LEN_MAX, ChunkDecoder, ChunkEvent, Decoded};
pub use error::{ChunkError, ChunkSignError};
pub use header::{CHUNK_END, CHUNK_HEADER_LEN_MAX};
pub use signer::ChunkSigner;
pub use trailers::{TRAILERS_LEN_MAX, TRAILERS_MAX, Trailers};

use crate::chunks::chain::WireSignature;
use crate::payload::PayloadLiteral;
use crate::sha256::in_u64;
use crate::signature::Signature;

/// How a body goes in chunks; which one, the request says in
/// `x-amz-content-sha256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chunking {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: every chunk is signed.
    Signed,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: every chunk is signed, and
    /// so are the trailers behind the last.
    SignedWithTrailers,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: nothing but the request is signed.
    /// For TLS; the trailers hold a checksum of the body.
    UnsignedWithTrailers,
}

impl Chunking {
    /// What a literal says, if it is one of chunks that this crate knows.
    #[must_use]
    pub const fn of(literal: PayloadLiteral) -> Option<Self> {
        match literal {
            PayloadLiteral::StreamingHmac => Some(Self::Signed),
            PayloadLiteral::StreamingHmacTrailer => Some(Self::SignedWithTrailers),
            PayloadLiteral::StreamingUnsignedTrailer => Some(Self::UnsignedWithTrailers),
            _ => None,
        }
    }

    /// The literal to sign the request with, in place of the payload's hash.
    #[must_use]
    pub const fn literal(self) -> PayloadLiteral {
        match self {
            Self::Signed => PayloadLiteral::StreamingHmac,
            Self::SignedWithTrailers => PayloadLiteral::StreamingHmacTrailer,
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

    /// The exact length of the encoded body, which is its `content-length`.
    ///
    /// Every chunk has `chunk_len` bytes of data but the last, which has what is
    /// left. `trailers` are their names, each with the length of its value.
    /// Nothing if `chunk_len` is 0 or the sum does not fit.
    ///
    /// ```
    /// use sigv4::chunks::Chunking;
    ///
    /// assert_eq!(Chunking::Signed.encoded_len(66_560, 65_536, &[]), Some(66_824));
    /// let checksum = [("x-amz-checksum-crc32c", 8)];
    /// let unsigned = Chunking::UnsignedWithTrailers;
    /// assert_eq!(unsigned.encoded_len(66_560, 65_536, &checksum), Some(66_613));
    /// ```
    #[must_use]
    pub fn encoded_len(
        self,
        decoded_len: u64,
        chunk_len: u64,
        trailers: &[(&str, usize)],
    ) -> Option<u64> {
        self.encoded_len_with::<Signature>(decoded_len, chunk_len, trailers)
    }

    /// The same with signatures of some kind.
    pub(crate) fn encoded_len_with<S: WireSignature>(
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
    pub(crate) const fn end_len<S: WireSignature>(self) -> usize {
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

    #[test]
    fn lengths_that_do_not_fit_are_nothing() {
        let chunking = Chunking::Signed;
        assert_eq!(chunking.encoded_len(1, 0, &[]), None);
        assert_eq!(chunking.encoded_len(u64::MAX, 1, &[]), None);
        assert_eq!(chunking.encoded_len(u64::MAX, u64::MAX, &[]), None);
        assert_eq!(chunking.encoded_len(0, 1, &[("a", usize::MAX)]), None);
        assert_eq!(chunking.encoded_len(0, 1, &[]), Some(86));
    }

    #[test]
    fn a_literal_of_anything_else_is_no_chunking() {
        for chunking in
            [Chunking::Signed, Chunking::SignedWithTrailers, Chunking::UnsignedWithTrailers]
        {
            assert_eq!(Chunking::of(chunking.literal()), Some(chunking));
        }
        assert_eq!(Chunking::of(PayloadLiteral::StreamingHmacEvents), None);
        assert_eq!(Chunking::of(PayloadLiteral::Unsigned), None);
    }
}
