//! Presigning: a target that carries its own signature.

use core::fmt;
use core::str::Utf8Error;

use crate::bytes::encode::PercentEncoding;
use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::canonical::headers::{self, SignedHeaders};
use crate::canonical::query::{self, Parameters};
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalQuery, CanonicalRequest};
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::instant::SigningInstant;
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::{SessionToken, SigningRules};
use crate::sign::select::{self, Made};
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
        with_query(self, request, payload, expires, rules, |canonical| {
            let mut out = Buffer::new(out);
            let signature_len = Signature::HEX_LEN;
            let query = write_unsigned_target(self, &mut out, canonical, signature_len, rules)?;
            let signature = self.signature(&canonical.with_query(&query).sha256()?);
            self.finish_presigned(out, signature, rules)
        })
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
        let mut count = Count::default();
        with_query(self, request, payload, expires, rules, |canonical| {
            canonical.path.write_target(&mut count)?;
            count.write(b"?");
            canonical.query.write_to(&mut count);
            Ok(())
        })?;
        Ok(count.len() + tail_len(self, Signature::HEX_LEN, rules))
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
        let mut out = Buffer::new(out);
        with_query(self, request, payload, expires, rules, |canonical| {
            Ok(canonical.write_to(&mut out)?)
        })?;
        Ok(out.finish()?)
    }

    /// What [`write_unsigned_target`] left out.
    #[inline(always)]
    pub(crate) fn finish_presigned<'b>(
        &self,
        mut out: Buffer<'b>,
        signature: Signature,
        rules: &SigningRules<'_>,
    ) -> Result<PresignedRequest<'b>, SignError> {
        write_tail(self, &mut out, &signature.to_hex(), rules);
        Ok(PresignedRequest { target: out.finish()?, signature })
    }
}

/// Lends the canonical request of a request to presign.
#[inline(always)]
pub(crate) fn with_query<S: Signatory, H: Headers + ?Sized, R>(
    signatory: &S,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
    then: impl FnOnce(&ToPresign<'_, S>) -> Result<R, SignError>,
) -> Result<R, SignError> {
    target::check_method(request.method())?;
    let (path, query) = Target::to_sign(request.target(), rules)?;
    let line = payload.line();
    headers::with_table(request.headers(), 0, |mut table| {
        let made = Made::WithoutContentSha256;
        select::headers(&mut table, request.headers(), made, rules, Some(&line))?;
        let headers = table.sort();
        query::with_table(query, |table| {
            let parameters = table.fill(query, |parameter| {
                select::query_form_parameter(parameter, S::MADE_PARAMETERS, &line)
            })?;
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
pub(crate) fn write_unsigned_target<'o, S: Signatory>(
    signatory: &S,
    out: &'o mut Buffer<'_>,
    canonical: &ToPresign<'_, S>,
    signature_len_max: usize,
    rules: &SigningRules<'_>,
) -> Result<&'o [u8], SignError> {
    canonical.path.write_target(out)?;
    out.write(b"?");
    let begin = out.len();
    canonical.query.write_to(out);
    out.require(tail_len(signatory, signature_len_max, rules))?;
    Ok(out.written().get(begin..).unwrap_or_default())
}

/// The signature, which is not signed itself, and a token that is not to be.
#[inline(always)]
pub(crate) fn write_tail(
    signatory: &impl Signatory,
    sink: &mut impl Sink,
    signature: &[u8],
    rules: &SigningRules<'_>,
) {
    sink.write(b"&X-Amz-Signature=");
    sink.write(signature);
    if rules.session_token == SessionToken::Unsigned
        && let Some(token) = signatory.session_token()
    {
        sink.write(b"&X-Amz-Security-Token=");
        signatory.encoded_token().write_to(sink, token);
    }
}

#[inline(always)]
pub(crate) fn tail_len(
    signatory: &impl Signatory,
    signature_len: usize,
    rules: &SigningRules<'_>,
) -> usize {
    let mut count = Count::default();
    write_tail(signatory, &mut count, b"", rules);
    count.len() + signature_len
}

/// The canonical request of a request to presign.
pub(crate) type ToPresign<'a, S> =
    CanonicalRequest<'a, PresignedQuery<'a, S>, SignedHeaders<'a, 'a>>;

/// The query of a presigned request: the caller's parameters and those of the
/// signature, merged in canonical order.
pub(crate) struct PresignedQuery<'a, S> {
    signatory: &'a S,
    parameters: &'a Parameters<'a, 'a>,
    headers: &'a SignedHeaders<'a, 'a>,
    expires: Option<Expires>,
    token: Option<&'a str>,
}

impl<S: Signatory> CanonicalQuery for PresignedQuery<'_, S> {
    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        let mut merge = self.parameters.merge(sink);
        let credential = self.signatory.credential();
        let write_date = |sink: &mut _| Sink::write(sink, self.signatory.timestamp().as_bytes());
        match credential.in_query() {
            Some(as_far_as_date) if merge.is_next("X-Amz-Date") => {
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
            merge.add(b"&X-Amz-Expires=", |sink| expires.write_to(sink));
        }
        if let Some(region_set) = self.signatory.region_set() {
            merge.add(b"&X-Amz-Region-Set=", |sink| {
                PercentEncoding(sink).write(region_set.as_bytes());
            });
        }
        if let Some(token) = self.token {
            let encoded = self.signatory.encoded_token();
            merge.add(b"&X-Amz-Security-Token=", |sink| encoded.write_to(sink, token));
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
