//! Verification, header and query form, beside the floor.
//!
//! Run with `cargo bench -p benches --bench verify`.

use benches::contestants::verifier;
use benches::effort::Effort;
use benches::table::Table;
use benches::workload;

fn main() {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let mut table = Table::default();
    for workload in workload::all() {
        let key = workload.key();
        let mut contestants = verifier::ways(&workload, &key);
        let name = format!("verify {}", workload.name);
        table.measure(&name, &mut contestants, &mut criterion, &effort);
    }
    criterion.final_summary();
    print!("{table}");
}
