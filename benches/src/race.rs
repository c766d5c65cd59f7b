//! Contestants that take turns in one process.

use std::time::{Duration, Instant};
use std::{fmt, io};

use criterion::Criterion;

use crate::contestant::{Contestant, Role};
use crate::effort::Effort;
use crate::measurement::Measurement;
use crate::report::{self, rounded};

/// Length of one stretch: short, so that some fall between two interruptions
/// on a busy machine.
const STRETCH: Duration = Duration::from_micros(100);

/// Stretches of each contestant at least, however short the time.
const ROUNDS_MIN: usize = 5;

/// A bench of contestants, workload by workload.
pub struct Race {
    bench: &'static str,
    effort: Effort,
    criterion: Criterion,
    rows: Vec<Measurement>,
}

impl Race {
    /// The bench of this name, as long and in such ways as the arguments want it.
    #[must_use]
    pub fn from_env(bench: &'static str) -> Self {
        let effort = Effort::from_env();
        Self { bench, effort, criterion: effort.criterion(), rows: Vec::new() }
    }

    /// Hands the contestants of a workload to Criterion, then lets them take turns.
    pub fn run(&mut self, workload: &str, contestants: &mut [Contestant<'_>]) {
        let mut group = self.criterion.benchmark_group(format!("{} {workload}", self.bench));
        for contestant in contestants.iter_mut() {
            group.bench_function(contestant.name, |bencher| {
                bencher.iter_custom(|runs| contestant.run(runs).elapsed);
            });
        }
        group.finish();
        if self.effort.measures {
            let allocations: Vec<_> = contestants.iter_mut().map(allocations_per_request).collect();
            let nanoseconds = interleaved(contestants, self.effort.interleaved);
            self.rows.extend(rows(workload, contestants, &nanoseconds, &allocations));
        }
    }

    /// Prints the table.
    ///
    /// # Errors
    ///
    /// If its rows cannot be kept.
    pub fn conclude(self) -> io::Result<()> {
        self.criterion.final_summary();
        report::conclude(self.bench, &self.rows)
    }
}

impl fmt::Debug for Race {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Race").field("bench", &self.bench).finish_non_exhaustive()
    }
}

fn rows(
    workload: &str,
    contestants: &[Contestant<'_>],
    nanoseconds: &[f64],
    allocations: &[f64],
) -> Vec<Measurement> {
    let of_role = |role: Role| {
        let at = contestants.iter().position(|contestant| contestant.role == role)?;
        Some(nanoseconds[at])
    };
    let floor = of_role(Role::Floor);
    let measured = contestants.iter().zip(nanoseconds).zip(allocations);
    measured
        .map(|((contestant, &nanoseconds), &allocations)| {
            let baseline = match contestant.role {
                Role::Floor => None,
                Role::Values | Role::ValuesBaseline => of_role(Role::ValuesBaseline),
                Role::Applied | Role::AppliedBaseline => of_role(Role::AppliedBaseline),
            };
            Measurement {
                workload: workload.to_owned(),
                contestant: contestant.name.to_owned(),
                nanoseconds: rounded(nanoseconds),
                of_floor: floor.map(|floor| rounded(nanoseconds / floor)),
                faster_than_baseline: baseline.map(|baseline| rounded(baseline / nanoseconds)),
                allocations: rounded(allocations),
                bytes: contestant.bytes,
            }
        })
        .collect()
}

/// Nanoseconds per request of each contestant: the least of many short stretches,
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
            let requests = (runs[at] * contestant.requests) as f64;
            least[at] = least[at].min(elapsed.as_secs_f64() * 1e9 / requests);
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

fn allocations_per_request(contestant: &mut Contestant<'_>) -> f64 {
    const RUNS: u64 = 64;
    // Caches that a contestant keeps are filled once.
    contestant.run(RUNS);
    contestant.run(RUNS).allocations as f64 / (RUNS * contestant.requests) as f64
}
