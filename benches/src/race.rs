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

/// Nanoseconds per request of each contestant, in many short stretches, which take
/// turns so that whatever disturbs the machine disturbs all alike.
#[must_use]
pub fn interleaved(contestants: &mut [Contestant<'_>], time: Duration) -> Vec<f64> {
    let runs: Vec<u64> = contestants.iter_mut().map(runs_per_stretch).collect();
    let mut rounds = Vec::new();
    let start = Instant::now();
    while rounds.len() < ROUNDS_MIN || start.elapsed() < time {
        let stretches = contestants.iter_mut().zip(&runs).map(|(contestant, &runs)| {
            let elapsed = contestant.run(runs).elapsed;
            elapsed.as_secs_f64() * 1e9 / (runs * contestant.requests) as f64
        });
        rounds.push(stretches.collect());
    }
    (0..contestants.len()).map(|at| usual(&rounds, at)).collect()
}

/// The usual time of the contestant at a place, from its ratio to the first one,
/// which runs before and behind it: the two share the clock rate of the moment,
/// which comes and goes as the processor likes.
fn usual(rounds: &[Vec<f64>], at: usize) -> f64 {
    let first = median(rounds.iter().map(|round| round[0]));
    if at == 0 {
        return first;
    }
    let ratios = rounds.windows(2).map(|pair| 2.0 * pair[0][at] / (pair[0][0] + pair[1][0]));
    first * median(ratios)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_changes_does_not_change_a_ratio() {
        let quick = || vec![90.0, 180.0];
        let slow = || vec![100.0, 200.0];
        // The clock changes between a round and the next, and once within a round;
        // one stretch is disturbed.
        let rounds =
            [quick(), quick(), slow(), vec![100.0, 180.0], quick(), vec![90.0, 900.0], slow()];
        let times = [0, 1].map(|at| usual(&rounds, at));
        assert_eq!(times[1] / times[0], 2.0);
        assert!([90.0, 100.0].contains(&times[0]));
    }
}
