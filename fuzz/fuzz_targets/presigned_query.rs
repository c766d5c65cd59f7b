//! The signature in a query is found as a naive reader finds it. Run with `cargo +nightly fuzz run presigned_query`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| sigv4_fuzz::presigned_query::check(input));
