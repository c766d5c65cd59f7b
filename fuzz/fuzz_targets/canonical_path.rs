//! The canonical path equals a naive one. Run with `cargo +nightly fuzz run canonical_path`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::canonical_path::check(input));
