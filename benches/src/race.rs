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

/// How far a stretch may lie from the median to be a usual one. Clock rates of one
/// processor lie further apart.
const USUAL: f64 = 0.02;

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
///
/// Only [steady] rounds count: a contestant that alone met a quicker clock would
/// win by it.
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
        rounds.push(stretches.collect::<Vec<_>>());
    }
    let steady = steady(&rounds);
    let least = |at: usize| steady.iter().map(|round| round[at]).fold(f64::INFINITY, f64::min);
    (0..contestants.len()).map(least).collect()
}

/// The rounds at the beginning and at the end of which the first contestant took
/// about as long as it usually does; all of them, if the machine was so busy that
/// there are none.
fn steady(rounds: &[Vec<f64>]) -> Vec<&[f64]> {
    let mut firsts: Vec<f64> = rounds.iter().map(|round| round[0]).collect();
    firsts.sort_by(f64::total_cmp);
    let usual = firsts[firsts.len() / 2];
    let is_usual = |round: &Vec<f64>| (round[0] / usual - 1.0).abs() < USUAL;
    // The end of a round is the beginning of the next.
    let pairs = rounds.windows(2).filter(|pair| pair.iter().all(is_usual));
    let steady: Vec<_> = pairs.map(|pair| pair[0].as_slice()).collect();
    if steady.is_empty() { rounds.iter().map(Vec::as_slice).collect() } else { steady }
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
    fn rounds_at_another_clock_rate_do_not_count() {
        let usual = |second: f64| vec![100.0, second];
        let rounds = [usual(210.0), usual(1.0), vec![90.0, 2.0], usual(220.0), usual(215.0)];
        // In the second one the clock changed before the round was over.
        assert_eq!(steady(&rounds), [[100.0, 210.0], [100.0, 220.0]]);
        let busy = [vec![100.0, 1.0], vec![200.0, 2.0], vec![300.0, 3.0]];
        assert_eq!(steady(&busy).len(), 3);
    }
}
