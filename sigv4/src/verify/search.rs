//! Searching bytes sixteen at a time.
//!
//! Plain arithmetic on each byte of a chunk, which the compiler turns into
//! vector code.

use crate::sink;

/// Bytes that are looked at together.
pub(crate) const CHUNK_LEN: usize = 16;

/// Where `byte` stands first.
#[inline]
pub(crate) fn find(text: &[u8], byte: u8) -> Option<usize> {
    find_marked(text, |other| equals(other, byte))
}

/// Where the first byte stands for which `mark` returns 1 and not 0.
#[inline]
pub(crate) fn find_marked(text: &[u8], mark: impl Fn(u8) -> u8 + Copy) -> Option<usize> {
    let Some(last) = text.last_chunk() else {
        return text.iter().position(|&byte| mark(byte) != 0);
    };
    let (chunks, _) = text.as_chunks();
    for (at, chunk) in chunks.iter().enumerate() {
        if let Some(found) = marks(chunk, mark).next() {
            return Some(at * CHUNK_LEN + found);
        }
    }
    // The last chunk overlaps those in which there was nothing.
    marks(last, mark).next().map(|found| text.len() - CHUNK_LEN + found)
}

/// Hands each place to `visit` for which `mark` returns 1 and not 0; 0 of a zero
/// byte.
#[inline(always)]
pub(crate) fn visit_marked<E>(
    text: &[u8],
    mark: impl Fn(u8) -> u8 + Copy,
    mut visit: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut begin = 0;
    while begin < text.len() {
        let rest = &text[begin..];
        let marks = match (rest.first_chunk(), text.last_chunk()) {
            (Some(chunk), _) => marks(chunk, mark),
            // The last chunk overlaps the one before it.
            (None, Some(last)) => marks(last, mark).behind(CHUNK_LEN - rest.len()),
            (None, None) => marks(&padded(rest), mark),
        };
        for place in marks {
            visit(begin + place)?;
        }
        begin += CHUNK_LEN;
    }
    Ok(())
}

/// The same, the last place first.
#[inline(always)]
pub(crate) fn visit_marked_from_behind<E>(
    text: &[u8],
    mark: impl Fn(u8) -> u8 + Copy,
    mut visit: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut rest = text;
    while !rest.is_empty() {
        let (begin, marks) = match rest.split_last_chunk() {
            Some((front, chunk)) => (front.len(), marks(chunk, mark)),
            None => (0, marks(&padded(rest), mark)),
        };
        for place in marks.rev() {
            visit(begin + place)?;
        }
        rest = &rest[..begin];
    }
    Ok(())
}

/// Fewer bytes than a chunk, and zeroes behind them.
#[inline]
fn padded(bytes: &[u8]) -> [u8; CHUNK_LEN] {
    let mut padded = [0; CHUNK_LEN];
    sink::copy(&mut padded[..bytes.len()], bytes);
    padded
}

/// 1 if two bytes are the same, else 0; without a branch.
#[inline]
pub(crate) const fn equals(one: u8, other: u8) -> u8 {
    1_u8.saturating_sub(one ^ other)
}

/// The places in a chunk for which `mark` returns 1 and not 0.
#[inline]
pub(crate) fn marks(chunk: &[u8; CHUNK_LEN], mark: impl Fn(u8) -> u8) -> Marks {
    let mut marks = [0; CHUNK_LEN];
    for (target, byte) in marks.iter_mut().zip(chunk) {
        *target = mark(*byte);
    }
    Marks(u128::from_le_bytes(marks))
}

/// Places in a chunk, in order: the lowest bit of each byte that is marked.
pub(crate) struct Marks(u128);

impl Marks {
    /// Those behind the first `len` bytes, counted from there.
    #[inline]
    fn behind(self, len: usize) -> Self {
        let bits = u32::try_from(len).unwrap_or(u32::MAX).saturating_mul(u8::BITS);
        Self(self.0.checked_shr(bits).unwrap_or(0))
    }
}

impl Iterator for Marks {
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

impl DoubleEndedIterator for Marks {
    #[inline]
    fn next_back(&mut self) -> Option<usize> {
        let bit = self.0.checked_ilog2()?;
        self.0 ^= 1 << bit;
        usize::try_from(bit / u8::BITS).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;
    use std::vec::Vec;

    #[test]
    fn what_is_marked_is_found_in_order_wherever_it_stands() {
        let is_comma = |byte| equals(byte, b',');
        let text: Vec<u8> = b"a,,aa,aaa,,,,a,aaaaaaaaaaaaaaaaaa,".repeat(3);
        for begin in 0..text.len() {
            for end in begin..text.len() {
                let text = &text[begin..end];
                let expected: Vec<usize> =
                    (0..text.len()).filter(|&place| text[place] == b',').collect();
                assert_eq!(find(text, b','), expected.first().copied());
                let mut found = Vec::new();
                let mut push = |place| {
                    found.push(place);
                    Ok::<_, Infallible>(())
                };
                let Ok(()) = visit_marked(text, is_comma, &mut push);
                let Ok(()) = visit_marked_from_behind(text, is_comma, &mut push);
                let (forwards, backwards) = found.split_at(expected.len());
                assert_eq!(forwards, expected);
                assert!(backwards.iter().rev().eq(&expected));
            }
        }
    }
}
