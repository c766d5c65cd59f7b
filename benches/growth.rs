//! Cost against size: headers, query parameters, bytes of the body.
//!
//! Run with `cargo bench -p benches --bench growth`.

use std::io;

use benches::contestant::Contestant;
use benches::contestants::growth::Growth;
use benches::effort::Effort;
use benches::size::SizeRow;
use benches::{race, report, workload};
use criterion::BenchmarkId;

fn main() -> io::Result<()> {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let workloads = workload::all();
    // An IAM request has headers and a body that are all signed.
    let workload = workloads.iter().find(|workload| workload.name == "W3").expect("there is W3");
    let key = workload.key();
    let mut rows = Vec::new();
    for growth in Growth::ALL {
        let sizes = growth.sizes();
        let mut signing: Vec<_> =
            sizes.iter().map(|&size| growth.sign(workload, &key, size)).collect();
        let mut verifying: Vec<_> =
            sizes.iter().map(|&size| growth.verify(workload, &key, size)).collect();
        for contestants in [&mut signing, &mut verifying] {
            plot(&mut criterion, growth, contestants);
        }
        if !effort.measures {
            continue;
        }
        let signing = race::interleaved(&mut signing, effort.interleaved);
        let verifying = race::interleaved(&mut verifying, effort.interleaved);
        for ((&size, signing), verifying) in sizes.iter().zip(signing).zip(verifying) {
            rows.push(SizeRow::new(growth.name(), size, signing, verifying));
        }
    }
    criterion.final_summary();
    report::conclude("growth", &rows)
}

/// Criterion's plots, one for each way of growing.
fn plot(criterion: &mut criterion::Criterion, growth: Growth, contestants: &mut [Contestant<'_>]) {
    let Some(first) = contestants.first() else { return };
    let mut group = criterion.benchmark_group(format!("{}, {}", first.name, growth.name()));
    for (contestant, size) in contestants.iter_mut().zip(growth.sizes()) {
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_custom(|runs| contestant.run(runs).elapsed);
        });
    }
    group.finish();
}
