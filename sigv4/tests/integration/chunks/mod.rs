//! Bodies in chunks.
//!
//! What is encoded decodes to itself however the input is cut, and nothing but
//! that is accepted. `PROPTEST_CASES=100000` looks longer.

mod properties;
mod published;
mod signing;
