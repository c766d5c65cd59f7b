//! A decoder of chunks shows only what was signed. Run with `cargo +nightly fuzz run chunks`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::chunks::check(input));
