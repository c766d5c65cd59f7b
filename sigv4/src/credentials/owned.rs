//! Credentials that own what they are made of.

use core::fmt;
use std::string::String;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::names::SessionTokenName;
use crate::time::Timestamp;

/// An access key that owns its strings, and knows when it expires.
///
/// What a file, the environment or a credential service answers ends up here.
/// Secret and session token are zeroed on drop; `Debug` shows the id and the expiration alone.
/// An `Arc` around it shares one copy of the secret.
///
/// ```
/// use sigv4::{OwnedCredentials, SigningKey, Timestamp};
///
/// let now = Timestamp::parse(b"20150830T123600Z")?;
/// let secret = String::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let credentials = OwnedCredentials::new("ASIAEXAMPLE", secret)
///     .with_session_token("FwoGZXIvYXdzEXAMPLE")
///     .with_expiration(Timestamp::parse(b"20150830T133600Z")?);
/// assert!(!credentials.is_expired(now));
///
/// let key = SigningKey::derive(&credentials.as_credentials(), now.date(), "us-east-1", "iam")?;
/// # assert_eq!(key.access_key_id(), "ASIAEXAMPLE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct OwnedCredentials {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    session_token_name: SessionTokenName,
    expiration: Option<Timestamp>,
}

impl OwnedCredentials {
    /// A long-term access key, which never expires.
    ///
    /// A `String` is taken over with its memory; a `&str` is copied. What they are
    /// made of is checked when a key is derived.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: Zeroizing::new(secret_access_key.into()),
            session_token: Zeroizing::default(),
            session_token_name: SessionTokenName::SecurityToken,
            expiration: None,
        }
    }

    /// Adds a session token; an empty one counts as none.
    #[must_use]
    pub fn with_session_token(self, session_token: impl Into<String>) -> Self {
        Self {
            session_token: Zeroizing::new(session_token.into()),
            session_token_name: SessionTokenName::SecurityToken,
            ..self
        }
    }

    /// Adds the session token that `CreateSession` of S3 Express One Zone
    /// gave with the key, which travels as `x-amz-s3session-token`.
    #[must_use]
    pub fn with_s3_session_token(self, session_token: impl Into<String>) -> Self {
        let session_token_name = SessionTokenName::S3Session;
        Self { session_token_name, ..self.with_session_token(session_token) }
    }

    /// Says when the key expires: it is good until this second and no longer in it.
    #[must_use]
    pub fn with_expiration(self, expiration: Timestamp) -> Self {
        Self { expiration: Some(expiration), ..self }
    }

    /// What the rest of the crate signs with.
    #[must_use]
    pub fn as_credentials(&self) -> Credentials<'_> {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key);
        match self.session_token_name {
            SessionTokenName::SecurityToken => credentials.with_session_token(&self.session_token),
            SessionTokenName::S3Session => credentials.with_s3_session_token(&self.session_token),
        }
    }

    /// The id, which travels in the clear.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The session token, if there is one.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        Some(self.session_token.as_str()).filter(|token| !token.is_empty())
    }

    /// The name under which the session token travels.
    #[must_use]
    pub const fn session_token_name(&self) -> SessionTokenName {
        self.session_token_name
    }

    /// The second from which on services refuse the key, if there is one.
    #[must_use]
    pub const fn expiration(&self) -> Option<Timestamp> {
        self.expiration
    }

    /// Whether services refuse the key at this time.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expiration.is_some_and(|expiration| expiration <= now)
    }
}

impl From<Credentials<'_>> for OwnedCredentials {
    fn from(credentials: Credentials<'_>) -> Self {
        Self {
            session_token_name: credentials.session_token_name(),
            ..Self::new(credentials.access_key_id(), credentials.secret_access_key())
                .with_session_token(credentials.session_token().unwrap_or_default())
        }
    }
}

impl fmt::Debug for OwnedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCredentials")
            .field("access_key_id", &self.access_key_id)
            .field("expiration", &self.expiration)
            .finish_non_exhaustive()
    }
}
