//! The table a benchmark ends in: every contestant, interleaved in one process.

use std::fmt;
use std::time::{Duration, Instant};

use criterion::Criterion;

use crate::contestant::{Contestant, Role};
use crate::effort::Effort;

/// Length of one stretch: short, so that some fall between two interruptions
/// on a busy machine.
const STRETCH: Duration = Duration::from_micros(100);

/// Stretches of each contestant at least, however short the time.
const ROUNDS_MIN: usize = 5;

/// Measured contestants, workload by workload; `Display` writes Markdown.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    workload: String,
    name: &'static str,
    nanoseconds: f64,
    of_floor: Option<f64>,
    faster_than_baseline: Option<f64>,
    allocations: f64,
    bytes: usize,
}

impl Table {
    /// Hands the contestants of a workload to Criterion, then measures them
    /// for the table.
    pub fn measure(
        &mut self,
        workload: &str,
        contestants: &mut [Contestant<'_>],
        criterion: &mut Criterion,
        effort: &Effort,
    ) {
        let mut group = criterion.benchmark_group(workload);
        for contestant in contestants.iter_mut() {
            group.bench_function(contestant.name, |bencher| {
                bencher.iter_custom(|runs| contestant.run(runs).elapsed);
            });
        }
        group.finish();
        if !effort.measures {
            return;
        }
        let allocations: Vec<_> = contestants.iter_mut().map(allocations_per_run).collect();
        let nanoseconds = interleaved(contestants, effort.interleaved);
        let of_role = |role: Role| {
            let at = contestants.iter().position(|contestant| contestant.role == role)?;
            Some(nanoseconds[at])
        };
        let floor = of_role(Role::Floor);
        for (at, contestant) in contestants.iter().enumerate() {
            let baseline = match contestant.role {
                Role::Floor => None,
                Role::Values | Role::ValuesBaseline => of_role(Role::ValuesBaseline),
                Role::Applied | Role::AppliedBaseline => of_role(Role::AppliedBaseline),
            };
            self.rows.push(Row {
                workload: workload.to_owned(),
                name: contestant.name,
                nanoseconds: nanoseconds[at],
                of_floor: floor.map(|floor| nanoseconds[at] / floor),
                faster_than_baseline: baseline.map(|baseline| baseline / nanoseconds[at]),
                allocations: allocations[at],
                bytes: contestant.bytes,
            });
        }
    }
}

/// Nanoseconds per run of each contestant: the least of many short stretches,
/// which take turns so that whatever disturbs the machine disturbs all alike.
#[must_use]
pub fn interleaved(contestants: &mut [Contestant<'_>], time: Duration) -> Vec<f64> {
    let runs: Vec<u64> = contestants.iter_mut().map(runs_per_stretch).collect();
    let mut least = vec![f64::INFINITY; contestants.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS_MIN || start.elapsed() < time {
        for (at, contestant) in contestants.iter_mut().enumerate() {
            let elapsed = contestant.run(runs[at]).elapsed;
            least[at] = least[at].min(elapsed.as_secs_f64() * 1e9 / runs[at] as f64);
        }
        rounds += 1;
    }
    least
}

fn runs_per_stretch(contestant: &mut Contestant<'_>) -> u64 {
    let mut runs = 1;
    // The first runs fill caches and tell nothing.
    contestant.run(runs);
    while contestant.run(runs).elapsed < STRETCH {
        runs *= 2;
    }
    runs
}

fn allocations_per_run(contestant: &mut Contestant<'_>) -> f64 {
    const RUNS: u64 = 64;
    // Caches that a contestant keeps are filled once.
    contestant.run(RUNS);
    contestant.run(RUNS).allocations as f64 / RUNS as f64
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| workload | contestant | ns | × floor | × aws-sigv4 | allocations | bytes |"
        )?;
        writeln!(f, "| --- | --- | ---: | ---: | ---: | ---: | ---: |")?;
        for row in &self.rows {
            let ratio = |value: Option<f64>| {
                value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
            };
            let bytes = if row.bytes == 0 { "–".to_owned() } else { row.bytes.to_string() };
            writeln!(
                f,
                "| {} | {} | {:.0} | {} | {} | {:.0} | {bytes} |",
                row.workload,
                row.name,
                row.nanoseconds,
                ratio(row.of_floor),
                ratio(row.faster_than_baseline),
                row.allocations,
            )?;
        }
        Ok(())
    }
}
