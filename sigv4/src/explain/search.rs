//! The search for mistakes that make a presented signature the right one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::explain::draft::{Draft, RequestHash};
use crate::explain::mistake::Mistake;
use crate::explain::mistakes::{ALONE, COMMON, Row};
use crate::explain::scene::Scene;
use crate::signature::Signature;

/// What a search came to.
pub(crate) struct Search<'s> {
    scene: &'s Scene<'s>,
    presented: Signature,
    /// How many candidates were tried.
    pub(crate) tried: usize,
    /// Each mistake of which all candidates were tried and none matched.
    pub(crate) excluded: Vec<Mistake>,
}

/// The mistakes that explain a signature, and the view of the client that made them.
pub(crate) struct Found {
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) draft: Draft,
}

/// What trying the candidates of one mistake came to.
enum Outcome {
    Matches(Box<Draft>),
    /// So many were tried.
    Excluded(usize),
    /// The steps did not suffice for all of them.
    CutShort,
}

impl<'s> Search<'s> {
    pub(crate) const fn new(scene: &'s Scene<'s>, presented: Signature) -> Self {
        Self { scene, presented, tried: 0, excluded: Vec::new() }
    }

    /// Tries each mistake alone, then pairs of the common ones: of several
    /// explanations the simplest is found.
    pub(crate) fn run(&mut self, base: &Draft) -> Option<Found> {
        self.run_alone(base).or_else(|| self.run_pairs(base))
    }

    fn run_alone(&mut self, base: &Draft) -> Option<Found> {
        let base = Base { draft: base, hash: base.request_hash() };
        for row in COMMON.iter().chain(ALONE) {
            match self.try_row(row, &base) {
                Outcome::Matches(draft) => {
                    return Some(Found { mistakes: [row.mistake].into(), draft: *draft });
                }
                Outcome::Excluded(0) => {}
                Outcome::Excluded(_) => {
                    if !self.excluded.contains(&row.mistake) {
                        self.excluded.push(row.mistake);
                    }
                }
                Outcome::CutShort => return None,
            }
        }
        None
    }

    fn run_pairs(&mut self, base: &Draft) -> Option<Found> {
        for (place, first) in COMMON.iter().enumerate() {
            for draft in self.drafts_of(first, base)? {
                if !self.scene.budget.spend(draft.steps_to_hash()) {
                    return None;
                }
                let base = Base { draft: &draft, hash: draft.request_hash() };
                for second in &COMMON[place + 1..] {
                    match self.try_row(second, &base) {
                        Outcome::Matches(draft) => {
                            let mistakes = [first.mistake, second.mistake].into();
                            return Some(Found { mistakes, draft: *draft });
                        }
                        Outcome::Excluded(_) => {}
                        Outcome::CutShort => return None,
                    }
                }
            }
        }
        None
    }

    fn try_row(&mut self, row: &Row, base: &Base<'_>) -> Outcome {
        let Some(drafts) = self.drafts_of(row, base.draft) else { return Outcome::CutShort };
        let count = drafts.len();
        for draft in drafts {
            match self.signature_of(&draft, base) {
                None => return Outcome::CutShort,
                Some(signature) if signature == self.presented => {
                    return Outcome::Matches(Box::new(draft));
                }
                Some(_) => {}
            }
        }
        Outcome::Excluded(count)
    }

    /// The signature of a draft, if there are the steps for it.
    fn signature_of(&mut self, draft: &Draft, base: &Base<'_>) -> Option<Signature> {
        let has_known_hash = draft.has_request_of(base.draft);
        let steps_to_hash = if has_known_hash { 0 } else { draft.steps_to_hash() };
        if !self.scene.budget.spend(steps_to_hash + draft.steps_to_sign()) {
            return None;
        }
        self.tried += 1;
        let hash = if has_known_hash { base.hash } else { draft.request_hash() };
        Some(draft.signature_over(&hash))
    }

    /// The drafts of a mistake that differ from what it starts from, if there are
    /// the steps for making them.
    fn drafts_of(&self, row: &Row, base: &Draft) -> Option<Vec<Draft>> {
        // One for the mistake, of which there may be no draft.
        if !self.scene.budget.spend(1) {
            return None;
        }
        let mut drafts = (row.drafts)(self.scene, base);
        let steps = drafts.iter().map(|draft| draft.steps_to_make(base)).sum();
        drafts.retain(|draft| draft != base);
        self.scene.budget.spend(steps).then_some(drafts)
    }
}

/// What drafts are made of, with the hash of its canonical request.
struct Base<'d> {
    draft: &'d Draft,
    hash: RequestHash,
}
