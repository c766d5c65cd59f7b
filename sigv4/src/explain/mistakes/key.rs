//! The derivation of the key, as clients get it wrong.

use alloc::vec::Vec;

use crate::explain::draft::{Derivation, Draft};
use crate::explain::scene::Scene;

fn with(draft: &Draft, derivation: Derivation) -> Draft {
    let mut changed = draft.clone();
    changed.key = draft.key.with_derivation(derivation);
    changed
}

fn with_parts(draft: &Draft, parts: Vec<Vec<u8>>) -> Draft {
    let mut changed = draft.clone();
    changed.key = draft.key.with_parts(parts);
    changed
}

pub(super) fn prefix_left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [with(draft, Derivation::WithoutPrefix)].into()
}

pub(super) fn in_hexadecimal(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [Derivation::HexadecimalKey, Derivation::HexadecimalSteps].map(|how| with(draft, how)).into()
}

pub(super) fn arguments_swapped(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [with(draft, Derivation::Swapped)].into()
}

pub(super) fn step_left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let steps = 0..draft.key.parts.len();
    let without = steps.map(|step| {
        let mut parts = draft.key.parts.clone();
        parts.remove(step);
        with_parts(draft, parts)
    });
    // The first four steps, then none at all: the secret itself is the key.
    without.chain([with_parts(draft, Vec::new())]).collect()
}

pub(super) fn steps_in_other_order(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for one in 0..draft.key.parts.len() {
        for other in 0..one {
            let mut parts = draft.key.parts.clone();
            parts.swap(one, other);
            drafts.push(with_parts(draft, parts));
        }
    }
    drafts
}

pub(super) fn date_format(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let Some((date, rest)) = draft.key.parts.split_first() else { return Vec::new() };
    let [year @ .., m1, m2, d1, d2] = date.as_slice() else { return Vec::new() };
    let dashed = [year, b"-", &[*m1, *m2], b"-", &[*d1, *d2]].concat();
    let dates = [dashed, draft.string_to_sign.timestamp.clone()];
    dates.map(|date| with_parts(draft, [&[date], rest].concat())).into()
}
