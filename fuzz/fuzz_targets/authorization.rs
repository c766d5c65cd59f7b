//! The header of a signature is taken apart as a naive reader does it. Run with `cargo +nightly fuzz run authorization`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::authorization::check(input));
