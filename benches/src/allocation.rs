//! Counts heap allocations, thread by thread.
#![expect(unsafe_code, reason = "an allocator can be written in no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Allocations of the calling thread so far, re-allocations included.
#[must_use]
pub fn count() -> u64 {
    COUNT.get()
}

thread_local! {
    // Constant and without a destructor: reading it is one instruction and
    // never allocates itself.
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn a_box_and_a_growing_vector_are_counted_and_a_sum_is_not() {
        let before = count();
        drop(black_box(Box::new(7)));
        assert_eq!(count() - before, 1);
        let mut vector = black_box(Vec::with_capacity(1));
        vector.extend(black_box([1, 2, 3]));
        assert_eq!(count() - before, 3);
        black_box(vector.iter().sum::<i32>());
        assert_eq!(count() - before, 3);
    }
}
