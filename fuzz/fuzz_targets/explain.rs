//! Explaining a refusal agrees with the verifier, and shows no secret. Run with `cargo +nightly fuzz run explain`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::explain::check(input));
