//! Sorting without a heap: an index, in scratch the caller of a stage owns.

use core::cmp::Ordering;

/// Bytes of a name that a sort key holds.
const PREFIX_LEN: usize = 14;

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
        let mut bytes = [0; 16];
        for (target, byte) in bytes[..PREFIX_LEN].iter_mut().zip(name) {
            *target = byte;
        }
        // Positions stay below the limits on headers and parameters.
        let position = u16::try_from(position).unwrap_or(u16::MAX);
        bytes[PREFIX_LEN..].copy_from_slice(&position.to_be_bytes());
        Self(u128::from_be_bytes(bytes))
    }

    /// The position of the entry this key stands for.
    #[inline]
    pub(crate) fn position(self) -> usize {
        let [.., high, low] = self.0.to_be_bytes();
        usize::from(u16::from_be_bytes([high, low]))
    }

    /// Compares the prefixes alone.
    #[inline]
    fn cmp_prefix(self, other: Self) -> Ordering {
        (self.0 >> 16).cmp(&(other.0 >> 16))
    }
}

/// Sorts an index by name; `tie` decides where the prefixes agree, and the
/// original order where it does not.
#[inline]
pub(crate) fn sort(keys: &mut [SortKey], tie: impl Fn(usize, usize) -> Ordering) {
    let compare = |a: &SortKey, b: &SortKey| {
        a.cmp_prefix(*b)
            .then_with(|| tie(a.position(), b.position()))
            .then_with(|| a.position().cmp(&b.position()))
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
