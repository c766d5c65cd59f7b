//! What a verifier accepts, and one edit away, what it refuses.
//!
//! The requests of `testdata/sigv4/verify.toml` were signed by signers outside
//! this repository.

use std::collections::BTreeSet;

use crate::cases::verification;

#[test]
fn every_check_has_its_verdict() {
    let checks = verification::load_all();
    let names: BTreeSet<_> = checks.iter().map(|check| &check.name).collect();
    assert_eq!(names.len(), checks.len(), "a name occurs twice");
    assert!(checks.len() >= 200, "only {} checks were read", checks.len());
    let mut wrong = Vec::new();
    for check in &checks {
        let server = &check.server;
        let reason =
            check.received.verify(None, server.on_file(), &server.rules(), check.now).err();
        if reason != check.reason {
            wrong.push((&check.name, &check.reason, reason));
        }
    }
    assert!(wrong.is_empty(), "name, expected, found: {wrong:#?}");
}
