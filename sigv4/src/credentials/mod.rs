//! What a caller signs with, given or found on the machine; the keys that are made
//! of it are `key`.

#[cfg(feature = "credentials")]
pub mod default_chain;
#[cfg(feature = "std")]
pub(crate) mod owned;

use core::fmt;

use crate::names::SessionTokenName;

/// An access key: its id, its secret and, for temporary credentials, the
/// session token that belongs to it.
///
/// Borrows the caller's strings, so that no copy of the secret is made; what owns
/// its strings is [`OwnedCredentials`](crate::OwnedCredentials) (feature `std`). `Debug` shows the id alone.
///
/// ```
/// use sigv4::Credentials;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// assert!(!format!("{credentials:?}").contains("wJalr"));
/// ```
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    session_token_name: SessionTokenName,
}

impl<'a> Credentials<'a> {
    /// A long-term access key. What it is made of is checked when a
    /// [`SigningKey`](crate::SigningKey) is derived from it.
    #[must_use]
    pub const fn new(access_key_id: &'a str, secret_access_key: &'a str) -> Self {
        Self {
            access_key_id,
            secret_access_key,
            session_token: "",
            session_token_name: SessionTokenName::SecurityToken,
        }
    }

    /// Adds a session token, of any length; an empty one counts as none.
    #[must_use]
    pub const fn with_session_token(self, session_token: &'a str) -> Self {
        Self { session_token, session_token_name: SessionTokenName::SecurityToken, ..self }
    }

    /// Adds the session token that `CreateSession` of S3 Express One Zone
    /// gave with the key, which travels as `x-amz-s3session-token`.
    #[must_use]
    pub const fn with_s3_session_token(self, session_token: &'a str) -> Self {
        Self { session_token, session_token_name: SessionTokenName::S3Session, ..self }
    }

    /// The id, which travels in the clear.
    #[must_use]
    pub const fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    /// The session token, if there is one.
    #[must_use]
    pub const fn session_token(&self) -> Option<&'a str> {
        if self.session_token.is_empty() { None } else { Some(self.session_token) }
    }

    /// The name under which the session token travels.
    #[must_use]
    pub const fn session_token_name(&self) -> SessionTokenName {
        self.session_token_name
    }

    pub(crate) const fn secret_access_key(&self) -> &'a str {
        self.secret_access_key
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}
