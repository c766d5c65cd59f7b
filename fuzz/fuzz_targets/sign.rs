//! What is signed verifies, and altered it does not. Run with `cargo +nightly fuzz run sign`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::sign::check(input));
