//! The TOML block that tells what to depend on.

use std::collections::HashSet;

use toml::{Table, Value};

use crate::page::Block;

/// A TOML block with dependencies, word for word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Manifest {
    /// Nothing if the block is no TOML or has no dependencies.
    pub(crate) fn of_block(block: &Block) -> Option<Self> {
        let is_manifest = block.info == "toml"
            && toml::from_str::<Table>(&block.text)
                .is_ok_and(|table| TABLES.iter().any(|name| table.contains_key(*name)));
        is_manifest.then(|| Self { line: block.line, text: block.text.clone() })
    }

    /// Whether all packages it names are among these.
    pub(crate) fn needs_only(&self, packages: &HashSet<String>) -> bool {
        packages_of(&self.text).is_subset(packages)
    }
}

/// The packages that a `Cargo.toml` names as dependencies.
pub(crate) fn packages_of(manifest: &str) -> HashSet<String> {
    let table: Table = toml::from_str(manifest).expect("it was parsed before");
    let dependencies = TABLES.iter().filter_map(|name| table.get(*name)?.as_table());
    dependencies.flatten().map(|(name, value)| package_of(name, value)).collect()
}

/// What is called `name` may be another package.
fn package_of(name: &str, dependency: &Value) -> String {
    dependency.get("package").and_then(Value::as_str).unwrap_or(name).to_owned()
}

const TABLES: [&str; 2] = ["dependencies", "dev-dependencies"];

#[test]
fn packages_are_read_under_their_own_names() {
    let manifest = Manifest {
        line: 1,
        text: "[dependencies]\nhttp = \"1\"\nsigv4 = { package = \"sigv4-signer\", version = \"0.1\" }\n\
               [dev-dependencies]\ntokio.version = \"1\"\n"
            .to_owned(),
    };
    let packages = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    assert!(manifest.needs_only(&packages(&["http", "sigv4-signer", "tokio", "url"])));
    assert!(!manifest.needs_only(&packages(&["http", "sigv4", "tokio"])));
}
