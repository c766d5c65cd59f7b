//! What can be seen without compiling.

use toml::Table;

use crate::failure::Failure;
use crate::manifest::Manifest;
use crate::page::{Block, Page};

/// A target presigned with a session token of 2,000 characters, each of which
/// may be percent-encoded, has to fit into what a page shows.
const BUFFER_LEN_MIN: usize = 8_192;

/// The faults of all blocks of a page.
pub(crate) fn of_blocks(page: &Page) -> Vec<Failure> {
    page.blocks.iter().flat_map(|block| of_block(page, block)).collect()
}

fn of_block(page: &Page, block: &Block) -> Vec<Failure> {
    if block.info == "toml" {
        let error = toml::from_str::<Table>(&block.text).err();
        return error
            .map(|error| Failure::new(page, block.line, error.to_string()))
            .into_iter()
            .collect();
    }
    if !is_rust(&block.info) {
        let message = "a block is `rust`, `rust,no_run` or in another language";
        let taken = is_taken_for_rust(&block.info);
        return taken.then(|| Failure::new(page, block.line, message)).into_iter().collect();
    }
    let mut failures = Vec::new();
    if block.manifest.is_none() {
        failures.push(Failure::new(page, block.line, "no TOML block before it has [dependencies]"));
    }
    for (line, code) in (block.line + 1..).zip(block.text.lines()) {
        let trimmed = code.trim();
        if trimmed == "#" || trimmed.starts_with("# ") || trimmed.starts_with("##") {
            failures.push(Failure::new(page, line, "rustdoc hides this line, who pastes needs it"));
        }
        if has_short_buffer(code) {
            let message = format!(
                "with a long session token this buffer is too short: take {BUFFER_LEN_MIN} bytes, or compute the size"
            );
            failures.push(Failure::new(page, line, message));
        }
    }
    failures
}

/// The page has to say at once what to depend on, and that the registry does
/// not have it.
pub(crate) fn of_opening(page: &Page) -> Option<Failure> {
    let opening = Page::parse(&page.name, &page.opening);
    let has_dependencies = opening.blocks.iter().any(|block| Manifest::of_block(block).is_some());
    let words: Vec<_> = page.opening.split_whitespace().collect();
    let says_unpublished = words.join(" ").to_lowercase().contains("not yet published");
    let message = match (has_dependencies, says_unpublished) {
        (true, true) => return None,
        (true, false) => "its opening does not say \"not yet published\"",
        (false, _) => "its opening has no TOML block with [dependencies]",
    };
    Some(Failure::new(page, 1, message))
}

pub(crate) fn is_rust(info: &str) -> bool {
    matches!(info, "rust" | "rust,no_run")
}

/// Whether rustdoc would take the block for Rust, or a reader.
fn is_taken_for_rust(info: &str) -> bool {
    let mut words = info.split([',', ' ', '\t']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_none()
        || words.any(|word| {
            let word = word.to_lowercase();
            matches!(
                &*word,
                "rust" | "rs" | "no_run" | "should_panic" | "compile_fail" | "test_harness"
            ) || ["ignore", "edition", "standalone", "{"]
                .iter()
                .any(|start| word.starts_with(start))
        })
}

/// Whether the line has `[0; N]` where `N` is a number, and not at least
/// [`BUFFER_LEN_MIN`]. An `N` that begins with a digit is to be one number.
fn has_short_buffer(code: &str) -> bool {
    let code = code.replace(' ', "");
    ["[0;", "[0u8;", "[0_u8;"].iter().flat_map(|start| code.split(start).skip(1)).any(|rest| {
        let len = rest.split(']').next().unwrap_or(rest).replace('_', "");
        let number = len.trim_end_matches("usize").parse::<usize>();
        len.starts_with(|first: char| first.is_ascii_digit())
            && !number.is_ok_and(|number| number >= BUFFER_LEN_MIN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    /// The lines with faults on a page with this one block.
    fn faults(info: &str, code: &str) -> Vec<usize> {
        let text = format!("```toml\n[dependencies]\n```\n```{info}\n{code}\n```\n");
        of_blocks(&Page::parse("page.md", &text)).iter().map(|failure| failure.line).collect()
    }

    #[test]
    fn rust_is_compiled_or_not_called_rust() {
        for info in ["rust", "rust,no_run", "text", "sh", "json", "toml"] {
            assert_eq!(faults(info, ""), NONE, "{info}");
        }
        for info in [
            "",
            "rust,ignore",
            "rust, no_run",
            "no_run",
            "compile_fail",
            "should_panic",
            "Rust",
            "edition2024",
        ] {
            assert_eq!(faults(info, ""), [4], "{info}");
        }
        let indented = Page::parse("page.md", "A paragraph\n\n    let a = 1;\n");
        assert_eq!(of_blocks(&indented).len(), 1);
    }

    #[test]
    fn no_line_is_hidden() {
        for line in ["#", "# use sigv4::Request;", "  # }", "## a"] {
            assert_eq!(faults("rust", &format!("let a = 1;\n{line}")), [6], "{line}");
        }
        assert_eq!(faults("rust", "#[derive(Debug)]\nstruct Empty; // # 1\n#![no_std]"), NONE);
        assert_eq!(faults("sh", "# a comment"), NONE);
    }

    #[test]
    fn buffers_have_room_for_a_long_session_token() {
        for code in [
            "[0; 512]",
            "[0u8; 512]",
            "[0_u8;8191]",
            "vec![0; 1_024]",
            "[0; 4 * 512]",
            "[0; 512usize]",
        ] {
            assert_eq!(faults("rust", &format!("let mut buffer = {code};")), [5], "{code}");
        }
        for code in [
            "[0; 8192]",
            "[0u8; 8_192]",
            "vec![0; len]",
            "[0; LEN]",
            "[0, 512]",
            "[0; 65_536usize]",
        ] {
            assert_eq!(faults("rust", &format!("let mut buffer = {code};")), NONE, "{code}");
        }
    }

    #[test]
    fn a_block_needs_dependencies_before_it() {
        let failures = |text| of_blocks(&Page::parse("page.md", text)).len();
        assert_eq!(failures("```rust\n```\n"), 1);
        assert_eq!(failures("```toml\n[profile]\n```\n```rust\n```\n"), 1);
        assert_eq!(failures("```rust\n```\n```toml\n[dependencies]\n```\n"), 1);
        assert_eq!(failures("```toml\n[dependencies\n```\n"), 1);
        assert_eq!(failures("```toml\n[dependencies]\n```\n```rust\n```\n"), 0);
    }

    #[test]
    fn an_opening_says_what_to_depend_on_and_that_it_is_not_published() {
        let is_refused = |text: &str| of_opening(&Page::parse("page.md", text)).is_some();
        let toml = "```toml\n[dependencies]\n```\n";
        assert!(!is_refused(&format!("# Title\n{toml}Not yet\npublished.\n## Section\n")));
        assert!(!is_refused(&format!("{toml}It is not yet published.\n")));
        assert!(is_refused(&format!("# Title\n{toml}## Section\nNot yet published.\n")));
        assert!(is_refused(&format!("# Title\nNot yet published.\n## Section\n{toml}")));
        assert!(is_refused("# Title\nNot yet published.\n```toml\n[profile]\n```\n"));
    }
}
