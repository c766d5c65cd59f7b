//! The integration tests, all in one binary: what they share is compiled once,
//! and the crate and its dependencies are linked once.
//!
//! Run with `cargo test -p iam-emulator --test integration`; a filter such as
//! `golden::` runs the tests of one module. No test changes what belongs to the
//! process: variables, directory and subscriber are those of child processes.
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

// What the tests share.
mod client;
#[cfg(feature = "cli")]
mod process;
mod raw_http;
mod signed_http;

// The library.
mod architecture;
mod authentication;
mod foreign;
mod fuzz_regressions;
mod golden;
mod limits;
mod lists;
mod pages;
mod properties;
mod sdk;
mod secrets;
mod server;
mod server_limits;
mod server_signed;
mod server_stop;
mod server_timeouts;

// The command.
#[cfg(feature = "cli")]
mod command_line;
#[cfg(feature = "cli")]
mod secret_leak;
#[cfg(feature = "cli")]
mod server_memory;
