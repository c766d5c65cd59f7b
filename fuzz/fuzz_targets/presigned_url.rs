//! A presigned URL says what the text before it says. Run with `cargo +nightly fuzz run presigned_url`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::presigned_url::check(input));
