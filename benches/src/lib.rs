//! What the benchmarks share: the workloads, the contestants, and the tables
//! and plots they end in.
#![allow(
    clippy::missing_panics_doc,
    reason = "a contestant that does not sign right must not be timed, so everything here asserts"
)]

pub mod account;
pub mod allocation;
pub mod callgrind;
pub mod contestant;
pub mod contestants;
pub mod effort;
pub mod figures;
pub mod fit;
pub mod floor;
pub mod instructions;
pub mod machine;
pub mod measurement;
pub mod plot;
pub mod race;
pub mod report;
pub mod scaling;
pub mod sent;
pub mod service;
pub mod size;
pub mod workload;
