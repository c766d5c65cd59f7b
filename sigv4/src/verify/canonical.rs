//! The canonical request as the verifier rebuilds it.

use crate::bytes::sink::{Buffer, Sink};
use crate::canonical::query::{self, Parameters};
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalQuery, CanonicalRequest};
use crate::key::string_to_sign;
use crate::names;
use crate::payload::PayloadLine;
use crate::request::{Headers, Request};
use crate::rules::SessionToken;
use crate::sha256;
use crate::verify::error::VerifyError;
use crate::verify::parse::{Form, PresentedSignature, PresentedTarget};
use crate::verify::part::name;
use crate::verify::payload::Body;
use crate::verify::rules::{UnnormalizedPath, Unsigned, VerifyRules};
use crate::verify::signed_headers::{self, ListedHeaders};

impl<'a> PresentedSignature<'a> {
    /// Checks the list of signed headers and that each of them is there, and
    /// what else the rules want signed.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedSignedHeaders`],
    /// [`HostNotSigned`](VerifyError::HostNotSigned),
    /// [`SignedHeaderAbsent`](VerifyError::SignedHeaderAbsent),
    /// [`UnsignedAmzHeader`](VerifyError::UnsignedAmzHeader),
    /// [`DateNotSigned`](VerifyError::DateNotSigned), or
    /// [`Request`](VerifyError::Request).
    pub fn check_signed_headers<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &VerifyRules<'_>,
    ) -> Result<(), VerifyError> {
        self.with_signed_headers(request, rules, |_| Ok(()))
    }

    /// Fails if the rules refuse a path of which a part is not signed, and it is one.
    ///
    /// # Errors
    ///
    /// [`VerifyError::UnnormalizedPath`].
    pub fn check_path(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        check_normal(&self.target, rules)
    }

    /// Writes the canonical request that the verifier hashes, to show it to
    /// whoever signed another one. It may hold the session token.
    ///
    /// # Errors
    ///
    /// A [`VerifyError`] if it cannot be rebuilt, or nothing if `out` is too
    /// short for it.
    pub fn canonical_request<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        body: &Body<'_>,
        rules: &VerifyRules<'_>,
        out: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, VerifyError> {
        let (payload, _) = self.payload(body, rules)?;
        let mut out = Buffer::new(out);
        self.with_canonical_request(request, &payload, rules, |canonical| {
            Ok(canonical.write_to(&mut out)?)
        })?;
        Ok(out.finish().ok())
    }

    /// Writes the string to sign for a canonical request; nothing if `out` is
    /// too short.
    ///
    /// # Errors
    ///
    /// As [`timestamp`](Self::timestamp) and [`scope`](Self::scope).
    pub fn string_to_sign<'b>(
        &self,
        canonical_request: &[u8],
        rules: &VerifyRules<'_>,
        out: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, VerifyError> {
        let mut out = Buffer::new(out);
        let digest = sha256::digest(canonical_request);
        string_to_sign::write(&mut out, self.timestamp(rules)?, &self.scope(rules)?, &digest);
        Ok(out.finish().ok())
    }

    #[inline]
    pub(crate) fn with_canonical_request<H: Headers + ?Sized, R>(
        &self,
        request: &Request<'_, H>,
        payload: &PayloadLine<'_>,
        rules: &VerifyRules<'_>,
        then: impl FnOnce(
            &CanonicalRequest<'_, PresentedQuery<'_>, ListedHeaders<'_, '_>>,
        ) -> Result<R, VerifyError>,
    ) -> Result<R, VerifyError> {
        target::check_method(request.method())?;
        let other;
        let target = if self.target.is_of(request.target()) {
            &self.target
        } else {
            other = PresentedTarget::read(request.target())?;
            &other
        };
        check_normal(target, rules)?;
        self.with_signed_headers(request, rules, |headers| {
            self.with_query(target, rules, |query| {
                then(&CanonicalRequest {
                    method: request.method(),
                    path: target.parts.path(rules.path)?,
                    query: &query,
                    headers: &headers,
                    payload,
                })
            })
        })
    }

    /// The canonical query: all parameters but those that are not signed.
    #[inline]
    fn with_query<R>(
        &self,
        target: &PresentedTarget<'_>,
        rules: &VerifyRules<'_>,
        then: impl FnOnce(PresentedQuery<'_>) -> Result<R, VerifyError>,
    ) -> Result<R, VerifyError> {
        let PresentedTarget { parts: Target { query, .. }, is_canonical, signature, .. } = *target;
        let leaves_token_out =
            self.form == Form::Query && rules.session_token == SessionToken::Unsigned;
        if is_canonical && !leaves_token_out {
            let (begin, end) = signature;
            return then(PresentedQuery::Wire { before: &query[..begin], behind: &query[end..] });
        }
        query::with_table(query, |table| {
            let parameters = table.fill(query, |parameter| {
                let is_unsigned = (self.form == Form::Query
                    && parameter.is_named(names::parameter::SIGNATURE))
                    || (leaves_token_out
                        && parameter.is_named(rules.session_token_name.parameter()));
                Ok::<_, VerifyError>(!is_unsigned)
            })?;
            then(PresentedQuery::Parameters(parameters))
        })
    }

    /// Holds the headers of the request against the list of signed ones.
    #[inline]
    fn with_signed_headers<H: Headers + ?Sized, R>(
        &self,
        request: &Request<'_, H>,
        rules: &VerifyRules<'_>,
        then: impl FnOnce(ListedHeaders<'_, '_>) -> Result<R, VerifyError>,
    ) -> Result<R, VerifyError> {
        let list = self.require(&self.signed_headers, name::SIGNED_HEADERS, rules)?;
        let date_is_signed = self.form == Form::Query || rules.unsigned_date == Unsigned::Allow;
        signed_headers::with(list, request.headers(), rules, date_is_signed, then)
    }
}

#[inline(always)]
fn check_normal(target: &PresentedTarget<'_>, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
    match rules.unnormalized_path {
        UnnormalizedPath::Refuse if !target.parts.is_normal(rules.path) => {
            Err(VerifyError::UnnormalizedPath)
        }
        UnnormalizedPath::Refuse | UnnormalizedPath::Accept => Ok(()),
    }
}

/// The canonical query, as it is on the wire or to be made.
pub(crate) enum PresentedQuery<'a> {
    /// The query, but for the signature in it.
    Wire {
        before: &'a [u8],
        behind: &'a [u8],
    },
    Parameters(Parameters<'a, 'a>),
}

impl CanonicalQuery for PresentedQuery<'_> {
    #[inline]
    fn write_to(&self, sink: &mut impl Sink) {
        match *self {
            // With the signature one of the two ampersands around it goes.
            Self::Wire { before, behind: [] } => {
                sink.write(before.strip_suffix(b"&").unwrap_or(before));
            }
            Self::Wire { before, behind } => {
                sink.write(before);
                sink.write(behind.strip_prefix(b"&").unwrap_or(behind));
            }
            Self::Parameters(parameters) => parameters.write_to(sink),
        }
    }
}
