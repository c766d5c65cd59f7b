//! Cost against size: headers, query parameters, bytes of the body.
//!
//! Run with `cargo bench -p benches --bench growth`.

use benches::contestants::growth::Growth;
use benches::effort::Effort;
use benches::table;
use benches::workload;
use criterion::BenchmarkId;

fn main() {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let workloads = workload::all();
    // An IAM request has a query, headers and a body that are all signed.
    let workload = workloads.iter().find(|workload| workload.name == "W3").expect("there is W3");
    let key = workload.key();
    let mut lines = Vec::new();
    for growth in Growth::ALL {
        let mut contestants: Vec<_> =
            growth.sizes().iter().map(|&size| growth.sign(workload, &key, size)).collect();
        let mut group = criterion.benchmark_group(format!("growth by {}", growth.name()));
        for (contestant, size) in contestants.iter_mut().zip(growth.sizes()) {
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter_custom(|runs| contestant.run(runs).elapsed);
            });
        }
        group.finish();
        if !effort.measures {
            continue;
        }
        let nanoseconds = table::interleaved(&mut contestants, effort.interleaved);
        for (nanoseconds, &size) in nanoseconds.iter().zip(growth.sizes()) {
            let each = nanoseconds / size as f64;
            lines.push(format!("| {} | {size} | {nanoseconds:.0} | {each:.2} |", growth.name()));
        }
    }
    criterion.final_summary();
    println!("| grows by | size | ns | ns for each |\n| --- | ---: | ---: | ---: |");
    println!("{}", lines.join("\n"));
}
