//! Why a request of the `http` crate cannot be signed.

use core::fmt;

use ::http::uri::{InvalidUri, InvalidUriParts};

use crate::error::SignError;
#[cfg(feature = "signer")]
use crate::signer::SignerError;

/// Why a request of the `http` crate cannot be signed.
#[derive(Debug)]
#[non_exhaustive]
pub enum HttpSignError {
    /// It is refused.
    Sign(SignError),
    /// The `Signer` has no key for it.
    #[cfg(feature = "signer")]
    Signer(SignerError),
    /// No signature would cover the body, and the scheme is `http`. Hash the body, or
    /// opt in with [`UnsignedPayload::AnyScheme`](crate::UnsignedPayload::AnyScheme) in
    /// [`SigningRules::unsigned_payload`](crate::SigningRules::unsigned_payload).
    UnsignedPayloadOverHttp,
    /// The body is a stream, of which nothing is known yet: say what the signature says of it
    /// (`Signer::sign_with`), or sign it in chunks (feature `http-body`).
    BodyIsStream,
    /// The target, presigned or of a URL, is not one that the `http` crate accepts.
    InvalidUri,
    /// A value is not one that the `http` crate accepts in a header.
    InvalidHeaderValue,
}

impl fmt::Display for HttpSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            #[cfg(feature = "signer")]
            Self::Signer(error) => error.fmt(f),
            Self::UnsignedPayloadOverHttp => f.write_str(
                "no signature covers the body, and the scheme is http: hash the body, or set \
                 SigningRules::unsigned_payload to UnsignedPayload::AnyScheme",
            ),
            Self::BodyIsStream => {
                f.write_str("the body is a stream: say what the signature says of it")
            }
            Self::InvalidUri => f.write_str("the target is not a valid URI"),
            Self::InvalidHeaderValue => f.write_str("a value cannot stand in a header"),
        }
    }
}

impl core::error::Error for HttpSignError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            #[cfg(feature = "signer")]
            Self::Signer(error) => Some(error),
            Self::UnsignedPayloadOverHttp
            | Self::BodyIsStream
            | Self::InvalidUri
            | Self::InvalidHeaderValue => None,
        }
    }
}

impl From<SignError> for HttpSignError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

#[cfg(feature = "signer")]
impl From<SignerError> for HttpSignError {
    fn from(error: SignerError) -> Self {
        Self::Signer(error)
    }
}

impl From<InvalidUri> for HttpSignError {
    fn from(_: InvalidUri) -> Self {
        Self::InvalidUri
    }
}

impl From<InvalidUriParts> for HttpSignError {
    fn from(_: InvalidUriParts) -> Self {
        Self::InvalidUri
    }
}
