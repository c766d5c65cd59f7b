//! A body in chunks, signed and verified, beside plain SHA-256 over the same
//! bytes.
//!
//! Run with `cargo bench -p benches --bench chunks`.

use benches::contestants::chunks;
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
    for kibibytes in [64, 8] {
        let mut contestants = chunks::of(&key, kibibytes * 1024);
        let name = format!("1 MiB in chunks of {kibibytes} KiB");
        table.measure(&name, &mut contestants, &mut criterion, &effort);
    }
    criterion.final_summary();
    print!("{table}");
}
