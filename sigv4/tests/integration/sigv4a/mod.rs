//! Signature Version 4A.
//!
//! What others sign verifies, what the crate signs is what a deterministic
//! signer makes of what others have in their stages, and nothing else verifies.
//! `PROPTEST_CASES=10000` looks longer.

pub(crate) mod chunks;
pub(crate) mod data;
#[cfg(feature = "http")]
mod http;
mod keys;
mod properties;
mod refused;
mod roundtrip;
mod signing;
