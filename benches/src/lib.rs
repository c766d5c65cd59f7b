//! What the benchmarks share: the workloads, the contestants, and the table
//! they end in.

pub mod allocation;
pub mod contestant;
pub mod contestants;
pub mod effort;
pub mod floor;
pub mod sent;
pub mod table;
pub mod workload;
