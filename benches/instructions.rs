//! Instructions outside SHA-256's compression, counted by callgrind: the same
//! on every run, however busy the machine.
//!
//! Needs valgrind. Run with `cargo bench -p benches --bench instructions`.

use std::io;

use benches::contestants::{self, batch, verifier};
use benches::effort::Effort;
use benches::instructions::InstructionsRow;
use benches::{callgrind, report, workload};

fn main() -> io::Result<()> {
    if !Effort::from_env().measures {
        return Ok(());
    }
    let workloads = workload::all();
    let keys: Vec<_> = workloads.iter().map(|workload| workload.key()).collect();
    let (mut names, mut contestants) = (Vec::new(), Vec::new());
    for (workload, key) in workloads.iter().zip(&keys) {
        contestants.extend(contestants::own(workload, key));
        contestants.extend(batch::ways(workload, key).into_iter().skip(1));
        contestants.extend(verifier::ways(workload, key).into_iter().skip(2));
        names.resize(contestants.len(), workload.name);
    }
    let counts = callgrind::count(&mut contestants)?;
    let rows: Vec<_> = names
        .iter()
        .zip(&contestants)
        .zip(counts)
        .map(|((workload, contestant), instructions)| InstructionsRow {
            workload: (*workload).to_owned(),
            way: contestant.name.to_owned(),
            instructions,
        })
        .collect();
    report::conclude("instructions", &rows)
}
