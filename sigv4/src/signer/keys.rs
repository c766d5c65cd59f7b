//! What a signer holds at one moment: credentials, and the keys of two days.

use core::fmt;
use std::sync::Arc;

use arc_swap::Guard;

use crate::credentials::Credentials;
use crate::credentials::owned::OwnedCredentials;
use crate::error::SignError;
use crate::key::derived::DerivedKey;
use crate::key::instant::SigningInstant;
use crate::signer::error::SignerError;
use crate::time::{Date, Timestamp};

/// Never changed, only replaced: whoever reads it sees credentials and keys that
/// belong together.
pub(crate) struct Keys {
    /// Empty until there are any: an empty id is refused everywhere else.
    credentials: Arc<OwnedCredentials>,
    /// The one that was derived last comes first.
    days: [Option<DerivedKey>; 2],
}

impl Keys {
    pub(crate) fn none() -> Self {
        Self::new(OwnedCredentials::new("", ""))
    }

    pub(crate) fn new(credentials: OwnedCredentials) -> Self {
        Self { credentials: Arc::new(credentials), days: [None, None] }
    }

    /// The same, with the key of another day of these credentials.
    pub(crate) fn with(&self, key: DerivedKey) -> Self {
        let [latest, _] = &self.days;
        Self { credentials: Arc::clone(&self.credentials), days: [Some(key), latest.clone()] }
    }

    /// The credentials, if there are any and they are still good.
    #[inline]
    pub(crate) fn credentials(&self, now: Timestamp) -> Result<&OwnedCredentials, SignerError> {
        if self.credentials.access_key_id().is_empty() {
            return Err(SignerError::NoCredentials);
        }
        match self.credentials.expiration() {
            Some(expiration) if expiration <= now => Err(SignerError::Expired { expiration, now }),
            _ => Ok(&self.credentials),
        }
    }

    #[inline]
    pub(crate) fn of(&self, date: Date) -> Option<&DerivedKey> {
        self.days.iter().flatten().find(|key| key.scope.date() == date)
    }
}

/// The key of a [`Signer`](crate::Signer) for one day, to be used and dropped.
///
/// Holds what the signer held when it was asked, without counting references:
/// several threads may have one each and do not slow each other down. A thread that holds more
/// than eight, or holds them across a change of credentials, counts after all.
pub struct SignerKey {
    keys: Guard<Arc<Keys>>,
    date: Date,
}

impl SignerKey {
    /// `keys` has one of this day.
    #[inline]
    pub(crate) fn new(keys: Guard<Arc<Keys>>, date: Date) -> Self {
        Self { keys, date }
    }

    /// Fixes the second to sign in.
    ///
    /// # Errors
    ///
    /// [`SignError::WrongDay`] if the timestamp does not lie in the key's day.
    #[inline]
    pub fn at(&self, timestamp: Timestamp) -> Result<SigningInstant<'_>, SignError> {
        let session_token = self.keys.credentials.session_token().unwrap_or_default();
        match self.keys.of(self.date) {
            Some(key) => key.at(timestamp, session_token),
            None => Err(SignError::WrongDay { key: self.date, timestamp }),
        }
    }

    /// The day it is good for.
    #[cfg(feature = "events")]
    pub(crate) const fn date(&self) -> Date {
        self.date
    }

    /// The key itself, which is there.
    #[cfg(feature = "events")]
    pub(crate) fn derived(&self) -> Option<&DerivedKey> {
        self.keys.of(self.date)
    }

    /// The credentials it was derived from, for what derives a key by itself, such
    /// as a service token.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        self.keys.credentials.as_credentials()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerKey")
            .field("credentials", &self.credentials())
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}
