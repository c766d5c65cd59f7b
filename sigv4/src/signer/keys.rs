//! What a signer holds at one moment: credentials, and the keys of two days.

use core::fmt;
use std::sync::Arc;
#[cfg(feature = "sigv4a")]
use std::sync::OnceLock;

use arc_swap::Guard;

use crate::credentials::Credentials;
use crate::credentials::owned::OwnedCredentials;
#[cfg(feature = "sigv4a")]
use crate::error::KeyError;
use crate::error::SignError;
#[cfg(feature = "events")]
use crate::events::EventKey;
use crate::key::derived::DerivedKey;
use crate::key::instant::SigningInstant;
use crate::signer::error::SignerError;
#[cfg(feature = "sigv4a")]
use crate::sigv4a::{self, key};
use crate::time::{Date, Timestamp};

/// Never changed, only replaced: whoever reads it sees credentials and keys that
/// belong together.
pub(crate) struct Keys {
    /// Empty until there are any: an empty id is refused everywhere else.
    credentials: Arc<Holder>,
    /// The one that was derived last comes first.
    days: [Option<DerivedKey>; 2],
}

/// Credentials, and what is derived of them for every day.
struct Holder {
    credentials: OwnedCredentials,
    /// Derived when it is first needed; goes with the credentials, and is zeroed with them.
    #[cfg(feature = "sigv4a")]
    private_key: OnceLock<key::PrivateKey>,
}

impl Keys {
    pub(crate) fn none() -> Self {
        Self::new(OwnedCredentials::new("", ""))
    }

    pub(crate) fn new(credentials: OwnedCredentials) -> Self {
        let holder = Holder {
            credentials,
            #[cfg(feature = "sigv4a")]
            private_key: OnceLock::new(),
        };
        Self { credentials: Arc::new(holder), days: [None, None] }
    }

    /// Adds the key of another day of these credentials, for that of the older one.
    pub(crate) fn with(&self, key: DerivedKey) -> Self {
        let [latest, _] = &self.days;
        Self { credentials: Arc::clone(&self.credentials), days: [Some(key), latest.clone()] }
    }

    /// The credentials, if there are any and they are still good.
    #[inline]
    pub(crate) fn credentials(&self, now: Timestamp) -> Result<&OwnedCredentials, SignerError> {
        let credentials = &self.credentials.credentials;
        if credentials.access_key_id().is_empty() {
            return Err(SignerError::NoCredentials);
        }
        match credentials.expiration() {
            Some(expiration) if expiration <= now => Err(SignerError::Expired { expiration, now }),
            _ => Ok(credentials),
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
pub struct HeldKey {
    keys: Guard<Arc<Keys>>,
    date: Date,
}

impl HeldKey {
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
        let session_token = self.keys.credentials.credentials.session_token().unwrap_or_default();
        match self.keys.of(self.date) {
            Some(key) => key.at(timestamp, session_token),
            None => Err(SignError::WrongDay { key: self.date, timestamp }),
        }
    }

    /// The credentials it was derived from, for what derives a key by itself, such
    /// as a service token.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        self.keys.credentials.credentials.as_credentials()
    }

    /// The key of SigV4a for the same credentials and service, good in these regions on every
    /// day. What region the [`Signer`](crate::Signer) has plays no role.
    ///
    /// The key pair is derived when it is first asked for, which takes some hundred
    /// microseconds, and kept for as long as the signer keeps the credentials.
    ///
    /// ```
    /// use sigv4::sigv4a::RegionSet;
    /// use sigv4::{OwnedCredentials, Payload, Request, Signer, Timestamp};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "us-east-1", "s3")?;
    ///
    /// let headers = [("Host", "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com")];
    /// let request = Request::new("GET", "/duck.jpg", &headers);
    /// let now = Timestamp::now();
    /// let held = signer.key_for(now)?;
    /// let (key, mut buffer) = (held.multi_region(RegionSet::ALL)?, [0; 512]);
    /// let instant = key.at(now);
    /// let signed = instant.sign(&request, Payload::EMPTY, signer.rules(), &mut buffer)?;
    /// assert!(signed.authorization().starts_with("AWS4-ECDSA-P256-SHA256 "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::NoPrivateKey`], which no credentials of AWS ever lead to.
    #[cfg(feature = "sigv4a")]
    pub fn multi_region<'a>(
        &'a self,
        region_set: sigv4a::RegionSet<'a>,
    ) -> Result<sigv4a::SigningKey<'a>, KeyError> {
        let holder = &*self.keys.credentials;
        let credentials = holder.credentials.as_credentials();
        let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
        let private_key = match holder.private_key.get() {
            Some(private_key) => private_key,
            None => {
                let derived = key::private_key(id, secret)?;
                holder.private_key.get_or_init(|| derived)
            }
        };
        // There is one of this day.
        let service = self.keys.of(self.date).map_or("", |key| key.scope.service());
        sigv4a::SigningKey::of(&credentials, region_set, service, private_key.clone())
    }
}

/// Signs events as the `SigningKey` of its day does.
#[cfg(feature = "events")]
impl<'k> From<&'k HeldKey> for EventKey<'k> {
    fn from(key: &'k HeldKey) -> Self {
        Self::new(key.date, key.keys.of(key.date))
    }
}

impl fmt::Debug for HeldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldKey")
            .field("credentials", &self.credentials())
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}
