//! One part of a signature, however often it was presented.

use crate::verify::rules::Duplicates;
use crate::verify::text::{PresentedText, Spelling};

/// What stood under one name. Two texts, taken apart so that they take less
/// room: nine of these are moved about with what they belong to.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    first: &'a [u8],
    last: &'a [u8],
    first_spelling: Spelling,
    last_spelling: Spelling,
    count: u16,
}

impl<'a> Part<'a> {
    pub(crate) const ABSENT: Self = Self {
        first: b"",
        last: b"",
        first_spelling: Spelling::Plain,
        last_spelling: Spelling::Plain,
        count: 0,
    };

    #[inline]
    pub(crate) fn push(&mut self, text: PresentedText<'a>) {
        let (wire, spelling) = text.into_parts();
        if self.count == 0 {
            (self.first, self.first_spelling) = (wire, spelling);
        }
        (self.last, self.last_spelling) = (wire, spelling);
        self.count = self.count.saturating_add(1);
    }

    /// The one that counts.
    #[inline]
    pub(crate) const fn get(&self, duplicates: Duplicates) -> Option<PresentedText<'a>> {
        match duplicates {
            _ if self.count == 0 => None,
            Duplicates::Refuse | Duplicates::First => {
                Some(PresentedText::spelled(self.first, self.first_spelling))
            }
            Duplicates::Last => Some(PresentedText::spelled(self.last, self.last_spelling)),
        }
    }

    #[inline]
    pub(crate) const fn is_present(&self) -> bool {
        self.count > 0
    }

    #[inline]
    pub(crate) const fn is_repeated(&self) -> bool {
        self.count > 1
    }
}

/// The names of the parts, as errors tell them.
pub(crate) mod name {
    pub(crate) use crate::names::parameter::{
        ALGORITHM, CONTENT_SHA256, DATE as AMZ_DATE, EXPIRES,
    };

    pub(crate) const CREDENTIAL: &str = "Credential";
    pub(crate) const SIGNED_HEADERS: &str = "SignedHeaders";
    pub(crate) const SIGNATURE: &str = "Signature";
    pub(crate) const DATE: &str = "Date";
}
