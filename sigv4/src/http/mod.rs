//! Feature `http`: the types of the `http` crate, signed and verified in place.

#[cfg(feature = "http-body")]
mod answer;
#[cfg(feature = "http-body")]
pub(crate) mod body;
mod host;
#[cfg(feature = "tower")]
pub mod tower;

use core::fmt;
use core::iter;
use std::vec::Vec;

use ::http::header::AUTHORIZATION;
use ::http::request::Parts;
use ::http::uri::{InvalidUri, InvalidUriParts, PathAndQuery, Scheme};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};

use crate::canonical::common_names::CommonName;
use crate::canonical::query as parameters;
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::instant::SigningInstant;
use crate::names::{Role, header};
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::{SigningRules, UnsignedPayload};
use crate::sign::select::{self, MadeHeaders};
use crate::sign::signatory::Signatory;
use crate::sign::{self, query};

/// Bytes of stack for an `Authorization` value or a target; longer ones cost a
/// heap allocation and a second signing.
const USUAL_LEN: usize = 2_048;

/// A request head of the `http` crate: `http::Request<B>` or
/// `http::request::Parts`.
pub trait HttpRequest {
    /// The method.
    fn method(&self) -> &Method;
    /// The target, with or without scheme and authority.
    fn uri(&self) -> &Uri;
    /// The target, to be replaced.
    fn uri_mut(&mut self) -> &mut Uri;
    /// The version of HTTP that it comes or goes in.
    fn version(&self) -> Version;
    /// The headers.
    fn headers(&self) -> &HeaderMap;
    /// The headers, to be added to.
    fn headers_mut(&mut self) -> &mut HeaderMap;
}

impl<B> HttpRequest for ::http::Request<B> {
    fn method(&self) -> &Method {
        self.method()
    }

    fn uri(&self) -> &Uri {
        self.uri()
    }

    fn uri_mut(&mut self) -> &mut Uri {
        self.uri_mut()
    }

    fn version(&self) -> Version {
        self.version()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }
}

impl HttpRequest for Parts {
    fn method(&self) -> &Method {
        &self.method
    }

    fn uri(&self) -> &Uri {
        &self.uri
    }

    fn uri_mut(&mut self) -> &mut Uri {
        &mut self.uri
    }

    fn version(&self) -> Version {
        self.version
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }
}

impl SigningInstant<'_> {
    /// Signs a request in its headers, in place.
    ///
    /// Headers of an earlier signing are replaced, so that a request can be
    /// signed anew before each retry. Without a `host` header the authority of
    /// the URI is signed, its port as HTTP clients send it: a default or empty one is left
    /// out, there and in the URI. A `host` header comes before it, and in HTTP/2 and
    /// later must not differ from it. Where the
    /// payload is the request's own body, take the request apart first
    /// (`into_parts`) and sign the parts. On an error the request is as it was. Allocates the values it inserts: one for
    /// each of `authorization`, `x-amz-date` and, where they apply,
    /// `x-amz-security-token` and `x-amz-content-sha256`.
    ///
    /// ```
    /// use sigv4::{Credentials, Payload, SigningKey, SigningRules, Timestamp};
    ///
    /// let now = Timestamp::try_from(std::time::SystemTime::now())?;
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "sts")?;
    ///
    /// let body = "Action=GetCallerIdentity&Version=2011-06-15";
    /// let mut request = http::Request::post("https://sts.amazonaws.com/").body(body)?;
    /// let payload = Payload::Bytes(body.as_bytes());
    /// key.at(now)?.sign_http(&mut request, payload, &SigningRules::STANDARD)?;
    /// assert!(request.headers().contains_key("authorization"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HttpSignError::Sign`] with what [`sign`](Self::sign) refuses, and
    /// [`HttpSignError::UnsignedPayloadOverHttp`] unless the rules allow it.
    pub fn sign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        sign_in_place(self, request, payload, rules).map(|_| ())
    }

    /// Signs a request in its query, in place: its URI becomes a presigned one.
    ///
    /// Parameters and headers of an earlier signing are removed. On an error
    /// the request is as it was. Allocates the new URI.
    ///
    /// # Errors
    ///
    /// [`HttpSignError::Sign`] with what [`presign`](Self::presign) refuses, and
    /// [`HttpSignError::InvalidUri`] if the presigned target is longer than the
    /// `http` crate allows, 65,534 bytes.
    pub fn presign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        presign_in_place(self, request, payload, expires, rules)
    }
}

