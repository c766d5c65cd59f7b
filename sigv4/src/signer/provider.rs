//! Where a signer gets its credentials from.

use core::fmt;
use core::future::Future;

use crate::credentials::owned::OwnedCredentials;
use crate::time::Timestamp;

/// Answers with the credentials to sign with.
///
/// A [`Signer`](crate::Signer) asks when it has none, and again shortly before those it
/// has expire; it never asks twice at a time. An `async` closure or function that takes the time is a
/// provider:
///
/// ```
/// use sigv4::{OwnedCredentials, Signer, SigningRules, Timestamp};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # async fn assume_role() -> std::io::Result<(String, String, String, i64)> { unimplemented!() }
/// let provider = async |_now: Timestamp| -> std::io::Result<OwnedCredentials> {
///     let (id, secret, token, expires) = assume_role().await?;
///     let expiration = Timestamp::from_unix_seconds(expires).map_err(std::io::Error::other)?;
///     Ok(OwnedCredentials::new(id, secret).with_session_token(token).with_expiration(expiration))
/// };
/// let signer = Signer::with_provider(provider, "us-east-1", "s3", SigningRules::S3)?;
/// let now = Timestamp::try_from(std::time::SystemTime::now())?;
/// signer.ready(now).await?;
/// let key = signer.key_for(now)?;
/// # Ok(())
/// # }
/// ```
pub trait CredentialProvider: Send + Sync {
    /// Why there are none. Must not show secrets.
    type Error: core::error::Error + Send + Sync + 'static;

    /// Fetches credentials that are good at this time, by the signer's clock.
    ///
    /// The future may be dropped before it is done, as that of any request.
    fn credentials(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<OwnedCredentials, Self::Error>> + Send;
}

impl<F, A, E> CredentialProvider for F
where
    F: Fn(Timestamp) -> A + Send + Sync,
    A: Future<Output = Result<OwnedCredentials, E>> + Send,
    E: core::error::Error + Send + Sync + 'static,
{
    type Error = E;

    fn credentials(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<OwnedCredentials, E>> + Send {
        self(now)
    }
}

/// In place of a provider: the credentials change only when
/// [`Signer::set_credentials`](crate::Signer::set_credentials) says so.
#[derive(Debug)]
pub struct FixedCredentials(());

impl FixedCredentials {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

impl CredentialProvider for FixedCredentials {
    type Error = FixedCredentialsError;

    async fn credentials(&self, _: Timestamp) -> Result<OwnedCredentials, FixedCredentialsError> {
        Err(FixedCredentialsError)
    }
}

/// There is no provider to ask for other credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedCredentialsError;

impl fmt::Display for FixedCredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no provider to ask for other credentials")
    }
}

impl core::error::Error for FixedCredentialsError {}
