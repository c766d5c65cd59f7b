//! Looking at many bytes at once.
//!
//! Nearly every byte that passes through a signer or a verifier is looked at
//! once and never needs anything done to it. A predicate made of arithmetic,
//! without branches, is asked of 16 or 32 bytes together: the compiler turns it
//! into vector code.

use crate::bytes::sink;

/// Bytes looked at together where nothing is likely to be found.
const STEP: usize = 32;

/// Bytes looked at together where something is.
pub(crate) const CHUNK_LEN: usize = 16;

/// Whether `predicate` holds for any byte.
#[inline(always)]
pub(crate) fn any(bytes: &[u8], predicate: impl Fn(u8) -> bool + Copy) -> bool {
    let (chunks, _) = bytes.as_chunks::<STEP>();
    chunks.iter().any(|chunk| holds_for_any(chunk, predicate)) || any_at_end(bytes, predicate)
}

/// Where the first byte stands for which `predicate` holds.
#[inline(always)]
pub(crate) fn position(bytes: &[u8], predicate: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<STEP>();
    let plain = chunks.iter().take_while(|chunk| !holds_for_any(chunk, predicate)).count() * STEP;
    if plain + rest.len() == bytes.len() && !any_at_end(bytes, predicate) {
        return None;
    }
    bytes[plain..].iter().position(|&byte| predicate(byte)).map(|at| plain + at)
}

/// Where the first byte stands for which `mark` returns 1 and not 0: the one to take where
/// something is likely to be found.
#[inline(always)]
pub(crate) fn find(bytes: &[u8], mark: impl Fn(u8) -> u8 + Copy) -> Option<usize> {
    let Some(last) = bytes.last_chunk() else {
        return bytes.iter().position(|&byte| mark(byte) > 0);
    };
    let (chunks, _) = bytes.as_chunks();
    for (at, chunk) in chunks.iter().enumerate() {
        if let Some(place) = places(chunk, mark).next() {
            return Some(at * CHUNK_LEN + place);
        }
    }
    // The last chunk overlaps those in which there was nothing.
    places(last, mark).next().map(|place| bytes.len() - CHUNK_LEN + place)
}

/// Hands each place to `take` for which `mark` returns 1 and not 0.
#[inline(always)]
pub(crate) fn visit<E>(
    bytes: &[u8],
    mark: impl Fn(u8) -> u8 + Copy,
    mut take: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut begin = 0;
    while begin < bytes.len() {
        let rest = &bytes[begin..];
        let places = match (rest.first_chunk(), bytes.last_chunk()) {
            (Some(chunk), _) => places(chunk, mark),
            // The last chunk overlaps the one before it.
            (None, Some(last)) => places(last, mark).behind(CHUNK_LEN - rest.len()),
            (None, None) => places(&padded(rest), mark).within(rest.len()),
        };
        for place in places {
            take(begin + place)?;
        }
        begin += CHUNK_LEN;
    }
    Ok(())
}

/// Hands each place to `take` for which `mark` returns 1 and not 0, the last one first.
#[inline(always)]
pub(crate) fn visit_from_behind<E>(
    bytes: &[u8],
    mark: impl Fn(u8) -> u8 + Copy,
    mut take: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (begin, places) = match rest.split_last_chunk() {
            Some((front, chunk)) => (front.len(), places(chunk, mark)),
            None => (0, places(&padded(rest), mark).within(rest.len())),
        };
        for place in places.rev() {
            take(begin + place)?;
        }
        rest = &rest[..begin];
    }
    Ok(())
}

/// The places in a chunk for which `mark` returns 1 and not 0. Numbers, since
/// the compiler makes no vector code of storing `bool`s.
#[inline(always)]
pub(crate) fn places(chunk: &[u8; CHUNK_LEN], mark: impl Fn(u8) -> u8) -> Places {
    let mut marks = [0; CHUNK_LEN];
    for (target, &byte) in marks.iter_mut().zip(chunk) {
        *target = mark(byte);
    }
    Places(u128::from_le_bytes(marks))
}

/// 1 if two bytes are the same, else 0; without a branch.
#[inline(always)]
pub(crate) const fn equals(one: u8, other: u8) -> u8 {
    1_u8.saturating_sub(one ^ other)
}

/// Places in a chunk, in order: the lowest bit of each byte that is one.
pub(crate) struct Places(u128);

impl Places {
    /// Those among the first `len` bytes.
    #[inline]
    fn within(self, len: usize) -> Self {
        let bits = u32::try_from(len).unwrap_or(u32::MAX).saturating_mul(u8::BITS);
        Self(self.0 & !u128::MAX.checked_shl(bits).unwrap_or(0))
    }

    /// Those behind the first `len` bytes, counted from there.
    #[inline]
    fn behind(self, len: usize) -> Self {
        let bits = u32::try_from(len).unwrap_or(u32::MAX).saturating_mul(u8::BITS);
        Self(self.0.checked_shr(bits).unwrap_or(0))
    }
}

impl Iterator for Places {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        usize::try_from(bit / u8::BITS).ok()
    }
}

