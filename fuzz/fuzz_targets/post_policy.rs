//! Policies are read and applied as a naive reader does. Run with `cargo +nightly fuzz run post_policy`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::post_policy::check(input));
