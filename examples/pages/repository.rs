//! What is read of the repository.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::manifest;
use crate::page::Page;

/// The folder above this package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is a folder of the workspace")
}

/// All Markdown pages.
pub(crate) fn pages() -> Vec<Page> {
    let mut files = files_below(root());
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files.iter().map(|file| Page::parse(&name(file), &read(file))).collect()
}

/// The packages of this repository and what this package builds beside them.
pub(crate) fn crates() -> HashSet<String> {
    let mut packages = manifest::packages_of(&read(&root().join("examples/Cargo.toml")));
    packages.extend(PACKAGES.map(|(package, _)| package.to_owned()));
    packages
}

/// What is pasted from the pages depends on these, which the registry does not
/// have, or has in another state; each with its folder.
pub(crate) const PACKAGES: [(&str, &str); 2] =
    [("sigv4-signer", "sigv4"), ("iam-emulator", "iam-emulator")];

/// The files of a folder, without those that tools leave there: build folders
/// and virtual environments mark themselves as caches.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let file_name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_left_out = file_name.starts_with('.') || file_name == "node_modules";
            if path.is_dir() && !is_left_out && !path.join("CACHEDIR.TAG").exists() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files
}

pub(crate) fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn name(file: &Path) -> String {
    let path = file.strip_prefix(root()).expect("it was found below the root");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
