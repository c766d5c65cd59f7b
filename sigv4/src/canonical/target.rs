//! The request target, split and checked but never decoded.

use crate::canonical::headers::is_token;
use crate::canonical::query;
use crate::encode;
use crate::error::RequestError;
use crate::scan;

/// A target in origin form: path and query.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) query: &'a [u8],
}

impl<'a> Target<'a> {
    /// Splits at the first `?`; later ones are data. Never through a URL type,
    /// which would take `//host` for an authority.
    #[inline]
    pub(crate) fn parse(target: &'a [u8]) -> Result<Self, RequestError> {
        let is_invalid = |byte| (byte < b' ') | (byte == 0x7f) | (byte == b'#');
        if !scan::any(target, |byte| is_invalid(byte) | (byte == b'?')) {
            return match target {
                [] | [b'/', ..] => Ok(Self { path: target, query: b"" }),
                _ => Err(RequestError::TargetNotOriginForm),
            };
        }
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
        Ok(Self { path, query })
    }
}

/// Checks that a method is a token, which is then signed as it is.
#[inline]
pub(crate) fn check_method(method: &[u8]) -> Result<(), RequestError> {
    if method.is_empty() || !method.iter().all(|&byte| is_token(byte)) {
        return Err(RequestError::InvalidMethod);
    }
    Ok(())
}
