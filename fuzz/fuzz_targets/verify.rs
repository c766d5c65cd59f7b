//! The verifier is consistent and accepts no signature but the right one. Run with `cargo +nightly fuzz run verify`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::verify::check(input));
