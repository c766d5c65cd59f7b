//! How much work an explanation may take.

use core::cell::Cell;

use crate::sha256::BLOCK_LEN;

/// Most steps that the search for mistakes takes, unless
/// [`ServerView::steps_max`](crate::explain::ServerView::steps_max) says otherwise.
///
/// A step is about the work of hashing 64 bytes: making and trying one candidate
/// takes one for each block of its canonical request that is copied, one for
/// each that is hashed, and some for the string to sign and the key. All of them
/// are the work of hashing 32 MB, which is what the worst request takes. An ordinary
/// request takes a fifth to a third of them, and everything is tried; of a long one
/// every mistake is tried alone, and as many pairs as there are steps for.
pub const EXPLAIN_STEPS_MAX: usize = 500_000;

/// The steps that are left. Shared by all that spends them.
pub(crate) struct Budget {
    steps_max: usize,
    spent: Cell<usize>,
    /// What may be spent for now.
    limit: Cell<usize>,
    is_cut_short: Cell<bool>,
}

impl Budget {
    pub(crate) const fn new(steps_max: usize) -> Self {
        Self {
            steps_max,
            spent: Cell::new(0),
            limit: Cell::new(steps_max),
            is_cut_short: Cell::new(false),
        }
    }

    /// Takes so many steps, if as many are left. Once they were not, something is
    /// not done.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let spent = self.spent.get().saturating_add(steps);
        let is_enough = spent <= self.limit.get();
        if is_enough {
            self.spent.set(spent);
        } else {
            self.is_cut_short.set(true);
        }
        is_enough
    }

    /// Takes so many steps, if that is no more than one of `parts` equal parts of all.
    pub(crate) fn spend_part(&self, steps: usize, parts: usize) -> bool {
        self.spend(if steps > self.steps_max / parts { usize::MAX } else { steps })
    }

    /// Lets one of `parts` equal parts of what is left be spent, and no more until
    /// it is called again.
    pub(crate) fn allow_part(&self, parts: usize) {
        let left = self.steps_max.saturating_sub(self.spent.get());
        self.limit.set(self.spent.get() + left.div_ceil(parts.max(1)));
    }

    pub(crate) fn spent(&self) -> usize {
        self.spent.get()
    }

    /// Whether something was not done for want of steps.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.is_cut_short.get()
    }
}

/// The steps that copying so many bytes takes.
pub(crate) const fn steps_to_copy(len: usize) -> usize {
    1 + len / BLOCK_LEN
}

/// The steps that hashing so many bytes takes: the compressions of SHA-256,
/// whose padding has nine bytes at least.
pub(crate) const fn steps_to_hash(len: usize) -> usize {
    len.saturating_add(9).div_ceil(BLOCK_LEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_spent_than_there_is() {
        let budget = Budget::new(10);
        assert!(budget.spend(7) && !budget.is_cut_short());
        assert!(!budget.spend(4) && budget.is_cut_short());
        assert!(budget.spend(3));
        assert_eq!(budget.spent(), 10);
        assert!(!budget.spend(usize::MAX));
        let budget = Budget::new(10);
        assert!(budget.spend_part(5, 2) && !budget.spend_part(4, 3));
    }

    #[test]
    fn a_part_is_left_to_what_comes_later() {
        let budget = Budget::new(11);
        budget.allow_part(2);
        assert!(budget.spend(6) && !budget.spend(1));
        budget.allow_part(1);
        assert!(budget.spend(5) && !budget.spend(1));
    }

    #[test]
    fn steps_are_compressions() {
        let expected = [(0, 1), (55, 1), (56, 2), (119, 2), (120, 3)];
        for (len, steps) in expected {
            assert_eq!(steps_to_hash(len), steps, "{len}");
        }
    }
}
