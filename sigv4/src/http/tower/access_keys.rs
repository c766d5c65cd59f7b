//! Where a server finds the secret of an access key.

use core::future::Future;
use std::borrow::ToOwned;
use std::string::String;

use crate::credentials::owned::OwnedCredentials;
use crate::http::tower::BoxError;

/// The access keys that a server knows.
///
/// An `async` closure or function that takes the id is one; so is a closure that answers at once:
///
/// ```
/// use std::convert::Infallible;
/// use std::future;
///
/// use sigv4::OwnedCredentials;
/// use sigv4::tower::AccessKeys;
///
/// # fn takes(_: impl AccessKeys) {}
/// # async fn select(id: &str) -> std::io::Result<Option<OwnedCredentials>> { Ok(None) }
/// let in_a_database = async |id: String| -> std::io::Result<Option<OwnedCredentials>> {
///     select(&id).await
/// };
/// # takes(in_a_database);
/// let one_key = |id: String| {
///     let known = id == "AKIDEXAMPLE";
///     let key = known.then(|| OwnedCredentials::new(id, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
///     future::ready(Ok::<_, Infallible>(key))
/// };
/// # takes(one_key);
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
