//! One header as it is signed: its name, and what becomes of its value.

use crate::bytes::scan;
use crate::bytes::sink::{self, FRONT_LEN_MAX, Sink};
use crate::bytes::sort_key::{self, SortKey};
use crate::canonical::common_names::CommonName;
use crate::canonical::value;
use crate::error::RequestError;
use crate::names::Role;
use crate::rules::FoldedLines;

/// One header of a request, or one that signing adds.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a> {
    name: Name<'a>,
    /// The value without the white space around it.
    value: &'a [u8],
    kind: Value,
}

/// How a value becomes canonical.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    /// It is.
    Canonical,
    /// White space inside it has to be reduced.
    HasRuns,
    /// It is not known yet.
    Open,
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Common(&'static CommonName),
    /// As it is on the wire.
    Uncommon(&'a [u8]),
}

impl<'a> Header<'a> {
    pub(super) const EMPTY: Self =
        Self { name: Name::Uncommon(b""), value: b"", kind: Value::Canonical };

    /// A header that signing adds, its value canonical.
    #[inline(always)]
    pub(crate) fn added(name: &'static CommonName, value: &'a [u8]) -> Self {
        Self { name: Name::Common(name), value, kind: Value::Canonical }
    }

    /// A header that signing adds, its value left open.
    #[inline(always)]
    pub(crate) fn open(name: &'static CommonName) -> Self {
        Self { name: Name::Common(name), value: b"", kind: Value::Open }
    }

    /// Checks a header, the `index`-th of its request.
    #[inline(always)]
    pub(crate) fn new(
        name: &'a [u8],
        value: &'a [u8],
        index: usize,
        lines: FoldedLines,
    ) -> Result<Self, RequestError> {
        let name = match CommonName::find(name) {
            Some(common) => Name::Common(common),
            None if is_name(name) => Name::Uncommon(name),
            None => return Err(RequestError::InvalidHeaderName { index }),
        };
        // The longest value of many requests is that of `Authorization`, which is
        // hardly ever signed: its white space is looked at where it is.
        let may_be_signed =
            !matches!(name, Name::Common(CommonName { role: Role::Authorization, .. }));
        if may_be_signed && value::is_plain(value) {
            return Ok(Self { name, value, kind: Value::Canonical });
        }
        if !value::is_valid(value, lines) {
            return Err(RequestError::InvalidHeaderValue { index });
        }
        Ok(Self { name, value: value::trim(value), kind: Value::HasRuns })
    }

    /// The name, if it is a common one.
    #[inline(always)]
    pub(crate) fn common(&self) -> Option<&'static CommonName> {
        match self.name {
            Name::Common(common) => Some(common),
            Name::Uncommon(_) => None,
        }
    }

    /// What it means to a signer.
    #[inline(always)]
    pub(crate) fn role(&self) -> Role {
        self.common().map_or(Role::Ordinary, |common| common.role)
    }

    /// Whether `lower`, which is as long as the name, is the name in lower case.
    #[inline(always)]
    pub(crate) fn is_named(&self, lower: &[u8], key: SortKey) -> bool {
        let difference = match self.name {
            Name::Common(common) => scan::difference(lower, common.name.as_bytes()),
            // The key holds all of it, in lower case.
            Name::Uncommon(name) if name.len() <= sort_key::PREFIX_LEN => {
                scan::difference(lower, &key.prefix()[..name.len()])
            }
            Name::Uncommon(name) => {
                let pairs = lower.iter().zip(name);
                pairs.fold(0, |found, (lower, byte)| found | (lower ^ byte.to_ascii_lowercase()))
            }
        };
        difference == 0
    }

    /// The name in any case.
    #[inline(always)]
    pub(crate) fn name(&self) -> &'a [u8] {
        match self.name {
            Name::Common(common) => common.name.as_bytes(),
            Name::Uncommon(name) => name,
        }
    }

    /// The value without the white space around it.
    pub(crate) fn value(&self) -> &'a [u8] {
        self.value
    }

    pub(super) fn name_eq(&self, other: &Self) -> bool {
        self.name().eq_ignore_ascii_case(other.name())
    }

    /// Whether the name can stand in a query as it is.
    #[inline(always)]
    pub(super) fn name_is_unreserved(&self) -> bool {
        match self.name {
            Name::Common(_) => true,
            Name::Uncommon(name) => is_unreserved_name(name),
        }
    }

    #[inline(always)]
    pub(super) fn sort_key(&self) -> SortKey {
        match self.name {
            Name::Common(common) => common.key,
            Name::Uncommon(name) => SortKey::lower(name),
        }
    }

    /// The name in lower case.
    #[inline(always)]
    pub(super) fn write_name(&self, key: SortKey, sink: &mut impl Sink) {
        match self.name {
            Name::Common(common) => sink.write_front(&common.line_start, common.name.len()),
            Name::Uncommon(name) => write_lower(name, key, sink),
        }
    }

    /// The name in lower case and a colon.
    #[inline(always)]
    pub(super) fn write_line_start(&self, key: SortKey, sink: &mut impl Sink) {
        match self.name {
            Name::Common(common) => sink.write_front(&common.line_start, common.name.len() + 1),
            Name::Uncommon(name) => {
                write_lower(name, key, sink);
                sink.write(b":");
            }
        }
    }

    /// Writes a value that is not canonical as it is.
    #[inline(never)]
    fn write_otherwise(&self, sink: &mut impl Sink) {
        match self.kind {
            Value::Canonical | Value::HasRuns => value::write_reduced(sink, self.value),
            Value::Open => sink.leave_open(),
        }
    }

    #[inline(always)]
    pub(super) fn write_value(&self, sink: &mut impl Sink) {
        if self.kind == Value::Canonical {
            sink.write(self.value);
        } else {
            self.write_otherwise(sink);
        }
    }
}

/// A short name stands in lower case in its sort key already.
#[inline(always)]
fn write_lower(name: &[u8], key: SortKey, sink: &mut impl Sink) {
    if name.len() <= sort_key::PREFIX_LEN {
        return sink.write_front(&key.prefix(), name.len());
    }
    for chunk in name.chunks(FRONT_LEN_MAX) {
        let mut lower = [0; FRONT_LEN_MAX];
        sink::copy(&mut lower[..chunk.len()], chunk);
        lower.make_ascii_lowercase();
        sink.write_front(&lower, chunk.len());
    }
}

/// Whether a byte may stand in a method or a header name: `tchar` of RFC 9110 §5.6.2.
pub(crate) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Whether a header name is a token.
#[inline(always)]
pub(crate) fn is_name(name: &[u8]) -> bool {
    is_unreserved_name(name) || (!name.is_empty() && name.iter().all(|&byte| is_token(byte)))
}

/// Whether a header name is made of letters, digits and hyphens, as nearly all
/// are; such a name is also a token.
#[inline(always)]
fn is_unreserved_name(name: &[u8]) -> bool {
    // `|` rather than `||`: without branches it can be asked of many at once.
    let is_usual = |byte: u8| {
        ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10) | (byte == b'-')
    };
    !name.is_empty() && !scan::any(name, |byte| !is_usual(byte))
}
