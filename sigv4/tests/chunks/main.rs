//! Bodies in chunks: `cargo test -p sigv4 --test chunks`.
//!
//! What is encoded decodes to itself however the input is cut, and nothing but
//! that is accepted. `PROPTEST_CASES=100000` looks longer.
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

mod properties;
mod published;
mod signing;
#[path = "../upload/mod.rs"]
mod upload;
