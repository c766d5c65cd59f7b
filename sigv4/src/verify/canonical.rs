//! The canonical request as the verifier rebuilds it.

use core::cmp::Ordering;

use crate::canonical::headers::{self, FoldedLines, Header, SignedHeaders, is_token};
use crate::canonical::path::Path;
use crate::canonical::query;
use crate::canonical::target::{self, Target};
use crate::canonical::{CanonicalRequest, Query};
use crate::collect::{DATE_HEADER, SECURITY_TOKEN_HEADER};
use crate::hash;
use crate::payload::{Payload, PayloadHash, PayloadLine, PayloadLiteral};
use crate::request::{Headers, Request};
use crate::rules::{SessionToken, is_amz};
use crate::signature::Signature;
use crate::sink::Buffer;
use crate::string_to_sign;
use crate::verify::error::VerifyError;
use crate::verify::parse::{Form, Presented};
use crate::verify::rules::{
    ContentSha256Rule, DeclaredPayload, PayloadLiterals, PayloadRule, PresignedPayload, Unsigned,
    VerifyRules,
};
use crate::verify::text::PresentedText;

/// The body that came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// The whole of it.
    Bytes(&'a [u8]),
    /// Its SHA-256, computed by the caller while reading it.
    Sha256([u8; 32]),
}

impl<'a> Body<'a> {
    fn line(self) -> PayloadLine<'a> {
        match self {
            Self::Bytes(body) => Payload::Bytes(body).line(),
            Self::Sha256(digest) => Payload::Sha256(digest).line(),
        }
    }

    fn sha256(&self) -> [u8; 32] {
        match self {
            Self::Bytes(body) => hash::sha256(body),
            Self::Sha256(digest) => *digest,
        }
    }
}

impl<'a> Presented<'a> {
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
        self.with_canonical_request(request, payload, rules, |canonical| {
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
        let digest = hash::sha256(canonical_request);
        string_to_sign::write(&mut out, self.timestamp(rules)?, &self.scope(rules)?, &digest);
        Ok(out.finish().ok())
    }

    pub(crate) fn with_canonical_request<H: Headers + ?Sized, R>(
        &self,
        request: &Request<'_, H>,
        payload: PayloadLine<'_>,
        rules: &VerifyRules<'_>,
        then: impl FnOnce(&CanonicalRequest<'_>) -> Result<R, VerifyError>,
    ) -> Result<R, VerifyError> {
        target::check_method(request.method())?;
        let target = Target::parse(request.target())?;
        let leaves_token_out =
            self.form == Form::Query && rules.session_token == SessionToken::Unsigned;
        self.with_signed_headers(request, rules, |headers| {
            query::with_table(target.query, |table| {
                let parameters = table.fill(target.query, |parameter| {
                    let is_unsigned = (self.form == Form::Query
                        && parameter.is_named("X-Amz-Signature"))
                        || (leaves_token_out && parameter.is_named("X-Amz-Security-Token"));
                    Ok::<_, VerifyError>(!is_unsigned)
                })?;
                then(&CanonicalRequest {
                    method: request.method(),
                    path: Path::new(target.path, rules.path),
                    query: Query::Parameters(parameters),
                    headers,
                    payload: &payload,
                })
            })
        })
    }

    /// Holds the sorted headers of the request against the sorted list of
    /// signed ones, in one pass over both.
    fn with_signed_headers<H: Headers + ?Sized, R>(
        &self,
        request: &Request<'_, H>,
        rules: &VerifyRules<'_>,
        then: impl FnOnce(SignedHeaders<'_, '_>) -> Result<R, VerifyError>,
    ) -> Result<R, VerifyError> {
        let list = self.require(&self.signed_headers, rules)?;
        check_list(list)?;
        self.check_host_signed(rules)?;
        headers::with_table(request.headers(), 0, |mut table| {
            table.fill(request.headers(), FoldedLines::Refuse, |_| Ok::<_, VerifyError>(true))?;
            let mut names = Names::new(list.split(b';'));
            let mut date_is_signed =
                self.form == Form::Query || rules.unsigned_date == Unsigned::Allow;
            let headers = table.sort_and_keep(|header| {
                let is_signed = names.hold(header)?;
                if !is_signed && must_be_signed(header, rules) {
                    return Err(VerifyError::UnsignedAmzHeader);
                }
                date_is_signed |=
                    is_signed && (header.is_named(DATE_HEADER) || header.is_named("date"));
                Ok(is_signed)
            })?;
            names.finish()?;
            if !date_is_signed {
                return Err(VerifyError::DateNotSigned);
            }
            then(headers)
        })
    }

    /// The last line, and the literal it is, if it is one.
    pub(crate) fn payload<'b>(
        &self,
        body: &Body<'b>,
        rules: &VerifyRules<'_>,
    ) -> Result<(PayloadLine<'b>, Option<PayloadLiteral>), VerifyError> {
        let PayloadRule::Declared(declared) = rules.payload else {
            return Ok((body.line(), None));
        };
        let Some(text) = self.part(&self.content_sha256, rules) else {
            return self.undeclared_payload(body, declared);
        };
        if let Some(digest) = text.parse_hex() {
            return if digest == body.sha256() {
                Ok((PayloadLine::Known(PayloadHash::of(&digest)), None))
            } else {
                Err(VerifyError::PayloadMismatch)
            };
        }
        let mut buffer = [0; Signature::HEX_LEN];
        let literal =
            text.decode_into(&mut buffer).and_then(|text| PayloadLiteral::parse(text.as_bytes()));
        match (literal, declared.literals) {
            (None, _) => Err(VerifyError::MalformedContentSha256),
            (Some(_), PayloadLiterals::Refuse) => Err(VerifyError::PayloadNotCovered),
            (Some(literal), PayloadLiterals::Allow) => {
                Ok((PayloadLine::Known(PayloadHash::Literal(literal)), Some(literal)))
            }
        }
    }

    fn undeclared_payload<'b>(
        &self,
        body: &Body<'b>,
        declared: DeclaredPayload,
    ) -> Result<(PayloadLine<'b>, Option<PayloadLiteral>), VerifyError> {
        match (self.form, declared.header, declared.presigned_default) {
            (Form::Header, ContentSha256Rule::Required, _) => {
                Err(VerifyError::Missing { name: self.content_sha256.name })
            }
            (Form::Query, _, PresignedPayload::Unsigned) => {
                let literal = PayloadLiteral::Unsigned;
                Ok((PayloadLine::Known(PayloadHash::Literal(literal)), Some(literal)))
            }
            _ => Ok((body.line(), None)),
        }
    }
}

