//! Searching bytes sixteen at a time.
//!
//! Plain arithmetic on each byte of a chunk, which the compiler turns into
//! vector code.

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

/// All places for which `mark` returns 1 and not 0, the last one first.
#[inline]
pub(crate) fn marked_from_behind(
    text: &[u8],
    mark: impl Fn(u8) -> u8 + Copy,
) -> impl Iterator<Item = usize> {
    let (head, chunks) = text.as_rchunks();
    let places = chunks.iter().enumerate().rev().flat_map(move |(at, chunk)| {
        marks(chunk, mark).rev().map(move |place| head.len() + at * CHUNK_LEN + place)
    });
    let is_marked = move |&place: &usize| head.get(place).is_some_and(|&byte| mark(byte) != 0);
    places.chain((0..head.len()).rev().filter(is_marked))
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

    #[test]
    fn the_first_and_the_last_of_several_are_found_wherever_they_stand() {
        for len in 0..70 {
            for first in 0..len {
                let mut text = std::vec![b'a'; len];
                text[first] = b',';
                assert_eq!(find(&text, b','), Some(first));
                assert_eq!(
                    marked_from_behind(&text, |byte| equals(byte, b',')).next(),
                    Some(first)
                );
                text[first..].fill(b',');
                assert_eq!(find(&text, b','), Some(first));
                text.fill(b',');
                text[first + 1..].fill(b'a');
                assert_eq!(
                    marked_from_behind(&text, |byte| equals(byte, b',')).next(),
                    Some(first)
                );
            }
            assert_eq!(
                marked_from_behind(&std::vec![b','; len], |byte| equals(byte, b',')).count(),
                len
            );
            assert_eq!(find(&std::vec![b'-'; len], b','), None);
        }
    }

    #[test]
    fn marks_come_in_order() {
        let found: std::vec::Vec<_> =
            marks(b",a,a,a,aaa,,,,,,", |byte| equals(byte, b',')).collect();
        assert_eq!(found, [0, 2, 4, 6, 10, 11, 12, 13, 14, 15]);
    }
}
