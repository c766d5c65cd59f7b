//! What the headers of a request announce about its chunks.

use crate::canonical::headers;
use crate::chunks::Chunking;
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
    trailers: TrailerNames,
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
        Ok(Self { decoded_len, trailers })
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
        if !headers::is_name(name) || self.contains(name) || self.count == TRAILERS_MAX {
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
        let mut names = self.bytes[..self.len].split(|&byte| byte == b',');
        !name.is_empty() && names.any(|other| other.eq_ignore_ascii_case(name))
    }
}
