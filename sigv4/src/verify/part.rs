//! One part of a signature, however often it was presented.

use crate::verify::rules::Duplicates;
use crate::verify::text::PresentedText;

/// What stood under one name.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    first: PresentedText<'a>,
    last: PresentedText<'a>,
    count: u32,
}

impl<'a> Part<'a> {
    pub(crate) const ABSENT: Self =
        Self { first: PresentedText::EMPTY, last: PresentedText::EMPTY, count: 0 };

    #[inline]
    pub(crate) fn push(&mut self, text: PresentedText<'a>) {
        if self.count == 0 {
            self.first = text;
        }
        self.last = text;
        self.count = self.count.saturating_add(1);
    }

    /// The one that counts.
    #[inline]
    pub(crate) const fn get(&self, duplicates: Duplicates) -> Option<PresentedText<'a>> {
        match duplicates {
            _ if self.count == 0 => None,
            Duplicates::Refuse | Duplicates::First => Some(self.first),
            Duplicates::Last => Some(self.last),
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
        ALGORITHM, CONTENT_SHA256, DATE as AMZ_DATE, EXPIRES, SECURITY_TOKEN,
    };

    pub(crate) const CREDENTIAL: &str = "Credential";
    pub(crate) const SIGNED_HEADERS: &str = "SignedHeaders";
    pub(crate) const SIGNATURE: &str = "Signature";
    pub(crate) const DATE: &str = "Date";
}
