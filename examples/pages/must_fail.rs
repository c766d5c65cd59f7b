//! Pages whose blocks fail, each for another reason, beside blocks that do not.

use std::time::Duration;

use crate::failure::Failure;
use crate::fresh_crate;
use crate::page::Page;
use crate::program;

/// As short as a busy machine allows: one block runs for all of it.
const RUN_TIME_MAX: Duration = Duration::from_secs(5);

/// The faults that compiling and running the page shows.
fn compile(name: &str, text: &str) -> Vec<Failure> {
    let page = Page::parse(name, text);
    let mut failures =
        fresh_crate::compile(&page.stem(), program::programs(&page).collect(), RUN_TIME_MAX);
    failures.sort();
    failures
}

/// Each fault has its line, and its message says this.
fn check(failures: &[Failure], expected: &[(usize, &str)]) {
    let lines = |failure: &Failure| failure.line;
    let expected_lines: Vec<_> = expected.iter().map(|(line, _)| *line).collect();
    assert_eq!(failures.iter().map(lines).collect::<Vec<_>>(), expected_lines, "{failures:#?}");
    for (failure, (_, words)) in failures.iter().zip(expected) {
        assert!(failure.message.contains(words), "{failure}\n\nshould say {words:?}");
    }
}

#[test]
fn each_block_that_fails_is_found() {
    let expected = [
        (10, "--> must_fail.md:11:15"),
        (15, "`?` operator"),
        (18, "no `Signer` in the root"),
        (22, "must_fail.md:23:1"),
        (26, "Error: \"refused\""),
        (32, "runs for more than 5 seconds"),
        (48, "--> must_fail.md:51:5"),
        (60, "must_fail.md:63:5"),
    ];
    check(&compile("must_fail.md", MUST_FAIL), &expected);
}

const MUST_FAIL: &str = r#"```toml
[dependencies]
sigv4-signer = { version = "0.1", default-features = false }
```
```rust
use sigv4::Payload;

assert_ne!(Payload::EMPTY, Payload::UNSIGNED);
```
```rust
let payload = Payload::EMPTY;
```

`main` returns nothing.
```rust
sigv4::Timestamp::from_unix_seconds(0)?;
```
```rust
use sigv4::Signer;
```

```rust
assert_eq!(sigv4::Payload::EMPTY, sigv4::Payload::UNSIGNED);
```

```rust
fn main() -> Result<(), Box<dyn std::error::Error>> {
    Err("refused".into())
}
```

```rust
loop {
    std::thread::park();
}
```

What is not run may run for ever.

```rust,no_run
loop {
    std::thread::park();
}
```

The functions of tests are nothing to a program.

```rust
#[test]
fn does_not_compile() {
    does_not_exist();
}

#[test]
fn does_nothing() {}
```

A test is run.

```rust
#[test]
fn fails() {
    assert!(sigv4::HEADERS_MAX < 10);
}
```
"#;

#[test]
fn a_feature_that_is_missing_is_found() {
    let page = "# Title\n```toml\n[dependencies]\nsigv4-signer = { version = \"0.1\", features = [\"none\"] }\n```\n\
                ```rust\n```\n";
    check(&compile("missing_feature.md", page), &[(2, "with feature `none`")]);
}

#[test]
fn a_package_that_the_workspace_does_not_know_is_found() {
    let page = "```toml\n[dependencies]\nsigv4-signer = \"0.1\"\nno-such-package-of-ours = \"0.1\"\n```\n```rust\n```\n";
    check(
        &compile("unknown_package.md", page),
        &[(1, "no matching package named `no-such-package-of-ours`")],
    );
}

#[test]
fn a_name_that_is_not_the_dependency_s_is_found() {
    let page = "```toml\n[dependencies]\nsigv4 = { package = \"sigv4-signer\", version = \"0.1\", default-features = false }\n```\n\
                ```rust\nassert_eq!(sigv4::HEADERS_MAX, sigv4_signer::HEADERS_MAX);\n```\n";
    check(&compile("wrong_name.md", page), &[(5, "sigv4_signer")]);
}
