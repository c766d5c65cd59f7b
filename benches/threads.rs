//! Signing on one thread and on all cores, one key shared by all, beside the
//! floor on as many.
//!
//! Run with `cargo bench -p benches --bench threads`.

use std::io;
use std::num::NonZero;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use benches::contestant::Contestant;
use benches::effort::Effort;
use benches::scaling::{Scaling, ScalingRow};
use benches::{contestants, report, workload};
use criterion::{Criterion, Throughput};

/// Length of one stretch: long beside the waking of a thread, and short enough
/// for some in which nothing disturbs any thread.
const STRETCH: Duration = Duration::from_millis(2);

/// Stretches of the same threads, so that the system finds a core for each.
const STRETCHES: usize = 20;

fn main() -> io::Result<()> {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut rows = Vec::new();
    for workload in workload::all() {
        let key = workload.key();
        let instant = key.at(workload::timestamp()).expect("the key's day");
        let sign = || contestants::instant_reused(&workload, instant.clone());
        let floor = || contestants::floor(&workload, &key);
        plot(&mut criterion, workload.name, cores, &sign);
        if effort.measures {
            let makes: [Make<'_, '_>; 2] = [&sign, &floor];
            let [signing, floor] = scaling(cores, effort.interleaved, makes);
            rows.push(ScalingRow::new(workload.name, cores, &signing, &floor));
        }
    }
    criterion.final_summary();
    report::conclude("threads", &rows)
}

/// Makes a contestant, on the thread that is to run it.
type Make<'m, 'w> = &'m (dyn Fn() -> Contestant<'w> + Sync);

/// Criterion's plots.
fn plot(criterion: &mut Criterion, workload: &str, cores: usize, make: Make<'_, '_>) {
    let mut group = criterion.benchmark_group(format!("threads {workload}"));
    for threads in [1, cores] {
        group.throughput(Throughput::Elements(threads as u64));
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter_custom(|runs| least(threads, runs, 1, make));
        });
    }
    group.finish();
}

/// One thread and all cores by turns, each in the best of some stretches; of many
/// such rounds, the one whose ratio is the median: the processor may change its
/// clock between the two halves of a round, either way.
fn scaling<const N: usize>(cores: usize, time: Duration, makes: [Make<'_, '_>; N]) -> [Scaling; N] {
    let runs = makes.map(|make| {
        let mut runs = 1;
        while least(1, runs, 1, make) < STRETCH {
            runs *= 2;
        }
        runs
    });
    let mut rounds = [const { Vec::new() }; N];
    let start = Instant::now();
    while rounds[0].is_empty() || start.elapsed() < time {
        for ((rounds, make), runs) in rounds.iter_mut().zip(makes).zip(runs) {
            let per_second = |threads: usize| {
                let seconds = least(threads, runs, STRETCHES, make).as_secs_f64();
                runs as f64 * threads as f64 / seconds
            };
            rounds.push(Scaling { one: per_second(1), all: per_second(cores) });
        }
    }
    rounds.map(|mut rounds| {
        rounds.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
        rounds[rounds.len() / 2]
    })
}

/// The time of so many runs on each thread, all at once: that of the slowest
/// thread, in the best of so many stretches.
///
/// Each thread makes its own contestant, so that none writes where another
/// reads.
fn least(threads: usize, runs: u64, stretches: usize, make: Make<'_, '_>) -> Duration {
    let barrier = Barrier::new(threads);
    let work = || {
        let mut contestant = make();
        let stretch = |_| {
            barrier.wait();
            contestant.run(runs).elapsed
        };
        (0..stretches).map(stretch).collect::<Vec<_>>()
    };
    let times: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    });
    let slowest = |stretch: usize| times.iter().map(|times| times[stretch]).max();
    (0..stretches).filter_map(slowest).min().unwrap_or_default()
}
