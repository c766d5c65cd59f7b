//! Header signing: the value of `Authorization` and the headers that go with it.

use core::fmt;
use core::ops::Range;

use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::canonical::common_names::{
    CONTENT_SHA256, DATE, REGION_SET, S3_SESSION_TOKEN, SECURITY_TOKEN,
};
use crate::canonical::header::Header;
use crate::canonical::headers::{self, HeaderTable, SignedHeaders};
use crate::canonical::query::{self, Parameters};
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalHeaders, CanonicalRequest, Named};
use crate::error::SignError;
use crate::key::instant::SigningInstant;
use crate::names::{self, SessionTokenName};
use crate::payload::{Payload, PayloadHash, PayloadLine};
use crate::request::{Headers, Request};
use crate::rules::{ContentSha256, SessionToken, SigningRules};
use crate::sign::select::{self, MadeHeaders};
use crate::sign::signatory::Signatory;
use crate::signature::Signature;
use crate::time::Timestamp;

impl<'k> SigningInstant<'k> {
    /// Signs a request whose signature travels in headers, and writes the value
    /// of `Authorization` into `out`.
    ///
    /// The request must then be sent with the headers that
    /// [`SignedRequest::headers`] lists.
    /// [`authorization_len`](Self::authorization_len) tells the length of the
    /// value beforehand.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if the request is malformed, already holds something that
    /// signing makes, or if `out` is too short; `out` then holds zeroes where it
    /// had been written.
    pub fn sign<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<SignedRequest<'b>, SignError>
    where
        'k: 'b,
    {
        sign(self, request, payload, rules, out)
    }

    /// Bytes that the value of `Authorization` will have for a request. Costs
    /// no hashing; what the payload is makes no difference.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if a header is malformed or already made.
    pub fn authorization_len<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        _payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        authorization_len_max(self, request, rules)
    }

    /// Writes the canonical request that [`sign`](Self::sign) hashes, to compare
    /// with what a service says it saw. It holds the session token, if there is one.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn canonical_request<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        canonical_request(self, request, payload, rules, out)
    }
}

/// Signs a request, whoever does.
#[inline(always)]
pub(crate) fn sign<'k: 'b, 'b, S: Signatory<'k>, H: Headers + ?Sized>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
    out: &'b mut [u8],
) -> Result<SignedRequest<'b, S::Signature>, SignError> {
    let mut line = payload_line(payload, rules);
    line.start();
    let content_sha256 = declared_line(&line, rules);
    with_canonical_request(signatory, request, &line, rules, |canonical| {
        let mut out = Buffer::new(out);
        let names = write_unsigned_authorization(signatory, &mut out, canonical.headers)?;
        let headers = Named { headers: canonical.headers, names };
        let signature = signatory.signature(&canonical.with_headers(&headers).sha256()?);
        finish(signatory, out, signature, content_sha256)
    })
}

/// Bytes that the value of `Authorization` will have at most.
pub(crate) fn authorization_len_max<'k, S: Signatory<'k>, H: Headers + ?Sized>(
    signatory: &S,
    request: &Request<'_, H>,
    rules: &SigningRules<'_>,
) -> Result<usize, SignError> {
    let mut count = Count::default();
    with_signed_headers(signatory, request, None, rules, |headers| {
        write_authorization_head(signatory, &mut count, headers);
        Ok(())
    })?;
    Ok(count.len() + S::SIGNATURE_LEN_MAX)
}

/// Writes the canonical request that [`sign`] hashes.
pub(crate) fn canonical_request<'k, 'b, H: Headers + ?Sized>(
    signatory: &impl Signatory<'k>,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
    out: &'b mut [u8],
) -> Result<&'b [u8], SignError> {
    let mut out = Buffer::new(out);
    let line = payload_line(payload, rules);
    with_canonical_request(signatory, request, &line, rules, |canonical| {
        Ok(canonical.write_to(&mut out)?)
    })?;
    Ok(out.finish()?)
}

