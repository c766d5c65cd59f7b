//! Signing: the floor, `sigv4` in each of its ways, and with feature `peers`
//! other signers.
//!
//! Run with `cargo bench -p benches --bench sign --features peers`.

use std::io;

use benches::race::Race;
use benches::{contestants, workload};

fn main() -> io::Result<()> {
    let mut race = Race::from_env("sign");
    for workload in workload::all() {
        let key = workload.key();
        race.run(workload.name, &mut contestants::all(&workload, &key));
    }
    race.conclude()
}
