//! Requests of the `http` crate, signed in place by either algorithm.

use core::iter;
use std::borrow::Cow;
use std::vec::Vec;

use ::http::uri::{self, PathAndQuery};
use ::http::{HeaderName, HeaderValue, Uri};

use crate::canonical::query as parameters;
use crate::error::SignError;
use crate::expires::Expires;
use crate::http::view::role_of;
use crate::http::{HttpRequest, HttpSignError, HttpView, host};
use crate::key::instant::SigningInstant;
use crate::names::{SessionTokenName, header};
use crate::payload::Payload;
use crate::request::Request;
use crate::rules::{SigningRules, UnsignedPayload};
use crate::sign::header::SignedRequest;
use crate::sign::select::{self, MadeHeaders};
use crate::sign::signatory::Signatory;
use crate::sign::{self, query};

/// Bytes of stack for an `Authorization` value, and for a target; longer ones cost a heap
/// allocation and a second signing. Zeroing takes time: there are as many as some forty names of
/// headers need, and a session token of the usual length.
const AUTHORIZATION_USUAL_LEN: usize = 1_024;
const TARGET_USUAL_LEN: usize = 2_048;

impl SigningInstant<'_> {
    /// Signs a request in its headers, in place.
    ///
    /// Headers of an earlier signing are replaced, so that a request can be
    /// signed anew before each retry. Without a `host` header the authority of
    /// the URI is signed as HTTP clients send it: a default or empty port, a user and a password are left
    /// out, there and in the URI. A `host` header comes before it, and in HTTP/2 and
    /// later must not differ from it. Where the
    /// payload is the request's own body, take the request apart first
    /// (`into_parts`) and sign the parts. On an error the request is as it was. Allocates the values it inserts: one for
    /// each of `authorization`, `x-amz-date` and, where they apply,
    /// `x-amz-security-token` and `x-amz-content-sha256`; room for them, where the map of
    /// headers has none left; and a buffer if `authorization` is longer than a thousand bytes.
    ///
    /// ```
    /// use sigv4::{Credentials, Payload, SigningKey, SigningRules, Timestamp};
    ///
    /// let now = Timestamp::now();
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
        sign(self, request, payload, rules)?.apply(request);
        Ok(())
    }

    /// Signs a request in its query, in place: its URI becomes a presigned one.
    ///
    /// Parameters and headers of an earlier signing are removed. On an error
    /// the request is as it was. Allocates the new URI; a buffer if that is longer than two
    /// thousand bytes, and another if it was presigned before.
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
        presign(self, request, payload, expires, rules)?.apply(request);
        Ok(())
    }
}

/// What signing changes in a request, so that its body may be looked at until then.
pub(crate) struct Changes<S> {
    /// Headers to insert.
    headers: [Option<MadeHeader>; 5],
    /// In place of the one that is there.
    uri: Option<Uri>,
    /// Headers of an earlier signing, to be removed.
    hidden: Option<MadeHeaders>,
    signature: S,
}

impl<S> Changes<S> {
    /// Changes the request that was signed.
    #[inline(always)]
    pub(crate) fn apply(mut self, request: &mut impl HttpRequest) -> S {
        if let Some(uri) = self.uri.take() {
            *request.uri_mut() = uri;
        }
        if let Some(made) = self.hidden {
            remove(made, request);
        }
        for header in &mut self.headers {
            if let Some((name, value)) = header.take() {
                request.headers_mut().insert(name, value);
            }
        }
        self.signature
    }
}

/// Signs a request in its headers, whoever signs.
#[inline(always)]
pub(crate) fn sign<'k, S: Signatory<'k>>(
    signatory: &S,
    request: &impl HttpRequest,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
) -> Result<Changes<S::Signature>, HttpSignError> {
    let made = MadeHeaders::in_headers::<S>(rules);
    check_unsigned_payload(request.uri(), payload, rules)?;
    let uri_as_sent = host::with_authority_as_sent(request.uri());
    let (headers, hidden, signature) = {
        let uri = uri_as_sent.as_ref().unwrap_or(request.uri());
        let view = HttpView::without(request, uri, made);
        let request = view.request();
        let (mut stack, mut heap) = ([0; AUTHORIZATION_USUAL_LEN], Vec::new());
        let signed = match sign::header::sign(signatory, &request, payload, rules, &mut stack) {
            Err(SignError::BufferTooSmall { needed, .. }) => {
                heap.resize(needed, 0);
                sign::header::sign(signatory, &request, payload, rules, &mut heap)?
            }
            other => other?,
        };
        (made_headers(&signed)?, view.hidden, *signed.signature())
    };
    Ok(Changes { headers, uri: uri_as_sent, hidden, signature })
}

