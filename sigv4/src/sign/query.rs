//! Presigning: a target that carries its own signature.

use core::fmt;
use core::str::Utf8Error;

use crate::bytes::decimal;
use crate::bytes::encode::PercentEncoding;
use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::canonical::headers::{self, SignedHeaders};
use crate::canonical::query::{self, Parameters};
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalQuery, CanonicalRequest};
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::instant::SigningInstant;
use crate::names::{self, SessionTokenName};
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::{SessionToken, SigningRules};
use crate::sign::select::{self, MadeHeaders};
use crate::sign::signatory::Signatory;
use crate::signature::Signature;

impl<'k> SigningInstant<'k> {
    /// Signs a request whose signature travels in the query, and writes its
    /// target (path and query) into `out`.
    ///
    /// The query is emitted in its canonical form: what is signed is what is
    /// sent. Whoever sends the request must send the headers of `request` that
    /// the rules select, so pass `host` and no more than is needed. Without
    /// `expires` the service decides how long the request is good for; S3
    /// demands it. [`presigned_len`](Self::presigned_len) tells the length of
    /// the target beforehand.
    ///
    /// For S3 the payload is usually [`Payload::UNSIGNED`], for others
    /// [`Payload::EMPTY`].
    ///
    /// # Errors
    ///
    /// A [`SignError`] if the request is malformed, already holds something that
    /// signing makes, or if `out` is too short; `out` then holds zeroes where it
    /// had been written.
    pub fn presign<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<PresignedRequest<'b>, SignError> {
        presign(self, request, payload, expires, rules, out)
    }

    /// Bytes that the presigned target of a request will have. Costs no hashing.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign), except for the buffer.
    pub fn presigned_len<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        presigned_len_max(self, request, payload, expires, rules)
    }

    /// Writes the canonical request that [`presign`](Self::presign) hashes, to
    /// compare with what a service says it saw. It holds the session token, if
    /// there is one.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presigned_canonical_request<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        presigned_canonical_request(self, request, payload, expires, rules, out)
    }
}

/// Presigns a request, whoever does.
#[inline(always)]
pub(crate) fn presign<'k, 'b, S: Signatory<'k>, H: Headers + ?Sized>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
    out: &'b mut [u8],
) -> Result<PresignedRequest<'b, S::Signature>, SignError> {
    with_query(signatory, request, payload, expires, rules, |canonical| {
        let mut out = Buffer::new(out);
        let query = write_unsigned_target(signatory, &mut out, canonical, rules)?;
        let signature = signatory.signature(&canonical.with_query(&query).sha256()?);
        finish(signatory, out, signature, rules)
    })
}

/// Bytes that the presigned target of a request will have at most.
pub(crate) fn presigned_len_max<'k, S: Signatory<'k>, H: Headers + ?Sized>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
) -> Result<usize, SignError> {
    let mut count = Count::default();
    with_query(signatory, request, payload, expires, rules, |canonical| {
        canonical.path.write_target(&mut count)?;
        count.write(b"?");
        canonical.query.write_to(&mut count);
        Ok(())
    })?;
    Ok(count.len() + tail_len_max(signatory, rules))
}

/// Writes the canonical request that [`presign`] hashes.
pub(crate) fn presigned_canonical_request<'k, 'b, H: Headers + ?Sized>(
    signatory: &impl Signatory<'k>,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
    out: &'b mut [u8],
) -> Result<&'b [u8], SignError> {
    let mut out = Buffer::new(out);
    with_query(signatory, request, payload, expires, rules, |canonical| {
        Ok(canonical.write_to(&mut out)?)
    })?;
    Ok(out.finish()?)
}

/// Writes the signature, which alone [`write_unsigned_target`] left out, and what
/// follows it.
#[inline(always)]
pub(crate) fn finish<'k, 'b, S: Signatory<'k>>(
    signatory: &S,
    mut out: Buffer<'b>,
    signature: S::Signature,
    rules: &SigningRules<'_>,
) -> Result<PresignedRequest<'b, S::Signature>, SignError> {
    write_tail(signatory, &mut out, Some(&signature), rules);
    Ok(PresignedRequest { target: out.finish()?, signature })
}

/// Lends the canonical request of a request to presign.
#[inline(always)]
pub(crate) fn with_query<'k, S: Signatory<'k>, H: Headers + ?Sized, R>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
    then: impl FnOnce(&ToPresign<'_, 'k, S>) -> Result<R, SignError>,
) -> Result<R, SignError> {
    target::check_method(request.method())?;
    let (path, query) = Target::to_sign(request.target(), rules)?;
    let line = payload.line();
    headers::with_table(request.headers(), 0, |mut table| {
        let made = MadeHeaders::in_query::<S>();
        select::headers(&mut table, request.headers(), made, rules, Some(&line))?;
        let headers = table.sort();
        query::with_table(query, |table| {
            let parameters = table
                .fill(query, |parameter| select::query_form_parameter::<S>(parameter, &line))?;
            let token = signatory.session_token();
            let token = token.filter(|_| rules.session_token == SessionToken::Signed);
            let query = PresignedQuery {
                signatory,
                parameters: &parameters,
                headers: &headers,
                expires,
                token,
            };
            let canonical = CanonicalRequest {
                method: request.method(),
                path,
                query: &query,
                headers: &headers,
                payload: &line,
            };
            then(&canonical)
        })
    })
}

