//! Why requests are refused.
//!
//! The requests of `testdata/explain/cases.toml` were signed by botocore, each
//! with the mistakes that it names.

mod cases;
mod comparison;
mod limits;
mod properties;
mod silence;

use std::collections::BTreeSet;

use sigv4::explain::SignatureFinding;

use cases::CASES;

#[test]
fn every_mistake_is_found_and_no_other() {
    let names: BTreeSet<_> = CASES.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), CASES.len(), "a name occurs twice");
    assert!(CASES.len() >= 120, "only {} cases were read", CASES.len());
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        let (expected, found) = (case.expected(), case.found());
        if expected != found {
            wrong.push(format!("{}: {}\n  {expected:?}\n  {found:?}", case.name, case.rule));
        }
    }
    assert!(wrong.is_empty(), "expected, found:\n{}", wrong.join("\n"));
}

#[test]
fn every_explanation_says_what_to_change() {
    for case in CASES.iter() {
        let explanation = case.explain();
        let text = explanation.to_string();
        for mistake in explanation.mistakes() {
            assert!(text.contains(&format!("Cause: {mistake}.\n{}", mistake.advice())), "{text}");
        }
        if let Some(error) = explanation.refusal() {
            assert!(text.contains(&error.to_string()), "{text}");
            let is_explained =
                format!("{error:?}") == "SignatureMismatch" && !explanation.mistakes().is_empty();
            assert!(is_explained || text.contains(error.advice()), "{text}");
        }
        for difference in explanation.differences() {
            assert!(text.contains(&difference.to_string()), "{text}");
        }
    }
}

#[test]
fn what_is_unknown_says_what_was_excluded() {
    let unknown: Vec<_> =
        CASES.iter().filter(|case| case.signature == SignatureFinding::Unexplained).collect();
    assert!(unknown.len() >= 2);
    for case in unknown {
        let explanation = case.explain();
        assert!(explanation.candidates() > 1_000, "{}", explanation.candidates());
        assert!(explanation.excluded().len() > 40, "{:?}", explanation.excluded());
        let text = explanation.to_string();
        assert!(text.contains("Unknown"), "{text}");
        for mistake in explanation.excluded() {
            assert!(text.contains(&format!("{mistake:?}")), "{text}");
        }
    }
}

#[test]
fn every_mistake_that_is_searched_for_has_a_case() {
    let name = |mistake: &sigv4::explain::Mistake| format!("{mistake:?}");
    let found: BTreeSet<_> = CASES.iter().flat_map(|case| case.found().1).collect();
    let searched: BTreeSet<_> = CASES
        .iter()
        .flat_map(|case| case.explain().excluded().iter().map(name).collect::<Vec<_>>())
        .collect();
    let untested: Vec<_> = searched.difference(&found).collect();
    assert!(untested.is_empty(), "no case finds {untested:?}");
}
