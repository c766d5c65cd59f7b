//! The one error of every layer, and the table that gives it a wire form.

use std::{borrow::Cow, error::Error, fmt};

/// Why a request was refused, as the client is told.
///
/// It never holds a secret or a signature. Code and message are what AWS
/// answers; the status code belongs to the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    code: ErrorCode,
    message: Option<Cow<'static, str>>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: Some(message.into()) }
    }

    /// An error whose answer has no `Message` element at all.
    pub(crate) fn without_message(code: ErrorCode) -> Self {
        Self { code, message: None }
    }

    pub(crate) fn validation(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::ValidationError, message)
    }

    /// What kind of error it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// AWS's text for it; some errors have none.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl Error for ApiError {}

/// The kind of an [`ApiError`], in IAM's own terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The caller may not do this.
    AccessDenied,
    /// Something still hangs on the entity to delete.
    DeleteConflict,
    /// The name is taken.
    EntityAlreadyExists,
    /// The session token's life is over.
    ExpiredToken,
    /// The `Authorization` header or query cannot be read, or lacks a part.
    IncompleteSignature,
    /// No such operation in that version of the API.
    InvalidAction,
    /// The access key is unknown, deleted or inactive, or its token wrong.
    InvalidClientTokenId,
    /// The input contradicts itself.
    InvalidInput,
    /// A quota is used up.
    LimitExceeded,
    /// A number that is none.
    MalformedInput,
    /// A percent escape that is none.
    MalformedQueryString,
    /// The request is not signed.
    MissingAuthenticationToken,
    /// The user, the access key or the policy does not exist.
    NoSuchEntity,
    /// The signature, its date or its scope is wrong.
    SignatureDoesNotMatch,
    /// A parameter breaks its constraint.
    ValidationError,
}

impl ErrorCode {
    /// The text of the `Code` element.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status code of the answer.
    #[must_use]
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// The text of the `Type` element: who is at fault.
    pub(crate) fn fault(self) -> &'static str {
        if self.status() < 500 { "Sender" } else { "Receiver" }
    }

    /// The table: wire name and status of every code.
    fn row(self) -> (&'static str, u16) {
        match self {
            Self::AccessDenied => ("AccessDenied", 403),
            Self::DeleteConflict => ("DeleteConflict", 409),
            Self::EntityAlreadyExists => ("EntityAlreadyExists", 409),
            Self::ExpiredToken => ("ExpiredToken", 403),
            Self::IncompleteSignature => ("IncompleteSignature", 400),
            Self::InvalidAction => ("InvalidAction", 400),
            Self::InvalidClientTokenId => ("InvalidClientTokenId", 403),
            Self::InvalidInput => ("InvalidInput", 400),
            Self::LimitExceeded => ("LimitExceeded", 409),
            Self::MalformedInput => ("MalformedInput", 400),
            Self::MalformedQueryString => ("MalformedQueryString", 404),
            Self::MissingAuthenticationToken => ("MissingAuthenticationToken", 403),
            Self::NoSuchEntity => ("NoSuchEntity", 404),
            Self::SignatureDoesNotMatch => ("SignatureDoesNotMatch", 403),
            Self::ValidationError => ("ValidationError", 400),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
