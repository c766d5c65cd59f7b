//! What the headers of a request announce about its chunks.

use crate::canonical::header;
use crate::chunks::Chunking;
use crate::chunks::checksum_algorithm::{ChecksumAlgorithm, TRAILER_PREFIX};
use crate::chunks::error::ChunkError;
use crate::chunks::trailers::{TRAILERS_MAX, Trailers};
use crate::request::Headers;

/// The header that holds the length of the data without the encoding.
pub const DECODED_LENGTH_HEADER: &str = "x-amz-decoded-content-length";

/// The header that holds the names of the trailers, separated by commas.
pub const TRAILER_HEADER: &str = "x-amz-trailer";

/// Most bytes of all names in `x-amz-trailer`, with a comma behind each.
pub const TRAILER_NAMES_LEN_MAX: usize = 512;

/// What a request announces about its chunks.
#[derive(Clone, Debug)]
pub(crate) struct Announced {
    pub(crate) decoded_len: u64,
    pub(crate) checksum: AnnouncedChecksum,
    trailers: TrailerNames,
}

/// The checksum among the trailers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnnouncedChecksum {
    None,
    Known(ChecksumAlgorithm),
    Unknown,
}

impl Announced {
    pub(crate) fn read<H: Headers + ?Sized>(
        headers: &H,
        chunking: Chunking,
    ) -> Result<Self, ChunkError> {
        let mut decoded_len = None;
        let mut trailers = TrailerNames::NONE;
        for (name, value) in headers.pairs() {
            if name.eq_ignore_ascii_case(DECODED_LENGTH_HEADER.as_bytes()) {
                let len = parse_decimal(value.trim_ascii()).filter(|_| decoded_len.is_none());
                decoded_len = Some(len.ok_or(ChunkError::MalformedDecodedLength)?);
            } else if name.eq_ignore_ascii_case(TRAILER_HEADER.as_bytes()) {
                trailers.push_all(value).ok_or(ChunkError::MalformedTrailerNames)?;
            }
        }
        let decoded_len = decoded_len.ok_or(ChunkError::MissingDecodedLength)?;
        // Neither a chunk's signature nor one of their own would cover them.
        if trailers.count > 0 && !chunking.has_trailers() {
            return Err(ChunkError::TrailersNotAllowed);
        }
        let checksum = trailers.checksum()?;
        Ok(Self { decoded_len, checksum, trailers })
    }

    /// Fails unless the trailers are those that were announced, each once.
    pub(crate) fn check_trailers(&self, trailers: &Trailers<'_>) -> Result<(), ChunkError> {
        if trailers.iter().any(|(name, _)| !self.trailers.contains(name)) {
            return Err(ChunkError::UnexpectedTrailer);
        }
        // No name is there twice in either.
        if trailers.len() < self.trailers.count { Err(ChunkError::MissingTrailer) } else { Ok(()) }
    }
}

/// Decimal digits alone, at least one.
fn parse_decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |number, &byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Names held inline, so that a decoder borrows nothing from its request.
#[derive(Clone, Debug)]
struct TrailerNames {
    /// Each with a comma behind it.
    bytes: [u8; TRAILER_NAMES_LEN_MAX],
    len: usize,
    count: usize,
}

impl TrailerNames {
    const NONE: Self = Self { bytes: [0; TRAILER_NAMES_LEN_MAX], len: 0, count: 0 };

    fn push_all(&mut self, value: &[u8]) -> Option<()> {
        value.split(|&byte| byte == b',').try_for_each(|name| self.push(name.trim_ascii()))
    }

    fn push(&mut self, name: &[u8]) -> Option<()> {
        if !header::is_name(name) || self.contains(name) || self.count == TRAILERS_MAX {
            return None;
        }
        let target = self.bytes.get_mut(self.len..)?.get_mut(..=name.len())?;
        target[..name.len()].copy_from_slice(name);
        target[name.len()] = b',';
        self.len += name.len() + 1;
        self.count += 1;
        Some(())
    }

    fn contains(&self, name: &[u8]) -> bool {
        !name.is_empty() && self.iter().any(|other| other.eq_ignore_ascii_case(name))
    }

    /// S3 takes one at most.
    fn checksum(&self) -> Result<AnnouncedChecksum, ChunkError> {
        let mut names = self.iter().filter(|name| is_checksum(name));
        let announced = names.next().map(ChecksumAlgorithm::of_trailer);
        if names.next().is_some() {
            return Err(ChunkError::SeveralChecksums);
        }
        Ok(match announced {
            None => AnnouncedChecksum::None,
            Some(None) => AnnouncedChecksum::Unknown,
            Some(Some(algorithm)) => AnnouncedChecksum::Known(algorithm),
        })
    }

    /// Each name, and an empty one behind the last.
    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes[..self.len].split(|&byte| byte == b',')
    }
}

/// Whether a trailer of this name holds a checksum, of whatever kind.
pub(crate) fn is_checksum(name: &[u8]) -> bool {
    let prefix = name.get(..TRAILER_PREFIX.len());
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(TRAILER_PREFIX.as_bytes()))
}
