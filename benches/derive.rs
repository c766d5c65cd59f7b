//! What is paid once a day and once a second: deriving the key, fixing the
//! instant.
//!
//! Run with `cargo bench -p benches --bench derive`.

use benches::contestants::derivation;
use benches::effort::Effort;
use benches::table::Table;
use benches::workload;

fn main() {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let mut table = Table::default();
    let workloads = workload::all();
    let workload = workloads.first().expect("there are workloads");
    let key = workload.key();
    let mut keys = derivation::of_key(workload, &key);
    table.measure("derive key", &mut keys, &mut criterion, &effort);
    let mut instants = derivation::of_instant(&key);
    table.measure("fix instant", &mut instants, &mut criterion, &effort);
    criterion.final_summary();
    print!("{table}");
}
