//! What a bench of contestants measures: one row for each.

use serde::{Deserialize, Serialize};

use crate::report::{self, Row};

/// One contestant on one workload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measurement {
    /// The workload's name.
    pub workload: String,
    /// The contestant's name.
    pub contestant: String,
    /// Nanoseconds for one run.
    pub nanoseconds: f64,
    /// How many times the floor that is.
    pub of_floor: Option<f64>,
    /// How many times as fast as the one it is compared with.
    pub faster_than_baseline: Option<f64>,
    /// Heap allocations of one run.
    pub allocations: f64,
    /// Bytes it hands over.
    pub bytes: usize,
}

impl Row for Measurement {
    fn markdown(rows: &[Self]) -> String {
        // A column in which no row has anything is left out.
        let shown = |head: &str| match head {
            "#× floor" => rows.iter().any(|row| row.of_floor.is_some()),
            "#× aws-sigv4" => rows.iter().any(|row| row.faster_than_baseline.is_some()),
            "#bytes" => rows.iter().any(|row| row.bytes > 0),
            _ => true,
        };
        let heads: Vec<_> = HEADS.into_iter().filter(|head| shown(head)).collect();
        let lines = rows.iter().map(|row| {
            let cells = HEADS.into_iter().zip(row.cells());
            cells.filter(|(head, _)| shown(head)).map(|(_, cell)| cell).collect()
        });
        report::table(&heads, lines) + &uncommon_names(rows) + &front_door(rows)
    }
}

const HEADS: [&str; 7] =
    ["workload", "contestant", "#ns", "#× floor", "#× aws-sigv4", "#allocations", "#bytes"];

impl Measurement {
    fn cells(&self) -> [String; HEADS.len()] {
        let ratio = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
        };
        [
            self.workload.clone(),
            self.contestant.clone(),
            format!("{:.0}", self.nanoseconds),
            ratio(self.of_floor),
            ratio(self.faster_than_baseline),
            format!("{:.0}", self.allocations),
            if self.bytes == 0 { "–".to_owned() } else { self.bytes.to_string() },
        ]
    }
}

/// What stands behind the name of a workload whose requests are of mixed lengths.
pub const MIXED: &str = ", mixed";

/// What stands at the end of a contestant's name that does the job of another
/// on header names which no table of common ones holds.
pub const UNCOMMON_NAMES: &str = ", uncommon header names";

/// What uncommon header names cost more than common ones.
fn uncommon_names(rows: &[Measurement]) -> String {
    let costs: Vec<_> = rows
        .iter()
        .filter_map(|uncommon| {
            let name = uncommon.contestant.strip_suffix(UNCOMMON_NAMES)?;
            let common = rows
                .iter()
                .find(|row| row.workload == uncommon.workload && row.contestant == name)?;
            let percent = (uncommon.nanoseconds / common.nanoseconds - 1.0) * 100.0;
            Some(format!("{} {percent:+.0} %", uncommon.workload))
        })
        .collect();
    if costs.is_empty() {
        return String::new();
    }
    format!("\nUncommon header names against common ones: {}.\n", costs.join(", "))
}

/// The ways of presigning that are given a bucket and the key of an object.
const PRESIGNING: [&str; 2] = ["sigv4, Bucket (front door)", "rusty-s3, URL"];

/// How many times as fast as `rusty-s3` the front door presigns.
fn front_door(rows: &[Measurement]) -> String {
    let of = |name| rows.iter().filter(move |row| row.contestant == name);
    let [ours, theirs] = PRESIGNING;
    let ratios: Vec<_> = of(ours)
        .filter_map(|ours| {
            let theirs = of(theirs).find(|theirs| theirs.workload == ours.workload)?;
            let ratio = theirs.nanoseconds / ours.nanoseconds;
            Some(format!("{} {ratio:.2} times", ours.workload))
        })
        .collect();
    if ratios.is_empty() {
        return String::new();
    }
    let ratios = ratios.join(", ");
    format!("\nBucket (front door), as many times as fast as rusty-s3: {ratios}.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(workload: &str, contestant: &str, nanoseconds: f64) -> Measurement {
        Measurement {
            workload: workload.to_owned(),
            contestant: contestant.to_owned(),
            nanoseconds,
            of_floor: None,
            faster_than_baseline: None,
            allocations: 0.0,
            bytes: 0,
        }
    }

    #[test]
    fn uncommon_names_are_compared_within_their_workload() {
        let rows = [
            row("W1", "a", 100.0),
            row("W1", &format!("a{UNCOMMON_NAMES}"), 110.0),
            row("W3", "a", 50.0),
            row("W3", &format!("a{UNCOMMON_NAMES}"), 49.0),
        ];
        let line = "Uncommon header names against common ones: W1 +10 %, W3 -2 %.";
        assert!(Measurement::markdown(&rows).contains(line));
    }

    #[test]
    fn the_front_door_is_compared_where_both_presign() {
        let [ours, theirs] = PRESIGNING;
        let rows = [row("W2", theirs, 500.0), row("W2", ours, 100.0), row("W2t", ours, 100.0)];
        let line = "Bucket (front door), as many times as fast as rusty-s3: W2 5.00 times.";
        assert!(Measurement::markdown(&rows).contains(line));
        assert!(!Measurement::markdown(&rows[1..]).contains("rusty-s3"));
    }
}
