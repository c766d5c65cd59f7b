//! Event streams.

mod published;
mod refused;