/// Everything of the target but what follows the query that is signed; there
/// is room for that. Returns the query.
#[inline(always)]
pub(crate) fn write_unsigned_target<'k, 'o, S: Signatory<'k>>(
    signatory: &S,
    out: &'o mut Buffer<'_>,
    canonical: &ToPresign<'_, 'k, S>,
    rules: &SigningRules<'_>,
) -> Result<&'o [u8], SignError> {
    canonical.path.write_target(out)?;
    out.write(b"?");
    let begin = out.len();
    canonical.query.write_to(out);
    out.require(tail_len_max(signatory, rules))?;
    Ok(out.written().get(begin..).unwrap_or_default())
}

/// The signature, which is not signed itself, and a token that is not to be.
#[inline(always)]
fn write_tail<'k, S: Signatory<'k>>(
    signatory: &S,
    sink: &mut impl Sink,
    signature: Option<&S::Signature>,
    rules: &SigningRules<'_>,
) {
    sink.write(b"&X-Amz-Signature=");
    if let Some(signature) = signature {
        S::write_signature(signature, sink);
    }
    if rules.session_token == SessionToken::Unsigned
        && let Some(token) = signatory.session_token()
    {
        sink.write(token_name(signatory.session_token_name()));
        signatory.encoded_token().write_to(sink, token);
    }
}

/// Bytes of the tail, the longest signature among them.
#[inline(always)]
fn tail_len_max<'k, S: Signatory<'k>>(signatory: &S, rules: &SigningRules<'_>) -> usize {
    let mut count = Count::default();
    write_tail(signatory, &mut count, None, rules);
    count.len() + S::SIGNATURE_LEN_MAX
}

/// How the parameter of a token begins.
const fn token_name(name: SessionTokenName) -> &'static [u8] {
    match name {
        SessionTokenName::SecurityToken => b"&X-Amz-Security-Token=",
        SessionTokenName::S3Session => b"&X-Amz-S3session-Token=",
    }
}

/// The canonical request of a request to presign.
pub(crate) type ToPresign<'a, 'k, S> =
    CanonicalRequest<'a, PresignedQuery<'k, 'a, S>, SignedHeaders<'a, 'a>>;

/// The query of a presigned request: the caller's parameters and those of the
/// signature, merged in canonical order.
pub(crate) struct PresignedQuery<'k, 'a, S> {
    signatory: &'a S,
    parameters: &'a Parameters<'a, 'a>,
    headers: &'a SignedHeaders<'a, 'a>,
    expires: Option<Expires>,
    token: Option<&'k str>,
}

impl<'k, S: Signatory<'k>> CanonicalQuery for PresignedQuery<'k, '_, S> {
    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        let mut merge = self.parameters.merge(sink);
        let credential = self.signatory.credential();
        let write_date = |sink: &mut _| Sink::write(sink, self.signatory.timestamp().as_bytes());
        match credential.in_query() {
            Some(as_far_as_date) if merge.is_next(names::parameter::DATE) => {
                merge.add(as_far_as_date, write_date);
            }
            _ => {
                merge.add(b"&X-Amz-Algorithm=", |sink| {
                    sink.write(credential.algorithm().as_bytes());
                });
                merge.add(b"&X-Amz-Credential=", |sink| credential.write_encoded(sink));
                merge.add(b"&X-Amz-Date=", write_date);
            }
        }
        if let Some(expires) = self.expires {
            merge.add(b"&X-Amz-Expires=", |sink| {
                decimal::write(sink, expires.seconds().into());
            });
        }
        if let Some(region_set) = self.signatory.region_set() {
            merge.add(b"&X-Amz-Region-Set=", |sink| {
                PercentEncoding(sink).write(region_set.as_bytes());
            });
        }
        if let Some(token) = self.token {
            let encoded = self.signatory.encoded_token();
            let name = token_name(self.signatory.session_token_name());
            merge.add(name, |sink| encoded.write_to(sink, token));
        }
        merge.add(b"&X-Amz-SignedHeaders=", |sink| self.headers.write_encoded_names(sink));
        merge.finish();
    }
}

/// A target that carries its signature.
#[derive(Clone, Copy)]
pub struct PresignedRequest<'b, S = Signature> {
    pub(crate) target: &'b [u8],
    pub(crate) signature: S,
}

impl<'b, S> PresignedRequest<'b, S> {
    /// Path and query, ready for the request line: a bearer credential until it
    /// expires.
    #[must_use]
    pub const fn target(&self) -> &'b [u8] {
        self.target
    }

    /// The target as text.
    ///
    /// # Errors
    ///
    /// [`Utf8Error`] if the path holds raw bytes that are not UTF-8.
    pub const fn to_str(&self) -> Result<&'b str, Utf8Error> {
        core::str::from_utf8(self.target)
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &S {
        &self.signature
    }
}

/// Shows nothing: the target is a bearer credential.
impl<S> fmt::Debug for PresignedRequest<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedRequest").finish_non_exhaustive()
    }
}
