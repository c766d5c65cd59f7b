//! Instructions of one run: one row for each way on each workload.

use serde::{Deserialize, Serialize};

use crate::report::{self, Row};

/// One way on one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionsRow {
    /// The workload's name.
    pub workload: String,
    /// The way's name.
    pub way: String,
    /// Instructions outside SHA-256's compression.
    pub instructions: u64,
}

impl Row for InstructionsRow {
    /// Ways down, workloads across.
    fn markdown(rows: &[Self]) -> String {
        let workloads = in_order(rows.iter().map(|row| row.workload.as_str()));
        let mut heads = vec!["way".to_owned()];
        heads.extend(workloads.iter().map(|workload| format!("#{workload}")));
        let heads: Vec<_> = heads.iter().map(String::as_str).collect();
        let lines = in_order(rows.iter().map(|row| row.way.as_str())).into_iter().map(|way| {
            let of = |workload: &&str| {
                let row = rows.iter().find(|row| row.way == way && row.workload == **workload);
                row.map_or_else(|| "–".to_owned(), |row| row.instructions.to_string())
            };
            [way.to_owned()].into_iter().chain(workloads.iter().map(of)).collect()
        });
        report::table(&heads, lines)
    }
}

/// Each name once, in the order of first appearance.
fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_stand_in_rows_and_workloads_in_columns() {
        let row = |workload: &str, way: &str, instructions| InstructionsRow {
            workload: workload.to_owned(),
            way: way.to_owned(),
            instructions,
        };
        let rows = [row("W1", "sign", 1), row("W1", "verify", 2), row("W2", "sign", 3)];
        let table =
            "| way | W1 | W2 |\n| --- | ---: | ---: |\n| sign | 1 | 3 |\n| verify | 2 | – |\n";
        assert_eq!(InstructionsRow::markdown(&rows), table);
    }
}
