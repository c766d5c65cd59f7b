//! Signing on one thread and on all cores, one key shared by all.
//!
//! Run with `cargo bench -p benches --bench threads`.

use std::num::NonZero;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use benches::contestants;
use benches::effort::Effort;
use benches::workload::{self, Workload};
use criterion::Throughput;
use sigv4::SigningInstant;

/// Signings of one thread between two looks at the clock.
const STRETCH: u64 = 20_000;

fn main() {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut lines = Vec::new();
    for workload in workload::all() {
        let key = workload.key();
        let instant = key.at(workload::timestamp()).expect("the key's day");
        let mut group = criterion.benchmark_group(format!("threads {}", workload.name));
        for threads in [1, cores] {
            group.throughput(Throughput::Elements(threads as u64));
            group.bench_function(format!("{threads} threads"), |bencher| {
                bencher.iter_custom(|runs| elapsed(&workload, &instant, threads, runs));
            });
        }
        group.finish();
        if effort.measures {
            let [one, all] = most_per_second(&workload, &instant, cores, effort.interleaved);
            let ratio = all / one;
            lines.push(format!("| {} | {one:.0} | {all:.0} | {ratio:.2} |", workload.name));
        }
    }
    criterion.final_summary();
    println!("| workload | signings/s, 1 thread | {cores} threads | ratio |");
    println!("| --- | ---: | ---: | ---: |\n{}", lines.join("\n"));
}

/// Signings per second on one thread and on `cores`: the best of many
/// stretches, which take turns.
fn most_per_second(
    workload: &Workload,
    instant: &SigningInstant<'_>,
    cores: usize,
    time: Duration,
) -> [f64; 2] {
    let mut most = [0.0_f64; 2];
    let start = Instant::now();
    while start.elapsed() < time {
        for (most, threads) in most.iter_mut().zip([1, cores]) {
            let seconds = elapsed(workload, instant, threads, STRETCH).as_secs_f64();
            *most = most.max(STRETCH as f64 * threads as f64 / seconds);
        }
    }
    most
}

/// From the moment all threads are ready until the last has signed `runs` times.
fn elapsed(
    workload: &Workload,
    instant: &SigningInstant<'_>,
    threads: usize,
    runs: u64,
) -> Duration {
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut contestant = contestants::instant_reused(workload, instant.clone());
                    barrier.wait();
                    let start = Instant::now();
                    contestant.run(runs);
                    (start, Instant::now())
                })
            })
            .collect();
        let times: Vec<_> =
            workers.into_iter().map(|worker| worker.join().expect("no panic")).collect();
        let start = times.iter().map(|&(start, _)| start).min();
        let end = times.iter().map(|&(_, end)| end).max();
        end.zip(start).map_or(Duration::ZERO, |(end, start)| end - start)
    })
}
