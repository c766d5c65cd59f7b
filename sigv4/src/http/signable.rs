//! What a signer takes in and gives back signed.

use core::time::Duration;
use std::borrow::{Cow, ToOwned};
use std::boxed::Box;
use std::string::String;
use std::vec::Vec;

use ::bytes::Bytes;
use ::http::Request;
use ::http::request::Parts;

use crate::expires::Expires;
use crate::http::{HttpSignError, in_place};
use crate::key::instant::SigningInstant;
use crate::payload::Payload;
use crate::rules::SigningRules;
use crate::signer::SignerError;

/// A request whose head can be signed: `http::Request` with any body, `http::request::Parts`,
/// with feature `reqwest` also `reqwest::Request`, and a mutable borrow of each.
#[diagnostic::on_unimplemented(
    message = "a signer does not sign `{Self}`",
    note = "it signs `http::Request`, `http::request::Parts` and, with feature `reqwest` of sigv4-signer, `reqwest::Request`"
)]
pub trait SignableHead {
    /// Signs in the headers, in place. On an error the request is as it was.
    ///
    /// # Errors
    ///
    /// As [`SigningInstant::sign_http`].
    fn sign_head(
        &mut self,
        instant: &SigningInstant<'_>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError>;
}

/// A request whose body can be seen as bytes, so that a signer hashes it: `http::Request` with a
/// [`SignableBody`], with feature `reqwest` also `reqwest::Request`, and a mutable borrow of each.
#[diagnostic::on_unimplemented(
    message = "a signer does not see the body of `{Self}`",
    note = "it signs an `http::Request` whose body is a `SignableBody` (`&str`, `Vec<u8>`, `()` …) and, with feature `reqwest` of sigv4-signer, a `reqwest::Request`",
    note = "of another body say what is signed: `signer.sign_with(request, Payload::UNSIGNED)`"
)]
pub trait SignableRequest: SignableHead {
    /// Signs in the headers, in place, together with the body. On an error the request is as it was.
    ///
    /// # Errors
    ///
    /// As [`SigningInstant::sign_http`], and [`HttpSignError::BodyIsStream`].
    fn sign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError>;

    /// Signs in the query, in place. On an error the request is as it was.
    ///
    /// # Errors
    ///
    /// As [`SigningInstant::presign_http`], and [`HttpSignError::BodyIsStream`].
    fn presign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        expires: Expires,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError>;
}

/// A body that can be seen as bytes.
///
/// Hashed is what it shows; a client that takes bodies of another kind gets it by `Request::map`
/// afterwards, as in `signer.sign(request)?.map(Full::from)`.
pub trait SignableBody {
    /// All its bytes; nothing if it is a stream.
    fn as_bytes(&self) -> Option<&[u8]>;
}

/// What becomes of the body of a request that is presigned.
pub(super) fn presigned_payload<'a>(
    rules: &SigningRules<'_>,
    body: Option<&'a [u8]>,
) -> Result<Payload<'a>, HttpSignError> {
    match rules.presigned_payload() {
        literal @ Payload::Literal(_) => Ok(literal),
        Payload::Bytes(_) | Payload::Sha256(_) => bytes(body),
    }
}

/// A body to hash.
pub(super) fn bytes(body: Option<&[u8]>) -> Result<Payload<'_>, HttpSignError> {
    body.map(Payload::Bytes).ok_or(HttpSignError::BodyIsStream)
}

impl<B> SignableHead for Request<B> {
    fn sign_head(
        &mut self,
        instant: &SigningInstant<'_>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        instant.sign_http(self, payload, rules)
    }
}

impl SignableHead for Parts {
    fn sign_head(
        &mut self,
        instant: &SigningInstant<'_>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        instant.sign_http(self, payload, rules)
    }
}

impl<B: SignableBody> SignableRequest for Request<B> {
    fn sign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        let payload = bytes(self.body().as_bytes())?;
        in_place::sign(instant, self, payload, rules)?.apply(self);
        Ok(())
    }

    fn presign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        expires: Expires,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        let payload = presigned_payload(rules, self.body().as_bytes())?;
        in_place::presign(instant, self, payload, Some(expires), rules)?.apply(self);
        Ok(())
    }
}

impl<R: SignableHead> SignableHead for &mut R {
    fn sign_head(
        &mut self,
        instant: &SigningInstant<'_>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        (**self).sign_head(instant, payload, rules)
    }
}

impl<R: SignableRequest> SignableRequest for &mut R {
    fn sign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        (**self).sign_whole(instant, rules)
    }

    fn presign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        expires: Expires,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        (**self).presign_whole(instant, expires, rules)
    }
}

/// No body at all.
impl SignableBody for () {
    fn as_bytes(&self) -> Option<&[u8]> {
        Some(b"")
    }
}

impl<B: SignableBody> SignableBody for Option<B> {
    fn as_bytes(&self) -> Option<&[u8]> {
        self.as_ref().map_or(Some(b""), B::as_bytes)
    }
}

impl<B: SignableBody + ?Sized> SignableBody for &B {
    fn as_bytes(&self) -> Option<&[u8]> {
        (**self).as_bytes()
    }
}

impl<B: SignableBody + ?Sized> SignableBody for Box<B> {
    fn as_bytes(&self) -> Option<&[u8]> {
        (**self).as_bytes()
    }
}

impl<B: SignableBody + ToOwned + ?Sized> SignableBody for Cow<'_, B> {
    fn as_bytes(&self) -> Option<&[u8]> {
        (**self).as_bytes()
    }
}

impl<const N: usize> SignableBody for [u8; N] {
    fn as_bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}

macro_rules! signable_bodies {
    ($($body:ty),*) => {$(
        impl SignableBody for $body {
            fn as_bytes(&self) -> Option<&[u8]> {
                Some(self.as_ref())
            }
        }
    )*};
}
signable_bodies!([u8], str, Vec<u8>, String, Bytes);

/// The life of a presigned request.
pub(super) fn expires(duration: Duration) -> Result<Expires, HttpSignError> {
    Expires::try_from(duration).map_err(|error| SignerError::from(error).into())
}
