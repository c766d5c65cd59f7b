//! Phase one: what was presented, gaps and duplicates included.

use core::fmt;

use crate::canonical::query;
use crate::canonical::target::Target;
use crate::collect::{
    CONTENT_SHA256_HEADER, CONTENT_SHA256_PARAMETER, DATE_HEADER, QUERY_FORM_PARAMETERS,
    SECURITY_TOKEN_HEADER,
};
use crate::error::RequestError;
use crate::request::{Headers, Request};
use crate::verify::error::VerifyError;
use crate::verify::rules::{DateRule, Duplicates, VerifyRules};
use crate::verify::text::PresentedText;

/// Where a signature was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned request.
    Query,
}

/// A signature as it was presented.
///
/// [`parse`](Self::parse) needs no secret and decides nothing but syntax; the
/// checks come after it, each callable alone, or all at once in
/// [`verify`](Self::verify). `Debug` shows the form alone.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    pub(crate) form: Form,
    pub(crate) authorization: Option<&'a [u8]>,
    pub(crate) algorithm: Part<'a>,
    pub(crate) credential: Part<'a>,
    pub(crate) signed_headers: Part<'a>,
    pub(crate) signature: Part<'a>,
    pub(crate) amz_date: Part<'a>,
    pub(crate) date: Part<'a>,
    pub(crate) expires: Part<'a>,
    pub(crate) session_token: Part<'a>,
    pub(crate) content_sha256: Part<'a>,
    pub(crate) without_equals: Option<PresentedText<'a>>,
    pub(crate) has_unknown: bool,
}

impl<'a> Presented<'a> {
    /// Finds the signature of a request, in its headers or in its query.
    ///
    /// # Errors
    ///
    /// [`VerifyError::NoSignature`], [`VerifyError::BothForms`], or
    /// [`VerifyError::Request`] for a target that cannot be read.
    pub fn parse<H: Headers + ?Sized>(request: &Request<'a, H>) -> Result<Self, VerifyError> {
        let target = Target::parse(request.target())?;
        let in_query = query::pieces(target.query).map(query::split).any(|(name, _)| {
            QUERY_FORM_PARAMETERS.into_iter().any(|made| query::is_named(name, made))
        });
        let in_header =
            request.headers().pairs().any(|(name, _)| name.eq_ignore_ascii_case(b"authorization"));
        let form = match (in_header, in_query) {
            (true, true) => return Err(VerifyError::BothForms),
            (true, false) => Form::Header,
            (false, true) => Form::Query,
            (false, false) => return Err(VerifyError::NoSignature),
        };
        let mut presented = Self::empty(form);
        presented.read_headers(request.headers())?;
        if form == Form::Query {
            presented.read_query(target.query);
        }
        Ok(presented)
    }

