//! The integration tests, all in one binary: what they share is compiled once,
//! and the crate and its dependencies are linked once.
//!
//! Run with `cargo test -p sigv4-signer --all-features --test integration`; a filter
//! such as `suite::` runs the tests of one module. Only `zero_alloc` is a binary
//! of its own, because it puts another allocator into the process.
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

// What the tests share.
mod cases;
mod reference;
mod requests;
mod signer;
mod upload;
mod verifier;
#[cfg(any(feature = "reqwest", feature = "tower"))]
mod wire;

// The crate itself.
mod architecture;

// The core.
mod batch;
mod chunks;
mod fuzz_regressions;
mod nasty_inputs;
mod post_policy;
mod prepared;
mod properties;
mod published;
mod redaction;
mod reject;
mod service_tokens;
mod signing_rules;
mod streams;
mod suite;
mod url_properties;
mod verify;

// What features add to it.
#[cfg(feature = "aws-credential-types")]
mod aws_credential_types;
#[cfg(feature = "credentials")]
mod default_chain;
#[cfg(feature = "events")]
mod events;
#[cfg(feature = "explain")]
mod explain;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http-body")]
mod http_body;
#[cfg(feature = "tower")]
mod http_client;
#[cfg(feature = "signer")]
mod objects;
#[cfg(feature = "std")]
mod owned_credentials;
#[cfg(feature = "signer")]
mod presigned_urls;
#[cfg(feature = "provider")]
mod provider_forms;
#[cfg(feature = "reqwest")]
mod reqwest_client;
#[cfg(feature = "signer")]
mod signer_keys;
#[cfg(feature = "provider")]
mod signer_provider;
#[cfg(all(feature = "http", feature = "signer"))]
mod signer_requests;
#[cfg(feature = "sigv4a")]
mod sigv4a;
#[cfg(any(feature = "std", feature = "time"))]
mod timestamps;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "checksums")]
mod uploads;
