//! What must fail: the refusals of `testdata/sigv4`, each with its error.
//!
//! Run with `cargo test -p sigv4 --test reject`. Refusals that take thousands
//! of headers or a buffer that is one byte short are made here.

#[expect(dead_code, reason = "this test reads the refusals alone")]
mod cases;
#[expect(dead_code, reason = "this test needs the input alone")]
mod reference;
#[expect(dead_code, reason = "this test looks at the refusals alone")]
mod signer;

use std::collections::BTreeSet;

use cases::refusal;

#[test]
fn every_refusal_of_the_data_has_its_error() {
    let refusals = refusal::load_all();
    let names: BTreeSet<_> = refusals.iter().map(|refusal| &refusal.name).collect();
    assert_eq!(names.len(), refusals.len(), "a name occurs twice");
    assert!(
        refusals.len() >= 60,
        "only {} refusals were read",
        refusals.len()
    );
    let mut wrong = Vec::new();
    for refusal in &refusals {
        let error = signer::sign(&refusal.input, refusal.lines).err();
        if error.as_ref() != Some(&refusal.error) {
            wrong.push((&refusal.name, &refusal.error, error));
        }
    }
    assert!(wrong.is_empty(), "name, expected, found: {wrong:#?}");
}
