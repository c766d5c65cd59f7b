//! The search for mistakes that make a presented signature the right one.

use alloc::vec::Vec;

use crate::explain::draft::Draft;
use crate::explain::mistake::Mistake;
use crate::explain::mistakes::{ALONE, COMMON, Row};
use crate::explain::scene::Scene;
use crate::signature::Signature;

/// Most candidates that a search tries before it gives up.
pub const EXPLAIN_CANDIDATES_MAX: usize = 15_000;

/// What a search came to.
pub(crate) struct Search<'s> {
    scene: &'s Scene<'s>,
    presented: Signature,
    /// How many candidates were tried.
    pub(crate) tried: usize,
    /// Each mistake of which there was a candidate that did not match.
    pub(crate) excluded: Vec<Mistake>,
}

/// The mistakes that explain a signature, and the view of the client that made them.
pub(crate) struct Found {
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) draft: Draft,
}

impl<'s> Search<'s> {
    pub(crate) const fn new(scene: &'s Scene<'s>, presented: Signature) -> Self {
        Self { scene, presented, tried: 0, excluded: Vec::new() }
    }

    /// Tries each mistake alone, then pairs of the common ones: of several
    /// explanations the simplest is found.
    pub(crate) fn run(&mut self, base: &Draft) -> Option<Found> {
        for row in COMMON.iter().chain(ALONE) {
            let before = self.tried;
            if let Some(draft) = self.try_row(row, base) {
                return Some(Found { mistakes: [row.mistake].into(), draft });
            }
            let was_tried = self.tried > before && !self.is_cut_short();
            if was_tried && !self.excluded.contains(&row.mistake) {
                self.excluded.push(row.mistake);
            }
        }
        for (place, first) in COMMON.iter().enumerate() {
            for draft in self.drafts_of(first, base) {
                for second in &COMMON[place + 1..] {
                    if let Some(draft) = self.try_row(second, &draft) {
                        let mistakes = [first.mistake, second.mistake].into();
                        return Some(Found { mistakes, draft });
                    }
                }
            }
        }
        None
    }

    fn try_row(&mut self, row: &Row, base: &Draft) -> Option<Draft> {
        for draft in self.drafts_of(row, base) {
            if self.is_cut_short() {
                return None;
            }
            self.tried += 1;
            if draft.signature() == self.presented {
                return Some(draft);
            }
        }
        None
    }

    /// Whether there were more candidates than may be tried.
    pub(crate) const fn is_cut_short(&self) -> bool {
        self.tried >= EXPLAIN_CANDIDATES_MAX
    }

    /// The drafts of a mistake that differ from what it starts from.
    fn drafts_of(&self, row: &Row, base: &Draft) -> Vec<Draft> {
        if self.is_cut_short() {
            return Vec::new();
        }
        let mut drafts = (row.drafts)(self.scene, base);
        drafts.retain(|draft| draft != base);
        drafts
    }
}
