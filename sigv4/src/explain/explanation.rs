//! What there is to say about a refused request.

use alloc::vec::Vec;
use core::fmt;

use crate::explain::difference::Difference;
use crate::explain::mistake::Mistake;
use crate::verify::VerifyError;

/// Why a request is refused: the cause by name, what shows it, and what to change.
///
/// `Display` tells all of it in sentences. Neither it nor `Debug` ever shows the
/// secret, a key derived from it, a session token or a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub(crate) refusal: Option<VerifyError>,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) signature: SignatureFinding,
    pub(crate) comparison: Option<Comparison>,
    pub(crate) candidates: usize,
    pub(crate) steps: usize,
    pub(crate) is_cut_short: bool,
    pub(crate) excluded: Vec<Mistake>,
}

/// What is known about the signature itself, whatever else is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureFinding {
    /// It is the right one for the request as it was received.
    Holds,
    /// It is the right one for the request with the [mistakes](Explanation::mistakes).
    HoldsWithMistakes,
    /// It is the right one for the text that was given for comparison, and no
    /// known mistake leads to that.
    HoldsForOtherText,
    /// No candidate makes it the right one; all were tried.
    Unexplained,
    /// No candidate that was tried makes it the right one, and
    /// [`steps_max`](crate::explain::ServerView::steps_max) did not suffice for all
    /// of them: another bound may show more.
    CutShort,
    /// It was not looked at: it cannot be read, or the request cannot be
    /// rebuilt, or is longer than [`EXPLAIN_REQUEST_LEN_MAX`](crate::explain::EXPLAIN_REQUEST_LEN_MAX).
    NotExamined,
}

/// What comparing with [the other side's text](crate::explain::ServerView::other_text) came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// The text is neither a canonical request nor a string to sign.
    Unreadable,
    /// The text was not read: it is longer than
    /// [`EXPLAIN_OTHER_TEXT_LEN_MAX`](crate::explain::EXPLAIN_OTHER_TEXT_LEN_MAX).
    TooLong,
    /// Both sides have the same text.
    Same,
    /// They differ, and the presented signature was made over the other text
    /// with the right key.
    OtherWasSigned,
    /// They differ, and the presented signature was not made over the other
    /// text with the right key, or it cannot be told.
    Differs,
}

impl Explanation {
    pub(crate) const fn new(refusal: Option<VerifyError>) -> Self {
        Self {
            refusal,
            mistakes: Vec::new(),
            differences: Vec::new(),
            signature: SignatureFinding::NotExamined,
            comparison: None,
            candidates: 0,
            steps: 0,
            is_cut_short: false,
            excluded: Vec::new(),
        }
    }

    /// Why [`PresentedSignature::verify`](crate::PresentedSignature::verify) refuses the request;
    /// nothing if it accepts it.
    #[must_use]
    pub const fn refusal(&self) -> Option<VerifyError> {
        self.refusal
    }

    /// The mistakes that explain it, the one or two that together make the
    /// signature the right one among them; none if none is known.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// What differs between the verifier's view and the client's.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// What is known about the signature itself.
    #[must_use]
    pub const fn signature(&self) -> SignatureFinding {
        self.signature
    }

    /// What comparing with the other side's text came to, if one was given.
    #[must_use]
    pub const fn comparison(&self) -> Option<Comparison> {
        self.comparison
    }

    /// How many candidates were tried.
    #[must_use]
    pub const fn candidates(&self) -> usize {
        self.candidates
    }

    /// The steps that the search took, never more than
    /// [`steps_max`](crate::explain::ServerView::steps_max).
    #[must_use]
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// Whether something was left untried for want of steps. What is said
    /// nevertheless is so: only what is missing may be in what was left.
    #[must_use]
    pub const fn is_cut_short(&self) -> bool {
        self.is_cut_short
    }

    /// The mistakes of which every candidate was tried, alone, and does not explain it.
    #[must_use]
    pub fn excluded(&self) -> &[Mistake] {
        &self.excluded
    }

    fn write_verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.refusal {
            None => writeln!(f, "The request is accepted here."),
            // The mistakes say better what to change.
            Some(error @ VerifyError::SignatureMismatch) if !self.mistakes.is_empty() => {
                writeln!(f, "Refused: {error}.")
            }
            Some(error) => writeln!(f, "Refused: {error}.\n{}", error.advice()),
        }
    }

    fn write_comparison(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.comparison {
            None => return Ok(()),
            Some(Comparison::TooLong) => "\nThe text given for comparison is too long.\n",
            Some(Comparison::Unreadable) => {
                "\nThe text given for comparison is neither a canonical request nor a string to sign.\n"
            }
            Some(Comparison::Same) => {
                "\nThe text given for comparison is the same here: what differs is the secret or the key.\n"
            }
            Some(Comparison::OtherWasSigned) => {
                "\nThe text given for comparison is what was signed, with the right key; it is another one here.\n"
            }
            Some(Comparison::Differs) => {
                "\nThe text given for comparison is another one here, and not what was signed with this key.\n"
            }
        })
    }

    fn write_signature(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.signature {
            SignatureFinding::Holds if self.refusal.is_some() => {
                writeln!(f, "\nApart from that the signature is right.")
            }
            SignatureFinding::Unexplained | SignatureFinding::CutShort => self.write_excluded(f),
            SignatureFinding::Holds
            | SignatureFinding::HoldsWithMistakes
            | SignatureFinding::HoldsForOtherText
            | SignatureFinding::NotExamined => Ok(()),
        }
    }

    fn write_excluded(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = self.candidates;
        write!(f, "\nUnknown: none of {tried} candidates makes the signature match")?;
        if self.signature == SignatureFinding::CutShort {
            f.write_str(", and there are more than the steps suffice for")?;
        }
        f.write_str(
            ". Most likely another secret was used, or the request was changed on the way; \
             compare it with the canonical request that the client signed.\n",
        )?;
        for (place, mistake) in self.excluded.iter().enumerate() {
            let before = if place == 0 { "Excluded, each alone: " } else { ", " };
            write!(f, "{before}{mistake:?}")?;
        }
        f.write_str(if self.excluded.is_empty() { "" } else { ".\n" })
    }

    /// Says what else may be wrong, where the signature is not what is unknown.
    fn write_extent(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_cut_short && self.signature != SignatureFinding::CutShort {
            f.write_str("\nNot every known mistake was looked for: the steps did not suffice.\n")?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_verdict(f)?;
        for mistake in &self.mistakes {
            writeln!(f, "\nCause: {mistake}.\n{}", mistake.advice())?;
        }
        self.write_signature(f)?;
        self.write_extent(f)?;
        self.write_comparison(f)?;
        if !self.differences.is_empty() {
            f.write_str("\nWhat differs between here and the other side:\n")?;
        }
        self.differences.iter().try_for_each(|difference| writeln!(f, "  {difference}"))
    }
}
