//! When a signer asks for credentials.

use core::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::signer::Signer;
use crate::signer::error::RefreshError;
use crate::signer::provider::CredentialProvider;
use crate::time::Timestamp;

/// A provider, and what came of asking it.
pub(crate) struct Refresh<P: CredentialProvider> {
    provider: P,
    /// Held while the provider is asked, so that one asks and the others wait. Holds why
    /// the last answer was none.
    asking: Mutex<Option<RefreshError<P::Error>>>,
    /// How often it has answered.
    answers: AtomicU64,
    /// When it answered last, in Unix seconds.
    answered: AtomicI64,
}

impl<P: CredentialProvider> Refresh<P> {
    pub(crate) fn new(provider: P) -> Self {
        Self {
            provider,
            asking: Mutex::new(None),
            answers: AtomicU64::new(0),
            answered: AtomicI64::new(i64::MIN),
        }
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

impl<P: CredentialProvider> Signer<P> {
    /// How long before they expire a provider is asked for other credentials.
    pub const REFRESH_BEFORE_SECONDS: u32 = 5 * 60;

    /// How long a provider is left alone once it has answered, or failed, while the
    /// credentials in hand are still good.
    pub const RETRY_AFTER_SECONDS: u32 = 10;

    /// Sees to it that there are credentials for this time, asking the provider if
    /// need be; [`key_for`](Self::key_for) then finds them.
    ///
    /// Ready at once while the credentials have more than
    /// [`REFRESH_BEFORE_SECONDS`](Self::REFRESH_BEFORE_SECONDS) to live. After that one caller asks
    /// the provider; the others go on with what there is, or wait for the
    /// answer if that has expired. Where the provider fails and what there is is still good, this
    /// succeeds and asks again [`RETRY_AFTER_SECONDS`](Self::RETRY_AFTER_SECONDS) later. Needs no
    /// particular runtime; a timeout is the provider's or the caller's business. The
    /// future may be dropped: the next caller then asks.
    ///
    /// # Errors
    ///
    /// A [`RefreshError`] if there are no credentials that are good at this time; all
    /// who waited for one answer get the same error.
    pub async fn ready(&self, now: Timestamp) -> Result<(), RefreshError<P::Error>> {
        match self.validity(now) {
            Validity::Good => Ok(()),
            Validity::Closing => {
                if self.is_time_to_ask(now)
                    && let Ok(mut failure) = self.refresh.asking.try_lock()
                    && self.validity(now) == Validity::Closing
                    && self.is_time_to_ask(now)
                {
                    *failure = self.ask(now).await.err();
                }
                Ok(())
            }
            Validity::Over => self.wait(now).await,
        }
    }

    /// Asks the provider now, and signs with what it answers: once this has
    /// returned, every [`key_for`](Self::key_for), on any thread, is of an answer
    /// that was asked for after the call.
    ///
    /// # Errors
    ///
    /// A [`RefreshError`] if the answer cannot be used; the credentials before stay.
    pub async fn refresh(&self, now: Timestamp) -> Result<(), RefreshError<P::Error>> {
        let mut failure = self.refresh.asking.lock().await;
        let answer = self.ask(now).await;
        *failure = answer.clone().err();
        answer
    }

    /// Gets credentials where there are none to go on with.
    async fn wait(&self, now: Timestamp) -> Result<(), RefreshError<P::Error>> {
        let answers = self.refresh.answers.load(Ordering::Acquire);
        let mut failure = self.refresh.asking.lock().await;
        if self.validity(now) != Validity::Over {
            return Ok(());
        }
        // Another asked while this one waited.
        if self.refresh.answers.load(Ordering::Acquire) != answers
            && let Some(failure) = &*failure
        {
            return Err(failure.clone());
        }
        let answer = self.ask(now).await;
        *failure = answer.clone().err();
        answer
    }

    /// Asks, while `asking` is held.
    async fn ask(&self, now: Timestamp) -> Result<(), RefreshError<P::Error>> {
        let answer = self.refresh.provider.credentials(now).await;
        self.refresh.answered.store(now.unix_seconds(), Ordering::Relaxed);
        self.refresh.answers.fetch_add(1, Ordering::Release);
        let credentials = answer.map_err(|error| RefreshError::Provider(Arc::new(error)))?;
        if let Some(expiration) = credentials.expiration().filter(|end| *end <= now) {
            return Err(RefreshError::Expired { expiration, now });
        }
        Ok(self.replace_credentials(credentials)?)
    }

    fn is_time_to_ask(&self, now: Timestamp) -> bool {
        let answered = self.refresh.answered.load(Ordering::Relaxed);
        // Either way: the clock may have stepped back.
        now.unix_seconds().abs_diff(answered) >= u64::from(Self::RETRY_AFTER_SECONDS)
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
