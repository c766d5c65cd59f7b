//! Feature `provider`: when a signer asks for credentials.

use core::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::error::KeyError;
use crate::rules::SigningRules;
use crate::signer::Signer;
use crate::signer::error::SignerError;
use crate::signer::provider::{BoxedProvider, CredentialProvider};
use crate::time::Timestamp;

/// A provider, and what came of asking it.
pub(crate) struct Refresh {
    provider: BoxedProvider,
    /// Held while the provider is asked, so that one asks and the others wait. Holds why
    /// the last answer was none.
    asking: Mutex<Option<SignerError>>,
    /// How often it has answered.
    answers: AtomicU64,
    /// When it answered last, in Unix seconds.
    answered: AtomicI64,
}

impl Refresh {
    fn new(provider: impl CredentialProvider + 'static) -> Self {
        Self {
            provider: BoxedProvider::new(provider),
            asking: Mutex::new(None),
            answers: AtomicU64::new(0),
            answered: AtomicI64::new(i64::MIN),
        }
    }

    fn is_time_to_ask(&self, now: Timestamp) -> bool {
        let answered = self.answered.load(Ordering::Relaxed);
        // Either way: the clock may have stepped back.
        now.unix_seconds().abs_diff(answered) >= u64::from(Signer::RETRY_AFTER_SECONDS)
    }
}

/// What the credentials in hand are worth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Validity {
    Good,
    /// Still good, but not for long.
    Closing,
    /// Expired, or there are none.
    Over,
}

impl Signer {
    /// How long before they expire a provider is asked for other credentials.
    pub const REFRESH_BEFORE_SECONDS: u32 = 5 * 60;

    /// How long a provider is left alone once it has answered, or failed, while the
    /// credentials in hand are still good.
    pub const RETRY_AFTER_SECONDS: u32 = 10;

    /// A signer that asks a provider for its credentials, in [`ready`](Self::ready), with the rules that
    /// fit the service ([`SigningRules::of_service`]).
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the region or the service cannot be used.
    pub fn with_provider(
        provider: impl CredentialProvider + 'static,
        region: &str,
        service: &str,
    ) -> Result<Self, KeyError> {
        let signer = Self::without_credentials(region, service, SigningRules::of_service(service))?;
        Ok(Self { refresh: Some(Refresh::new(provider)), ..signer })
    }

    /// Sees to it that there are credentials, asking the provider if need be; then it signs:
    /// `signer.ready().await?.presign(…)`.
    ///
    /// Ready at once, and without allocating, while the credentials have more than
    /// [`REFRESH_BEFORE_SECONDS`](Self::REFRESH_BEFORE_SECONDS) to live. After that one caller asks
    /// the provider; the others go on with what there is, or wait for the
    /// answer if that has expired. Where the provider fails and what there is is still good, this
    /// succeeds and asks again [`RETRY_AFTER_SECONDS`](Self::RETRY_AFTER_SECONDS) later. Needs no
    /// particular runtime; a timeout is the provider's or the caller's business. The
    /// future may be dropped: the next caller then asks.
    ///
    /// # Errors
    ///
    /// [`SignerError::Provider`], [`SignerError::Expired`] or [`SignerError::Key`] if there are no
    /// credentials that are good; all who waited for one answer get the same error.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub async fn ready(&self) -> Result<&Self, SignerError> {
        self.ready_at(Timestamp::now()).await
    }

    /// As [`ready`](Self::ready), by another clock.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub async fn ready_at(&self, now: Timestamp) -> Result<&Self, SignerError> {
        let Some(refresh) = &self.refresh else {
            self.keys.load().credentials(now)?;
            return Ok(self);
        };
        match self.validity(now) {
            Validity::Good => {}
            Validity::Closing => {
                if refresh.is_time_to_ask(now)
                    && let Ok(mut failure) = refresh.asking.try_lock()
                    && self.validity(now) == Validity::Closing
                    && refresh.is_time_to_ask(now)
                {
                    *failure = self.ask(refresh, now).await.err();
                }
            }
            Validity::Over => self.wait(refresh, now).await?,
        }
        Ok(self)
    }

    /// Asks the provider now, and signs with what it answers: once this has
    /// returned, whatever is signed, on any thread, is signed with an answer
    /// that was asked for after the call.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready), and [`SignerError::NoProvider`]; the credentials before stay.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub async fn refresh(&self) -> Result<&Self, SignerError> {
        self.refresh_at(Timestamp::now()).await
    }

    /// As [`refresh`](Self::refresh), by another clock.
    ///
    /// # Errors
    ///
    /// As [`refresh`](Self::refresh).
    pub async fn refresh_at(&self, now: Timestamp) -> Result<&Self, SignerError> {
        let refresh = self.refresh.as_ref().ok_or(SignerError::NoProvider)?;
        let mut failure = refresh.asking.lock().await;
        let answer = self.ask(refresh, now).await;
        *failure = answer.clone().err();
        answer.map(|()| self)
    }

    /// Gets credentials where there are none to go on with.
    async fn wait(&self, refresh: &Refresh, now: Timestamp) -> Result<(), SignerError> {
        let answers = refresh.answers.load(Ordering::Acquire);
        let mut failure = refresh.asking.lock().await;
        if self.validity(now) != Validity::Over {
            return Ok(());
        }
        // Another asked while this one waited.
        if refresh.answers.load(Ordering::Acquire) != answers
            && let Some(failure) = &*failure
        {
            return Err(failure.clone());
        }
        let answer = self.ask(refresh, now).await;
        *failure = answer.clone().err();
        answer
    }

    /// Asks, while `asking` is held.
    async fn ask(&self, refresh: &Refresh, now: Timestamp) -> Result<(), SignerError> {
        let answer = refresh.provider.credentials(now).await;
        refresh.answered.store(now.unix_seconds(), Ordering::Relaxed);
        refresh.answers.fetch_add(1, Ordering::Release);
        let credentials = answer.map_err(|error| SignerError::Provider(Arc::from(error)))?;
        if let Some(expiration) = credentials.expiration().filter(|end| *end <= now) {
            return Err(SignerError::Expired { expiration, now });
        }
        Ok(self.set_credentials(credentials)?)
    }

    fn validity(&self, now: Timestamp) -> Validity {
        let keys = self.keys.load();
        let Ok(credentials) = keys.credentials(now) else { return Validity::Over };
        let left = credentials
            .expiration()
            .map(|expiration| expiration.unix_seconds() - now.unix_seconds());
        match left {
            Some(left) if left <= i64::from(Self::REFRESH_BEFORE_SECONDS) => Validity::Closing,
            _ => Validity::Good,
        }
    }
}
