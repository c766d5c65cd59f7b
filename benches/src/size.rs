//! Cost against size: one row for each size of each growth.

use serde::{Deserialize, Serialize};

use crate::fit::Line;
use crate::report::{self, Row, rounded};

/// A request of some size, signed and verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SizeRow {
    /// What the request grows by.
    pub grows_by: String,
    /// How many of them.
    pub size: usize,
    /// Nanoseconds for signing it.
    pub signing: f64,
    /// Nanoseconds for verifying it.
    pub verifying: f64,
}

impl SizeRow {
    /// From nanoseconds.
    #[must_use]
    pub fn new(grows_by: &str, size: usize, signing: f64, verifying: f64) -> Self {
        let (signing, verifying) = (rounded(signing), rounded(verifying));
        Self { grows_by: grows_by.to_owned(), size, signing, verifying }
    }

    /// The lines through signing and verifying of one growth.
    #[must_use]
    pub fn lines(rows: &[Self]) -> [Line; 2] {
        [|row: &Self| row.signing, |row: &Self| row.verifying].map(|nanoseconds| {
            let points: Vec<_> =
                rows.iter().map(|row| (row.size as f64, nanoseconds(row))).collect();
            Line::through(&points)
        })
    }

    /// The rows of each growth, in their order.
    pub fn growths(rows: &[Self]) -> impl Iterator<Item = &[Self]> {
        rows.chunk_by(|a, b| a.grows_by == b.grows_by)
    }

    fn cells(&self) -> Vec<String> {
        let each = |nanoseconds: f64| format!("{:.2}", nanoseconds / self.size as f64);
        vec![
            self.grows_by.clone(),
            self.size.to_string(),
            format!("{:.0}", self.signing),
            each(self.signing),
            format!("{:.0}", self.verifying),
            each(self.verifying),
        ]
    }
}

impl Row for SizeRow {
    fn markdown(rows: &[Self]) -> String {
        let lines = Self::growths(rows).map(|growth| {
            let [signing, verifying] = Self::lines(growth);
            let off = |line: &Line| format!("{:.0} % at {}", line.worst.0 * 100.0, line.worst.1);
            let name = growth[0].grows_by.clone();
            let (sign, verify) = (signing.to_string(), verifying.to_string());
            vec![name, sign, off(&signing), verify, off(&verifying)]
        });
        let heads = ["n", "#sign, ns", "#farthest off", "#verify, ns", "#farthest off"];
        let fits = report::table(&heads, lines);
        let heads = ["grows by", "#size", "#sign, ns", "#each", "#verify, ns", "#each"];
        let all = report::table(&heads, rows.iter().map(Self::cells));
        format!("Straight lines through the table below:\n\n{fits}\n{all}")
    }
}
