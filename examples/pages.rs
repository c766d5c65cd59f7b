//! Compiles every Rust block of the Markdown pages as it is shown, with the
//! dependencies that its page tells to write, and runs it.
//!
//! A block without `fn main` is what somebody pastes into the `main` of a fresh
//! crate, a block with tests into a file below `tests`. The dependencies are
//! those of the TOML block under the same heading, else of the page's first.
//! `rust,no_run` is compiled and not run; there are no other kinds of blocks.
//!
//! Run with `cargo test -p examples --test pages`. Blocks that show other
//! signers need crates that nothing else here builds: add `-- --ignored`.

#[path = "pages/failure.rs"]
mod failure;
#[path = "pages/fresh_crate.rs"]
mod fresh_crate;
#[path = "pages/lock.rs"]
mod lock;
#[path = "pages/manifest.rs"]
mod manifest;
#[path = "pages/must_fail.rs"]
mod must_fail;
#[path = "pages/page.rs"]
mod page;
#[path = "pages/program.rs"]
mod program;
#[path = "pages/repository.rs"]
mod repository;
#[path = "pages/rules.rs"]
mod rules;

use failure::Failure;
use page::Page;

#[test]
fn pages_show_nothing_that_cannot_be_pasted() {
    let pages = repository::pages();
    failure::report(pages.iter().flat_map(rules::of_blocks).collect());
}

#[test]
fn readmes_open_with_what_to_depend_on() {
    let pages = repository::pages();
    for name in OPENING_WITH_DEPENDENCIES {
        assert!(pages.iter().any(|page| page.name == name), "{name} is not among the pages");
    }
    let opening = |page: &&Page| OPENING_WITH_DEPENDENCIES.contains(&&*page.name);
    failure::report(pages.iter().filter(opening).filter_map(rules::of_opening).collect());
}

#[test]
fn pages_compile_as_shown() {
    failure::report(compile_blocks("as_shown", |manifest| {
        manifest.needs_only(&repository::crates())
    }));
}

#[test]
#[ignore = "builds other signers; .ci/run runs it"]
fn other_signers_compile_as_shown() {
    failure::report(compile_blocks("other_signers", |manifest| {
        !manifest.needs_only(&repository::crates())
    }));
}

/// Compiles the blocks of all pages whose dependencies are chosen. Without
/// dependencies there is nothing to compile with: [`rules::of_blocks`] sees
/// those.
fn compile_blocks(folder: &str, is_chosen: impl Fn(&manifest::Manifest) -> bool) -> Vec<Failure> {
    let pages = repository::pages();
    let programs = pages.iter().flat_map(program::programs);
    let chosen: Vec<_> = programs.filter(|program| is_chosen(program.manifest)).collect();
    assert!(!chosen.is_empty(), "no page has a block for this test");
    fresh_crate::compile(folder, chosen, program::RUN_TIME_MAX)
}

/// The pages by which somebody comes in.
const OPENING_WITH_DEPENDENCIES: [&str; 3] =
    ["README.md", "iam-emulator/README.md", "sigv4/README.md"];
