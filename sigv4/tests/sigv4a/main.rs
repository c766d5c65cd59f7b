//! Signature Version 4A: `cargo test -p sigv4 --features sigv4a --test sigv4a`.
//!
//! What others sign verifies, what the crate signs is what a deterministic
//! signer makes of what others have in their stages, and nothing else verifies.
//! `PROPTEST_CASES=10000` looks longer.
#![cfg(feature = "sigv4a")]
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

#[expect(dead_code, reason = "the cases of Signature Version 4 are read elsewhere")]
#[path = "../cases/mod.rs"]
mod cases;
mod chunks;
mod data;
#[cfg(feature = "http")]
mod http;
mod keys;
mod properties;
#[expect(dead_code, reason = "the reference signs with Signature Version 4")]
#[path = "../reference/mod.rs"]
mod reference;
mod refused;
#[path = "../requests/mod.rs"]
mod requests;
mod roundtrip;
#[expect(dead_code, reason = "only its rules serve both algorithms")]
#[path = "../signer/mod.rs"]
mod signer;
mod signing;
#[expect(dead_code, reason = "only what is received serves both algorithms")]
#[path = "../verifier/mod.rs"]
mod verifier;
