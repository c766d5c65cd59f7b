//! What is paid once a day and once a second: deriving the key, fixing the
//! instant.
//!
//! Run with `cargo bench -p benches --bench derive`.

use std::io;

use benches::contestants::derivation;
use benches::race::Race;
use benches::workload;

fn main() -> io::Result<()> {
    let mut race = Race::from_env("derive");
    let workloads = workload::all();
    let workload = workloads.first().expect("there are workloads");
    let key = workload.key();
    race.run("key", &mut derivation::of_key(workload, &key));
    race.run("instant", &mut derivation::of_instant(&key));
    race.conclude()
}
