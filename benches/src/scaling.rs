//! Threads that sign at the same time: one row for each workload.

use serde::{Deserialize, Serialize};

use crate::report::{self, Row};

/// How one job scales from one thread to all cores.
#[derive(Clone, Copy, Debug)]
pub struct Scaling {
    /// Runs per second on one thread.
    pub one: f64,
    /// Runs per second on all cores together.
    pub all: f64,
}

/// Signing and the floor on one thread and on all cores.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScalingRow {
    /// The workload's name.
    pub workload: String,
    /// How many threads there are in all.
    pub threads: usize,
    /// Signings per second on one thread.
    pub one: f64,
    /// Signings per second on all cores.
    pub all: f64,
    /// How many times one thread the cores reach in signing.
    pub signing: f64,
    /// How many times one thread they reach in compressions alone, which share no
    /// memory at all: what the machine itself allows.
    pub floor: f64,
}

impl Scaling {
    /// How many times one thread the cores reach.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.all / self.one
    }
}

impl ScalingRow {
    /// From what was measured on `threads` threads.
    #[must_use]
    pub fn new(workload: &str, threads: usize, signing: &Scaling, floor: &Scaling) -> Self {
        Self {
            workload: workload.to_owned(),
            threads,
            one: signing.one.round(),
            all: signing.all.round(),
            signing: report::rounded(signing.ratio()),
            floor: report::rounded(floor.ratio()),
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.workload.clone(),
            format!("{:.0}", self.one),
            format!("{:.0}", self.all),
            format!("{:.2}", self.signing),
            format!("{:.2}", self.floor),
            format!("{:.2}", self.signing / self.floor),
        ]
    }
}

impl Row for ScalingRow {
    fn markdown(rows: &[Self]) -> String {
        let threads = rows.first().map_or(1, |row| row.threads);
        let all = format!("#{threads} threads");
        let heads = [
            "workload",
            "#signings/s, 1 thread",
            &all,
            "#ratio",
            "#ratio of the floor",
            "#one to the other",
        ];
        report::table(&heads, rows.iter().map(Self::cells))
    }
}
