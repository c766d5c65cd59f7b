//! Where a server finds the secret of an access key.

use core::future::Future;
use std::borrow::ToOwned;
use std::string::String;
use std::sync::Arc;

use crate::credentials::owned::OwnedCredentials;
use crate::http::tower::BoxError;

/// The access keys that a server knows.
///
/// A type is one by an `async fn`, and an `Arc` of it is, too:
///
/// ```
/// use std::io;
///
/// use sigv4::OwnedCredentials;
/// use sigv4::tower::AccessKeys;
///
/// /// A pool of connections, for example.
/// struct Database;
///
/// impl Database {
///     async fn secret_of(&self, id: &str) -> io::Result<Option<String>> {
/// #       let _ = id;
/// #       Ok(None)
///         // select secret from access_keys where id = $1
///     }
/// }
///
/// impl AccessKeys for Database {
///     type Error = io::Error;
///
///     async fn find(&self, id: &str) -> io::Result<Option<OwnedCredentials>> {
///         let secret = self.secret_of(id).await?;
///         Ok(secret.map(|secret| OwnedCredentials::new(id, secret)))
///     }
/// }
/// ```
///
/// So is a closure that takes the id and gives a future. One that captures a handle clones it into the future: that of
/// an `async` closure borrows what the closure has captured, and the layer must be able to keep it, so that
/// `async move |id: String| database.find(&id).await` does not compile.
///
/// ```
/// use std::collections::HashMap;
/// use std::convert::Infallible;
/// use std::sync::Arc;
///
/// use sigv4::OwnedCredentials;
/// use sigv4::tower::VerifyingLayer;
/// use sigv4::VerifyRules;
///
/// let secrets = Arc::new(HashMap::from([("AKIDEXAMPLE".to_owned(), "wJalr".to_owned())]));
/// let keys = move |id: String| {
///     let secrets = Arc::clone(&secrets);
///     async move {
///         let secret = secrets.get(&id);
///         Ok::<_, Infallible>(secret.map(|secret| OwnedCredentials::new(id, secret)))
///     }
/// };
/// let layer = VerifyingLayer::new(keys, VerifyRules::strict("eu-central-1", "orders"));
/// ```
pub trait AccessKeys: Send + Sync {
    /// Why keys cannot be looked up. The client does not see it.
    type Error: Into<BoxError>;

    /// Looks up a key by its id, as the client sent it. Session token and expiration
    /// are held against the request as well.
    fn find(
        &self,
        access_key_id: &str,
    ) -> impl Future<Output = Result<Option<OwnedCredentials>, Self::Error>> + Send;
}

impl<F, A, E> AccessKeys for F
where
    F: Fn(String) -> A + Send + Sync,
    A: Future<Output = Result<Option<OwnedCredentials>, E>> + Send,
    E: Into<BoxError>,
{
    type Error = E;

    fn find(
        &self,
        access_key_id: &str,
    ) -> impl Future<Output = Result<Option<OwnedCredentials>, E>> + Send {
        self(access_key_id.to_owned())
    }
}

/// Keys that the server's other parts ask, too.
impl<K: AccessKeys> AccessKeys for Arc<K> {
    type Error = K::Error;

    fn find(
        &self,
        access_key_id: &str,
    ) -> impl Future<Output = Result<Option<OwnedCredentials>, K::Error>> + Send {
        (**self).find(access_key_id)
    }
}
