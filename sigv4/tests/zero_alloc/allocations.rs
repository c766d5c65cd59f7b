//! A global allocator that counts what a thread asks of it.
#![allow(unsafe_code)] // An allocator cannot be written without it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// How often `operation` allocates, with what it returns.
///
/// Counted for the calling thread alone, so that tests beside it do not take part.
pub(crate) fn count<R>(operation: impl FnOnce() -> R) -> (u64, R) {
    let before = ALLOCATIONS.get();
    let result = operation();
    (ALLOCATIONS.get() - before, result)
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

struct CountingAllocator;

thread_local! {
    // Neither made on first use nor dropped, so that counting needs no memory.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count_one() {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
}

// SAFETY: every method hands its arguments to the system's allocator and
// returns what that answers; counting touches no memory but a thread's own cell.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: the caller keeps the contract of `alloc_zeroed`, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count_one();
        // SAFETY: `block` came from `System`, through one of the methods here,
        // and the caller keeps the rest of the contract.
        unsafe { System.realloc(block, layout, new_size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` came from `System`, through one of the methods here,
        // and the caller keeps the rest of the contract.
        unsafe { System.dealloc(block, layout) }
    }
}
