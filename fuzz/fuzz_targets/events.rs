//! A verifier of events accepts only what was signed. Run with `cargo +nightly fuzz run events`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::events::check(input));
