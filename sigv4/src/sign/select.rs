//! What of a request is signed, and what must not be there yet.

use crate::bytes::encode;
use crate::canonical::headers::{self, Header, HeaderTable};
use crate::canonical::query::Parameter;
use crate::error::{RequestError, SignError};
use crate::limits::HEADERS_MAX;
use crate::names::Role;
use crate::payload::PayloadLine;
use crate::request::Headers;
use crate::rules::SigningRules;

/// The header that declares the payload.
pub(crate) const CONTENT_SHA256_HEADER: &str = "x-amz-content-sha256";

/// The parameter that declares the payload of a presigned request.
pub(crate) const CONTENT_SHA256_PARAMETER: &str = "X-Amz-Content-Sha256";

/// The header that holds the session token.
pub(crate) const SECURITY_TOKEN_HEADER: &str = "x-amz-security-token";

/// The header that holds the regions a SigV4a signature is good for.
pub(crate) const REGION_SET_HEADER: &str = "x-amz-region-set";

/// The same as a parameter.
#[cfg(feature = "sigv4a")]
pub(crate) const REGION_SET_PARAMETER: &str = "X-Amz-Region-Set";

/// The header that holds the timestamp.
pub(crate) const DATE_HEADER: &str = "x-amz-date";

/// Headers that signing makes. A caller who passes one has signed before, or
/// means something that would be overwritten.
#[cfg(any(test, feature = "http"))]
pub(crate) const MADE_HEADERS: &[&str] = &["authorization", DATE_HEADER, SECURITY_TOKEN_HEADER];

/// The same where header signing declares the payload too. Present already, the
/// declaration would be signed twice over.
#[cfg(feature = "http")]
pub(crate) const MADE_HEADERS_WITH_CONTENT_SHA256: &[&str] =
    &["authorization", DATE_HEADER, SECURITY_TOKEN_HEADER, CONTENT_SHA256_HEADER];

/// What signing for several regions makes.
#[cfg(all(feature = "http", feature = "sigv4a"))]
pub(crate) const MADE_HEADERS_MULTI_REGION: &[&str] =
    &["authorization", DATE_HEADER, SECURITY_TOKEN_HEADER, REGION_SET_HEADER];

/// The same where it declares the payload too.
#[cfg(all(feature = "http", feature = "sigv4a"))]
pub(crate) const MADE_HEADERS_MULTI_REGION_WITH_CONTENT_SHA256: &[&str] = &[
    "authorization",
    DATE_HEADER,
    SECURITY_TOKEN_HEADER,
    REGION_SET_HEADER,
    CONTENT_SHA256_HEADER,
];

/// Parameters that make a request one that is signed in its query.
pub(crate) const QUERY_FORM_PARAMETERS: [&str; 2] = ["X-Amz-Algorithm", "X-Amz-Signature"];

/// Parameters that presigning makes.
pub(crate) const MADE_PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Checks all of `headers`, of which one must be `host`, and takes those that
/// the rules select; `payload` is what will be signed, where that is known.
#[inline(always)]
pub(crate) fn headers<'a>(
    table: &mut HeaderTable<'_, 'a>,
    headers: &'a (impl Headers + ?Sized),
    made: Made,
    rules: &SigningRules<'_>,
    payload: Option<&PayloadLine<'_>>,
) -> Result<(), SignError> {
    let mut hosts = 0;
    for (index, (name, value)) in headers.pairs().enumerate() {
        if index == HEADERS_MAX {
            return Err(RequestError::TooManyHeaders.into());
        }
        let header = Header::new(name, value, index, rules.folded_lines)?;
        let role = header.role();
        match (role, made) {
            _ if role.is_made() => return Err(already_present(&header)),
            (Role::ContentSha256, Made::WithContentSha256) => {
                return Err(already_present(&header));
            }
            (Role::ContentSha256, Made::WithoutContentSha256)
                if payload.is_some_and(|payload| payload.hash().as_bytes() != header.value()) =>
            {
                return Err(SignError::ContentSha256Mismatch);
            }
            _ => {}
        }
        hosts += usize::from(role == Role::Host);
        if rules.headers.includes(header.name(), role) {
            table.push(header)?;
        }
    }
    Ok(headers::check_hosts(hosts)?)
}

fn already_present(header: &Header<'_>) -> SignError {
    SignError::HeaderAlreadyPresent { name: header.common().map_or("", |common| common.name) }
}

/// Whether signing makes `x-amz-content-sha256` too.
#[derive(Clone, Copy)]
pub(crate) enum Made {
    WithContentSha256,
    WithoutContentSha256,
}

/// Refuses a parameter that would make a request signed in its headers look
/// signed in its query too.
#[inline(always)]
pub(crate) fn header_form_parameter(parameter: &Parameter<'_>) -> Result<bool, SignError> {
    refuse(parameter, &QUERY_FORM_PARAMETERS)?;
    Ok(true)
}

/// Refuses a parameter that is among those presigning `made`, or that
/// contradicts `payload`.
#[inline(always)]
pub(crate) fn query_form_parameter(
    parameter: &Parameter<'_>,
    made: &'static [&'static str],
    payload: &PayloadLine<'_>,
) -> Result<bool, SignError> {
    refuse(parameter, made)?;
    if parameter.is_named(CONTENT_SHA256_PARAMETER)
        && !encode::decoded(parameter.value).eq(payload.hash().as_bytes().iter().copied())
    {
        return Err(SignError::ContentSha256Mismatch);
    }
    Ok(true)
}

#[inline(always)]
fn refuse(parameter: &Parameter<'_>, made: &'static [&'static str]) -> Result<(), SignError> {
    // All of them begin so; an escape may hide it.
    if !matches!(parameter.name.first(), Some(b'X' | b'%')) {
        return Ok(());
    }
    match made.iter().find(|name| parameter.is_named(name)) {
        Some(name) => Err(SignError::ParameterAlreadyPresent { name }),
        None => Ok(()),
    }
}
