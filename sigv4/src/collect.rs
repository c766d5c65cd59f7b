//! What of a request is signed, and what must not be there yet.

use crate::canonical::headers::HeaderTable;
use crate::canonical::query::Parameter;
use crate::encode;
use crate::error::SignError;
use crate::payload::PayloadLine;
use crate::request::Headers;
use crate::rules::{HeaderSelection, SKIPPED_HEADERS, SigningRules};

/// The header that declares the payload.
pub(crate) const CONTENT_SHA256_HEADER: &str = "x-amz-content-sha256";

/// The parameter that declares the payload of a presigned request.
pub(crate) const CONTENT_SHA256_PARAMETER: &str = "X-Amz-Content-Sha256";

/// The header that holds the session token.
pub(crate) const SECURITY_TOKEN_HEADER: &str = "x-amz-security-token";

/// The header that holds the timestamp.
pub(crate) const DATE_HEADER: &str = "x-amz-date";

/// Headers that signing makes. A caller who passes one has signed before, or
/// means something that would be overwritten.
pub(crate) const MADE_HEADERS: &[&str] = &["authorization", DATE_HEADER, SECURITY_TOKEN_HEADER];

/// The same where header signing declares the payload too. Present already, the
/// declaration would be signed twice over.
pub(crate) const MADE_HEADERS_WITH_CONTENT_SHA256: &[&str] =
    &["authorization", DATE_HEADER, SECURITY_TOKEN_HEADER, CONTENT_SHA256_HEADER];

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

/// Takes the headers that the rules select and that signing does not make;
/// `payload` is what will be signed, where that is known.
#[inline]
pub(crate) fn headers<'a>(
    table: &mut HeaderTable<'_, 'a>,
    headers: &'a (impl Headers + ?Sized),
    made: &[&'static str],
    rules: &SigningRules<'_>,
    payload: Option<&PayloadLine<'_>>,
) -> Result<(), SignError> {
    table.fill(headers, rules.folded_lines, |header| {
        if rules.headers == HeaderSelection::Default && !has_remarkable_len(header.name()) {
            return Ok(true);
        }
        if let Some(name) = made.iter().find(|name| header.is_named(name)) {
            return Err(SignError::HeaderAlreadyPresent { name });
        }
        if header.is_named(CONTENT_SHA256_HEADER)
            && payload.is_some_and(|payload| payload.hash().as_bytes() != header.value())
        {
            return Err(SignError::ContentSha256Mismatch);
        }
        Ok(rules.headers.includes(header.name()))
    })
}

/// Whether any header that is made or left out is as long as `name`: spares
/// most names the comparison with each.
#[inline]
fn has_remarkable_len(name: &[u8]) -> bool {
    const LENS: u64 = lens(MADE_HEADERS_WITH_CONTENT_SHA256) | lens(SKIPPED_HEADERS);
    name.len() < 64 && LENS >> name.len() & 1 == 1
}

/// A bit for each length that occurs.
const fn lens(names: &[&str]) -> u64 {
    let mut lens = 0;
    let mut at = 0;
    while at < names.len() {
        assert!(names[at].len() < 64);
        lens |= 1 << names[at].len();
        at += 1;
    }
    lens
}

/// Refuses a parameter that would make a request signed in its headers look
/// signed in its query too.
#[inline]
pub(crate) fn header_form_parameter(parameter: &Parameter<'_>) -> Result<bool, SignError> {
    refuse(parameter, &QUERY_FORM_PARAMETERS)?;
    Ok(true)
}

/// Refuses a parameter that presigning makes, or that contradicts `payload`.
#[inline]
pub(crate) fn query_form_parameter(
    parameter: &Parameter<'_>,
    payload: &PayloadLine<'_>,
) -> Result<bool, SignError> {
    refuse(parameter, &MADE_PARAMETERS)?;
    if parameter.is_named(CONTENT_SHA256_PARAMETER)
        && !encode::percent_decoded(parameter.value).eq(payload.hash().as_bytes().iter().copied())
    {
        return Err(SignError::ContentSha256Mismatch);
    }
    Ok(true)
}

#[inline]
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
