//! A body in chunks, signed and verified, beside plain SHA-256 over the same
//! bytes.
//!
//! Run with `cargo bench -p benches --bench chunks`.

use std::io;

use benches::contestants::chunks;
use benches::race::Race;
use benches::workload;

fn main() -> io::Result<()> {
    let mut race = Race::from_env("chunks");
    let workloads = workload::all();
    let workload = workloads.first().expect("there are workloads");
    let key = workload.key();
    for kibibytes in [64, 8] {
        let name = format!("1 MiB in chunks of {kibibytes} KiB");
        race.run(&name, &mut chunks::of(&key, kibibytes * 1024));
    }
    race.conclude()
}