fn must_be_signed(header: &Header<'_>, rules: &VerifyRules<'_>) -> bool {
    rules.unsigned_amz_headers == Unsigned::Refuse
        && is_amz(header.name())
        && !(rules.session_token == SessionToken::Unsigned
            && header.is_named(SECURITY_TOKEN_HEADER))
}

/// Checks that a list holds lower-case tokens in order, each once.
fn check_list(list: PresentedText<'_>) -> Result<(), VerifyError> {
    let mut previous: Option<PresentedText<'_>> = None;
    for name in list.split(b';') {
        let is_name = name.bytes().all(|byte| is_token(byte) && !byte.is_ascii_uppercase());
        let is_in_order = previous.is_none_or(|previous| previous.bytes().lt(name.bytes()));
        if name.bytes().next().is_none() || !is_name || !is_in_order {
            return Err(VerifyError::MalformedSignedHeaders);
        }
        previous = Some(name);
    }
    Ok(())
}

/// A list of names, walked beside the sorted headers of a request.
struct Names<'a, I> {
    rest: I,
    current: Option<PresentedText<'a>>,
    is_found: bool,
}

impl<'a, I: Iterator<Item = PresentedText<'a>>> Names<'a, I> {
    fn new(mut names: I) -> Self {
        Self { current: names.next(), rest: names, is_found: false }
    }

    /// Whether the list names this header; fails for a name that was passed by.
    fn hold(&mut self, header: &Header<'_>) -> Result<bool, VerifyError> {
        while let Some(name) = self.current {
            match header.lower_name().cmp(name.bytes()) {
                Ordering::Less => return Ok(false),
                Ordering::Equal => {
                    self.is_found = true;
                    return Ok(true);
                }
                Ordering::Greater => self.advance()?,
            }
        }
        Ok(false)
    }

    /// Fails for the first name that is left and was not found.
    fn finish(mut self) -> Result<(), VerifyError> {
        while self.current.is_some() {
            self.advance()?;
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<(), VerifyError> {
        if !self.is_found {
            return Err(VerifyError::SignedHeaderAbsent);
        }
        self.current = self.rest.next();
        self.is_found = false;
        Ok(())
    }
}
