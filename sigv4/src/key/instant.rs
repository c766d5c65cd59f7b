//! One second of a signing key: everything that is constant for a second.

use core::fmt;

use crate::bytes::sink::Buffer;
use crate::error::SignError;
use crate::key::derived::DerivedKey;
use crate::key::string_to_sign::{self, StringToSign};
use crate::scope::CredentialScope;
use crate::sha256;
use crate::time::Timestamp;

/// A [`SigningKey`](crate::SigningKey) at one second, ready to sign any number
/// of requests.
///
/// Holds the MAC of the string to sign up to the last line, which alone
/// differs from one request to the next. Zeroed on drop.
#[derive(Clone)]
pub struct SigningInstant<'k> {
    pub(crate) key: &'k DerivedKey,
    /// Empty if there is none.
    session_token: &'k str,
    pub(crate) string_to_sign: StringToSign<'k>,
}

impl<'k> SigningInstant<'k> {
    #[inline(always)]
    pub(crate) fn new(key: &'k DerivedKey, session_token: &'k str, timestamp: Timestamp) -> Self {
        let string_to_sign = key.string_to_sign.at(timestamp, &key.key);
        Self { key, session_token, string_to_sign }
    }

    /// The second that is signed.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.string_to_sign.timestamp
    }

    /// The day, region and service that are signed.
    #[must_use]
    pub const fn scope(&self) -> &'k CredentialScope {
        &self.key.scope
    }

    /// Writes the string to sign for a canonical request, to compare with what a
    /// service says it saw.
    ///
    /// # Errors
    ///
    /// [`SignError::BufferTooSmall`].
    pub fn string_to_sign<'b>(
        &self,
        canonical_request: &[u8],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        let mut out = Buffer::new(out);
        let digest = sha256::digest(canonical_request);
        string_to_sign::write(&mut out, self.timestamp(), &self.key.scope, &digest);
        Ok(out.finish()?)
    }

    /// The session token of the credentials, if there is one.
    #[inline(always)]
    pub(crate) const fn session_token(&self) -> Option<&'k str> {
        if self.session_token.is_empty() { None } else { Some(self.session_token) }
    }
}

impl fmt::Debug for SigningInstant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInstant")
            .field("key", &self.key)
            .field("timestamp", &self.timestamp())
            .finish_non_exhaustive()
    }
}
