//! What is wrong with a page, and where.

use std::fmt;

use crate::page::Page;

/// One fault; a test collects all before it fails.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Failure {
    page: String,
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(page: &Page, line: usize, message: impl Into<String>) -> Self {
        Self { page: page.name.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.page, self.line, self.message.trim_end())
    }
}

/// Fails with all of them.
pub(crate) fn report(mut failures: Vec<Failure>) {
    failures.sort();
    let lines: Vec<_> = failures.iter().map(Failure::to_string).collect();
    assert!(failures.is_empty(), "{} faults:\n\n{}\n", lines.len(), lines.join("\n\n"));
}
