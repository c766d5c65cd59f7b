//! An offline, in-memory AWS IAM that verifies every signature.
#![forbid(unsafe_code)]
