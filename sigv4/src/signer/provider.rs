//! Where a signer gets its credentials from.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::boxed::Box;
use std::sync::Arc;

use crate::credentials::owned::OwnedCredentials;
use crate::time::Timestamp;

/// What a provider may fail with: any error, or a text. Must not show secrets.
pub type ProviderError = Box<dyn core::error::Error + Send + Sync>;

/// Answers with the credentials to sign with.
///
/// A [`Signer`](crate::Signer) asks when it has none, and again shortly before those it
/// has expire; one signer never asks twice at a time. A closure that takes the time and gives a future is a
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
/// Where the future fails in more than one way, say in its last line what with:
/// `Ok::<_, ProviderError>(credentials)`.
///
/// A type of one's own is a provider, too, and [`BoxedProvider`] is one of several:
///
/// ```
/// use sigv4::signer::{BoxedProvider, ProviderError};
/// use sigv4::{CredentialProvider, OwnedCredentials, Signer, Timestamp};
///
/// struct Environment;
///
/// impl CredentialProvider for Environment {
///     type Error = ProviderError;
///
///     async fn credentials(&self, _now: Timestamp) -> Result<OwnedCredentials, ProviderError> {
///         let id = std::env::var("AWS_ACCESS_KEY_ID")?;
///         Ok(OwnedCredentials::new(id, std::env::var("AWS_SECRET_ACCESS_KEY")?))
///     }
/// }
///
/// let provider = BoxedProvider::new(Environment);
/// let signer = Signer::with_provider(provider, "us-east-1", "iam")?;
/// # Ok::<(), sigv4::KeyError>(())
/// ```
pub trait CredentialProvider: Send + Sync {
    /// Why there are none.
    type Error: Into<ProviderError>;

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
    E: Into<ProviderError>,
{
    type Error = E;

    fn credentials(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<OwnedCredentials, E>> + Send {
        self(now)
    }
}

/// One provider for several signers, each of which asks for itself: where one lease is to serve
/// them all, the provider keeps it, for as long as it has more than
/// [`REFRESH_BEFORE_SECONDS`](crate::Signer::REFRESH_BEFORE_SECONDS) to live.
impl<P: CredentialProvider> CredentialProvider for Arc<P> {
    type Error = P::Error;

    fn credentials(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<OwnedCredentials, P::Error>> + Send {
        (**self).credentials(now)
    }
}

/// A provider of whatever type: one of several that are chosen among while a program runs. Its clones
/// are the same provider.
#[derive(Clone)]
pub struct BoxedProvider(Arc<dyn Erased>);

impl BoxedProvider {
    /// Any provider.
    #[must_use]
    pub fn new(provider: impl CredentialProvider + 'static) -> Self {
        Self(Arc::new(provider))
    }
}

impl CredentialProvider for BoxedProvider {
    type Error = ProviderError;

    fn credentials(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<OwnedCredentials, ProviderError>> + Send {
        self.0.ask(now)
    }
}

/// Shows nothing of the provider, which may hold secrets.
impl fmt::Debug for BoxedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoxedProvider").finish_non_exhaustive()
    }
}

/// A provider whose type is not known: it is asked so rarely that a box for each answer costs
/// nothing that counts.
trait Erased: Send + Sync {
    fn ask(&self, now: Timestamp) -> BoxedAnswer<'_>;
}

type BoxedAnswer<'a> =
    Pin<Box<dyn Future<Output = Result<OwnedCredentials, ProviderError>> + Send + 'a>>;

impl<P: CredentialProvider> Erased for P {
    fn ask(&self, now: Timestamp) -> BoxedAnswer<'_> {
        Box::pin(async move { self.credentials(now).await.map_err(Into::into) })
    }
}
