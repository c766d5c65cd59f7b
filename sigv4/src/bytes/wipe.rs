//! Overwriting what must not stay in memory.

use zeroize::optimization_barrier;

/// Overwrites `values` with zeroes, whether or not anybody reads them again.
///
/// `zeroize` writes the elements of a slice one by one; of the bytes of a block
/// that is sixty-four stores where four of a vector do. Its barrier gives the
/// same guarantee to plain stores, which the compiler may join.
#[inline]
pub(crate) fn wipe<T: Copy + Default>(values: &mut [T]) {
    values.fill(T::default());
    optimization_barrier(values);
}
