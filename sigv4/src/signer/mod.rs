//! Feature `signer`: one object that owns credentials and keeps the keys of the day;
//! where credentials come from is a provider's to know.

#[cfg(feature = "aws-credential-types")]
mod aws_credential_types;
mod error;
mod keys;
mod presign;
#[cfg(feature = "provider")]
mod provider;
#[cfg(feature = "provider")]
mod refresh;
pub(crate) mod url;

#[cfg(feature = "aws-credential-types")]
pub use aws_credential_types::AwsCredentialProvider;
pub use error::SignerError;
pub use keys::HeldKey;
#[cfg(feature = "provider")]
pub use provider::{BoxedProvider, CredentialProvider, ProviderError};
pub use url::UrlError;

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::credentials::owned::OwnedCredentials;
use crate::error::KeyError;
use crate::key::derived::{self, DerivedKey};
use crate::rules::SigningRules;
use crate::scope::CredentialScope;
use crate::signer::keys::Keys;
#[cfg(feature = "provider")]
use crate::signer::refresh::Refresh;
use crate::time::{Date, Timestamp};

/// Signs for one region and service, on any number of threads, day after day.
///
/// Owns credentials, or a provider that is asked for them (feature `provider`), and derives
/// the key of a day when it is first needed. It holds the keys of two days, so that
/// requests on either side of midnight, or a clock that steps back over it, cost
/// nothing. Credentials that have expired are a typed error, never a signature.
///
/// Keep it in an `Arc`. Threads that sign share nothing that any of them writes to;
/// locks are taken only while a key is derived or credentials change. `Debug` shows neither
/// credentials nor keys.
///
/// ```
/// use std::time::Duration;
///
/// use sigv4::{OwnedCredentials, Signer};
///
/// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let signer = Signer::new(credentials, "eu-central-1", "s3")?;
///
/// let url = "https://examplebucket.s3.eu-central-1.amazonaws.com/test.txt";
/// let presigned = signer.presign("GET", url, Duration::from_secs(900))?;
/// # #[cfg(feature = "http")] {
///
/// let request = http::Request::put(url).body("hello")?;
/// let signed = signer.sign(request)?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    /// Of no particular day.
    scope: CredentialScope,
    rules: SigningRules<'static>,
    keys: ArcSwap<Keys>,
    /// Held while `keys` is replaced: nobody puts back what another has changed.
    replacing: Mutex<()>,
    /// Nothing if credentials change only from outside.
    #[cfg(feature = "provider")]
    refresh: Option<Refresh>,
}

impl Signer {
    /// A signer for credentials that change only by
    /// [`set_credentials`](Self::set_credentials), with the rules that fit the service
    /// ([`SigningRules::of_service`]).
    ///
    /// # Errors
    ///
    /// One [`KeyError`] for each way in which the credentials, the region or the
    /// service cannot be used.
    pub fn new(
        credentials: impl Into<OwnedCredentials>,
        region: &str,
        service: &str,
    ) -> Result<Self, KeyError> {
        let signer = Self::without_credentials(region, service, SigningRules::of_service(service))?;
        signer.set_credentials(credentials)?;
        Ok(signer)
    }

    fn without_credentials(
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
            #[cfg(feature = "provider")]
            refresh: None,
        })
    }

    /// Signs by other rules than those that fit the service by its name: for a service that
    /// speaks the protocol of another, and for what differs in one point.
    ///
    /// ```
    /// use sigv4::{OwnedCredentials, Signer, SigningRules};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "local", "ourstore")?.with_rules(SigningRules::S3);
    /// # Ok::<(), sigv4::KeyError>(())
    /// ```
    #[must_use]
    pub fn with_rules(self, rules: SigningRules<'static>) -> Self {
        Self { rules, ..self }
    }

    /// Signs with other credentials from now on: once this has returned, whatever is
    /// signed, on any thread, is signed with them. A [`HeldKey`] that was
    /// taken before goes on as what it is. A provider, if there is one, is asked again
    /// when these are about to expire.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the credentials cannot be used; those before stay.
    pub fn set_credentials(
        &self,
        credentials: impl Into<OwnedCredentials>,
    ) -> Result<(), KeyError> {
        let credentials = credentials.into();
        derived::check_credentials(&credentials.as_credentials())?;
        let keys = Arc::new(Keys::new(credentials));
        let _replacing = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        self.keys.store(keys);
        Ok(())
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
    /// provider that has not been asked.
    #[inline]
    pub fn key_for(&self, now: Timestamp) -> Result<HeldKey, SignerError> {
        let mut keys = self.keys.load();
        keys.credentials(now)?;
        if keys.of(now.date()).is_none() {
            keys = self.derive_for(now)?;
        }
        Ok(HeldKey::new(keys, now.date()))
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

    /// The rules it signs by.
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

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region())
            .field("service", &self.service())
            .finish_non_exhaustive()
    }
}
