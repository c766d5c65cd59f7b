//! Header signing: the value of `Authorization` and the headers that go with it.

use core::fmt;
use core::ops::Range;

use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::canonical::common_names::{CONTENT_SHA256, DATE, REGION_SET, SECURITY_TOKEN};
use crate::canonical::headers::{self, Header, SignedHeaders};
use crate::canonical::query::{self, Parameters};
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalHeaders, CanonicalRequest, Named};
use crate::error::SignError;
use crate::key::instant::SigningInstant;
use crate::payload::{Payload, PayloadHash, PayloadLine};
use crate::request::{Headers, Request};
use crate::rules::{ContentSha256, SessionToken, SigningRules};
use crate::sign::select::{
    self, CONTENT_SHA256_HEADER, DATE_HEADER, Made, REGION_SET_HEADER, SECURITY_TOKEN_HEADER,
};
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
        let mut line = payload_line(payload, rules);
        line.start();
        let content_sha256 = declared_line(&line, rules);
        with_canonical_request(self, request, &line, rules, |canonical| {
            let mut out = Buffer::new(out);
            let names = self.write_unsigned_authorization(&mut out, canonical.headers)?;
            let headers = Named { headers: canonical.headers, names };
            let signature = self.signature(&canonical.with_headers(&headers).sha256()?);
            self.finish_signed(out, signature, content_sha256)
        })
    }

    /// Bytes that the value of `Authorization` will have for a request. Costs
    /// no hashing.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if a header is malformed or already made.
    pub fn authorization_len<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        let mut count = Count::default();
        with_signed_headers(self, request, None, rules, |headers| {
            write_authorization_head(self, &mut count, headers);
            Ok(())
        })?;
        Ok(count.len() + Signature::HEX_LEN)
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
        let mut out = Buffer::new(out);
        let line = payload_line(payload, rules);
        with_canonical_request(self, request, &line, rules, |canonical| {
            Ok(canonical.write_to(&mut out)?)
        })?;
        Ok(out.finish()?)
    }

    /// Everything of the `Authorization` value but the signature; there is room
    /// for that. Returns the names of the signed headers.
    #[inline(always)]
    pub(crate) fn write_unsigned_authorization<'o>(
        &self,
        out: &'o mut Buffer<'_>,
        headers: &SignedHeaders<'_, '_>,
    ) -> Result<&'o [u8], SignError> {
        write_unsigned_authorization(self, out, headers, Signature::HEX_LEN)
    }

    /// What [`write_unsigned_authorization`](Self::write_unsigned_authorization)
    /// left out.
    #[inline(always)]
    pub(crate) fn finish_signed<'b>(
        &self,
        mut out: Buffer<'b>,
        signature: Signature,
        content_sha256: Option<PayloadHash>,
    ) -> Result<SignedRequest<'b>, SignError>
    where
        'k: 'b,
    {
        out.write(&signature.to_hex());
        Ok(SignedRequest {
            authorization: out.finish()?,
            timestamp: self.timestamp(),
            content_sha256,
            session_token: self.session_token(),
            region_set: None,
            signature,
        })
    }
}

/// Lends the canonical request of a request that is signed in its headers.
#[inline(always)]
pub(crate) fn with_canonical_request<H: Headers + ?Sized, R>(
    signatory: &impl Signatory,
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
pub(crate) fn with_signed_headers<S: Signatory, H: Headers + ?Sized, R>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Option<&PayloadLine<'_>>,
    rules: &SigningRules<'_>,
    then: impl FnOnce(&SignedHeaders<'_, '_>) -> Result<R, SignError>,
) -> Result<R, SignError> {
    headers::with_table(request.headers(), S::ADDED_HEADERS_MAX, |mut table| {
        let made = if adds_content_sha256(rules) {
            Made::WithContentSha256
        } else {
            Made::WithoutContentSha256
        };
        select::headers(&mut table, request.headers(), made, rules, payload)?;
        if adds_content_sha256(rules) {
            let line = payload.and_then(PayloadLine::known).unwrap_or_default();
            table.push(Header::added(CONTENT_SHA256, line))?;
        }
        table.push(Header::added(DATE, signatory.timestamp().as_bytes()))?;
        if rules.session_token == SessionToken::Signed
            && let Some(token) = signatory.session_token()
        {
            table.push(Header::added(SECURITY_TOKEN, token.as_bytes()))?;
        }
        if let Some(region_set) = signatory.region_set() {
            table.push(Header::added(&REGION_SET, region_set.as_bytes()))?;
        }
        then(&table.sort())
    })
}

/// Everything of the `Authorization` value but the signature, for which there
/// is room. Returns the names of the signed headers.
#[inline(always)]
pub(crate) fn write_unsigned_authorization<'o>(
    signatory: &impl Signatory,
    out: &'o mut Buffer<'_>,
    headers: &SignedHeaders<'_, '_>,
    signature_len_max: usize,
) -> Result<&'o [u8], SignError> {
    let names = write_authorization_head(signatory, out, headers);
    out.require(signature_len_max)?;
    Ok(out.written().get(names).unwrap_or_default())
}

/// Everything of the `Authorization` value but the signature; returns where the
/// names of the signed headers stand.
#[inline(always)]
pub(crate) fn write_authorization_head(
    signatory: &impl Signatory,
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

/// The same, where the last line is made already.
#[inline(always)]
pub(crate) fn declared_line(
    line: &PayloadLine<'_>,
    rules: &SigningRules<'_>,
) -> Option<PayloadHash> {
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
    pub(crate) region_set: Option<&'b str>,
    pub(crate) signature: S,
}

impl<S> SignedRequest<'_, S> {
    /// The headers to add to the request, names in lower case: `x-amz-date`,
    /// `x-amz-security-token`, `x-amz-content-sha256` and `x-amz-region-set`
    /// where they apply, and `authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            Some((DATE_HEADER, self.x_amz_date())),
            self.session_token.map(|token| (SECURITY_TOKEN_HEADER, token)),
            self.x_amz_content_sha256().map(|hash| (CONTENT_SHA256_HEADER, hash)),
            self.region_set.map(|regions| (REGION_SET_HEADER, regions)),
            Some(("authorization", self.authorization())),
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

    /// The value of `X-Amz-Security-Token`, if the credentials are temporary.
    #[must_use]
    pub const fn x_amz_security_token(&self) -> Option<&str> {
        self.session_token
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
