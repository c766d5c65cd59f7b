//! Reads the cases of `testdata/sigv4`.
//!
//! A key that is not named here fails the test that reads it: data that is
//! silently ignored proves nothing.

pub(crate) mod input;
#[cfg(feature = "sigv4a")]
pub(crate) mod multi_region;
pub(crate) mod refusal;
pub(crate) mod server;
pub(crate) mod signing;
pub(crate) mod verification;

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Table;

/// A file of `[[case]]` tables over one `[context]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    context: Table,
    /// In `verify.toml` alone.
    #[serde(default)]
    server: Table,
    case: Vec<Table>,
}

/// Where the data lies.
fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4")
}

fn read(file_name: &str) -> CaseFile {
    let path = directory().join(file_name);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file_name}: {error}"));
    let file: CaseFile =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{file_name}: {error}"));
    assert!(!file.about.is_empty(), "{file_name} does not say what it is about");
    file
}

/// Moves `keys` out of a case's table, into one of their own.
fn take(table: &mut Table, keys: &[&str]) -> Table {
    let taken = keys.iter().filter_map(|key| table.remove_entry(*key));
    taken.collect()
}

/// The table as a `T`, which knows every key.
fn resolve<T: DeserializeOwned>(table: Table, name: &str) -> T {
    table.try_into().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Text, or bytes written in hexadecimal under another key.
fn bytes(text: Option<String>, hexadecimal: Option<String>) -> Vec<u8> {
    match hexadecimal {
        Some(digits) => unhex(&digits),
        None => text.unwrap_or_default().into_bytes(),
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap_or_else(|error| panic!("{digits}: {error}"))
}
