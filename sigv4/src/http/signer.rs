//! A [`Signer`] that signs requests of the `http` crate.

use crate::http::{HttpRequest, HttpSignError};
use crate::payload::Payload;
use crate::signer::{CredentialProvider, Signer};
use crate::time::Timestamp;

impl<P: CredentialProvider> Signer<P> {
    /// Signs a request of the `http` crate in its headers, in place, as
    /// [`SigningInstant::sign_http`](crate::SigningInstant::sign_http) does.
    ///
    /// # Errors
    ///
    /// As [`key_for`](Self::key_for), and [`HttpSignError`] with what the request is refused for.
    pub fn sign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        now: Timestamp,
    ) -> Result<(), HttpSignError> {
        self.key_for(now)?.at(now)?.sign_http(request, payload, self.rules())
    }
}
