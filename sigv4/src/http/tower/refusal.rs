//! Why a server refuses a request.

use core::convert::Infallible;
use core::error::Error;
use core::fmt;

use ::http::StatusCode;

use crate::chunks::ChunkError;
use crate::error::KeyError;
use crate::http::body::{VerifiedBodyError, code_of_chunks};
use crate::http::tower::BoxError;
use crate::http::tower::body::ReadError;
use crate::time::{Timestamp, TimestampError};
use crate::verify::{Form, VerifyError};

/// Why a request does not reach the inner service.
///
/// `Display` says it in words that may be sent to the client: no secret, no token, no
/// expected signature, nothing of what went wrong inside the server.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The signature is missing, malformed, out of date or wrong.
    Signature {
        /// The cause.
        error: VerifyError,
        /// Where the signature stands, if there is one.
        form: Option<Form>,
    },
    /// The access key is not known.
    UnknownAccessKey,
    /// The access key has expired.
    ExpiredAccessKey {
        /// When it did.
        expiration: Timestamp,
    },
    /// The body is longer than what is kept in memory.
    BodyTooLong {
        /// The most bytes it may have.
        max: usize,
    },
    /// The body broke off.
    Body(BoxError),
    /// What the headers say about a body in chunks is wrong.
    Chunks(ChunkError),
    /// A body in chunks is wrong. This comes to light as the inner service reads it, which then
    /// may answer as the layer does: see [`of_body_error`](Self::of_body_error).
    Contents(VerifiedBodyError<Infallible>),
    /// The access keys cannot be looked up.
    AccessKeys(BoxError),
    /// No key can be derived from the secret that was found.
    Key(KeyError),
    /// The server's clock shows a time that cannot be.
    Clock(TimestampError),
}

impl Refusal {
    pub(crate) fn of_body(error: ReadError, max: usize) -> Self {
        match error {
            ReadError::TooLong => Self::BodyTooLong { max },
            ReadError::Failed(error) => Self::Body(error),
        }
    }

    /// Why the layer has ended a body, given the error that it ended with or one that has it
    /// for a source. Nothing if the body itself broke off, or something else failed.
    ///
    /// ```
    /// use http::Response;
    /// use http_body_util::{BodyExt, Full};
    /// use sigv4::tower::{Refusal, RefusalResponse, VerifyingBody, XmlRefusals};
    ///
    /// # type BoxError = Box<dyn std::error::Error + Send + Sync>;
    /// // Whatever was kept of the body has to be thrown away where there is an error.
    /// async fn store<B>(body: VerifyingBody<B>) -> Result<Response<Full<bytes::Bytes>>, BoxError>
    /// where
    ///     B: http_body::Body<Error: Into<BoxError>>,
    /// {
    ///     match body.collect().await {
    ///         Ok(_whole) => Ok(Response::default()),
    ///         Err(error) => match Refusal::of_body_error(&*error) {
    ///             // 400 and `BadDigest` where the checksum is another.
    ///             Some(refusal) => Ok(XmlRefusals.response(&refusal)),
    ///             None => Err(error),
    ///         },
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn of_body_error(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<VerifiedBodyError<Infallible>>() {
                return Some(Self::Contents(*found));
            }
            next = error.source();
        }
        None
    }

    /// The status that S3 answers with: 400 or 403, 411 where a length is missing, and 500 if
    /// the server is at fault.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.code() {
            "AccessDenied"
            | "InvalidAccessKeyId"
            | "RequestTimeTooSkewed"
            | "SignatureDoesNotMatch" => StatusCode::FORBIDDEN,
            "MissingContentLength" => StatusCode::LENGTH_REQUIRED,
            "InternalError" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The code that S3 answers with, one of the "Error responses" of its API
    /// reference.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature { error, form } => code_of(error, *form),
            Self::UnknownAccessKey => "InvalidAccessKeyId",
            Self::ExpiredAccessKey { .. } => "ExpiredToken",
            Self::BodyTooLong { .. } => "EntityTooLarge",
            Self::Body(_) => "IncompleteBody",
            Self::Chunks(error) => code_of_chunks(*error),
            Self::Contents(error) => error.code(),
            Self::AccessKeys(_) | Self::Key(_) | Self::Clock(_) => "InternalError",
        }
    }
}

fn code_of(error: &VerifyError, form: Option<Form>) -> &'static str {
    match error {
        VerifyError::NoSignature | VerifyError::UnsignedAmzHeader => "AccessDenied",
        VerifyError::BothForms
        | VerifyError::MalformedContentSha256
        | VerifyError::PayloadNotCovered => "InvalidArgument",
        VerifyError::Request(_) => "InvalidRequest",
        VerifyError::UnnormalizedPath => "InvalidURI",
        VerifyError::Expired { .. } | VerifyError::NotYetValid { .. } => match form {
            Some(Form::Query) => "AccessDenied",
            _ => "RequestTimeTooSkewed",
        },
        VerifyError::MissingSessionToken
        | VerifyError::UnexpectedSessionToken
        | VerifyError::SessionTokenMismatch => "InvalidToken",
        VerifyError::PayloadMismatch => "XAmzContentSHA256Mismatch",
        VerifyError::SignatureMismatch | VerifyError::KeyScopeMismatch => "SignatureDoesNotMatch",
        _ => match form {
            Some(Form::Query) => "AuthorizationQueryParametersError",
            _ => "AuthorizationHeaderMalformed",
        },
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature { error, .. } => error.fmt(f),
            Self::UnknownAccessKey => f.write_str("the access key id is not known"),
            Self::ExpiredAccessKey { expiration } => {
                write!(f, "the access key expired at {expiration}")
            }
            Self::BodyTooLong { max } => write!(f, "the body has more than {max} bytes"),
            Self::Body(_) => f.write_str("the body is incomplete"),
            Self::Chunks(error) => error.fmt(f),
            Self::Contents(error) => error.fmt(f),
            Self::AccessKeys(_) | Self::Key(_) | Self::Clock(_) => {
                f.write_str("the request cannot be verified now")
            }
        }
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Signature { error, .. } => Some(error),
            Self::UnknownAccessKey | Self::ExpiredAccessKey { .. } | Self::BodyTooLong { .. } => {
                None
            }
            Self::Body(error) | Self::AccessKeys(error) => Some(&**error),
            Self::Chunks(error) => Some(error),
            Self::Contents(error) => Some(error),
            Self::Key(error) => Some(error),
            Self::Clock(error) => Some(error),
        }
    }
}

impl From<TimestampError> for Refusal {
    fn from(error: TimestampError) -> Self {
        Self::Clock(error)
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<ChunkError> for Refusal {
    fn from(error: ChunkError) -> Self {
        Self::Chunks(error)
    }
}
