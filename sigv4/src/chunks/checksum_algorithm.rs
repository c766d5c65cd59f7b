//! Which checksums of a body S3 takes in trailers.

/// What the names of all trailers begin with that hold a checksum.
pub(crate) const TRAILER_PREFIX: &str = "x-amz-checksum-";

/// How the checksum of a body is computed: those of "Checking object integrity" in the
/// user guide of S3.
///
/// S3 knows others by now, with which few clients send; they are
/// [reported as not checked](crate::chunks::TrailingChecksum::NotChecked).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChecksumAlgorithm {
    /// CRC-32 as in zlib and Ethernet (ISO-HDLC): 4 bytes.
    Crc32,
    /// CRC-32C (Castagnoli, RFC 3720): 4 bytes.
    Crc32c,
    /// CRC-64 of the NVM Express specification: 8 bytes. S3's own default.
    Crc64Nvme,
    /// SHA-1 (FIPS 180-4): 20 bytes.
    Sha1,
    /// SHA-256 (FIPS 180-4): 32 bytes.
    Sha256,
}

impl ChecksumAlgorithm {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name of the trailer that holds the checksum.
    #[must_use]
    pub const fn trailer(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// Whose trailer has this name, in any case.
    ///
    /// ```
    /// use sigv4::chunks::ChecksumAlgorithm;
    ///
    /// let found = ChecksumAlgorithm::of_trailer(b"X-Amz-Checksum-CRC32C");
    /// assert_eq!(found, Some(ChecksumAlgorithm::Crc32c));
    /// assert_eq!(ChecksumAlgorithm::of_trailer(b"x-amz-checksum-sha512"), None);
    /// ```
    #[must_use]
    pub fn of_trailer(name: &[u8]) -> Option<Self> {
        let is_own = |own: &Self| name.eq_ignore_ascii_case(own.trailer().as_bytes());
        Self::ALL.into_iter().find(is_own)
    }

    /// The length of the checksum in bytes.
    #[must_use]
    pub const fn sum_len(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// The length of the trailer's value in bytes, which is the checksum in Base64.
    #[must_use]
    pub const fn value_len(self) -> usize {
        self.sum_len().div_ceil(3) * 4
    }
}
