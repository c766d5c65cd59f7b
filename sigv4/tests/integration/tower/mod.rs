//! Feature `tower`: what the layers let pass, refuse and make of bodies.

pub(crate) mod exchange;
#[cfg(feature = "sigv4a")]
mod multi_region;
mod refused;
mod signing;
mod verifying;
