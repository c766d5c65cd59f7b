//! A zero-allocation AWS Signature Version 4 signer and verifier.
#![no_std]
#![forbid(unsafe_code)]