/// Signs a request in its query, whoever signs.
pub(crate) fn presign<'k, S: Signatory<'k>>(
    signatory: &S,
    request: &impl HttpRequest,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
) -> Result<Changes<()>, HttpSignError> {
    // Whether the payload was declared in a header or not: that is the caller's.
    let made = MadeHeaders::in_query::<S>();
    let uri_as_sent = host::with_authority_as_sent(request.uri());
    let uri = uri_as_sent.as_ref().unwrap_or(request.uri());
    let view = HttpView::without(request, uri, made);
    let path_and_query = {
        let target = without_made_parameters::<S>(view.target);
        let request = Request::new(view.method.as_str(), &target, &view);
        let (mut stack, mut heap) = ([0; TARGET_USUAL_LEN], Vec::new());
        let presigned =
            match query::presign(signatory, &request, payload, expires, rules, &mut stack) {
                Err(SignError::BufferTooSmall { needed, .. }) => {
                    heap.resize(needed, 0);
                    query::presign(signatory, &request, payload, expires, rules, &mut heap)?
                }
                other => other?,
            };
        PathAndQuery::try_from(presigned.target())?
    };
    let hidden = view.hidden;
    let mut parts = uri::Parts::default();
    parts.scheme = uri.scheme().cloned();
    parts.authority = uri.authority().cloned();
    parts.path_and_query = Some(path_and_query);
    let uri = Some(Uri::from_parts(parts)?);
    Ok(Changes { headers: [const { None }; 5], uri, hidden, signature: () })
}

/// Removes what an earlier signing has made. Not all of it would be replaced: other
/// credentials may have no token, or one of another name.
fn remove(made: MadeHeaders, request: &mut impl HttpRequest) {
    for name in MadeHeaders::NAMES.into_iter().filter(|name| made.include(role_of(name))) {
        request.headers_mut().remove(name);
    }
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
        && uri.scheme_str() == Some("http")
    {
        return Err(HttpSignError::UnsignedPayloadOverHttp);
    }
    Ok(())
}

/// The headers that carry a signature: those of [`SignedRequest::headers`], as owned values.
#[inline(always)]
fn made_headers<S>(
    signed: &SignedRequest<'_, S>,
) -> Result<[Option<MadeHeader>; 5], HttpSignError> {
    // Made by the compiler: a name that is made of a text is checked each time.
    static AUTHORIZATION: HeaderName = HeaderName::from_static(header::AUTHORIZATION);
    static CONTENT_SHA256: HeaderName = HeaderName::from_static(header::CONTENT_SHA256);
    static DATE: HeaderName = HeaderName::from_static(header::DATE);
    static REGION_SET: HeaderName = HeaderName::from_static(header::REGION_SET);
    static S3_SESSION_TOKEN: HeaderName = HeaderName::from_static(header::S3_SESSION_TOKEN);
    static SECURITY_TOKEN: HeaderName = HeaderName::from_static(header::SECURITY_TOKEN);
    let token_name = match signed.session_token_name {
        SessionTokenName::SecurityToken => &SECURITY_TOKEN,
        SessionTokenName::S3Session => &S3_SESSION_TOKEN,
    };
    let (token, hash) = (signed.session_token, signed.content_sha256.as_ref());
    Ok([
        Some(sensitive(&AUTHORIZATION, signed.authorization)?),
        Some(public(&DATE, signed.timestamp.as_bytes())?),
        token.map(|token| sensitive(token_name, token.as_bytes())).transpose()?,
        hash.map(|hash| public(&CONTENT_SHA256, hash.as_bytes())).transpose()?,
        signed.region_set.map(|set| public(&REGION_SET, set.as_bytes())).transpose()?,
    ])
}

/// A header to insert.
type MadeHeader = (&'static HeaderName, HeaderValue);

#[inline(always)]
fn public(name: &'static HeaderName, value: &[u8]) -> Result<MadeHeader, HttpSignError> {
    let value = HeaderValue::from_bytes(value).map_err(|_| HttpSignError::InvalidHeaderValue)?;
    Ok((name, value))
}

/// One that is kept out of `Debug` and of HTTP/2's compression tables.
#[inline(always)]
fn sensitive(name: &'static HeaderName, value: &[u8]) -> Result<MadeHeader, HttpSignError> {
    let (name, mut value) = public(name, value)?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// The target without the parameters of an earlier presigning.
fn without_made_parameters<'k, S: Signatory<'k>>(target: &str) -> Cow<'_, [u8]> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_made = |piece: &[u8]| {
        let (name, _) = parameters::split(piece);
        select::made_parameter::<S>(|made| parameters::is_named(name, made)).is_some()
    };
    let pieces = || parameters::pieces(query.as_bytes());
    // Nearly always there are none.
    if !pieces().any(is_made) {
        return Cow::Borrowed(target.as_bytes());
    }
    let mut kept = Vec::with_capacity(target.len());
    kept.extend_from_slice(path.as_bytes());
    let separators = iter::once(b'?').chain(iter::repeat(b'&'));
    for (separator, piece) in separators.zip(pieces().filter(|piece| !is_made(piece))) {
        kept.push(separator);
        kept.extend_from_slice(piece);
    }
    Cow::Owned(kept)
}
