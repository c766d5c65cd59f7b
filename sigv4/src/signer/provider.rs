//! Where a signer gets its credentials from.

use core::future::Future;
use core::pin::Pin;
use std::boxed::Box;
use std::sync::Arc;

use crate::credentials::owned::OwnedCredentials;
use crate::time::Timestamp;

/// What a provider may fail with: any error, or a text. Must not show secrets.
pub type ProviderError = Box<dyn core::error::Error + Send + Sync>;

/// The answer of a provider, once it is there.
pub type ProviderFuture<'a> =
    Pin<Box<dyn Future<Output = Result<OwnedCredentials, ProviderError>> + Send + 'a>>;

/// Answers with the credentials to sign with.
///
/// A [`Signer`](crate::Signer) asks when it has none, and again shortly before those it
/// has expire; it never asks twice at a time. A closure that takes the time and gives a future is a
/// provider; whatever becomes a boxed error may be what it fails with:
///
/// ```
/// use std::sync::Arc;
///
/// use sigv4::{OwnedCredentials, Signer, Timestamp};
///
/// struct Vault;
///
/// impl Vault {
///     async fn lease(&self, role: &str) -> std::io::Result<(String, String, String, i64)> {
/// #       let _ = role;
///         // Asks a service, for example.
/// #       Ok(("ASIAEXAMPLE".into(), "wJalr".into(), "FwoG".into(), 253_402_300_799))
///     }
/// }
///
/// // What an application keeps: the type of the provider is not part of it.
/// struct State {
///     signer: Signer,
/// }
///
/// let vault = Arc::new(Vault);
/// let provider = move |_now: Timestamp| {
///     let vault = Arc::clone(&vault);
///     async move {
///         let (id, secret, token, expires) = vault.lease("reader").await?;
///         let expiration = Timestamp::from_unix_seconds(expires).map_err(std::io::Error::other)?;
///         let credentials = OwnedCredentials::new(id, secret);
///         std::io::Result::Ok(credentials.with_session_token(token).with_expiration(expiration))
///     }
/// };
/// let state = State { signer: Signer::with_provider(provider, "eu-central-1", "s3")? };
/// # Ok::<(), sigv4::KeyError>(())
/// ```
///
/// The shorter `async move |_now: Timestamp| vault.lease("reader").await` does not compile: the future
/// of an `async` closure borrows what the closure has captured, and a signer must be able to keep the future
/// for itself. Hence the clone of the handle, which moves into the future.
///
/// A type of one's own is a provider, too, and so is a boxed one, to choose among several:
///
/// ```
/// use sigv4::signer::{CredentialProvider, ProviderFuture};
/// use sigv4::{OwnedCredentials, Signer, Timestamp};
///
/// struct Environment;
///
/// impl CredentialProvider for Environment {
///     fn credentials(&self, _now: Timestamp) -> ProviderFuture<'_> {
///         Box::pin(async {
///             let id = std::env::var("AWS_ACCESS_KEY_ID")?;
///             Ok(OwnedCredentials::new(id, std::env::var("AWS_SECRET_ACCESS_KEY")?))
///         })
///     }
/// }
///
/// let provider: Box<dyn CredentialProvider> = Box::new(Environment);
/// let signer = Signer::with_provider(provider, "us-east-1", "iam")?;
/// # Ok::<(), sigv4::KeyError>(())
/// ```
pub trait CredentialProvider: Send + Sync {
    /// Fetches credentials that are good at this time, by the signer's clock.
    ///
    /// The future may be dropped before it is done, as that of any request.
    fn credentials(&self, now: Timestamp) -> ProviderFuture<'_>;
}

impl<F, A, E> CredentialProvider for F
where
    F: Fn(Timestamp) -> A + Send + Sync,
    A: Future<Output = Result<OwnedCredentials, E>> + Send + 'static,
    E: Into<ProviderError>,
{
    fn credentials(&self, now: Timestamp) -> ProviderFuture<'_> {
        let answer = self(now);
        Box::pin(async { answer.await.map_err(Into::into) })
    }
}

impl CredentialProvider for Box<dyn CredentialProvider> {
    fn credentials(&self, now: Timestamp) -> ProviderFuture<'_> {
        (**self).credentials(now)
    }
}

/// One provider for several signers.
impl CredentialProvider for Arc<dyn CredentialProvider> {
    fn credentials(&self, now: Timestamp) -> ProviderFuture<'_> {
        (**self).credentials(now)
    }
}
