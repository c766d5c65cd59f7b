//! The emulator reads forms as they were written. Run with `cargo +nightly fuzz run query_form`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::query_form::check(input));
