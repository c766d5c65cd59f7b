//! Phase one: what was presented, gaps and duplicates included.

use core::fmt;
use core::ptr;

use crate::bytes::scan;
use crate::canonical::common_names::CommonName;
use crate::canonical::path;
use crate::canonical::target::Target;
use crate::error::RequestError;
use crate::limits::{HEADERS_MAX, QUERY_PARAMETERS_MAX};
use crate::names::{Role, SessionTokenName};
use crate::request::{Headers, Request};
use crate::verify::error::VerifyError;
use crate::verify::part::Part;
use crate::verify::query::{self, Kept, Piece};
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
pub struct PresentedSignature<'a> {
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
    /// Under which names there is one.
    token_names: TokenNames,
    pub(crate) content_sha256: Part<'a>,
    pub(crate) without_equals: Option<PresentedText<'a>>,
    pub(crate) has_unknown: bool,
    pub(crate) target: PresentedTarget<'a>,
}

/// A target, and what phase two would otherwise have to find out once more.
#[derive(Clone, Copy)]
pub(crate) struct PresentedTarget<'a> {
    wire: &'a [u8],
    pub(crate) parts: Target<'a>,
    /// Whether the query is in canonical form.
    pub(crate) is_canonical: bool,
    /// Where `X-Amz-Signature` begins and ends in it, the last one.
    pub(crate) signature: (usize, usize),
}

/// The names under which session tokens travel.
#[derive(Clone, Copy)]
struct TokenNames {
    security_token: bool,
    s3_session: bool,
}

