//! S3 POST policies: `cargo test -p sigv4 --test post_policy`.
//!
//! The forms that are signed equal botocore's to the byte; what a server says to
//! an upload is in `testdata/sigv4/post_policy/uploads.toml`.

#![allow(clippy::unwrap_used)] // Functions that serve the tests unwrap as well.

mod files;
mod properties;
mod signature;
mod signing;
mod uploads;
