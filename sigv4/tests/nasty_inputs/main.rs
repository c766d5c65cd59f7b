//! Inputs that break signers and verifiers, each with what it must come to.
//!
//! Run with `cargo test -p sigv4 --test nasty_inputs`. The inputs are numbered.

#![allow(clippy::unwrap_used)] // Functions that serve the tests unwrap as well.

mod chunks;
mod keys_and_times;
mod message;
mod requests;
mod signatures;
#[path = "../upload/mod.rs"]
mod upload;
