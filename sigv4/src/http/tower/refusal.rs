//! Why a server refuses a request.

use core::convert::Infallible;
use core::error::Error;
use core::fmt;

use ::http::StatusCode;

use crate::chunks::ChunkError;
use crate::error::{KeyError, RequestError};
use crate::http::answer::Answer;
use crate::http::body::VerifiedBodyError;
use crate::http::tower::BoxError;
use crate::http::tower::body::ReadError;
use crate::names::{self, parameter};
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
    pub const fn status(&self) -> StatusCode {
        self.answer().status()
    }

    /// The code that S3 answers with, one of the "Error responses" of its API
    /// reference.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.answer().code()
    }

    const fn answer(&self) -> Answer {
        match self {
            Self::Signature { error, form } => answer_to(error, *form),
            Self::UnknownAccessKey => Answer::InvalidAccessKeyId,
            Self::ExpiredAccessKey { .. } => Answer::ExpiredToken,
            Self::BodyTooLong { .. } => Answer::EntityTooLarge,
            Self::Body(_) => Answer::IncompleteBody,
            Self::Chunks(error) => Answer::to_chunks(*error),
            Self::Contents(error) => error.answer(),
            Self::AccessKeys(_) | Self::Key(_) | Self::Clock(_) => Answer::InternalError,
        }
    }
}

impl Answer {
    /// What is answered to a signature that cannot be read, by where it stands.
    const fn malformed(form: Option<Form>) -> Self {
        match form {
            Some(Form::Query) => Self::AuthorizationQueryParametersError,
            Some(Form::Header) | None => Self::AuthorizationHeaderMalformed,
        }
    }

    /// This in header form, where S3 has a code of its own for it.
    const fn in_header(self, form: Option<Form>) -> Self {
        match form {
            Some(Form::Query) => Self::AuthorizationQueryParametersError,
            Some(Form::Header) | None => self,
        }
    }
}

/// No arm for the rest: a new cause has to be thought about.
const fn answer_to(error: &VerifyError, form: Option<Form>) -> Answer {
    match error {
        // "There were headers present in the request which were not signed", of
        // `host` too, as S3 has answered to users.
        VerifyError::NoSignature
        | VerifyError::UnsignedAmzHeader
        | VerifyError::HostNotSigned
        | VerifyError::DateNotSigned
        | VerifyError::RegionSetNotSigned => Answer::AccessDenied,
        VerifyError::Request(error) => answer_to_request(error),
        VerifyError::UnnormalizedPath => Answer::InvalidUri,
        VerifyError::BothForms
        | VerifyError::MalformedContentSha256
        | VerifyError::PayloadNotCovered => Answer::InvalidArgument,
        // "Unsupported Authorization Type"
        VerifyError::UnsupportedAlgorithm => Answer::InvalidArgument.in_header(form),
        VerifyError::Missing { name } => answer_to_missing(name, form),
        // "AWS authentication requires a valid Date or x-amz-date header"
        VerifyError::MalformedDate => Answer::AccessDenied.in_header(form),
        VerifyError::Expired { .. } | VerifyError::NotYetValid { .. } => match form {
            Some(Form::Query) => Answer::AccessDenied,
            Some(Form::Header) | None => Answer::RequestTimeTooSkewed,
        },
        // A temporary key without its token is none that S3 knows.
        VerifyError::MissingSessionToken => Answer::InvalidAccessKeyId,
        VerifyError::UnexpectedSessionToken | VerifyError::SessionTokenMismatch => {
            Answer::InvalidToken
        }
        VerifyError::PayloadMismatch => Answer::XAmzContentSha256Mismatch,
        VerifyError::SignatureMismatch | VerifyError::KeyScopeMismatch => {
            Answer::SignatureDoesNotMatch
        }
        VerifyError::MalformedAuthorization
        | VerifyError::UnknownAuthorizationPart
        | VerifyError::Duplicate { .. }
        | VerifyError::MalformedCredential
        | VerifyError::InvalidExpires
        | VerifyError::WrongRegion
        | VerifyError::WrongService
        | VerifyError::WrongTerminator
        | VerifyError::ScopeDateMismatch
        | VerifyError::InvalidScope
        | VerifyError::MalformedRegionSet
        | VerifyError::RegionNotInSet
        | VerifyError::MalformedSignedHeaders
        | VerifyError::SignedHeaderAbsent
        | VerifyError::MalformedSignature => Answer::malformed(form),
    }
}

