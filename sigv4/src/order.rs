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
    #[inline]
    pub(crate) fn new(name: impl IntoIterator<Item = u8>, position: usize) -> Self {
        let mut bytes = [0; PREFIX_LEN];
        bytes.iter_mut().zip(name).for_each(|(target, byte)| *target = byte);
        Self::from_prefix(leading(&bytes), position)
    }

    /// The key of a name in whatever case, by its lower case.
    #[inline]
    pub(crate) fn lower(name: &[u8], position: usize) -> Self {
        let prefix = leading(name);
        let [high, low] = [prefix >> 64, prefix].map(|half| lower_case(low_half(half)));
        Self::from_prefix(u128::from(high) << 64 | u128::from(low), position)
    }

    #[inline]
    fn from_prefix(prefix: u128, position: usize) -> Self {
        // Positions stay below the limits on headers and parameters.
        let position = u16::try_from(position).unwrap_or(u16::MAX);
        Self(prefix >> 16 << 16 | u128::from(position))
    }

    /// The first bytes of the name, zeroes behind a shorter one.
    #[inline]
    pub(crate) fn prefix(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The position of the entry this key stands for.
    #[inline]
    pub(crate) fn position(self) -> usize {
        let [.., high, low] = self.0.to_be_bytes();
        usize::from(u16::from_be_bytes([high, low]))
    }

    /// Whether two names begin alike.
    #[inline]
    pub(crate) fn has_prefix_of(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 16 == 0
    }
}

/// The first 16 bytes as a big-endian number, zeroes behind fewer. Never passes
/// them through memory one by one, which the load behind would have to wait for.
#[inline]
fn leading(bytes: &[u8]) -> u128 {
    let missing = |have: usize| 8 * (have - bytes.len());
    if let Some(all) = bytes.first_chunk::<16>() {
        u128::from_be_bytes(*all)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        // Shifted, the bytes that both hold fall off the top.
        let last = u64::from_be_bytes(*last).checked_shl(u32_of(missing(16))).unwrap_or(0);
        u128::from(u64::from_be_bytes(*first)) << 64 | u128::from(last)
    } else {
        let mut number = 0u64;
        for &byte in bytes {
            number = number << 8 | u64::from(byte);
        }
        u128::from(number.checked_shl(u32_of(missing(8))).unwrap_or(0)) << 64
    }
}

/// Lower-cases the ASCII letters among eight bytes.
#[inline]
fn lower_case(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES * 0x80;
    // With the top bits set apart no sum carries into the next byte.
    let low = bytes & !TOPS;
    let from_a = low + ONES * u64::from(0x80 - b'A');
    let behind_z = low + ONES * u64::from(0x80 - (b'Z' + 1));
    let letters = (from_a & !behind_z) & !bytes & TOPS;
    bytes | letters >> 2
}

/// Sorts an index by name; `tie` decides where the prefixes agree, and the
/// original order where it does not.
#[inline]
pub(crate) fn sort(keys: &mut [SortKey], tie: impl Fn(usize, usize) -> Ordering) {
    let compare = |a: &SortKey, b: &SortKey| {
        // The position takes part, which is right where the prefixes differ.
        if !a.has_prefix_of(*b) {
            return a.0.cmp(&b.0);
        }
        tie(a.position(), b.position()).then_with(|| a.position().cmp(&b.position()))
    };
    if keys.len() > INSERTION_MAX {
        return keys.sort_unstable_by(compare);
    }
    for end in 1..keys.len() {
        let mut at = end;
        while at > 0 && compare(&keys[at - 1], &keys[at]).is_gt() {
            keys.swap(at - 1, at);
            at -= 1;
        }
    }
}

fn low_half(number: u128) -> u64 {
    let [_, _, _, _, _, _, _, _, low @ ..] = number.to_be_bytes();
    u64::from_be_bytes(low)
}

/// A shift of fewer than 128 bits.
fn u32_of(shift: usize) -> u32 {
    u32::try_from(shift).unwrap_or(u32::MAX)
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
                assert_eq!(SortKey::lower(&name, 7).prefix(), expected);
                assert_eq!(SortKey::new(lower, 7).prefix(), expected);
            }
        }
    }
}
