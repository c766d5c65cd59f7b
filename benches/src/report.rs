//! What a bench ends in: a table for the reader, and the same rows for the
//! machine.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::machine;

/// The folder in which benches keep their rows, if it is set.
pub const RESULTS: &str = "BENCH_RESULTS";

/// The file beside the rows that says on which machine they were measured.
const MACHINE: &str = "machine.md";

/// One line of what a bench has measured.
pub trait Row: Serialize + DeserializeOwned {
    /// All rows as Markdown.
    fn markdown(rows: &[Self]) -> String;
}

/// Prints the rows of a bench, and keeps them if [`RESULTS`] says where.
///
/// # Errors
///
/// If they cannot be kept.
pub fn conclude<R: Row>(bench: &str, rows: &[R]) -> io::Result<()> {
    // Nothing is measured when Criterion lists, tests or profiles.
    if rows.is_empty() {
        return Ok(());
    }
    print!("{}", R::markdown(rows));
    let Some(folder) = env::var_os(RESULTS).map(PathBuf::from) else {
        return Ok(());
    };
    fs::create_dir_all(&folder)?;
    let mut writer = csv::Writer::from_path(file(&folder, bench))?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()?;
    fs::write(folder.join(MACHINE), machine::describe() + "\n")
}

/// The rows that a bench has kept in `folder`.
///
/// # Errors
///
/// If there are none.
pub fn read<R: Row>(folder: &Path, bench: &str) -> io::Result<Vec<R>> {
    let path = file(folder, bench);
    let reader = csv::Reader::from_path(&path).map_err(|error| {
        io::Error::other(format!("no rows of bench {bench} in {}: {error}", path.display()))
    })?;
    reader.into_deserialize().map(|row| row.map_err(io::Error::from)).collect()
}

/// The machine on which the rows in `folder` were measured, and when.
///
/// # Errors
///
/// If nobody has kept it.
pub fn read_machine(folder: &Path) -> io::Result<String> {
    fs::read_to_string(folder.join(MACHINE))
}

fn file(folder: &Path, bench: &str) -> PathBuf {
    folder.join(format!("{bench}.csv"))
}

/// A Markdown table: the heads of its columns, numbers' columns marked by a
/// `#` in front, and its lines.
#[must_use]
pub fn table(heads: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let row = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let names: Vec<_> = heads.iter().map(|head| head.trim_start_matches('#')).collect();
    let rules: Vec<_> =
        heads.iter().map(|head| if head.starts_with('#') { "---:" } else { "---" }).collect();
    let mut text = row(&names) + &row(&rules);
    for line in lines {
        let cells: Vec<_> = line.iter().map(String::as_str).collect();
        text += &row(&cells);
    }
    text
}

/// Keeps two digits behind the point: more is noise.
#[must_use]
pub fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_aligns_numbers_to_the_right() {
        let text = table(&["name", "#ns"], [vec!["a".to_owned(), "1".to_owned()]]);
        assert_eq!(text, "| name | ns |\n| --- | ---: |\n| a | 1 |\n");
    }
}
