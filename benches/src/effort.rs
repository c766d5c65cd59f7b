//! How long to measure.

use std::env;
use std::time::Duration;

use criterion::Criterion;

/// The variable that shortens everything, to see whether a benchmark runs at
/// all. Its figures mean little.
pub const QUICK: &str = "BENCH_QUICK";

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Time for all contestants of one workload together, in the table.
    pub interleaved: Duration,
    /// Time for one contestant in Criterion's plots.
    plotted: Duration,
    /// Whether there is anything to measure: only under `cargo bench`, and not
    /// when Criterion lists, tests or profiles its benchmarks.
    pub measures: bool,
}

impl Effort {
    /// Reads [`QUICK`] and the arguments that Criterion understands.
    #[must_use]
    pub fn from_env() -> Self {
        let has = |wanted: &str| env::args().any(|argument| argument == wanted);
        let quick = env::var_os(QUICK).is_some();
        let milliseconds = |full, short| Duration::from_millis(if quick { short } else { full });
        Self {
            interleaved: milliseconds(4_000, 100),
            plotted: milliseconds(1_000, 10),
            measures: has("--bench")
                && !["--list", "--test", "--profile-time"].into_iter().any(has),
        }
    }

    /// Criterion, set to this effort.
    #[must_use]
    pub fn criterion(&self) -> Criterion {
        Criterion::default()
            .warm_up_time(self.plotted / 2)
            .measurement_time(self.plotted)
            .sample_size(30)
            .configure_from_args()
    }
}
