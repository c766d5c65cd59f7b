//! Fails when an import turns an arrow between the rooms of the crate round.

use std::fs;
use std::path::Path;

/// The rooms of `src`, folders and single files: each imports only from those
/// that stand before it. So there is no circle.
const ROOMS: [&str; 27] = [
    "bytes",
    "names",
    "limits",
    "sha256",
    "time",
    "expires",
    "error",
    "scope",
    "signature",
    "payload",
    "request",
    "rules",
    "canonical",
    "credentials",
    "key",
    "sign",
    "verify",
    "chunks",
    "events",
    "tokens",
    "post_policy",
    "explain",
    "sigv4a",
    "signer",
    "objects",
    "http",
    "lib",
];

/// What no file under a place may name, though the order above would allow it.
const NEVER: &[(&str, &[&str])] = &[
    // A mistake of a stage would cancel out if one could ask the other.
    ("verify", &["crate::sign::", "crate::sign}"]),
    // What goes on after a request was signed or verified, each for itself.
    ("events", &["crate::sign::"]),
    ("tokens", &["crate::verify", "crate::chunks", "crate::events"]),
    ("explain", &["crate::sign::", "crate::chunks", "crate::post_policy", "crate::tokens"]),
    // The core imports no heap, and no crate that only adapters need.
    (
        "canonical key sign verify chunks events tokens post_policy sha256 bytes",
        &["alloc::", "std::vec", "std::string", "::http::", "SystemTime"],
    ),
    ("sigv4a", &["alloc::", "std::vec", "std::string", "::http::", "SystemTime"]),
];

/// What a single place may name and no other.
const ONLY_IN: &[(&str, &str)] = &[
    // Adapters know the clock of the system, and the one that converts its time.
    ("SystemTime", "time http/tower/clock signer/aws_credential_types"),
    ("sha2::", "sha256 key/string_to_sign sign http/body chunks"),
    ("arc_swap", "signer"),
    ("p256", "sigv4a"),
    ("tokio", "signer"),
];

#[test]
fn no_import_turns_an_arrow_round() {
    let mut broken = Vec::new();
    for (path, code) in sources() {
        let room = room_of(&path);
        let place = place_of(room);
        for imported in imports(&code) {
            if imported != room && place_of(imported) > place {
                broken.push(format!("{path} imports crate::{imported}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn nothing_is_named_where_it_must_not_be() {
    let mut broken = Vec::new();
    for (path, code) in sources() {
        for (places, names) in NEVER {
            if places.split(' ').any(|place| is_under(&path, place)) {
                let named = names.iter().filter(|name| code.contains(**name));
                broken.extend(named.map(|name| format!("{path} names {name}")));
            }
        }
        for (name, places) in ONLY_IN {
            let is_allowed = || places.split(' ').any(|place| is_under(&path, place));
            if code.contains(name) && !is_allowed() {
                broken.push(format!("{path} names {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_room_is_there_and_says_what_belongs_in_it() {
    let sources = sources();
    for (path, _) in &sources {
        assert!(ROOMS.contains(&room_of(path)), "{path} is in no room");
    }
    for room in ROOMS {
        let is_room = |path: &str| path == format!("{room}.rs") || path == format!("{room}/mod.rs");
        let (path, _) = sources.iter().find(|(path, _)| is_room(path)).expect(room);
        let text = fs::read_to_string(Path::new(SOURCES).join(path)).unwrap();
        assert!(text.starts_with("//! ") || room == "lib", "{path}");
    }
}

/// The root re-exports what everybody needs, and the rest is in public modules.
#[test]
fn the_root_stays_a_table_of_contents() {
    let (_, code) = sources().into_iter().find(|(path, _)| path == "lib.rs").unwrap();
    let exports = code.split("pub use ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let names = exports.flat_map(|list| {
        let list = list.split_once('{').map_or(list, |(_, names)| names);
        list.split(',').filter(|name| !name.trim_matches(['}', ' ', '\n']).is_empty())
    });
    let count = names.count();
    assert!((50..=65).contains(&count), "{count} names");
}

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The path inside `src` of every file, and its lines that are not comments, up
/// to its tests.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(SOURCES).to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // Pages of the documentation import nothing.
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let inside = path.strip_prefix(SOURCES).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((inside, code_of(&fs::read_to_string(path).unwrap())));
        }
    }
    files
}

fn code_of(text: &str) -> String {
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that code names behind `crate::`; what is not a module is at the root.
fn imports(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("crate::").map(|(at, start)| {
        let rest = &code[at + start.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        if name.starts_with(char::is_lowercase) { name } else { "lib" }
    })
}

fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

fn place_of(room: &str) -> usize {
    ROOMS.iter().position(|other| *other == room).unwrap_or(ROOMS.len())
}

fn is_under(file: &str, place: &str) -> bool {
    file.strip_prefix(place).is_some_and(|rest| rest.starts_with('/') || rest.starts_with(".rs"))
}
