//! Feature `tower`: what the layers let pass, refuse and make of bodies.

mod exchange;
mod refused;
mod signing;
mod verifying;
