//! Which packages a `Cargo.lock` names.

use std::collections::HashSet;

use serde::Deserialize;

/// The packages of a lock file that another does not have in the same version,
/// but for one.
pub(crate) fn strangers(lock: &str, known: &str, but: &str) -> Vec<String> {
    let known = packages(known);
    let mut strangers: Vec<_> = packages(lock)
        .into_iter()
        .filter(|package| package.name != but && !known.contains(package))
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    strangers.sort();
    strangers
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
}

fn packages(lock: &str) -> HashSet<Package> {
    let lock: Lock = toml::from_str(lock).expect("Cargo wrote it");
    lock.package.into_iter().collect()
}

#[test]
fn a_package_in_another_version_or_from_elsewhere_is_a_stranger() {
    let package = |name: &str, version: &str, source: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}\n")
    };
    let registry = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let known = package("http", "1.5.0", registry) + &package("sigv4-signer", "0.1.0", "");
    let own = package("page", "0.0.0", "");

    let strangers = |others: &str| strangers(&format!("{own}{others}"), &known, "page");
    assert_eq!(strangers(&known), [""; 0]);
    assert_eq!(strangers(&package("http", "1.4.0", registry)), ["http 1.4.0"]);
    assert_eq!(strangers(&package("url", "2.5.0", registry)), ["url 2.5.0"]);
    assert_eq!(strangers(&package("sigv4-signer", "0.1.0", registry)), ["sigv4-signer 0.1.0"]);
}
