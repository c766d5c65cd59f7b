//! Verification, header and query form, beside the floor.
//!
//! Run with `cargo bench -p benches --bench verify`.

use std::io;

use benches::contestants::verifier;
use benches::race::Race;
use benches::workload;

fn main() -> io::Result<()> {
    let mut race = Race::from_env("verify");
    for workload in workload::all() {
        let key = workload.key();
        race.run(workload.name, &mut verifier::ways(&workload, &key));
    }
    race.conclude()
}
