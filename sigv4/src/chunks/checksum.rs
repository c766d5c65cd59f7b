//! Feature `checksums`: the checksum of a body, computed as it passes.

use core::fmt;

use crc_fast::{CrcAlgorithm, Digest as Crc};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::bytes::base64::{self, Variant};
use crate::chunks::checksum_algorithm::ChecksumAlgorithm;

/// The checksum of a body under way. Needs the feature `checksums`.
///
/// What decodes a body, and what sends one with feature `http-body`, uses it by itself; whoever
/// sends with a [`ChunkSigner`](crate::chunks::ChunkSigner) computes the trailer with it:
///
/// ```
/// use sigv4::chunks::{Checksum, ChecksumAlgorithm};
///
/// let algorithm = ChecksumAlgorithm::Crc32c;
/// let mut checksum = Checksum::new(algorithm);
/// for data in [b"1234".as_slice(), b"56789"] {
///     checksum.update(data);
/// }
/// let value = checksum.finish();
/// assert_eq!(value.as_str(), "4waSgw==");
/// // What the signer's `finish` takes.
/// let trailers = [(algorithm.trailer(), value.as_str())];
/// ```
#[derive(Clone)]
pub struct Checksum {
    algorithm: ChecksumAlgorithm,
    sum: Sum,
}

#[derive(Clone)]
enum Sum {
    /// The state alone: what goes with it is a table of some hundred bytes.
    Crc {
        kind: CrcAlgorithm,
        state: u64,
    },
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Begins with an empty body.
    #[must_use]
    pub fn new(algorithm: ChecksumAlgorithm) -> Self {
        let crc = |kind| Sum::Crc { kind, state: Crc::new(kind).get_state() };
        let sum = match algorithm {
            ChecksumAlgorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc),
            ChecksumAlgorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi),
            ChecksumAlgorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme),
            ChecksumAlgorithm::Sha1 => Sum::Sha1(Sha1::new()),
            ChecksumAlgorithm::Sha256 => Sum::Sha256(Sha256::new()),
        };
        Self { algorithm, sum }
    }

    /// Goes on with these bytes.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.sum {
            Sum::Crc { kind, state } => {
                let mut crc = Crc::new_with_init_state(*kind, *state);
                crc.update(data);
                *state = crc.get_state();
            }
            Sum::Sha1(hash) => Digest::update(hash, data),
            Sum::Sha256(hash) => Digest::update(hash, data),
        }
    }

    /// The checksum of all that came.
    #[must_use]
    pub fn finish(self) -> ChecksumValue {
        let algorithm = self.algorithm;
        match self.sum {
            Sum::Crc { kind, state } => {
                let sum = Crc::new_with_init_state(kind, state).finalize().to_be_bytes();
                ChecksumValue::of(algorithm, &sum[sum.len() - algorithm.sum_len()..])
            }
            Sum::Sha1(hash) => ChecksumValue::of(algorithm, &hash.finalize()),
            Sum::Sha256(hash) => ChecksumValue::of(algorithm, &hash.finalize()),
        }
    }

    /// How it is computed.
    #[must_use]
    pub const fn algorithm(&self) -> ChecksumAlgorithm {
        self.algorithm
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checksum").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A checksum as it stands in a trailer: its bytes, the highest first, in Base64. Needs the
/// feature `checksums`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChecksumValue {
    algorithm: ChecksumAlgorithm,
    /// As much as the algorithm's values have, and zeroes.
    text: [u8; VALUE_LEN_MAX],
}

impl ChecksumValue {
    /// Reads the value of a trailer; nothing if it is not Base64 of the right length.
    ///
    /// Strict, so that two values are the same if and only if their texts are.
    #[must_use]
    pub fn parse(algorithm: ChecksumAlgorithm, text: &[u8]) -> Option<Self> {
        // Room for what the padding stands for.
        let mut sum = [0; SUM_LEN_MAX + 1];
        let sum = base64::decode(text, &mut sum)?;
        (sum.len() == algorithm.sum_len()).then(|| Self::of(algorithm, sum))
    }

    /// `sum` has the algorithm's length.
    fn of(algorithm: ChecksumAlgorithm, sum: &[u8]) -> Self {
        let mut text = [0; VALUE_LEN_MAX];
        let value = &mut text[..algorithm.value_len()];
        let begin = value.len() - sum.len();
        value[begin..].copy_from_slice(sum);
        Variant::Standard.encode_in_place(value, sum.len());
        Self { algorithm, text }
    }

    /// The value of the trailer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Base64 is ASCII.
        core::str::from_utf8(&self.text[..self.algorithm.value_len()]).unwrap_or_default()
    }

    /// How it was computed.
    #[must_use]
    pub const fn algorithm(&self) -> ChecksumAlgorithm {
        self.algorithm
    }
}

impl fmt::Display for ChecksumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ChecksumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChecksumValue").field(&self.algorithm).field(&self.as_str()).finish()
    }
}

/// Bytes of the longest checksum.
const SUM_LEN_MAX: usize = ChecksumAlgorithm::Sha256.sum_len();

/// Bytes of the longest checksum in Base64.
const VALUE_LEN_MAX: usize = ChecksumAlgorithm::Sha256.value_len();
