//! The emulator as a process, beside a server that does nothing but answer.

pub mod load;
pub mod requests;
pub mod server;

use serde::{Deserialize, Serialize};

use crate::report::{Row, table};

/// How one server does one kind of work.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LoadRow {
    /// What is asked for.
    pub workload: String,
    /// Who answers.
    pub server: String,
    /// Requests answered in a second.
    pub per_second: f64,
    /// Beside bare axum in the same round, the median of all rounds.
    pub ratio: f64,
    /// Microseconds within which half of the requests were answered.
    pub p50: f64,
    /// Microseconds within which 99 of 100 were.
    pub p99: f64,
}

/// What a server costs before and beside its work.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StandingRow {
    /// Who.
    pub server: String,
    /// Milliseconds from the start of the process to its first answer.
    pub ready: f64,
    /// Megabytes resident once it has answered.
    pub idle: f64,
    /// Kilobytes resident for each user with two keys; none if it keeps none.
    pub user: Option<f64>,
}

impl Row for LoadRow {
    fn markdown(rows: &[Self]) -> String {
        let heads = ["workload", "server", "#requests/s", "#of bare axum", "#p50 µs", "#p99 µs"];
        let line = |row: &Self| {
            vec![
                row.workload.clone(),
                row.server.clone(),
                format!("{:.0}", row.per_second),
                format!("{:.2}", row.ratio),
                format!("{:.0}", row.p50),
                format!("{:.0}", row.p99),
            ]
        };
        table(&heads, rows.iter().map(line))
    }
}

impl Row for StandingRow {
    fn markdown(rows: &[Self]) -> String {
        let heads = ["server", "#ready ms", "#idle MB", "#kB a user with two keys"];
        let line = |row: &Self| {
            vec![
                row.server.clone(),
                format!("{:.1}", row.ready),
                format!("{:.1}", row.idle),
                row.user.map_or("–".to_owned(), |user| format!("{user:.2}")),
            ]
        };
        table(&heads, rows.iter().map(line))
    }
}
