//! The request target, split and checked but never decoded.

use crate::bytes::encode;
use crate::bytes::scan;
use crate::canonical::header::is_token;
use crate::canonical::path::{self, Path};
use crate::canonical::query;
use crate::error::RequestError;
use crate::rules::{PathRules, RawPlus, SigningRules};

/// A target in origin form: path and query.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    path: &'a [u8],
    pub(crate) query: &'a [u8],
    /// Whether it is known that nothing in the path is ever escaped.
    is_plain: bool,
}

impl<'a> Target<'a> {
    /// A target that was split and found valid elsewhere.
    #[inline]
    pub(crate) const fn from_valid(path: &'a [u8], query: &'a [u8], is_plain: bool) -> Self {
        Self { path, query, is_plain }
    }

    /// Splits at the first `?`; later ones are data. Never through a URL type,
    /// which would take `//host` for an authority.
    #[inline(always)]
    pub(crate) fn parse(target: &'a [u8]) -> Result<Self, RequestError> {
        // What is never escaped is also valid, and no question mark.
        if target.starts_with(b"/") && path::is_plain(target) {
            return Ok(Self { path: target, query: b"", is_plain: true });
        }
        let is_invalid = |byte| (byte < b' ') | (byte == 0x7f) | (byte == b'#');
        if let Some(position) = scan::position(target, is_invalid) {
            return Err(RequestError::InvalidTarget { position });
        }
        if !matches!(target, [] | [b'/' | b'?', ..]) {
            return Err(RequestError::TargetNotOriginForm);
        }
        let (path, query) = query::split_once(target, b'?').unwrap_or((target, b""));
        if let Some(position) = encode::malformed_escape(query) {
            return Err(RequestError::MalformedEscape { position: path.len() + 1 + position });
        }
        Ok(Self { path, query, is_plain: false })
    }

    /// What is to be signed, by the rules of a signer.
    #[inline(always)]
    pub(crate) fn to_sign(
        target: &'a [u8],
        rules: &SigningRules<'_>,
    ) -> Result<(Path<'a>, &'a [u8]), RequestError> {
        let parsed = Self::parse(target)?;
        if rules.raw_plus == RawPlus::Refuse {
            path::refuse_plus(parsed.query, parsed.path.len() + 1)?;
        }
        // In a path nobody knows what it means.
        Ok((parsed.read_path(rules.path, RawPlus::Refuse)?, parsed.query))
    }

    /// Whether no segment of the path is left out of its canonical form.
    #[inline(always)]
    pub(crate) fn is_normal(&self, rules: PathRules) -> bool {
        !path::needs_normalizing(self.path, rules)
    }

    /// The path, as a verifier reads it by these rules.
    #[inline(always)]
    pub(crate) fn path(&self, rules: PathRules) -> Result<Path<'a>, RequestError> {
        self.read_path(rules, RawPlus::Space)
    }

    #[inline(always)]
    fn read_path(&self, rules: PathRules, plus: RawPlus) -> Result<Path<'a>, RequestError> {
        if self.is_plain {
            return Ok(Path::plain(self.path, rules));
        }
        Path::new(self.path, rules, plus)
    }
}

/// Checks that a method is a token, which is then signed as it is.
#[inline(always)]
pub(crate) fn check_method(method: &[u8]) -> Result<(), RequestError> {
    let is_common = matches!(method, b"GET" | b"PUT" | b"POST" | b"HEAD" | b"DELETE");
    if !is_common && (method.is_empty() || !method.iter().all(|&byte| is_token(byte))) {
        return Err(RequestError::InvalidMethod);
    }
    Ok(())
}
