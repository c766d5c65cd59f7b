//! Runs a property on the inputs that are kept in the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Checks the seeds of a target and the inputs that it once failed on.
///
/// # Panics
///
/// If the property fails, or there are no seeds.
pub fn all(target: &str, check: impl Fn(&[u8])) {
    // Both libraries lie beside `fuzz`.
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let seeds = files(&fuzz.join("corpus").join(target));
    assert!(!seeds.is_empty(), "the target {target} has no seeds");
    for file in seeds.into_iter().chain(files(&fuzz.join("regressions").join(target))) {
        println!("{}", file.display());
        check(&fs::read(&file).expect("an input can be read"));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    // A target that never failed has no folder of regressions.
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("a folder can be listed").path()).collect()
}
