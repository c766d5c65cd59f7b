//! Event streams: `cargo test -p sigv4 --features events --test events`.
#![cfg(feature = "events")]
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

mod published;
mod refused;
