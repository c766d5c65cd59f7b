//! Shared files are read as a naive reader of Python's dialect reads them. Run with `cargo +nightly fuzz run default_chain`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::default_chain::check(input));
