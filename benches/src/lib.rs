//! What the benchmarks share: the workloads, the contestants, and the table
//! they end in.
#![allow(
    clippy::missing_panics_doc,
    reason = "a contestant that does not sign right must not be timed, so everything here asserts"
)]

pub mod allocation;
pub mod contestant;
pub mod contestants;
pub mod effort;
pub mod floor;
pub mod sent;
pub mod table;
pub mod workload;
