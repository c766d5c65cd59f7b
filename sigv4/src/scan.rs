//! Looking at many bytes at once.
//!
//! Nearly every byte that passes through a signer is looked at once and never
//! needs anything done to it. A predicate made of arithmetic, without branches,
//! is asked of 32 bytes together: the compiler turns it into vector code.

/// Bytes looked at together.
const STEP: usize = 32;

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
    chunk.iter().fold(false, |found, &byte| found | predicate(byte))
}

/// Not zero if two texts of one length differ. Two pieces of a fixed length,
/// which may overlap, cover every length between that and its double.
#[inline(always)]
pub(crate) fn difference(one: &[u8], other: &[u8]) -> u8 {
    match one.len() {
        0..4 => difference_of(one, other),
        4..8 => difference_at_ends::<4>(one, other),
        8..16 => difference_at_ends::<8>(one, other),
        16..=32 => difference_at_ends::<16>(one, other),
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
}
