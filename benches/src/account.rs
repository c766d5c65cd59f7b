//! Where the time of one signing and of one verification goes: differences
//! between the rows of two benches.

use std::io;

use crate::instructions::InstructionsRow;
use crate::measurement::Measurement;
use crate::report;

/// What the compressions cost, and what `sigv4` adds to them.
///
/// # Errors
///
/// If a row is missing.
pub fn signing(rows: &[Measurement], instructions: &[InstructionsRow]) -> io::Result<String> {
    let lines = workloads(rows).map(|workload| {
        let of = |contestant: &str| nanoseconds(rows, workload, contestant);
        let (floor, in_order) = (of("floor")?, of("compressions in order")?);
        let (reused, new) = (of("sigv4, instant reused")?, of("sigv4, new instant")?);
        let way =
            |row: &&InstructionsRow| row.workload == workload && row.way == "sigv4, instant reused";
        let instructions = instructions.iter().find(way).ok_or_else(|| missing(workload))?;
        let parts = [floor, in_order - floor, reused - in_order, new - reused];
        let parts = parts.map(|part| format!("{part:.0}"));
        let name = [workload.to_owned()].into_iter();
        Ok(name.chain(parts).chain([instructions.instructions.to_string()]).collect())
    });
    let heads = [
        "workload",
        "#floor",
        "#waiting for digests",
        "#own work",
        "#a new instant",
        "#instructions of the own work",
    ];
    Ok(report::table(&heads, lines.collect::<io::Result<Vec<_>>>()?))
}

/// What the compressions cost, and what each step of a verification adds.
///
/// # Errors
///
/// If a row is missing.
pub fn verifying(rows: &[Measurement]) -> io::Result<String> {
    let lines = workloads(rows).map(|workload| {
        let of = |contestant: &str| nanoseconds(rows, workload, contestant);
        let (floor, in_order) = (of("floor")?, of("compressions in order")?);
        let (parsed, refused) = (of("parse alone")?, of("refused for its token")?);
        let headers = of("parse and signed headers")? - parsed;
        let rest = of("verify, key known")? - in_order - refused - headers;
        let parts = [floor, in_order - floor, parsed, refused - parsed, headers, rest];
        let parts = parts.map(|part| format!("{part:.0}"));
        Ok([workload.to_owned()].into_iter().chain(parts).collect())
    });
    let heads = [
        "workload",
        "#floor",
        "#waiting for digests",
        "#phase one",
        "#checks before the signature",
        "#signed headers",
        "#all else",
    ];
    Ok(report::table(&heads, lines.collect::<io::Result<Vec<_>>>()?))
}

/// The workloads that have a floor of their own, those of mixed lengths left out.
fn workloads(rows: &[Measurement]) -> impl Iterator<Item = &str> {
    rows.iter()
        .filter(|row| row.contestant == "compressions in order")
        .map(|row| row.workload.as_str())
}

fn nanoseconds(rows: &[Measurement], workload: &str, contestant: &str) -> io::Result<f64> {
    let is_it = |row: &&Measurement| row.workload == workload && row.contestant == contestant;
    rows.iter().find(is_it).map(|row| row.nanoseconds).ok_or_else(|| missing(workload))
}

fn missing(workload: &str) -> io::Error {
    io::Error::other(format!("rows of {workload} are missing: run benches/run"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(contestant: &str, nanoseconds: f64) -> Measurement {
        Measurement {
            workload: "W1".to_owned(),
            contestant: contestant.to_owned(),
            nanoseconds,
            of_floor: None,
            faster_than_baseline: None,
            allocations: 0.0,
            bytes: 0,
        }
    }

    #[test]
    fn the_parts_of_a_verification_add_up_to_the_whole() {
        let mut rows = vec![
            row("floor", 500.0),
            row("compressions in order", 540.0),
            row("parse alone", 80.0),
            row("refused for its token", 150.0),
            row("parse and signed headers", 170.0),
            row("verify, key known", 1_000.0),
        ];
        let table = verifying(&rows).unwrap();
        assert_eq!(table.lines().last(), Some("| W1 | 500 | 40 | 80 | 70 | 90 | 220 |"));
        assert_eq!(500 + 40 + 80 + 70 + 90 + 220, 1_000);
        rows.pop();
        assert!(verifying(&rows).is_err());
    }

    #[test]
    fn the_parts_of_a_signing_add_up_to_a_new_instant() {
        let rows = [
            row("floor", 500.0),
            row("compressions in order", 510.0),
            row("sigv4, instant reused", 680.0),
            row("sigv4, new instant", 740.0),
        ];
        let instructions = [InstructionsRow {
            workload: "W1".to_owned(),
            way: "sigv4, instant reused".to_owned(),
            instructions: 2_700,
        }];
        let table = signing(&rows, &instructions).unwrap();
        assert_eq!(table.lines().last(), Some("| W1 | 500 | 10 | 170 | 60 | 2700 |"));
        assert!(signing(&rows, &[]).is_err());
    }
}