/// Writes the signature, which alone [`write_unsigned_authorization`] left out.
#[inline(always)]
pub(crate) fn finish<'k: 'b, 'b, S: Signatory<'k>>(
    signatory: &S,
    mut out: Buffer<'b>,
    signature: S::Signature,
    content_sha256: Option<PayloadHash>,
) -> Result<SignedRequest<'b, S::Signature>, SignError> {
    S::write_signature(&signature, &mut out);
    Ok(SignedRequest {
        authorization: out.finish()?,
        timestamp: *signatory.timestamp(),
        content_sha256,
        session_token: signatory.session_token(),
        session_token_name: signatory.session_token_name(),
        region_set: signatory.region_set(),
        signature,
    })
}

/// Lends the canonical request of a request that is signed in its headers.
#[inline(always)]
pub(crate) fn with_canonical_request<'k, H: Headers + ?Sized, R>(
    signatory: &impl Signatory<'k>,
    request: &Request<'_, H>,
    payload: &PayloadLine<'_>,
    rules: &SigningRules<'_>,
    then: impl FnOnce(
        &CanonicalRequest<'_, Parameters<'_, '_>, SignedHeaders<'_, '_>>,
    ) -> Result<R, SignError>,
) -> Result<R, SignError> {
    target::check_method(request.method())?;
    let (path, query) = Target::to_sign(request.target(), rules)?;
    with_signed_headers(signatory, request, Some(payload), rules, |headers| {
        query::with_table(query, |table| {
            let parameters = table.fill(query, select::header_form_parameter)?;
            then(&CanonicalRequest {
                method: request.method(),
                path,
                query: &parameters,
                headers,
                payload,
            })
        })
    })
}

/// The headers to sign: those of the request that the rules select, and those
/// that signing adds, the payload's line among them where it is known.
#[inline(always)]
fn with_signed_headers<'k, S: Signatory<'k>, H: Headers + ?Sized, R>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Option<&PayloadLine<'_>>,
    rules: &SigningRules<'_>,
    then: impl FnOnce(&SignedHeaders<'_, '_>) -> Result<R, SignError>,
) -> Result<R, SignError> {
    let added = if S::IS_MULTI_REGION { 4 } else { 3 };
    headers::with_table(request.headers(), added, |mut table| {
        let made = MadeHeaders::in_headers::<S>(rules);
        select::headers(&mut table, request.headers(), made, rules, payload)?;
        add_made_headers(&mut table, signatory, payload, rules)?;
        then(&table.sort())
    })
}

/// Adds the headers that are made and signed.
#[inline(always)]
fn add_made_headers<'k: 'a, 'a>(
    table: &mut HeaderTable<'_, 'a>,
    signatory: &'a impl Signatory<'k>,
    payload: Option<&'a PayloadLine<'_>>,
    rules: &SigningRules<'_>,
) -> Result<(), SignError> {
    if adds_content_sha256(rules) {
        table.push(match payload {
            Some(PayloadLine::Known(hash)) => Header::added(CONTENT_SHA256, hash.as_bytes()),
            Some(PayloadLine::Body(_) | PayloadLine::Open) | None => Header::open(CONTENT_SHA256),
        })?;
    }
    table.push(Header::added(DATE, signatory.timestamp().as_bytes()))?;
    if rules.session_token == SessionToken::Signed
        && let Some(token) = signatory.session_token()
    {
        // Twice, so that either is pushed with a sort key that the compiler knows.
        match signatory.session_token_name() {
            SessionTokenName::SecurityToken => {
                table.push(Header::added(SECURITY_TOKEN, token.as_bytes()))?;
            }
            SessionTokenName::S3Session => {
                table.push(Header::added(S3_SESSION_TOKEN, token.as_bytes()))?;
            }
        }
    }
    if let Some(region_set) = signatory.region_set() {
        table.push(Header::added(REGION_SET, region_set.as_bytes()))?;
    }
    Ok(())
}

/// Everything of the `Authorization` value but the signature, for which there
/// is room. Returns the names of the signed headers.
#[inline(always)]
pub(crate) fn write_unsigned_authorization<'k, 'o, S: Signatory<'k>>(
    signatory: &S,
    out: &'o mut Buffer<'_>,
    headers: &SignedHeaders<'_, '_>,
) -> Result<&'o [u8], SignError> {
    let names = write_authorization_head(signatory, out, headers);
    out.require(S::SIGNATURE_LEN_MAX)?;
    Ok(out.written().get(names).unwrap_or_default())
}

