//! Signing: the floor, `sigv4` in each of its ways, and with feature `peers`
//! other signers.
//!
//! Run with `cargo bench -p benches --bench sign --features peers`.

use benches::contestants;
use benches::effort::Effort;
use benches::table::Table;
use benches::workload;

fn main() {
    let effort = Effort::from_env();
    let mut criterion = effort.criterion();
    let mut table = Table::default();
    for workload in workload::all() {
        let key = workload.key();
        let mut contestants = contestants::all(&workload, &key);
        table.measure(workload.name, &mut contestants, &mut criterion, &effort);
    }
    criterion.final_summary();
    print!("{table}");
}
