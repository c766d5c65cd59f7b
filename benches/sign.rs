//! Signing: the floor, `sigv4` in each of its ways, and with feature `peers`
//! other signers.
//!
//! Run with `cargo bench -p benches --bench sign --features peers`, or with
//! `--features simd` for batches on vector instructions.

use std::io;

use benches::contestants::{self, batch};
use benches::measurement::MIXED;
use benches::race::Race;
use benches::workload;

fn main() -> io::Result<()> {
    // The feature concerns batches alone.
    let bench = if cfg!(feature = "simd") { "sign-simd" } else { "sign" };
    let mut race = Race::from_env(bench);
    for workload in workload::all() {
        let key = workload.key();
        if !cfg!(feature = "simd") {
            race.run(workload.name, &mut contestants::all(&workload, &key));
        }
        let name = format!("{}{MIXED}", workload.name);
        race.run(&name, &mut batch::ways(&workload, &key));
    }
    race.conclude()
}
