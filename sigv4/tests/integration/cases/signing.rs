//! Cases that are signed, with the expected value of every stage.

use std::fs;

use serde::Deserialize;
use sigv4::FoldedLines;
use toml::Table;

use super::{bytes, directory, input, read, resolve};
use crate::reference::{Input, Signed};

/// Files of other kinds.
const OTHERS: [&str; 2] = ["reject.toml", "verify.toml"];

/// One case: what is signed, and what every stage must be.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The URL of which clients send this target and host.
    #[cfg_attr(not(feature = "signer"), expect(dead_code, reason = "for the front door"))]
    pub(crate) url: Option<String>,
    pub(crate) input: Input,
    /// What the crate is told about line breaks in values.
    pub(crate) lines: FoldedLines,
    pub(crate) expected: Signed,
    pub(crate) published: Option<Published>,
}

/// What AWS published about an example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    pub(crate) document: String,
    pub(crate) canonical_request_sha256: String,
    pub(crate) date_key: Option<String>,
    pub(crate) region_key: Option<String>,
    pub(crate) service_key: Option<String>,
    pub(crate) signing_key: Option<String>,
    pub(crate) signature: String,
}

/// Every signing case of every file, in the order of the file names.
pub(crate) fn load_all() -> Vec<Case> {
    let entries = fs::read_dir(directory()).expect("testdata/sigv4 is a directory");
    let names = entries.map(|entry| entry.expect("testdata/sigv4 is readable").file_name());
    let mut names: Vec<_> = names.filter_map(|name| name.into_string().ok()).collect();
    names.retain(|name| name.ends_with(".toml") && !OTHERS.contains(&name.as_str()));
    names.sort();
    names.iter().flat_map(|name| load(name)).collect()
}

fn load(file_name: &str) -> Vec<Case> {
    let file = read(file_name);
    let cases = file.case.into_iter();
    cases.map(|case| Case::resolve(case, &file.context, file_name)).collect()
}

impl Case {
    pub(super) fn resolve(mut table: Table, defaults: &Table, file_name: &str) -> Self {
        let (input, lines) = input::take_from(&mut table, defaults, file_name);
        let expected: ExpectedTable = resolve(table, file_name);
        let name = expected.name;
        assert!(
            !expected.rule.is_empty() && !expected.source.is_empty(),
            "{name} lacks rule or source"
        );
        let follows = expected.follows.unwrap_or("awscrt: both agree".into());
        let (followed, reason) =
            follows.split_once(": ").expect("`follows` names a signer and a reason");
        assert!(["awscrt", "botocore"].contains(&followed) && !reason.is_empty(), "{name}");
        Self {
            name,
            url: expected.url,
            input,
            lines,
            expected: Signed {
                canonical_request: bytes(
                    expected.canonical_request,
                    expected.canonical_request_hex,
                ),
                string_to_sign: expected.string_to_sign,
                signed_headers: expected.signed_headers,
                signature: expected.signature,
                authorization: expected.authorization,
                signed_target: expected.signed_target.map(String::into_bytes),
            },
            published: expected.published,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedTable {
    name: String,
    rule: String,
    source: String,
    follows: Option<String>,
    url: Option<String>,
    published: Option<Published>,
    canonical_request: Option<String>,
    canonical_request_hex: Option<String>,
    string_to_sign: String,
    signed_headers: String,
    signature: String,
    authorization: Option<String>,
    signed_target: Option<String>,
}
