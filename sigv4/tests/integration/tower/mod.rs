//! Feature `tower`: what the layers let pass, refuse and make of bodies.

pub(crate) mod exchange;
#[cfg(feature = "sigv4a")]
mod multi_region;
mod refused;
mod s3_express;
mod signing;
mod verifying;