impl DoubleEndedIterator for Places {
    #[inline]
    fn next_back(&mut self) -> Option<usize> {
        let bit = self.0.checked_ilog2()?;
        self.0 ^= 1 << bit;
        usize::try_from(bit / u8::BITS).ok()
    }
}

/// Fewer bytes than a chunk, and zeroes behind them.
#[inline]
fn padded(bytes: &[u8]) -> [u8; CHUNK_LEN] {
    let mut padded = [0; CHUNK_LEN];
    sink::copy(&mut padded[..bytes.len()], bytes);
    padded
}

/// Whether `predicate` holds for any of the last few bytes, fewer than
/// [`STEP`]; they are looked at together with some before them.
#[inline(always)]
fn any_at_end(bytes: &[u8], predicate: impl Fn(u8) -> bool + Copy) -> bool {
    match bytes.len() {
        STEP.. => ends::<STEP>(bytes, predicate),
        16.. => ends::<16>(bytes, predicate),
        8.. => ends::<8>(bytes, predicate),
        4.. => ends::<4>(bytes, predicate),
        _ => bytes.iter().any(|&byte| predicate(byte)),
    }
}

/// Whether `predicate` holds for any of the first or the last `N` bytes.
#[inline(always)]
fn ends<const N: usize>(bytes: &[u8], predicate: impl Fn(u8) -> bool + Copy) -> bool {
    let holds =
        |chunk: Option<&[u8; N]>| chunk.is_some_and(|chunk| holds_for_any(chunk, predicate));
    (N < STEP && holds(bytes.first_chunk())) || holds(bytes.last_chunk())
}

#[inline(always)]
fn holds_for_any<const N: usize>(chunk: &[u8; N], predicate: impl Fn(u8) -> bool) -> bool {
    // Of numbers, since fewer than sixteen `bool`s are not joined in one vector.
    chunk.iter().fold(0, |found, &byte| found | u8::from(predicate(byte))) > 0
}

/// Not zero if two texts of one length differ. Two pieces of a fixed length,
/// which may overlap, cover every length between that and its double.
#[inline(always)]
pub(crate) fn difference(one: &[u8], other: &[u8]) -> u8 {
    match one.len() {
        0..4 => difference_of(one, other),
        4..8 => difference_at_ends::<4>(one, other),
        8..16 => difference_at_ends::<8>(one, other),
        16..32 => difference_at_ends::<16>(one, other),
        32..=64 => difference_at_ends::<32>(one, other),
        _ => difference_of(one, other),
    }
}

#[inline(always)]
fn difference_at_ends<const N: usize>(one: &[u8], other: &[u8]) -> u8 {
    let of = |one: Option<&[u8; N]>, other: Option<&[u8; N]>| match (one, other) {
        (Some(one), Some(other)) => u8::from(one != other),
        _ => u8::MAX,
    };
    of(one.first_chunk(), other.first_chunk()) | of(one.last_chunk(), other.last_chunk())
}

#[inline(always)]
fn difference_of(one: &[u8], other: &[u8]) -> u8 {
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;
    use std::vec::Vec;

    #[test]
    fn one_byte_is_found_wherever_it_stands() {
        let is_odd = |byte| byte == b'?';
        for len in 0..70 {
            let mut bytes = std::vec![b'a'; len];
            assert_eq!((any(&bytes, is_odd), position(&bytes, is_odd)), (false, None));
            for at in 0..len {
                bytes[at] = b'?';
                assert_eq!((any(&bytes, is_odd), position(&bytes, is_odd)), (true, Some(at)));
                bytes[at] = b'a';
            }
        }
    }

    #[test]
    fn any_difference_is_found() {
        for len in 0..70 {
            let text: Vec<u8> = (0..len).collect();
            assert_eq!(difference(&text, &text), 0);
            for at in 0..usize::from(len) {
                let mut other = text.clone();
                other[at] ^= 0x80;
                assert_ne!(difference(&text, &other), 0, "{at} of {len}");
            }
        }
    }

    #[test]
    fn all_places_are_visited_in_order() {
        let is_comma = |byte| byte == b',';
        let text: Vec<u8> = b"a,,aa,aaa,,,,a,aaaaaaaaaaaaaaaaaa,".repeat(3);
        for begin in 0..text.len() {
            for end in begin..text.len() {
                let text = &text[begin..end];
                let expected: Vec<usize> =
                    (0..text.len()).filter(|&place| text[place] == b',').collect();
                assert_eq!(position(text, is_comma), expected.first().copied());
                assert_eq!(find(text, |byte| equals(byte, b',')), expected.first().copied());
                let mut found = Vec::new();
                let mut push = |place| {
                    found.push(place);
                    Ok::<_, Infallible>(())
                };
                // Of the zeroes behind a short text as well, which do not count.
                let mark = |byte| equals(byte, b',') | equals(byte, 0);
                let Ok(()) = visit(text, mark, &mut push);
                let Ok(()) = visit_from_behind(text, mark, &mut push);
                let (forwards, backwards) = found.split_at(expected.len());
                assert_eq!(forwards, expected);
                assert!(backwards.iter().rev().eq(&expected));
            }
        }
    }
}
