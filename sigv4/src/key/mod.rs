//! The keys of a day, one to sign with and one to verify with, and what they keep for
//! a second; of a request nothing but its hash is known here.

pub(crate) mod derived;
pub(crate) mod instant;
pub(crate) mod string_to_sign;

use core::fmt;

use crate::credentials::Credentials;
use crate::error::{KeyError, SignError};
use crate::key::derived::DerivedKey;
use crate::key::instant::SigningInstant;
use crate::key::string_to_sign::{StringToSign, Template};
use crate::limits;
use crate::scope::{CredentialEnd, CredentialScope};
use crate::sha256::hmac::HmacKey;
use crate::time::{Date, Timestamp};

/// A key derived from [`Credentials`] for one UTC day, region and service.
///
/// Deriving costs sixteen SHA-256 compressions; signing with the result costs
/// none of them again, so keep it for the day. It says by a typed error when it
/// no longer fits a timestamp. Zeroed on drop; `Debug` shows id and scope.
///
/// ```
/// use sigv4::{Credentials, SignError, SigningKey, Timestamp};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let monday = Timestamp::parse(b"20150830T235959Z")?;
/// let key = SigningKey::derive(&credentials, monday.date(), "us-east-1", "iam")?;
/// assert!(key.at(monday).is_ok());
///
/// let tuesday = Timestamp::parse(b"20150831T000000Z")?;
/// assert!(matches!(key.at(tuesday), Err(SignError::WrongDay { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningKey<'a> {
    access_key_id: &'a str,
    session_token: &'a str,
    pub(crate) derived: DerivedKey,
}

impl<'a> SigningKey<'a> {
    /// Longest access key id in bytes, IAM's own limit.
    pub const ACCESS_KEY_ID_LEN_MAX: usize = limits::ACCESS_KEY_ID_LEN_MAX;

    /// Derives the key (`kSigning` of the specification). The secret may have
    /// any length.
    ///
    /// # Errors
    ///
    /// One [`KeyError`] for each way in which the id, the secret, the token, the
    /// region or the service cannot be used.
    pub fn derive(
        credentials: &Credentials<'a>,
        date: Date,
        region: &str,
        service: &str,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            access_key_id: credentials.access_key_id(),
            session_token: credentials.session_token().unwrap_or_default(),
            derived: DerivedKey::new(credentials, date, region, service)?,
        })
    }

    /// Fixes the second to sign in.
    ///
    /// # Errors
    ///
    /// [`SignError::WrongDay`] if the timestamp does not lie in the key's day.
    #[inline]
    pub fn at(&self, timestamp: Timestamp) -> Result<SigningInstant<'_>, SignError> {
        self.derived.at(timestamp, self.session_token)
    }

    /// The day, region and service the key is good for.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.derived.scope
    }

    /// The id of the access key that this key was derived from.
    #[must_use]
    pub const fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }
}

impl fmt::Debug for SigningKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.derived.scope)
            .finish_non_exhaustive()
    }
}

/// The key a verifier derives from the secret it has on file and the scope a
/// request presents. Zeroed on drop; `Debug` shows the scope.
#[derive(Clone)]
pub struct VerifyingKey {
    scope: CredentialScope,
    credential_end: CredentialEnd,
    key: HmacKey,
    string_to_sign: Template,
}

impl VerifyingKey {
    /// Derives the key for `scope`, see
    /// [`PresentedSignature::scope`](crate::PresentedSignature::scope).
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the secret is empty or ends with a line break.
    pub fn derive(secret_access_key: &str, scope: &CredentialScope) -> Result<Self, KeyError> {
        derived::check_secret(secret_access_key)?;
        Ok(Self {
            scope: *scope,
            credential_end: CredentialEnd::new(scope),
            key: derived::derive(secret_access_key, scope),
            string_to_sign: Template::new(scope),
        })
    }

    /// The day, region and service the key is good for.
    #[must_use]
    pub const fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// How credentials for the scope end.
    #[inline]
    pub(crate) const fn credential_end(&self) -> &CredentialEnd {
        &self.credential_end
    }

    /// The key itself, for what goes on after the request: chunks and events.
    pub(crate) const fn hmac_key(&self) -> &HmacKey {
        &self.key
    }

    /// The string to sign at a second of the key's day.
    #[inline(always)]
    pub(crate) fn at(&self, timestamp: Timestamp) -> StringToSign<'_> {
        self.string_to_sign.at(timestamp, &self.key)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("scope", &self.scope).finish_non_exhaustive()
    }
}