impl<'a> PresentedSignature<'a> {
    /// Finds the signature of a request, in its headers or in its query.
    ///
    /// # Errors
    ///
    /// [`VerifyError::NoSignature`], [`VerifyError::BothForms`], or
    /// [`VerifyError::Request`] for a target that cannot be read.
    pub fn parse<H: Headers + ?Sized>(request: &Request<'a, H>) -> Result<Self, VerifyError> {
        let mut presented = Self::empty(request.target());
        presented.read(request)?;
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

    /// The session token, as it was presented, under the name that the rules want.
    #[must_use]
    pub const fn session_token(&self, rules: &VerifyRules<'_>) -> Option<PresentedText<'a>> {
        if self.has_misnamed_token(rules) { None } else { self.part(&self.session_token, rules) }
    }

    /// Whether there is a token under the name that the rules do not want.
    pub(crate) const fn has_misnamed_token(&self, rules: &VerifyRules<'_>) -> bool {
        match rules.session_token_name {
            SessionTokenName::SecurityToken => self.token_names.s3_session,
            SessionTokenName::S3Session => self.token_names.security_token,
        }
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
    #[inline]
    pub(crate) const fn part(
        &self,
        part: &Part<'a>,
        rules: &VerifyRules<'_>,
    ) -> Option<PresentedText<'a>> {
        part.get(self.duplicates(rules))
    }

    #[inline]
    pub(crate) fn require(
        &self,
        part: &Part<'a>,
        name: &'static str,
        rules: &VerifyRules<'_>,
    ) -> Result<PresentedText<'a>, VerifyError> {
        self.part(part, rules).ok_or(VerifyError::Missing { name })
    }

    #[inline]
    pub(crate) const fn duplicates(&self, rules: &VerifyRules<'_>) -> Duplicates {
        match self.form {
            Form::Header => rules.header_duplicates,
            Form::Query => rules.query_duplicates,
        }
    }

    #[inline]
    const fn empty(target: &'a [u8]) -> Self {
        Self {
            form: Form::Header,
            authorization: None,
            algorithm: Part::ABSENT,
            credential: Part::ABSENT,
            signed_headers: Part::ABSENT,
            signature: Part::ABSENT,
            amz_date: Part::ABSENT,
            date: Part::ABSENT,
            expires: Part::ABSENT,
            session_token: Part::ABSENT,
            token_names: TokenNames { security_token: false, s3_session: false },
            content_sha256: Part::ABSENT,
            without_equals: None,
            has_unknown: false,
            target: PresentedTarget {
                wire: target,
                parts: Target::from_valid(b"", b"", false),
                is_canonical: false,
                signature: (0, 0),
            },
        }
    }

    #[inline(always)]
    fn read<H: Headers + ?Sized>(&mut self, request: &Request<'a, H>) -> Result<(), VerifyError> {
        self.read_target()?;
        self.read_headers(request.headers())
    }

    #[inline]
    fn read_target(&mut self) -> Result<(), RequestError> {
        let wire = self.target.wire;
        let (path, query) = match scan::find(wire, |byte| scan::equals(byte, b'?')) {
            Some(at) => (&wire[..at], &wire[at + 1..]),
            None => (wire, b"".as_slice()),
        };
        let mut parameters = 0;
        let is_canonical = query::read(query, |piece| {
            parameters += 1;
            self.read_parameter(piece)
        });
        // An empty path is the root, and not plain: it is not what is signed.
        let is_plain = !path.is_empty() && path::is_plain(path);
        self.target.parts = if is_canonical && begins_a_target(path) && (is_plain || is_valid(path))
        {
            Target::from_valid(path, query, is_plain)
        } else {
            // Finds out where it is invalid, if it is.
            Target::parse(wire)?
        };
        self.target.is_canonical =
            is_canonical && parameters <= QUERY_PARAMETERS_MAX && !self.signature.is_repeated();
        if self.algorithm.is_present() || self.signature.is_present() {
            self.form = Form::Query;
        } else if parameters > 0 {
            *self = Self { target: self.target, ..Self::empty(wire) };
        }
        Ok(())
    }

    #[inline]
    fn read_parameter(&mut self, piece: Piece<'a>) -> Kept {
        let mut decoded = [0; LONGEST_PARAMETER];
        let name = if piece.name_has_escape {
            let name = PresentedText::encoded(piece.name).decode_into(&mut decoded);
            name.unwrap_or_default().as_bytes()
        } else {
            piece.name
        };
        let text = PresentedText::spelled(piece.value, piece.value_spelling);
        // Asked for by length, so that no name is compared with more than two.
        let Some(name) = name.strip_prefix(b"X-Amz-") else {
            return Kept::Yes;
        };
        match name.len() {
            4 if is(name, b"Date") => self.amz_date.push(text),
            7 if is(name, b"Expires") => self.expires.push(text),
            9 if is(name, b"Algorithm") => self.algorithm.push(text),
            9 if is(name, b"Signature") => {
                self.signature.push(text);
                self.target.signature = (piece.place.start, piece.place.end);
                return Kept::No;
            }
            10 if is(name, b"Credential") => self.credential.push(text),
            13 if is(name, b"SignedHeaders") => self.signed_headers.push(text),
            14 if is(name, b"Security-Token") => {
                self.token_names.security_token = true;
                self.session_token.push(text);
            }
            15 if is(name, b"S3session-Token") => {
                self.token_names.s3_session = true;
                self.session_token.push(text);
            }
            14 if is(name, b"Content-Sha256") => self.content_sha256.push(text),
            _ => {}
        }
        Kept::Yes
    }

    #[inline]
    fn read_headers<H: Headers + ?Sized>(&mut self, headers: &'a H) -> Result<(), VerifyError> {
        let in_query = self.form == Form::Query;
        // A parameter outweighs the header of the same meaning.
        let takes_token = !self.session_token.is_present();
        let takes_content_sha256 = !self.content_sha256.is_present();
        let mut error = None;
        for (index, (name, value)) in headers.pairs().enumerate() {
            if index == HEADERS_MAX {
                error = error.or(Some(TOO_MANY_HEADERS));
            }
            let role = CommonName::find(name).map_or(Role::Ordinary, |common| common.role);
            match role {
                Role::Date if !in_query => self.date.push(PresentedText::trimmed(value)),
                Role::AmzDate if !in_query => self.amz_date.push(PresentedText::trimmed(value)),
                Role::Authorization => {
                    let before = self.authorization.replace(value);
                    error = error.or(before.map(|_| TWO_AUTHORIZATIONS));
                }
                Role::SecurityToken if takes_token => {
                    self.token_names.security_token = true;
                    self.session_token.push(PresentedText::trimmed(value));
                }
                Role::S3SessionToken if takes_token => {
                    self.token_names.s3_session = true;
                    self.session_token.push(PresentedText::trimmed(value));
                }
                Role::ContentSha256 if takes_content_sha256 => {
                    self.content_sha256.push(PresentedText::trimmed(value));
                }
                _ => {}
            }
        }
        match (self.authorization, in_query) {
            (Some(_), true) => return Err(VerifyError::BothForms),
            (None, false) => return Err(VerifyError::NoSignature),
            (Some(value), false) => self.read_authorization(value),
            (None, true) => {}
        }
        error.map_or(Ok(()), |error| Err(*error))
    }
}

/// Passed by reference, being large and hardly ever there.
const TOO_MANY_HEADERS: &VerifyError = &VerifyError::Request(RequestError::TooManyHeaders);

const TWO_AUTHORIZATIONS: &VerifyError = &VerifyError::Duplicate { name: "Authorization" };

impl fmt::Debug for PresentedSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedSignature").field("form", &self.form).finish_non_exhaustive()
    }
}

impl<'a> PresentedTarget<'a> {
    /// Whether this is `target` itself; it is, unless phase two was given another
    /// request.
    #[inline]
    pub(crate) fn is_of(&self, target: &[u8]) -> bool {
        ptr::eq(self.wire, target)
    }

    /// Finds out the same of another target.
    ///
    /// # Errors
    ///
    /// Those of [`PresentedSignature::parse`] for a target that cannot be read.
    #[cold]
    pub(crate) fn read(target: &'a [u8]) -> Result<Self, RequestError> {
        let mut presented = PresentedSignature::empty(target);
        presented.read_target()?;
        Ok(presented.target)
    }
}

/// Whether two texts are the same, one of a length that the compiler knows.
#[inline]
fn is<const N: usize>(text: &[u8], name: &[u8; N]) -> bool {
    <&[u8; N]>::try_from(text).is_ok_and(|text| text == name)
}

/// Whether a path begins as it must.
#[inline]
const fn begins_a_target(path: &[u8]) -> bool {
    matches!(path, [] | [b'/', ..])
}

/// Whether a path holds no byte that may not stand in a target.
#[inline]
fn is_valid(path: &[u8]) -> bool {
    !scan::any(path, |byte| (byte < b' ') | (byte == 0x7f) | (byte == b'#'))
}

/// Bytes of `X-Amz-S3session-Token`.
const LONGEST_PARAMETER: usize = 21;
