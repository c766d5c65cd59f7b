//! Fails when an import breaks the arrows between the parts of the crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the sources under a path must never name.
const NEVER: &[(&str, &str)] = &[
    // Rules of the account know nothing of how requests come and go.
    (
        "state",
        "http:: bytes:: Mutex crate::protocol crate::operation crate::authorize crate::auth crate::emulator",
    ),
    // Policy lies below state, and knows nothing of the account but how an ARN names it.
    (
        "policy",
        "http:: bytes:: Mutex crate::state crate::protocol crate::operation crate::auth crate::emulator",
    ),
    (
        "authorize.rs",
        "http:: bytes:: Mutex crate::protocol crate::operation crate::auth:: crate::emulator",
    ),
    ("account.rs", "http:: crate::"),
    ("record.rs", "http:: crate::state crate::protocol crate::operation crate::emulator"),
    ("operation", "http:: bytes:: Mutex crate::auth crate::emulator"),
    ("protocol", "Mutex crate::state crate::policy crate::operation crate::auth crate::emulator"),
    (
        "id.rs",
        "http:: crate::state crate::protocol crate::operation crate::policy crate::auth crate::emulator",
    ),
    ("error.rs", "http:: crate::"),
    ("auth.rs", "Mutex crate::protocol crate::operation crate::policy crate::emulator"),
];

/// The way of a request is synchronous, and knows no sockets.
const HEART: &str = "account.rs arrival.rs authorize.rs record.rs state policy operation protocol auth.rs auth \
    emulator.rs id.rs error.rs";
const NEVER_IN_THE_HEART: &str = "async .await tokio hyper axum tower tracing \
    crate::server crate::clock crate::iam_emulator";

/// What a single place may name and no other.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sigv4::", &["auth.rs"]),
    ("axum", &["server"]),
    ("SystemTime", &["clock.rs"]),
    ("std::time::Instant", &["server"]),
    ("Mutex<State>", &["emulator.rs"]),
];

#[test]
fn no_import_breaks_an_arrow() {
    let mut broken = Vec::new();
    for file in sources() {
        let code = code_of(&file.0);
        let rules = NEVER.iter().copied();
        let heart = HEART.split(' ').map(|place| (place, NEVER_IN_THE_HEART));
        for (place, names) in rules.chain(heart) {
            if is_under(&file.1, place) {
                let named = names.split(' ').filter(|name| code.contains(name));
                broken.extend(named.map(|name| format!("{} names {name}", file.1)));
            }
        }
        for (name, places) in ONLY_IN {
            if code.contains(name) && !places.iter().any(|place| is_under(&file.1, place)) {
                broken.push(format!("{} names {name}", file.1));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_place_named_above_is_there() {
    let sources = sources();
    for place in NEVER.iter().map(|(place, _)| *place).chain(HEART.split(' ')) {
        let is_there = sources.iter().any(|(_, path)| is_under(path, place));
        assert!(is_there, "{place}");
    }
}

/// Every source file with its path inside `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let inside = path.strip_prefix(&root).unwrap();
                let inside = inside.to_str().unwrap().replace('\\', "/");
                files.push((path.clone(), inside));
            }
        }
    }
    files
}

/// The lines of a file that are not comments, up to its tests.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_under(file: &str, place: &str) -> bool {
    file == place || file.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}
