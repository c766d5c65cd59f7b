//! Feature `signer`: one object that owns credentials and keeps the keys of the day;
//! where credentials come from is a provider's to know.

#[cfg(feature = "aws-credential-types")]
pub(crate) mod aws_credential_types;
mod error;
mod keys;
mod provider;
mod refresh;

pub use error::{RefreshError, SignerError};
pub use keys::SignerKey;
pub use provider::{CredentialProvider, FixedCredentials, FixedCredentialsError};

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::credentials::owned::OwnedCredentials;
use crate::error::KeyError;
use crate::key::derived::{self, DerivedKey};
use crate::rules::SigningRules;
use crate::scope::CredentialScope;
use crate::signer::keys::Keys;
use crate::signer::refresh::Refresh;
use crate::time::{Date, Timestamp};

/// Signs for one region and service, on any number of threads, day after day.
///
/// Owns credentials, or a [`CredentialProvider`] that is asked for them, and derives
/// the key of a day when it is first needed. It holds the keys of two days, so that
/// requests on either side of midnight, or a clock that steps back over it, cost
/// nothing. Credentials that have expired are a typed error, never a signature.
///
/// Keep it in an `Arc`. Threads that sign share nothing that any of them writes to;
/// locks are taken only while a key is derived or credentials change. `Debug` shows neither
/// credentials nor keys.
///
/// ```
/// use sigv4::{OwnedCredentials, Payload, Request, Signer, SigningRules, Timestamp};
///
/// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let signer = Signer::new(credentials, "us-east-1", "iam", SigningRules::STANDARD)?;
///
/// let headers = [("Host", "iam.amazonaws.com")];
/// let request = Request::new("GET", "/?Action=ListUsers&Version=2010-05-08", &headers);
/// let now = Timestamp::try_from(std::time::SystemTime::now())?;
/// let mut buffer = [0; 512];
/// let key = signer.key_for(now)?;
/// let instant = key.at(now)?;
/// let signed = instant.sign(&request, Payload::EMPTY, signer.rules(), &mut buffer)?;
/// for (name, value) in signed.headers() {
///     println!("{name}: {value}"); // send these along
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer<P: CredentialProvider = FixedCredentials> {
    /// Of no particular day.
    scope: CredentialScope,
    rules: SigningRules<'static>,
    keys: ArcSwap<Keys>,
    /// Held while `keys` is replaced: nobody puts back what another has changed.
    replacing: Mutex<()>,
    refresh: Refresh<P>,
}

impl Signer {
    /// A signer for credentials that change only by
    /// [`set_credentials`](Self::set_credentials).
    ///
    /// # Errors
    ///
    /// One [`KeyError`] for each way in which the credentials, the region or the
    /// service cannot be used.
    pub fn new(
        credentials: OwnedCredentials,
        region: &str,
        service: &str,
        rules: SigningRules<'static>,
    ) -> Result<Self, KeyError> {
        let signer = Self::with_provider(FixedCredentials::new(), region, service, rules)?;
        signer.replace_credentials(credentials)?;
        Ok(signer)
    }

    /// Signs with other credentials from now on: once this has returned, every
    /// [`key_for`](Self::key_for), on any thread, is one of theirs. A [`SignerKey`] that was
    /// taken before goes on as what it is.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the credentials cannot be used; those before stay.
    pub fn set_credentials(&self, credentials: OwnedCredentials) -> Result<(), KeyError> {
        self.replace_credentials(credentials)
    }
}

impl<P: CredentialProvider> Signer<P> {
    /// A signer that asks a provider for its credentials, in
    /// [`ready`](Self::ready).
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the region or the service cannot be used.
    pub fn with_provider(
        provider: P,
        region: &str,
        service: &str,
        rules: SigningRules<'static>,
    ) -> Result<Self, KeyError> {
        if region.is_empty() {
            return Err(KeyError::EmptyRegion);
        }
        Ok(Self {
            scope: CredentialScope::new(Date::EPOCH, region, service)?,
            rules,
            keys: ArcSwap::from_pointee(Keys::none()),
            replacing: Mutex::new(()),
            refresh: Refresh::new(provider),
        })
    }

    /// The key for a moment, to sign with at once.
    ///
    /// Takes some 27 nanoseconds, and the sixteen compressions of a derivation where
    /// nobody has asked for the day before. Take a key for each request rather than keep
    /// one: it stays what it is when the credentials change.
    ///
    /// # Errors
    ///
    /// [`SignerError::Expired`], and [`SignerError::NoCredentials`] if there is a
    /// provider that has not been asked, see [`ready`](Self::ready).
    #[inline]
    pub fn key_for(&self, now: Timestamp) -> Result<SignerKey, SignerError> {
        let mut keys = self.keys.load();
        keys.credentials(now)?;
        if keys.of(now.date()).is_none() {
            keys = self.derive_for(now)?;
        }
        Ok(SignerKey::new(keys, now.date()))
    }

    /// Derives the key of a day that nobody has asked for before.
    #[cold]
    fn derive_for(&self, now: Timestamp) -> Result<Guard<Arc<Keys>>, SignerError> {
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever held the lock before may have derived it, or changed the credentials.
        let keys = self.keys.load();
        let credentials = keys.credentials(now)?;
        if keys.of(now.date()).is_some() {
            return Ok(keys);
        }
        let (region, service) = (self.scope.region(), self.scope.service());
        let credentials = credentials.as_credentials();
        let key = DerivedKey::new(&credentials, now.date(), region, service)?;
        let keys = Arc::new(keys.with(key));
        self.keys.store(Arc::clone(&keys));
        Ok(Guard::from_inner(keys))
    }

    fn replace_credentials(&self, credentials: OwnedCredentials) -> Result<(), KeyError> {
        derived::check_credentials(&credentials.as_credentials())?;
        let keys = Arc::new(Keys::new(credentials));
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        self.keys.store(keys);
        Ok(())
    }

    /// The rules it was made with.
    #[must_use]
    pub const fn rules(&self) -> &SigningRules<'static> {
        &self.rules
    }

    /// The region it signs for.
    #[must_use]
    pub fn region(&self) -> &str {
        self.scope.region()
    }

    /// The service it signs for.
    #[must_use]
    pub fn service(&self) -> &str {
        self.scope.service()
    }
}

impl<P: CredentialProvider> fmt::Debug for Signer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region())
            .field("service", &self.service())
            .finish_non_exhaustive()
    }
}
