//! Cases that are signed with SigV4a. Signatures of other signers are random:
//! one of them, and the one that a deterministic signer makes.

use serde::Deserialize;
use toml::Table;

use super::{input, read, resolve};
use crate::reference::Input;

/// One case: what is signed, and what every stage must be.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Its region is the region set.
    pub(crate) input: Input,
    pub(crate) expected: Expected,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    name: String,
    rule: String,
    source: String,
    /// Both coordinates.
    pub(crate) public_key: [String; 2],
    pub(crate) canonical_request: String,
    pub(crate) string_to_sign: String,
    /// Somebody else's.
    pub(crate) signature: String,
    pub(crate) deterministic_signature: String,
    pub(crate) authorization: Option<String>,
    pub(crate) signed_target: Option<String>,
}

/// Every case, in the order of the file.
pub(crate) fn load() -> Vec<Case> {
    let file = read("sigv4a/requests.toml");
    file.case.into_iter().map(|case| Case::resolve(case, &file.context)).collect()
}

impl Case {
    fn resolve(mut table: Table, defaults: &Table) -> Self {
        let (input, _) = input::take_from(&mut table, defaults, "sigv4a");
        let expected: Expected = resolve(table, "sigv4a");
        let name = expected.name.clone();
        let is_said = !expected.rule.is_empty() && !expected.source.is_empty();
        assert!(is_said, "{name} lacks rule or source");
        Self { name, input, expected }
    }
}
