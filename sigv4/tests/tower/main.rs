//! Feature `tower`: what the layers let pass, refuse and make of bodies.
#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used, reason = "what serves the tests may fail them")]

mod exchange;
mod refused;
mod signing;
mod verifying;
