//! Region sets read as by a naive reader. Run with `cargo +nightly fuzz run region_set`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::region_set::check(input));
