//! Draws the plots and writes the tables of `benches/README.md`, from the rows
//! that the benches have kept in `benches/results`.
//!
//! Run with `cargo run -p benches --bin figures`; `benches/run` measures first.

use std::{fs, io};

fn main() -> io::Result<()> {
    for (path, text) in benches::figures::files()? {
        fs::write(&path, text)?;
        println!("{}", path.display());
    }
    Ok(())
}
