//! The compressions of several messages, strand beside strand.
//!
//! One strand of compressions waits for its own results; independent ones fill
//! each other's gaps. Even calls of one block that take turns do so, and the
//! kernels of feature `simd` do it better: all of them give the same states.

use core::cmp::Reverse;
use core::slice;

use sha2::block_api::compress256;

#[cfg(all(feature = "simd", target_arch = "x86_64"))]
use crate::sha256::simd;
use crate::sha256::{BLOCK_LEN, State};

/// One block of a message.
pub(crate) type Block = [u8; BLOCK_LEN];

/// What is left of a message: a state, and the blocks that it takes in one after
/// the other.
pub(crate) struct Strand<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) blocks: &'a [Block],
}

impl<'a> Strand<'a> {
    /// Takes the next `count` blocks off the message.
    #[inline]
    pub(crate) fn next(&mut self, count: usize) -> &'a [Block] {
        let (next, rest) = self.blocks.split_at(count);
        self.blocks = rest;
        next
    }
}

/// Compresses all blocks of all strands; changes their order.
#[inline]
pub(crate) fn compress(strands: &mut [Strand<'_>]) {
    // Longest first: those that still have blocks are always the first ones.
    strands.sort_unstable_by_key(|strand| Reverse(strand.blocks.len()));
    let mut active = strands;
    loop {
        let done = active.iter().rev().take_while(|strand| strand.blocks.is_empty()).count();
        let left = active.len() - done;
        active = &mut active[..left];
        let Some(shortest) = active.last() else {
            return;
        };
        let count = shortest.blocks.len();
        compress_next(active, count);
    }
}

/// Compresses the next `count` blocks of every strand.
#[inline]
pub(crate) fn compress_next(strands: &mut [Strand<'_>], count: usize) {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    let strands = simd::compress(strands, count);
    take_turns(strands, count);
}

/// Compresses in safe code, two strands at a time. More would gain nothing.
fn take_turns(strands: &mut [Strand<'_>], count: usize) {
    let (pairs, last) = strands.as_chunks_mut::<2>();
    for [one, other] in pairs {
        for (block, beside) in one.next(count).iter().zip(other.next(count)) {
            compress256(one.state, slice::from_ref(block));
            compress256(other.state, slice::from_ref(beside));
        }
    }
    if let [last] = last {
        let blocks = last.next(count);
        compress256(last.state, blocks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Compares states after `compress` with those after one strand at a time.
    fn check(lengths: &[usize], compress: impl Fn(&mut [Strand<'_>])) {
        let mut random = 0_u32;
        let mut word = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random.rotate_left(16)
        };
        let mut states: Vec<State> =
            lengths.iter().map(|_| core::array::from_fn(|_| word())).collect();
        let mut block = || [(); BLOCK_LEN].map(|()| word().to_le_bytes()[0]);
        let messages: Vec<Vec<Block>> = lengths
            .iter()
            .map(|&length| core::iter::repeat_with(&mut block).take(length).collect())
            .collect();
        let mut expected = states.clone();
        for (state, message) in expected.iter_mut().zip(&messages) {
            compress256(state, message);
        }
        let strands = states.iter_mut().zip(&messages);
        let mut strands: Vec<_> = strands.map(|(state, blocks)| Strand { state, blocks }).collect();
        compress(&mut strands);
        assert_eq!(states, expected, "{lengths:?}");
    }

    #[test]
    fn any_number_of_strands_gives_the_states_that_each_gives_alone() {
        for count in 0..40 {
            check(&std::vec![3; count], compress);
            check(&std::vec![2; count], |strands| take_turns(strands, 2));
        }
    }

    #[test]
    fn strands_may_have_any_lengths_in_any_order() {
        for count in 0..40 {
            for step in [1, 2, 3, 5, 7] {
                let lengths: Vec<_> = (0..count).map(|index| index * step % 11).collect();
                check(&lengths, compress);
            }
            let mut one_is_long = std::vec![1; count + 1];
            one_is_long[count / 2] = 100;
            check(&one_is_long, compress);
        }
    }
}
