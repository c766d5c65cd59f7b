//! Sorting without a heap: an index, in scratch the caller of a stage owns.

use core::cmp::Ordering;

/// Bytes of a name that a sort key holds.
pub(crate) const PREFIX_LEN: usize = 14;

/// From here on the library's sort, which never takes quadratic time; below,
/// insertion, which is quickest on few entries and on sorted ones.
const INSERTION_MAX: usize = 20;

/// One entry of an index: the first bytes of a name, then its position.
///
/// As one integer it compares in one instruction, and orders the common case
/// of names that differ early without looking at them again.
#[derive(Clone, Copy)]
pub(crate) struct SortKey(u128);

impl SortKey {
    pub(crate) const EMPTY: Self = Self(0);

    /// `name` must hold no zero byte, as canonical names never do: a short name
    /// then sorts before its extensions.
    #[inline(always)]
    pub(crate) fn new(name: impl IntoIterator<Item = u8>, position: usize) -> Self {
        let mut bytes = [0; PREFIX_LEN];
        bytes.iter_mut().zip(name).for_each(|(target, byte)| *target = byte);
        Self::from_prefix(leading(&bytes), position)
    }

    /// The key of a name as it is.
    #[inline(always)]
    pub(crate) const fn exact(name: &[u8]) -> Self {
        Self(leading(name) >> 16 << 16)
    }

    /// The key of a name in whatever case, by its lower case.
    #[inline(always)]
    pub(crate) const fn lower(name: &[u8]) -> Self {
        let prefix = leading(name);
        Self(wide(lower_case(high_half(prefix)), lower_case(low_half(prefix))) >> 16 << 16)
    }

    #[inline(always)]
    fn from_prefix(prefix: u128, position: usize) -> Self {
        Self(prefix >> 16 << 16).at(position)
    }

    /// Gives the key a position; it must stand at 0.
    #[inline(always)]
    pub(crate) fn at(self, position: usize) -> Self {
        // Positions stay below the limits on headers and parameters.
        let position = u16::try_from(position).unwrap_or(u16::MAX);
        Self(self.0 | u128::from(position))
    }

    /// The first bytes of the name, zeroes behind a shorter one.
    #[inline(always)]
    pub(crate) fn prefix(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The position of the entry this key stands for.
    #[inline(always)]
    pub(crate) fn position(self) -> usize {
        let [.., high, low] = self.0.to_be_bytes();
        usize::from(u16::from_be_bytes([high, low]))
    }

    /// Whether two names begin alike.
    #[inline(always)]
    pub(crate) fn has_prefix_of(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 16 == 0
    }
}

/// The first 16 bytes as a big-endian number, zeroes behind fewer. Never passes
/// them through memory one by one, which the load behind would have to wait for.
#[inline(always)]
const fn leading(bytes: &[u8]) -> u128 {
    let len = bytes.len();
    if let Some(all) = bytes.first_chunk::<16>() {
        u128::from_be_bytes(*all)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        // Shifted, the bytes that both hold fall off the top.
        wide(u64::from_be_bytes(*first), shifted(u64::from_be_bytes(*last), 16 - len))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let [[a, b, c, d], [w, x, y, z]] = [*first, *last];
        let first = u64::from_be_bytes([a, b, c, d, 0, 0, 0, 0]);
        wide(first | shifted(u64::from_be_bytes([0, 0, 0, 0, w, x, y, z]), 8 - len), 0)
    } else {
        let [a, b, c] = match *bytes {
            [a] => [a, 0, 0],
            [a, b] => [a, b, 0],
            [a, b, c] => [a, b, c],
            _ => [0; 3],
        };
        wide(u64::from_be_bytes([a, b, c, 0, 0, 0, 0, 0]), 0)
    }
}

/// Lower-cases the ASCII letters among eight bytes.
#[inline(always)]
const fn lower_case(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES * 0x80;
    // With the top bits set apart no sum carries into the next byte.
    let low = bytes & !TOPS;
    let from_a = low + ONES * (0x80 - 0x41);
    let behind_z = low + ONES * (0x80 - 0x5b);
    let letters = (from_a & !behind_z) & !bytes & TOPS;
    bytes | letters >> 2
}

/// Sorts an index by name; `tie` decides where the prefixes agree, and the
/// original order where it does not.
#[inline(always)]
pub(crate) fn sort(keys: &mut [SortKey], tie: impl Fn(usize, usize) -> Ordering) {
    if keys.windows(2).all(|pair| pair[0].0 < pair[1].0 && !pair[0].has_prefix_of(pair[1])) {
        return;
    }
    // Where the prefixes differ the position takes part for nothing.
    let tie = |a: SortKey, b: SortKey| {
        tie(a.position(), b.position()).then_with(|| a.position().cmp(&b.position()))
    };
    if keys.len() > INSERTION_MAX {
        let compare = |a: &SortKey, b: &SortKey| {
            if a.has_prefix_of(*b) { tie(*a, *b) } else { a.0.cmp(&b.0) }
        };
        return keys.sort_unstable_by(compare);
    }
    for end in 1..keys.len() {
        let key = keys[end];
        let mut at = end;
        while at > 0 {
            let before = keys[at - 1];
            // Its position is the greatest yet, so that an equal prefix shows here
            // as the smaller key.
            let is_behind =
                before.0 > key.0 || (before.has_prefix_of(key) && tie(before, key).is_gt());
            if !is_behind {
                break;
            }
            keys[at] = before;
            at -= 1;
        }
        keys[at] = key;
    }
}

#[expect(clippy::as_conversions, reason = "`From` is not yet const")]
const fn wide(high: u64, low: u64) -> u128 {
    (high as u128) << 64 | low as u128
}

#[expect(clippy::as_conversions, reason = "the half that is meant")]
const fn low_half(number: u128) -> u64 {
    number as u64
}

const fn high_half(number: u128) -> u64 {
    low_half(number >> 64)
}

/// Shifts up by some bytes.
#[inline(always)]
const fn shifted(word: u64, bytes: usize) -> u64 {
    // Fewer than eight, or all are gone.
    if bytes < 8 { word << (8 * bytes) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_the_lower_case_of_every_length_and_byte() {
        let names: [u8; 40] = core::array::from_fn(|n| b"Content-Type[@`{Zz0!"[n % 20]);
        for len in 0..names.len() {
            for byte in [b'A', b'Z', b'@', b'[', b'a', b'~', 0x80, 0xc1, 0xff] {
                let mut name = std::vec::Vec::from(&names[..len]);
                name.push(byte);
                let mut expected = [0; 16];
                let lower = name.to_ascii_lowercase();
                let shown = lower.len().min(PREFIX_LEN);
                expected[..shown].copy_from_slice(&lower[..shown]);
                expected[14..].copy_from_slice(&7u16.to_be_bytes());
                assert_eq!(SortKey::lower(&name).at(7).prefix(), expected);
                assert_eq!(SortKey::new(lower, 7).prefix(), expected);
            }
        }
    }
}
