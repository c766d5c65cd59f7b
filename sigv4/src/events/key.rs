//! What events are signed with.

use core::fmt;

use crate::events::error::EventSignError;
use crate::key::SigningKey;
use crate::key::derived::DerivedKey;
use crate::time::{Date, Timestamp};

/// The key of a day that events are signed with: made of a reference to a
/// [`SigningKey`], or with feature `signer` to the `HeldKey` of a `Signer`.
#[derive(Clone, Copy)]
pub struct EventKey<'k> {
    date: Date,
    derived: Option<&'k DerivedKey>,
}

impl<'k> EventKey<'k> {
    /// The key of a day, if there is one.
    #[cfg(feature = "signer")]
    pub(crate) const fn new(date: Date, derived: Option<&'k DerivedKey>) -> Self {
        Self { date, derived }
    }

    /// The key, if it is good at this time.
    pub(super) fn at(self, timestamp: Timestamp) -> Result<&'k DerivedKey, EventSignError> {
        let derived = self.derived.filter(|_| timestamp.date() == self.date);
        derived.ok_or(EventSignError::WrongDay { key: self.date, timestamp })
    }
}

impl<'k> From<&'k SigningKey<'_>> for EventKey<'k> {
    fn from(key: &'k SigningKey<'_>) -> Self {
        Self { date: key.scope().date(), derived: Some(&key.derived) }
    }
}

impl fmt::Debug for EventKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventKey").field("date", &self.date).finish_non_exhaustive()
    }
}
