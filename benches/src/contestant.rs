//! One way of doing a job, ready to be timed.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::allocation;

/// Inputs that are made ahead of a timed stretch: few enough to stay in the
/// first cache, enough for the clock's own cost to vanish.
const INPUTS: u64 = 16;

/// One way of doing a job.
pub struct Contestant<'w> {
    /// What the table calls it.
    pub name: &'static str,
    /// Whom it is compared with.
    pub role: Role,
    /// Bytes it hands over: the headers it makes, or the target; none if its
    /// output is no text.
    pub bytes: usize,
    /// How many requests one run is for.
    pub requests: u64,
    run: Box<dyn FnMut(u64) -> Cost + 'w>,
}

/// Whom a contestant is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nobody: it is the floor itself.
    Floor,
    /// The signers that return values.
    Values,
    /// The signer that returns values with which the others are compared.
    ValuesBaseline,
    /// The signers that change a request of the `http` crate, and whoever is called by
    /// applications in their stead.
    Applied,
    /// The signer that changes a request with which the others are compared.
    AppliedBaseline,
}

/// What a number of runs cost together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Time that passed.
    pub elapsed: Duration,
    /// Heap allocations.
    pub allocations: u64,
}

impl<'w> Contestant<'w> {
    /// A job that leaves its input as it was.
    pub fn new<T>(
        name: &'static str,
        role: Role,
        bytes: usize,
        mut job: impl FnMut() -> T + 'w,
    ) -> Self {
        Self::on_stretch(name, role, bytes, move |runs| Cost::of_runs(runs, &mut job))
    }

    /// A job that prepares something for every stretch of runs, and says what
    /// the runs cost.
    pub fn on_stretch(
        name: &'static str,
        role: Role,
        bytes: usize,
        run: impl FnMut(u64) -> Cost + 'w,
    ) -> Self {
        Self { name, role, bytes, requests: 1, run: Box::new(run) }
    }

    /// A job that changes its input; making the input and dropping what has
    /// become of it are not counted.
    pub fn on_input<I, T>(
        name: &'static str,
        role: Role,
        bytes: usize,
        mut make: impl FnMut() -> I + 'w,
        mut job: impl FnMut(&mut I) -> T + 'w,
    ) -> Self {
        let run = move |runs: u64| {
            let mut cost = Cost::default();
            let mut left = runs;
            while left > 0 {
                let mut inputs: Vec<_> = (0..left.min(INPUTS)).map(|_| make()).collect();
                cost = cost.plus(Cost::of(|| {
                    for input in &mut inputs {
                        black_box(job(input));
                    }
                }));
                left -= left.min(INPUTS);
            }
            cost
        };
        Self::on_stretch(name, role, bytes, run)
    }

    /// Says that one run is for so many requests; all figures are those of one.
    #[must_use]
    pub fn of_many(self, requests: u64) -> Self {
        Self { requests, ..self }
    }

    /// Does the job so many times.
    pub fn run(&mut self, runs: u64) -> Cost {
        (self.run)(runs)
    }
}

impl fmt::Debug for Contestant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contestant").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Cost {
    /// What so many runs of a job cost.
    pub fn of_runs<T>(runs: u64, mut job: impl FnMut() -> T) -> Self {
        Self::of(|| {
            for _ in 0..runs {
                black_box(job());
            }
        })
    }

    /// Never inlined: callgrind counts what happens between its entry and its
    /// exit, see [`callgrind`](crate::callgrind).
    #[inline(never)]
    fn of(job: impl FnOnce()) -> Self {
        let allocations = allocation::count();
        let start = Instant::now();
        job();
        Self { elapsed: start.elapsed(), allocations: allocation::count() - allocations }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            elapsed: self.elapsed + other.elapsed,
            allocations: self.allocations + other.allocations,
        }
    }
}
