//! Inputs that break signers and verifiers, numbered, each with what it must
//! come to.

mod chunks;
mod keys_and_times;
mod message;
mod requests;
mod signatures;