/// Signs a request in its headers, whoever signs.
pub(crate) fn sign_in_place<'k, S: Signatory<'k>>(
    signatory: &S,
    request: &mut impl HttpRequest,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
) -> Result<S::Signature, HttpSignError> {
    let mut values: [Option<(HeaderName, HeaderValue)>; 5] = [const { None }; 5];
    check_unsigned_payload(request.uri(), payload, rules)?;
    let uri_as_sent = host::with_port_as_sent(request.uri());
    let signature = {
        let uri = uri_as_sent.as_ref().unwrap_or(request.uri());
        let view = HttpView::without(request, uri, MadeHeaders::in_headers::<S>(rules));
        let request = view.request();
        let (mut stack, mut heap) = ([0; USUAL_LEN], Vec::new());
        let signed = match sign::header::sign(signatory, &request, payload, rules, &mut stack) {
            Err(SignError::BufferTooSmall { needed, .. }) => {
                heap.resize(needed, 0);
                sign::header::sign(signatory, &request, payload, rules, &mut heap)?
            }
            other => other?,
        };
        for (slot, (name, value)) in values.iter_mut().zip(signed.headers()) {
            *slot = Some((HeaderName::from_static(name), header_value(name, value)?));
        }
        *signed.signature()
    };
    if let Some(uri) = uri_as_sent {
        *request.uri_mut() = uri;
    }
    for (name, value) in values.into_iter().flatten() {
        request.headers_mut().insert(name, value);
    }
    Ok(signature)
}

/// Signs a request in its query, whoever signs.
pub(crate) fn presign_in_place<'k, S: Signatory<'k>>(
    signatory: &S,
    request: &mut impl HttpRequest,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
) -> Result<(), HttpSignError> {
    // Whether the payload was declared in a header or not: that is the caller's.
    let made = MadeHeaders::in_query::<S>();
    let uri_as_sent = host::with_port_as_sent(request.uri());
    let uri = uri_as_sent.as_ref().unwrap_or(request.uri());
    let (path_and_query, signed_before) = {
        let view = HttpView::without(request, uri, made);
        let target = without_made_parameters::<S>(view.target);
        let request = Request::new(view.method.as_str(), &target, &view);
        let (mut stack, mut heap) = ([0; USUAL_LEN], Vec::new());
        let presigned =
            match query::presign(signatory, &request, payload, expires, rules, &mut stack) {
                Err(SignError::BufferTooSmall { needed, .. }) => {
                    heap.resize(needed, 0);
                    query::presign(signatory, &request, payload, expires, rules, &mut heap)?
                }
                other => other?,
            };
        (PathAndQuery::try_from(presigned.target())?, view.hidden.is_some())
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    *request.uri_mut() = Uri::from_parts(parts)?;
    if signed_before {
        for name in MadeHeaders::NAMES.into_iter().filter(|name| made.include(role_of(name))) {
            request.headers_mut().remove(name);
        }
    }
    Ok(())
}

/// Fails if nothing would protect the body on its way.
fn check_unsigned_payload(
    uri: &Uri,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
) -> Result<(), HttpSignError> {
    if let Payload::Literal(literal) = payload
        && literal.is_unsigned()
        && rules.unsigned_payload == UnsignedPayload::OverTls
        && uri.scheme() == Some(&Scheme::HTTP)
    {
        return Err(HttpSignError::UnsignedPayloadOverHttp);
    }
    Ok(())
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, HttpSignError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| HttpSignError::InvalidHeaderValue)?;
    let is_token = [header::SECURITY_TOKEN, header::S3_SESSION_TOKEN].contains(&name);
    // Keeps them out of `Debug` and of HTTP/2's compression tables.
    value.set_sensitive(name == AUTHORIZATION.as_str() || is_token);
    Ok(value)
}

/// The target without the parameters of an earlier presigning.
fn without_made_parameters<'k, S: Signatory<'k>>(target: &str) -> Vec<u8> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut kept = Vec::from(path);
    let is_made = |piece: &&[u8]| {
        let (name, _) = parameters::split(piece);
        select::made_parameter::<S>(|made| parameters::is_named(name, made)).is_some()
    };
    let separators = iter::once(b'?').chain(iter::repeat(b'&'));
    for (separator, piece) in
        separators.zip(parameters::pieces(query.as_bytes()).filter(|piece| !is_made(piece)))
    {
        kept.push(separator);
        kept.extend_from_slice(piece);
    }
    kept
}

