//! What signing makes, told once, and which headers of a request it covers.

use crate::bytes::encode;
use crate::canonical::header::Header;
use crate::canonical::headers::{self, HeaderTable};
use crate::canonical::query::Parameter;
use crate::error::{RequestError, SignError};
use crate::limits::HEADERS_MAX;
#[cfg(feature = "http")]
use crate::names;
use crate::names::{Role, parameter};
use crate::payload::PayloadLine;
use crate::request::Headers;
use crate::rules::{ContentSha256, SigningRules};
use crate::sign::signatory::Signatory;

/// The headers that one way of signing makes. A caller who passes one has signed
/// before, or means something that would be overwritten.
#[derive(Clone, Copy)]
pub(crate) struct MadeHeaders {
    content_sha256: bool,
    region_set: bool,
}

impl MadeHeaders {
    /// Their names, whatever the way.
    #[cfg(feature = "http")]
    pub(crate) const NAMES: [&str; 6] = [
        names::header::AUTHORIZATION,
        names::header::CONTENT_SHA256,
        names::header::DATE,
        names::header::REGION_SET,
        names::header::S3_SESSION_TOKEN,
        names::header::SECURITY_TOKEN,
    ];

    /// A bit for each length that one of the names has.
    #[cfg(feature = "http")]
    const LENGTHS: u32 = {
        let (mut lengths, mut at) = (0, 0);
        while at < Self::NAMES.len() {
            lengths |= 1 << Self::NAMES[at].len();
            at += 1;
        }
        lengths
    };

    /// Whether one of the names is as long as this one: most are told apart so.
    #[cfg(feature = "http")]
    #[inline(always)]
    pub(crate) fn have_one_as_long_as(name: &str) -> bool {
        u32::try_from(name.len())
            .ok()
            .and_then(|len| Self::LENGTHS.checked_shr(len))
            .is_some_and(|lengths| lengths & 1 > 0)
    }

    /// Those of signing in headers. Where it declares the payload, a declaration
    /// that is there would be signed twice over.
    #[inline(always)]
    pub(crate) fn in_headers<'k, S: Signatory<'k>>(rules: &SigningRules<'_>) -> Self {
        let content_sha256 = rules.content_sha256 == ContentSha256::Add;
        Self { content_sha256, region_set: S::IS_MULTI_REGION }
    }

    /// Those that would sign a presigned request once more.
    #[inline(always)]
    pub(crate) fn in_query<'k, S: Signatory<'k>>() -> Self {
        Self { content_sha256: false, region_set: S::IS_MULTI_REGION }
    }

    /// Whether the header with this role is one of them.
    #[inline(always)]
    pub(crate) const fn include(self, role: Role) -> bool {
        match role {
            Role::Authorization | Role::AmzDate | Role::SecurityToken | Role::S3SessionToken => {
                true
            }
            Role::ContentSha256 => self.content_sha256,
            Role::RegionSet => self.region_set,
            Role::Ordinary | Role::Host | Role::Date | Role::Skipped => false,
        }
    }
}

/// Checks all of `headers`, of which one must be `host`, and takes those that
/// the rules select; `payload` is what will be signed, where that is known.
#[inline(always)]
pub(crate) fn headers<'a>(
    table: &mut HeaderTable<'_, 'a>,
    headers: &'a (impl Headers + ?Sized),
    made: MadeHeaders,
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
        match role {
            Role::Ordinary | Role::Skipped => {}
            Role::Host => hosts += 1,
            _ if made.include(role) => return Err(already_present(&header)),
            Role::ContentSha256 => check_declared(&header, payload)?,
            Role::Date
            | Role::AmzDate
            | Role::Authorization
            | Role::SecurityToken
            | Role::S3SessionToken
            | Role::RegionSet => {}
        }
        if rules.headers.includes(header.name(), role) {
            table.push(header)?;
        }
    }
    Ok(headers::check_hosts(hosts)?)
}

/// Fails if the payload to be signed is another one than a header declares.
fn check_declared(header: &Header<'_>, payload: Option<&PayloadLine<'_>>) -> Result<(), SignError> {
    match payload {
        Some(payload) if !payload.is(header.value().iter().copied()) => {
            Err(SignError::ContentSha256Mismatch)
        }
        Some(_) | None => Ok(()),
    }
}

fn already_present(header: &Header<'_>) -> SignError {
    SignError::HeaderAlreadyPresent { name: header.common().map_or("", |common| common.name) }
}

/// Parameters that make a request one that is signed in its query.
const QUERY_FORM_PARAMETERS: [&str; 2] = [parameter::ALGORITHM, parameter::SIGNATURE];

/// Parameters that presigning makes, that of the regions only for several.
const MADE_PARAMETERS: [&str; 9] = [
    parameter::ALGORITHM,
    parameter::CREDENTIAL,
    parameter::DATE,
    parameter::EXPIRES,
    parameter::S3_SESSION_TOKEN,
    parameter::SECURITY_TOKEN,
    parameter::SIGNATURE,
    parameter::SIGNED_HEADERS,
    parameter::REGION_SET,
];

/// The parameter that presigning makes and whose name, decoded, this is.
#[inline(always)]
pub(crate) fn made_parameter<'k, S: Signatory<'k>>(
    is_named: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let [always @ .., _] = &MADE_PARAMETERS;
    let made = if S::IS_MULTI_REGION { MADE_PARAMETERS.as_slice() } else { always };
    made.iter().copied().find(|name| is_named(name))
}

/// Refuses a parameter that would make a request signed in its headers look
/// signed in its query too.
#[inline(always)]
pub(crate) fn header_form_parameter(parameter: &Parameter<'_>) -> Result<bool, SignError> {
    if may_be_made(parameter) {
        refuse(QUERY_FORM_PARAMETERS.into_iter().find(|name| parameter.is_named(name)))?;
    }
    Ok(true)
}

/// Refuses a parameter that presigning makes, or that contradicts `payload`.
#[inline(always)]
pub(crate) fn query_form_parameter<'k, S: Signatory<'k>>(
    parameter: &Parameter<'_>,
    payload: &PayloadLine<'_>,
) -> Result<bool, SignError> {
    if may_be_made(parameter) {
        refuse(made_parameter::<S>(|name| parameter.is_named(name)))?;
        if parameter.is_named(parameter::CONTENT_SHA256)
            && !payload.is(encode::decoded(parameter.value))
        {
            return Err(SignError::ContentSha256Mismatch);
        }
    }
    Ok(true)
}

/// Whether the name begins as all of them do; an escape may hide it.
#[inline(always)]
fn may_be_made(parameter: &Parameter<'_>) -> bool {
    matches!(parameter.name.first(), Some(b'X' | b'%'))
}

fn refuse(made: Option<&'static str>) -> Result<(), SignError> {
    match made {
        Some(name) => Err(SignError::ParameterAlreadyPresent { name }),
        None => Ok(()),
    }
}