const fn answer_to_missing(name: &str, form: Option<Form>) -> Answer {
    if names::equals(name.as_bytes(), parameter::CONTENT_SHA256.as_bytes()) {
        // "Missing required header for this request: x-amz-content-sha256"
        Answer::InvalidRequest
    } else if names::equals(name.as_bytes(), parameter::DATE.as_bytes()) {
        Answer::AccessDenied.in_header(form)
    } else {
        Answer::malformed(form)
    }
}

const fn answer_to_request(error: &RequestError) -> Answer {
    match error {
        RequestError::InvalidTarget { .. }
        | RequestError::TargetNotOriginForm
        | RequestError::MalformedEscape { .. }
        | RequestError::AmbiguousPlus { .. } => Answer::InvalidUri,
        RequestError::InvalidMethod
        | RequestError::TooManyPathSegments
        | RequestError::TooManyParameters
        | RequestError::TooManyHeaders
        | RequestError::InvalidHeaderName { .. }
        | RequestError::InvalidHeaderValue { .. }
        | RequestError::MissingHost
        | RequestError::DuplicateHost => Answer::InvalidRequest,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What S3 answers to a signature in the header, and to one in the query.
    #[test]
    fn each_cause_has_the_code_of_s3() {
        use RequestError as Wrong;
        use VerifyError as Error;
        const MALFORMED: [&str; 2] =
            ["AuthorizationHeaderMalformed", "AuthorizationQueryParametersError"];
        let now = Timestamp::from_unix_seconds(1_440_938_160).unwrap();
        let (missing, duplicate) =
            (|name| Error::Missing { name }, |name| Error::Duplicate { name });
        let table = [
            (Error::NoSignature, ["AccessDenied"; 2]),
            (Error::BothForms, ["InvalidArgument"; 2]),
            (Error::UnsupportedAlgorithm, ["InvalidArgument", MALFORMED[1]]),
            (Error::MalformedAuthorization, MALFORMED),
            (Error::UnknownAuthorizationPart, MALFORMED),
            (duplicate("X-Amz-Date"), MALFORMED),
            (duplicate("Signature"), MALFORMED),
            (missing("Credential"), MALFORMED),
            (missing("SignedHeaders"), MALFORMED),
            (missing("Signature"), MALFORMED),
            (missing("X-Amz-Expires"), MALFORMED),
            (missing("X-Amz-Region-Set"), MALFORMED),
            (missing("X-Amz-Date"), ["AccessDenied", MALFORMED[1]]),
            (missing("X-Amz-Content-Sha256"), ["InvalidRequest"; 2]),
            (Error::MalformedCredential, MALFORMED),
            (Error::MalformedDate, ["AccessDenied", MALFORMED[1]]),
            (Error::Expired { timestamp: now, now }, ["RequestTimeTooSkewed", "AccessDenied"]),
            (Error::NotYetValid { timestamp: now, now }, ["RequestTimeTooSkewed", "AccessDenied"]),
            (Error::InvalidExpires, MALFORMED),
            (Error::WrongRegion, MALFORMED),
            (Error::WrongService, MALFORMED),
            (Error::WrongTerminator, MALFORMED),
            (Error::ScopeDateMismatch, MALFORMED),
            (Error::InvalidScope, MALFORMED),
            (Error::MalformedRegionSet, MALFORMED),
            (Error::RegionSetNotSigned, ["AccessDenied"; 2]),
            (Error::RegionNotInSet, MALFORMED),
            (Error::MalformedSignedHeaders, MALFORMED),
            (Error::HostNotSigned, ["AccessDenied"; 2]),
            (Error::DateNotSigned, ["AccessDenied"; 2]),
            (Error::SignedHeaderAbsent, MALFORMED),
            (Error::UnsignedAmzHeader, ["AccessDenied"; 2]),
            (Error::UnnormalizedPath, ["InvalidURI"; 2]),
            (Error::MissingSessionToken, ["InvalidAccessKeyId"; 2]),
            (Error::UnexpectedSessionToken, ["InvalidToken"; 2]),
            (Error::SessionTokenMismatch, ["InvalidToken"; 2]),
            (Error::MalformedContentSha256, ["InvalidArgument"; 2]),
            (Error::PayloadNotCovered, ["InvalidArgument"; 2]),
            (Error::PayloadMismatch, ["XAmzContentSHA256Mismatch"; 2]),
            (Error::MalformedSignature, MALFORMED),
            (Error::KeyScopeMismatch, ["SignatureDoesNotMatch"; 2]),
            (Error::SignatureMismatch, ["SignatureDoesNotMatch"; 2]),
            (Wrong::InvalidMethod.into(), ["InvalidRequest"; 2]),
            (Wrong::InvalidTarget { position: 1 }.into(), ["InvalidURI"; 2]),
            (Wrong::TargetNotOriginForm.into(), ["InvalidURI"; 2]),
            (Wrong::MalformedEscape { position: 1 }.into(), ["InvalidURI"; 2]),
            (Wrong::AmbiguousPlus { position: 1 }.into(), ["InvalidURI"; 2]),
            (Wrong::TooManyPathSegments.into(), ["InvalidRequest"; 2]),
            (Wrong::TooManyParameters.into(), ["InvalidRequest"; 2]),
            (Wrong::TooManyHeaders.into(), ["InvalidRequest"; 2]),
            (Wrong::InvalidHeaderName { index: 0 }.into(), ["InvalidRequest"; 2]),
            (Wrong::InvalidHeaderValue { index: 0 }.into(), ["InvalidRequest"; 2]),
            (Wrong::MissingHost.into(), ["InvalidRequest"; 2]),
            (Wrong::DuplicateHost.into(), ["InvalidRequest"; 2]),
        ];
        for (error, [in_header, in_query]) in table {
            let code = |form| Refusal::Signature { error, form }.code();
            let codes = [None, Some(Form::Header), Some(Form::Query)].map(code);
            assert_eq!(codes, [in_header, in_header, in_query], "{error:?}");
        }
    }

    /// Statuses of the "Error responses" document.
    #[test]
    fn each_code_has_its_status() {
        let algorithm = crate::chunks::ChecksumAlgorithm::Crc32;
        let mismatch = ChunkError::ChecksumMismatch { algorithm };
        let refusals = [
            (403, Refusal::UnknownAccessKey),
            (403, Refusal::Signature { error: VerifyError::NoSignature, form: None }),
            (403, Refusal::Signature { error: VerifyError::SignatureMismatch, form: None }),
            (400, Refusal::Signature { error: VerifyError::SessionTokenMismatch, form: None }),
            (400, Refusal::Signature { error: VerifyError::MalformedCredential, form: None }),
            (400, Refusal::BodyTooLong { max: 1 }),
            (411, Refusal::Chunks(ChunkError::MissingDecodedLength)),
            (400, Refusal::Chunks(ChunkError::MalformedDecodedLength)),
            (400, Refusal::Chunks(ChunkError::SeveralChecksums)),
            (400, Refusal::Contents(mismatch.into())),
            (403, Refusal::Contents(ChunkError::TrailerSignatureMismatch.into())),
            (500, Refusal::Key(KeyError::EmptySecretAccessKey)),
        ];
        for (status, refusal) in refusals {
            assert_eq!(refusal.status(), status, "{refusal:?}");
        }
    }
}
