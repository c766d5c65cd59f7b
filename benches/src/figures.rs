//! The committed figures: the tables of `README.md` and the plots, all made
//! from the rows in `results`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::account;
use crate::instructions::InstructionsRow;
use crate::measurement::Measurement;
use crate::plot::{growth, signing};
use crate::report::{self, Row};
use crate::scaling::ScalingRow;
use crate::service::{LoadRow, StandingRow};
use crate::size::SizeRow;

/// What stands around the tables in the README.
const BEGIN: &str = "<!-- The figures, as `cargo run -p benches --bin figures` writes them. -->\n";
const END: &str = "<!-- End of the figures. -->\n";

/// The files that hold figures, with what has to be in them.
///
/// # Errors
///
/// If a bench has kept no rows, or the README no place for the tables.
pub fn files() -> io::Result<Vec<(PathBuf, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let results = folder.join("results");
    let machine = report::read_machine(&results)?;
    let mut rows: Vec<Measurement> = report::read(&results, "sign")?;
    rows.extend(report::read::<Measurement>(&results, "sign-simd")?);
    let signing = signing::draw(&rows, &machine);
    let growth = growth::draw(&report::read(&results, "growth")?, &machine);
    let readme = folder.join("README.md");
    let text = with_tables(&fs::read_to_string(&readme)?, &tables(&results, &machine)?)?;
    let plots = folder.join("plots");
    Ok(vec![
        (plots.join("signing.svg"), signing),
        (plots.join("growth.svg"), growth),
        (readme, text),
    ])
}

/// All tables, each under its heading.
fn tables(results: &Path, machine: &str) -> io::Result<String> {
    let (signing, verifying) = (report::read(results, "sign")?, report::read(results, "verify")?);
    let instructions = report::read(results, "instructions")?;
    let sections = [
        ("Where the time of a signing goes, ns", account::signing(&signing, &instructions)?),
        ("Where the time of a verification goes, ns", account::verifying(&verifying)?),
        ("Signing", section::<Measurement>(results, "sign")?),
        ("Signing in batches, with feature `simd`", section::<Measurement>(results, "sign-simd")?),
        ("Verifying", section::<Measurement>(results, "verify")?),
        ("Deriving", section::<Measurement>(results, "derive")?),
        ("Instructions", section::<InstructionsRow>(results, "instructions")?),
        ("Growing", section::<SizeRow>(results, "growth")?),
        ("Threads", section::<ScalingRow>(results, "threads")?),
        ("The emulator under load", section::<LoadRow>(results, "emulator")?),
        ("The emulator at rest", section::<StandingRow>(results, "emulator-standing")?),
    ];
    let sections = sections.map(|(heading, table)| format!("\n### {heading}\n\n{table}"));
    Ok(format!("\n{machine}{}\n", sections.concat()))
}

fn section<R: Row>(results: &Path, bench: &str) -> io::Result<String> {
    Ok(R::markdown(&report::read::<R>(results, bench)?))
}

/// The README with the tables in their place.
fn with_tables(readme: &str, tables: &str) -> io::Result<String> {
    let before = readme.split_once(BEGIN).map(|(before, _)| before);
    let after = readme.split_once(END).map(|(_, after)| after);
    match (before, after) {
        (Some(before), Some(after)) => Ok([before, BEGIN, tables, END, after].concat()),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "no place for figures in README.md")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_figures_are_those_of_the_committed_rows() {
        for (path, expected) in files().unwrap() {
            let found = fs::read_to_string(&path).unwrap();
            let update = "cargo run -p benches --bin figures";
            assert!(found == expected, "{} is out of date: {update}", path.display());
        }
    }

    #[test]
    fn tables_replace_those_before_and_nothing_else() {
        let readme = format!("a\n{BEGIN}old\n{END}z\n");
        let replaced = with_tables(&readme, "new\n").unwrap();
        assert_eq!(replaced, format!("a\n{BEGIN}new\n{END}z\n"));
        assert!(with_tables("no place", "new\n").is_err());
    }
}