    /// Whether the signature came in the header or in the query.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The whole value of the `Authorization` header, in header form.
    #[must_use]
    pub const fn authorization(&self) -> Option<&'a [u8]> {
        self.authorization
    }

    /// The algorithm, as it was presented.
    #[must_use]
    pub const fn algorithm(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        self.part(&self.algorithm, rules)
    }

    /// The credential as one text, however malformed.
    #[must_use]
    pub const fn credential_text(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        self.part(&self.credential, rules)
    }

    /// The list of signed headers, as it was presented.
    #[must_use]
    pub const fn signed_headers(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        self.part(&self.signed_headers, rules)
    }

    /// The signature, as it was presented.
    #[must_use]
    pub const fn signature(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        self.part(&self.signature, rules)
    }

    /// The session token, as it was presented.
    #[must_use]
    pub const fn session_token(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        self.part(&self.session_token, rules)
    }

    /// The date, as it was presented: `X-Amz-Date`, else `Date` where the rules
    /// accept it.
    #[must_use]
    pub fn date(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        let amz_date = self.part(&self.amz_date, rules);
        let date = self.part(&self.date, rules).filter(|_| rules.date != DateRule::Header);
        amz_date.or(date)
    }

    /// The first part of the `Authorization` header that has no `=`.
    #[must_use]
    pub const fn part_without_equals(&self) -> Option<PresentedText<'a>> {
        self.without_equals
    }

    /// The one that counts of a part, if it is there.
    pub(crate) const fn part(
        &self,
        part: &Part<'a>,
        rules: &VerifyRules<'_>,
    ) -> Option<PresentedText<'a>> {
        part.get(self.duplicates(rules))
    }

    pub(crate) fn require(
        &self,
        part: &Part<'a>,
        rules: &VerifyRules<'_>,
    ) -> Result<PresentedText<'a>, VerifyError> {
        self.part(part, rules).ok_or(VerifyError::Missing { name: part.name })
    }

    pub(crate) const fn duplicates(&self, rules: &VerifyRules<'_>) -> Duplicates {
        match self.form {
            Form::Header => rules.header_duplicates,
            Form::Query => rules.query_duplicates,
        }
    }

    const fn empty(form: Form) -> Self {
        Self {
            form,
            authorization: None,
            algorithm: Part::named("X-Amz-Algorithm"),
            credential: Part::named("Credential"),
            signed_headers: Part::named("SignedHeaders"),
            signature: Part::named("Signature"),
            amz_date: Part::named("X-Amz-Date"),
            date: Part::named("Date"),
            expires: Part::named("X-Amz-Expires"),
            session_token: Part::named("X-Amz-Security-Token"),
            content_sha256: Part::named(CONTENT_SHA256_PARAMETER),
            without_equals: None,
            has_unknown: false,
        }
    }

    fn read_headers<H: Headers + ?Sized>(&mut self, headers: &'a H) -> Result<(), VerifyError> {
        let is_header_form = self.form == Form::Header;
        for (index, (name, value)) in headers.pairs().enumerate() {
            let text = PresentedText::plain(value.trim_ascii());
            let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
            if index == crate::HEADERS_MAX {
                return Err(RequestError::TooManyHeaders.into());
            } else if is("authorization") {
                if self.authorization.replace(value).is_some() {
                    return Err(VerifyError::Duplicate { name: "Authorization" });
                }
                self.read_authorization(value.trim_ascii());
            } else if is(DATE_HEADER) && is_header_form {
                self.amz_date.push(text);
            } else if is("date") && is_header_form {
                self.date.push(text);
            } else if is(SECURITY_TOKEN_HEADER) {
                self.session_token.push(text);
            } else if is(CONTENT_SHA256_HEADER) {
                self.content_sha256.push(text);
            }
        }
        Ok(())
    }

    /// `algorithm key=value, key=value, …`, with or without spaces.
    fn read_authorization(&mut self, value: &'a [u8]) {
        let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
        let (algorithm, parts) = value.split_at(end);
        self.algorithm.push(PresentedText::plain(algorithm));
        if parts.trim_ascii().is_empty() {
            return;
        }
        for part in parts.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
            let Some((key, value)) = query::split_once(part, b'=') else {
                self.without_equals.get_or_insert(PresentedText::plain(part));
                continue;
            };
            let text = PresentedText::plain(value);
            match key {
                b"Credential" => self.credential.push(text),
                b"SignedHeaders" => self.signed_headers.push(text),
                b"Signature" => self.signature.push(text),
                _ => self.has_unknown = true,
            }
        }
    }

    fn read_query(&mut self, query: &'a [u8]) {
        // A parameter outweighs the header of the same meaning.
        let (mut token, mut content_sha256) =
            (self.session_token.emptied(), self.content_sha256.emptied());
        // All of their names begin so; an escape may hide it.
        let may_be_ours = |name: &[u8]| matches!(name.first(), Some(b'X' | b'%'));
        let pieces = query::pieces(query).map(query::split);
        for (name, value) in pieces.filter(|(name, _)| may_be_ours(name)) {
            let text = PresentedText::encoded(value);
            let parts: [(&str, &mut Part<'a>); 8] = [
                ("X-Amz-Algorithm", &mut self.algorithm),
                ("X-Amz-Credential", &mut self.credential),
                ("X-Amz-SignedHeaders", &mut self.signed_headers),
                ("X-Amz-Signature", &mut self.signature),
                ("X-Amz-Date", &mut self.amz_date),
                ("X-Amz-Expires", &mut self.expires),
                ("X-Amz-Security-Token", &mut token),
                (CONTENT_SHA256_PARAMETER, &mut content_sha256),
            ];
            if let Some((_, part)) = parts.into_iter().find(|(made, _)| query::is_named(name, made))
            {
                part.push(text);
            }
        }
        if token.count > 0 {
            self.session_token = token;
        }
        if content_sha256.count > 0 {
            self.content_sha256 = content_sha256;
        }
    }
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented").field("form", &self.form).finish_non_exhaustive()
    }
}

/// One part of a signature, however often it was presented.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) name: &'static str,
    first: Option<PresentedText<'a>>,
    last: Option<PresentedText<'a>>,
    pub(crate) count: usize,
}

impl<'a> Part<'a> {
    const fn named(name: &'static str) -> Self {
        Self { name, first: None, last: None, count: 0 }
    }

    const fn emptied(&self) -> Self {
        Self::named(self.name)
    }

    fn push(&mut self, text: PresentedText<'a>) {
        self.first.get_or_insert(text);
        self.last = Some(text);
        self.count += 1;
    }

    /// The one that counts.
    pub(crate) const fn get(&self, duplicates: Duplicates) -> Option<PresentedText<'a>> {
        match duplicates {
            Duplicates::Refuse | Duplicates::First => self.first,
            Duplicates::Last => self.last,
        }
    }
}
