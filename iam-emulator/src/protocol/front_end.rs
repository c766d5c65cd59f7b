//! What is answered before anybody asks who is calling.

use http::{HeaderMap, Method, Uri, header};

use super::Parameters;
use crate::error::ApiError;

/// The largest body, in bytes, of which anything is read.
pub const BODY_BYTES_MAX: usize = 10_000_000;

/// Where a request without an action is sent.
const REDIRECT_LOCATION: &str = "https://aws.amazon.com/iam";

/// Why a request reaches no service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FrontEndRefusal {
    /// The body is larger than [`BODY_BYTES_MAX`].
    BodyTooLarge,
    /// The path holds a percent sign that starts no escape.
    MalformedPath,
    /// No action, or no method that could carry one.
    UnknownOperation,
    /// No action at the root: off to the page for people.
    Redirect(String),
    /// The parameters cannot be read, which a service says.
    MalformedParameters(ApiError),
}

impl FrontEndRefusal {
    /// Whether the request is whole, and only says nothing that IAM or STS could do.
    pub(crate) fn is_of_dispatch(&self) -> bool {
        match self {
            Self::UnknownOperation | Self::Redirect(_) => true,
            Self::BodyTooLarge | Self::MalformedPath | Self::MalformedParameters(_) => false,
        }
    }
}

/// The parameters of a request in the Query protocol.
///
/// A GET has them in its target; a POST there and, if its content type says
/// that it is a form, in its body.
pub(crate) fn read_parameters<'a>(
    method: &Method,
    uri: &'a Uri,
    headers: &HeaderMap,
    body: &'a [u8],
    is_read: impl Fn(&str) -> bool,
) -> Result<Parameters<'a>, FrontEndRefusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(FrontEndRefusal::BodyTooLarge);
    }
    if !has_whole_escapes(uri.path().as_bytes()) {
        return Err(FrontEndRefusal::MalformedPath);
    }
    if !is_in_normal_form(uri.path()) {
        return Err(FrontEndRefusal::UnknownOperation);
    }
    if method != Method::GET && method != Method::POST {
        return Err(FrontEndRefusal::UnknownOperation);
    }
    let query = uri.query().unwrap_or_default();
    let form = if method == Method::POST && is_form(headers) { body } else { &[] };
    let parameters = Parameters::read(query.as_bytes(), form, is_read)
        .map_err(FrontEndRefusal::MalformedParameters)?;
    if parameters.get("Action").is_some() {
        return Ok(parameters);
    }
    if uri.path() != "/" {
        return Err(FrontEndRefusal::UnknownOperation);
    }
    Err(FrontEndRefusal::Redirect(match (method, uri.query()) {
        (&Method::GET, Some(query)) => format!("{REDIRECT_LOCATION}?{query}"),
        _ => REDIRECT_LOCATION.to_owned(),
    }))
}

/// `application/x-www-form-urlencoded`, whatever parameters follow.
fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    content_type
        .split(|&byte| byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii()
        .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

/// Whether normalising would leave nothing out of a path. The signature of any other one is that of
/// what it becomes, and what is asked for has to be what was signed.
fn is_in_normal_form(path: &str) -> bool {
    let inside = path.strip_prefix('/').unwrap_or(path);
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    path == "/" || inside.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

fn has_whole_escapes(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'%')
        .skip(1)
        .all(|behind| behind.len() >= 2 && behind[..2].iter().all(u8::is_ascii_hexdigit))
}