/// A request of the `http` crate as signer and verifier see it.
///
/// Its host is what the `host` header says, or else the authority of the URI. A request
/// that names two which differ shows both, and is refused for
/// [`DuplicateHost`](crate::RequestError::DuplicateHost): a server might take either.
///
/// ```
/// # fn serve(request: &http::Request<Vec<u8>>) -> Result<(), sigv4::VerifyError> {
/// use sigv4::{HttpView, Presented};
///
/// let view = HttpView::new(request);
/// let presented = Presented::parse(&view.request())?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct HttpView<'a> {
    method: &'a Method,
    target: &'a str,
    headers: &'a HeaderMap,
    /// The authority, unless the `host` header stands for it.
    host: Option<&'a str>,
    /// Headers that are passed over.
    hidden: Option<MadeHeaders>,
}

impl<'a> HttpView<'a> {
    /// Looks at a request that was received, to verify it.
    pub fn new(request: &'a impl HttpRequest) -> Self {
        Self::with_host(request, host::beside_received(request.uri(), request.headers()))
    }

    /// Looks at a request that will be sent, to sign it. In HTTP/1 its `host`
    /// header counts, whatever the URI says, which may be where a proxy or a tunnel is.
    pub fn to_send(request: &'a impl HttpRequest) -> Self {
        let host = host::beside_sent(request.uri(), request.headers(), request.version());
        Self::with_host(request, host)
    }

    /// A request to send to this URI, less the headers of an earlier signing.
    fn without(request: &'a impl HttpRequest, uri: &'a Uri, made: MadeHeaders) -> Self {
        let host = host::beside_sent(uri, request.headers(), request.version());
        let view = Self::with_host(request, host);
        // Nearly always there are none, and then none has to be looked for again.
        let may_be_made = |name: &str| matches!(name.as_bytes().first(), Some(b'a' | b'x'));
        let has_made =
            view.headers.keys().any(|name| may_be_made(name.as_str()) && is_made(made, name));
        Self { hidden: has_made.then_some(made), ..view }
    }

    fn with_host(request: &'a impl HttpRequest, host: Option<&'a str>) -> Self {
        Self {
            method: request.method(),
            target: request.uri().path_and_query().map_or("/", PathAndQuery::as_str),
            headers: request.headers(),
            host,
            hidden: None,
        }
    }

    /// The request to sign or verify.
    #[must_use]
    pub fn request(&'a self) -> Request<'a, Self> {
        Request::new(self.method.as_str(), self.target, self)
    }
}

impl fmt::Debug for HttpView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpView").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Headers for HttpView<'_> {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let host = self.host.map(|host| (b"host".as_slice(), host.as_bytes()));
        let shown = self.headers.iter().filter(|(name, _)| match self.hidden {
            None => true,
            Some(made) => !is_made(made, name),
        });
        host.into_iter()
            .chain(shown.map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())))
    }
}

/// Whether signing makes this header.
#[inline(never)]
fn is_made(made: MadeHeaders, name: &HeaderName) -> bool {
    made.include(role_of(name.as_str()))
}

#[inline]
fn role_of(name: &str) -> Role {
    CommonName::find(name.as_bytes()).map_or(Role::Ordinary, |common| common.role)
}

impl Headers for HeaderMap {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
    }
}

/// Why a request of the `http` crate cannot be signed.
#[derive(Debug)]
#[non_exhaustive]
pub enum HttpSignError {
    /// The signer refuses it.
    Sign(SignError),
    /// No signature would cover the body, and the scheme is `http`. Hash the body, or
    /// opt in with [`UnsignedPayload::AnyScheme`] in
    /// [`SigningRules::unsigned_payload`].
    UnsignedPayloadOverHttp,
    /// The presigned target is not one that the `http` crate accepts.
    InvalidUri,
    /// A value is not one that the `http` crate accepts in a header.
    InvalidHeaderValue,
}

impl fmt::Display for HttpSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            Self::UnsignedPayloadOverHttp => f.write_str(
                "no signature covers the body, and the scheme is http: hash the body, or set \
                 SigningRules::unsigned_payload to UnsignedPayload::AnyScheme",
            ),
            Self::InvalidUri => f.write_str("the presigned target is not a valid URI"),
            Self::InvalidHeaderValue => f.write_str("a value cannot stand in a header"),
        }
    }
}

impl core::error::Error for HttpSignError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::UnsignedPayloadOverHttp | Self::InvalidUri | Self::InvalidHeaderValue => None,
        }
    }
}

impl From<SignError> for HttpSignError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
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
