//! S3 POST policies.
//!
//! The forms that are signed equal botocore's to the byte; what a server says to
//! an upload is in `testdata/sigv4/post_policy/uploads.toml`.

mod files;
mod properties;
mod signature;
mod signing;
mod uploads;
