//! The plots, drawn from the rows that benches keep.

mod canvas;
pub mod growth;
pub mod signing;

/// Microseconds with their unit, in three digits at most.
fn microseconds(nanoseconds: f64) -> String {
    let microseconds = nanoseconds / 1e3;
    let decimals = if microseconds < 9.995 { 2 } else { 1 };
    format!("{microseconds:.decimals$} µs")
}
