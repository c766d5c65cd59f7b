//! Cases that the signer refuses, with the expected error.

use serde::Deserialize;
use sigv4::FoldedLines;

use super::{input, read, resolve};
use crate::reference::Input;

/// One refusal: what is not signed, and why not.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) name: String,
    pub(crate) input: Input,
    pub(crate) lines: FoldedLines,
    /// The `Debug` text of the innermost error.
    pub(crate) error: String,
}

/// Every refusal of `reject.toml`.
pub(crate) fn load_all() -> Vec<Refusal> {
    let file = read("reject.toml");
    let refusals = file.case.into_iter().map(|mut table| {
        let (input, lines) = input::take_from(&mut table, &file.context, "reject.toml");
        let RefusalTable { name, rule, error } = resolve(table, "reject.toml");
        assert!(!rule.is_empty(), "{name} lacks its rule");
        Refusal { name, input, lines, error }
    });
    refusals.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalTable {
    name: String,
    rule: String,
    error: String,
}
