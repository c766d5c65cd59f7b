//! What covers the data of a body: what the request announces, and what is checked of it.

use crate::chunks::checksum_algorithm::ChecksumAlgorithm;

/// What covers the data of a body, besides the connection that it came over.
///
/// It is known before anything of the body is, and holds once the body has come to its end
/// without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coverage {
    /// The request's signature, which holds the hash of the whole body.
    Signed,
    /// A signature for each chunk, and perhaps a checksum.
    SignedChunks(TrailingChecksum),
    /// No signature, and perhaps a checksum: it finds what went wrong on the way, but not
    /// what someone changed who can change the checksum as well.
    UnsignedChunks(TrailingChecksum),
    /// Nothing: the request says `UNSIGNED-PAYLOAD`.
    Nothing,
}

impl Coverage {
    /// Whether the data can only be what was signed.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        match self {
            Self::Signed | Self::SignedChunks(_) => true,
            Self::UnsignedChunks(_) | Self::Nothing => false,
        }
    }

    /// Whether nothing at all is compared with the data, neither signature nor checksum.
    ///
    /// ```
    /// use sigv4::chunks::{ChecksumAlgorithm, Coverage, TrailingChecksum};
    ///
    /// let checked = TrailingChecksum::Checked(ChecksumAlgorithm::Crc32);
    /// assert!(!Coverage::UnsignedChunks(checked).is_unchecked());
    /// assert!(Coverage::UnsignedChunks(TrailingChecksum::NotChecked).is_unchecked());
    /// assert!(Coverage::UnsignedChunks(TrailingChecksum::Absent).is_unchecked());
    /// ```
    #[must_use]
    pub const fn is_unchecked(self) -> bool {
        match self {
            Self::Signed | Self::SignedChunks(_) => false,
            Self::UnsignedChunks(checksum) => !matches!(checksum, TrailingChecksum::Checked(_)),
            Self::Nothing => true,
        }
    }
}

/// The checksum in the trailers of a body in chunks, according to `x-amz-trailer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrailingChecksum {
    /// None is announced.
    Absent,
    /// It is computed over the decoded data and compared: the body does not come to its end
    /// without an error unless it is right.
    Checked(ChecksumAlgorithm),
    /// It is handed on with the other trailers, and that is all: this crate does not know the
    /// algorithm, or is built without the feature `checksums`.
    NotChecked,
}