/// Everything of the `Authorization` value but the signature; returns where the
/// names of the signed headers stand.
#[inline(always)]
pub(crate) fn write_authorization_head<'k>(
    signatory: &impl Signatory<'k>,
    sink: &mut (impl Sink + Measure),
    headers: &SignedHeaders<'_, '_>,
) -> Range<usize> {
    sink.write(signatory.credential().in_header());
    let begin = sink.len();
    headers.write_names(sink);
    let end = sink.len();
    sink.write(b", Signature=");
    begin..end
}

/// The last line of the canonical request; known where it is declared too.
#[inline(always)]
pub(crate) fn payload_line<'a>(payload: Payload<'a>, rules: &SigningRules<'_>) -> PayloadLine<'a> {
    if adds_content_sha256(rules) { PayloadLine::Known(payload.hash()) } else { payload.line() }
}

/// What is declared in `x-amz-content-sha256`, if the rules add it.
#[inline(always)]
pub(crate) fn declared(payload: &Payload<'_>, rules: &SigningRules<'_>) -> Option<PayloadHash> {
    adds_content_sha256(rules).then(|| payload.hash())
}

/// What is declared there, where the last line is made already.
#[inline(always)]
fn declared_line(line: &PayloadLine<'_>, rules: &SigningRules<'_>) -> Option<PayloadHash> {
    match line {
        PayloadLine::Known(hash) if adds_content_sha256(rules) => Some(*hash),
        _ => None,
    }
}

#[inline(always)]
pub(crate) fn adds_content_sha256(rules: &SigningRules<'_>) -> bool {
    rules.content_sha256 == ContentSha256::Add
}

/// A signature and the headers that carry it.
#[derive(Clone, Copy)]
pub struct SignedRequest<'b, S = Signature> {
    pub(crate) authorization: &'b [u8],
    pub(crate) timestamp: Timestamp,
    pub(crate) content_sha256: Option<PayloadHash>,
    pub(crate) session_token: Option<&'b str>,
    pub(crate) session_token_name: SessionTokenName,
    pub(crate) region_set: Option<&'b str>,
    pub(crate) signature: S,
}

impl<S> SignedRequest<'_, S> {
    /// The headers to add to the request, names in lower case: `x-amz-date`,
    /// `x-amz-security-token` (or `x-amz-s3session-token`), `x-amz-content-sha256`
    /// and `x-amz-region-set` where they apply, and `authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            Some((names::header::DATE, self.x_amz_date())),
            self.session_token.map(|token| (self.session_token_name.header(), token)),
            self.x_amz_content_sha256().map(|hash| (names::header::CONTENT_SHA256, hash)),
            self.region_set.map(|regions| (names::header::REGION_SET, regions)),
            Some((names::header::AUTHORIZATION, self.authorization())),
        ]
        .into_iter()
        .flatten()
    }

    /// The value of `Authorization`.
    #[must_use]
    pub fn authorization(&self) -> &str {
        // Made of the key id, the scope and header names, all visible ASCII.
        core::str::from_utf8(self.authorization).unwrap_or_default()
    }

    /// The value of `X-Amz-Date`.
    #[must_use]
    pub fn x_amz_date(&self) -> &str {
        self.timestamp.as_str()
    }

    /// The value of `x-amz-content-sha256`, if the rules add it.
    #[must_use]
    pub fn x_amz_content_sha256(&self) -> Option<&str> {
        self.content_sha256.as_ref().map(PayloadHash::as_str)
    }

    /// The value of `X-Amz-Security-Token`, if the credentials are temporary and
    /// not those of S3 Express.
    #[must_use]
    pub const fn x_amz_security_token(&self) -> Option<&str> {
        match self.session_token_name {
            SessionTokenName::SecurityToken => self.session_token,
            SessionTokenName::S3Session => None,
        }
    }

    /// The value of `x-amz-s3session-token`, if the credentials are those of a
    /// session of S3 Express.
    #[must_use]
    pub const fn x_amz_s3session_token(&self) -> Option<&str> {
        match self.session_token_name {
            SessionTokenName::SecurityToken => None,
            SessionTokenName::S3Session => self.session_token,
        }
    }

    /// The value of `X-Amz-Region-Set`, which requests signed with SigV4a have.
    #[must_use]
    pub const fn x_amz_region_set(&self) -> Option<&str> {
        self.region_set
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &S {
        &self.signature
    }
}

impl<S> fmt::Debug for SignedRequest<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}
