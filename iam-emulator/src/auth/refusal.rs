//! How IAM and STS word a failed authentication.

use std::fmt::{Display, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::{
    error::{ApiError, ErrorCode},
    service::Service,
};

pub(super) fn missing_authentication_token() -> ApiError {
    ApiError::new(ErrorCode::MissingAuthenticationToken, "Request is missing Authentication Token")
}

/// Signed in the header and in the query: refused without a word.
pub(super) fn both_forms() -> ApiError {
    ApiError::without_message(ErrorCode::SignatureDoesNotMatch)
}

pub(super) fn unsupported_algorithm(algorithm: &str) -> ApiError {
    incomplete(format!("Unsupported AWS 'algorithm': '{algorithm}'."))
}

pub(super) fn missing_equal_sign(authorization: &[u8]) -> ApiError {
    let hash = hashed(authorization);
    incomplete(format!(
        "Invalid key=value pair (missing equal-sign) in Authorization header \
         (hashed with SHA-256 and encoded with Base64): '{hash}'."
    ))
}

/// The parts that a signature lacks.
pub(super) struct Missing {
    pub(super) credential: bool,
    pub(super) signature: bool,
    pub(super) signed_headers: bool,
    pub(super) date: bool,
}

impl Missing {
    pub(super) fn any(&self) -> bool {
        self.credential || self.signature || self.signed_headers || self.date
    }
}

pub(super) fn incomplete_header(missing: &Missing, authorization: &[u8]) -> ApiError {
    let mut message = String::new();
    for (is_missing, sentence) in [
        (missing.credential, "requires 'Credential' parameter."),
        (missing.signature, "requires 'Signature' parameter."),
        (missing.signed_headers, "requires 'SignedHeaders' parameter."),
        (missing.date, "requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    ] {
        if is_missing {
            message.push_str("Authorization header ");
            message.push_str(sentence);
            message.push(' ');
        }
    }
    let hash = hashed(authorization);
    message.push_str("(Hashed with SHA-256 and encoded with Base64) Authorization=");
    message.push_str(&hash);
    incomplete(message)
}

pub(super) fn incomplete_query(missing: &Missing) -> ApiError {
    let mut message = String::new();
    for (is_missing, name) in [
        (missing.credential, "X-Amz-Credential"),
        (missing.signature, "X-Amz-Signature"),
        (missing.signed_headers, "X-Amz-SignedHeaders"),
        (missing.date, "X-Amz-Date"),
    ] {
        if is_missing {
            message.push_str("AWS query-string parameters must include '");
            message.push_str(name);
            message.push_str("'. ");
        }
    }
    message.push_str("Re-examine the query-string parameters.");
    incomplete(message)
}

pub(super) fn host_not_signed() -> ApiError {
    mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned())
}

pub(super) fn malformed_date(date: &str) -> ApiError {
    incomplete(format!(
        "Date must be in ISO-8601 'basic format'. Got '{date}'. \
         See http://en.wikipedia.org/wiki/ISO_8601"
    ))
}

pub(super) fn expired(
    timestamp: &impl Display,
    earliest: &impl Display,
    now: &impl Display,
    minutes: i64,
) -> ApiError {
    mismatch(format!(
        "Signature expired: {timestamp} is now earlier than {earliest} ({now} - {minutes} min.)"
    ))
}

pub(super) fn not_yet_current(
    timestamp: &impl Display,
    latest: &impl Display,
    now: &impl Display,
    minutes: i64,
) -> ApiError {
    mismatch(format!(
        "Signature not yet current: {timestamp} is still later than {latest} ({now} + {minutes} min.)"
    ))
}

pub(super) fn not_five_parts(credential: &str) -> ApiError {
    incomplete(format!(
        "Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got '{credential}'"
    ))
}

/// What is wrong with a credential scope: every sentence but the last ends
/// with a space, whether another one follows or not.
#[derive(Default)]
pub(super) struct ScopeProblems(String);

impl ScopeProblems {
    pub(super) fn region(&mut self) {
        self.0.push_str("Credential should be scoped to a valid region. ");
    }

    pub(super) fn service(&mut self, service: Service) {
        self.sentence(format_args!(
            "Credential should be scoped to correct service: '{service}'. "
        ));
    }

    pub(super) fn terminator(&mut self) {
        self.0.push_str("Credential should be scoped with a valid terminator: 'aws4_request'. ");
    }

    pub(super) fn date(
        &mut self,
        scope: &impl Display,
        day: &impl Display,
        timestamp: &impl Display,
    ) {
        self.sentence(format_args!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
             HTTP: '{scope}' != '{day}', from '{timestamp}'."
        ));
    }

    pub(super) fn into_refusal(self) -> ApiError {
        mismatch(self.0)
    }

    fn sentence(&mut self, sentence: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(sentence);
    }
}

pub(super) fn expired_token() -> ApiError {
    let message = "The security token included in the request is expired";
    ApiError::new(ErrorCode::ExpiredToken, message)
}

pub(super) fn signature_mismatch() -> ApiError {
    mismatch(
        "The request signature we calculated does not match the signature you provided. Check \
         your AWS Secret Access Key and signing method. Consult the service documentation for \
         details."
            .to_owned(),
    )
}

fn incomplete(message: String) -> ApiError {
    ApiError::new(ErrorCode::IncompleteSignature, message)
}

fn mismatch(message: String) -> ApiError {
    ApiError::new(ErrorCode::SignatureDoesNotMatch, message)
}

/// A header that may hold a signature is told by its hash.
fn hashed(authorization: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(authorization))
}
