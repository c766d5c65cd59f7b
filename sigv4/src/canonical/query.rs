//! Line 3: the canonical query string.

use core::cmp::Ordering;

use crate::bytes::encode::{self, is_unreserved};
use crate::bytes::scan;
use crate::bytes::sink::Sink;
use crate::bytes::sort_key::{self, SortKey};
use crate::canonical::CanonicalQuery;
use crate::error::RequestError;
use crate::limits::QUERY_PARAMETERS_MAX;

/// One piece of the query, as it is on the wire.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
    /// Whether name and value are on the wire in their canonical form.
    is_canonical: bool,
}

impl<'a> Parameter<'a> {
    pub(crate) const EMPTY: Self = Self { name: b"", value: b"", is_canonical: true };

    fn new(piece: &'a [u8]) -> Self {
        let (name, value) = split(piece);
        Self { name, value, is_canonical: is_canonical(name) && is_canonical(value) }
    }

    /// Whether the name, decoded, is `name`.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        is_named(self.name, name)
    }

    fn sort_key(&self, position: usize) -> SortKey {
        if self.is_canonical {
            SortKey::exact(self.name).at(position)
        } else {
            SortKey::new(encode::encoded_anew(self.name), position)
        }
    }

    /// By encoded name, then by encoded value; never by the joined text, in
    /// which `=` would take part.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_canonical && other.is_canonical {
            return self.name.cmp(other.name).then_with(|| self.value.cmp(other.value));
        }
        encode::encoded_anew(self.name)
            .cmp(encode::encoded_anew(other.name))
            .then_with(|| encode::encoded_anew(self.value).cmp(encode::encoded_anew(other.value)))
    }

    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        for (part, end) in [(self.name, b"=".as_slice()), (self.value, b"")] {
            if self.is_canonical {
                sink.write(part);
            } else {
                encode::encoded_anew(part).for_each(|byte| sink.write_byte(byte));
            }
            sink.write(end);
        }
    }
}

/// The parameters of a query, sorted.
#[derive(Clone, Copy)]
pub(crate) struct Parameters<'t, 'a> {
    parameters: &'t [Parameter<'a>],
    order: &'t [SortKey],
}

/// `name=value` of each, joined with `&`.
impl CanonicalQuery for Parameters<'_, '_> {
    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        self.merge(sink).finish();
    }
}

impl<'t, 'a> Parameters<'t, 'a> {
    /// Starts to write the same with further parameters among them.
    #[inline(always)]
    pub(crate) fn merge<'s, S: Sink>(&self, sink: &'s mut S) -> Merge<'s, 't, 'a, S> {
        Merge { own: *self, next: 0, sink, separator: b"" }
    }
}

/// Writes sorted parameters, and further ones where they belong.
pub(crate) struct Merge<'s, 't, 'a, S> {
    own: Parameters<'t, 'a>,
    next: usize,
    sink: &'s mut S,
    separator: &'static [u8],
}

impl<S: Sink> Merge<'_, '_, '_, S> {
    /// Whether the caller's next parameter, if there is one, belongs behind `name`.
    #[inline(always)]
    pub(crate) fn is_next(&self, name: &str) -> bool {
        self.own.order.get(self.next).is_none_or(|key| {
            encode::encoded_anew(self.own.parameters[key.position()].name).gt(name.bytes())
        })
    }

    /// Adds a parameter. Names must be canonical, begin with `&`, end with `=`
    /// and come in order; `write_value` writes the canonical value. Whole
    /// parameters may stand before the name, if none belongs between.
    #[inline(always)]
    pub(crate) fn add(&mut self, name: &[u8], write_value: impl FnOnce(&mut S)) {
        if self.next < self.own.order.len() {
            let bare = &name[1..name.len() - 1];
            self.write_own_while(|own| encode::encoded_anew(own.name).lt(bare.iter().copied()));
        }
        // The first parameter of all has none before it to be separated from.
        self.sink.write(&name[1 - self.separator.len()..]);
        write_value(self.sink);
        self.separator = b"&";
    }

    /// Writes what is left.
    #[inline(always)]
    pub(crate) fn finish(mut self) {
        self.write_own_while(|_| true);
    }

    #[inline(always)]
    fn write_own_while(&mut self, comes_first: impl Fn(&Parameter<'_>) -> bool) {
        while let Some(key) = self.own.order.get(self.next) {
            let parameter = &self.own.parameters[key.position()];
            if !comes_first(parameter) {
                return;
            }
            self.sink.write(self.separator);
            parameter.write_to(self.sink);
            self.separator = b"&";
            self.next += 1;
        }
    }
}

/// Scratch for parameters and their order, of a size that was chosen beforehand.
pub(crate) struct ParameterTable<'t, 'a> {
    parameters: &'t mut [Parameter<'a>],
    order: &'t mut [SortKey],
}

/// Lends a table with room for all of `query`.
#[inline(always)]
pub(crate) fn with_table<'a, R>(query: &[u8], then: impl FnOnce(ParameterTable<'_, 'a>) -> R) -> R {
    if query.is_empty() {
        return then(ParameterTable { parameters: &mut [], order: &mut [] });
    }
    let needed = pieces(query).take(SOME + 1).count();
    if needed <= FEW {
        with_room::<FEW, R, _>(then)
    } else if needed <= SOME {
        with_more_room::<SOME, R, _>(then)
    } else {
        with_more_room::<QUERY_PARAMETERS_MAX, R, _>(then)
    }
}

/// A separate function, so that small requests do not pay for its stack.
#[inline(never)]
fn with_more_room<'a, const N: usize, R, F>(then: F) -> R
where
    F: FnOnce(ParameterTable<'_, 'a>) -> R,
{
    with_room::<N, R, _>(then)
}

#[inline(always)]
fn with_room<'a, const N: usize, R, F>(then: F) -> R
where
    F: FnOnce(ParameterTable<'_, 'a>) -> R,
{
    let (mut parameters, mut order) = ([Parameter::EMPTY; N], [SortKey::EMPTY; N]);
    then(ParameterTable { parameters: &mut parameters, order: &mut order })
}

/// Parameters that most requests stay below.
const FEW: usize = 8;

/// Parameters that nearly all requests stay below.
const SOME: usize = 32;

impl<'t, 'a> ParameterTable<'t, 'a> {
    /// Splits and sorts a query without malformed escapes, and keeps what
    /// `keep` accepts.
    #[inline(always)]
    pub(crate) fn fill<E: From<RequestError>>(
        self,
        query: &'a [u8],
        mut keep: impl FnMut(&Parameter<'a>) -> Result<bool, E>,
    ) -> Result<Parameters<'t, 'a>, E> {
        let mut len = 0;
        for (index, piece) in pieces(query).enumerate() {
            if index == QUERY_PARAMETERS_MAX {
                return Err(RequestError::TooManyParameters.into());
            }
            let parameter = Parameter::new(piece);
            if keep(&parameter)? {
                self.parameters[len] = parameter;
                self.order[len] = parameter.sort_key(len);
                len += 1;
            }
        }
        let (parameters, order) = (&self.parameters[..len], &mut self.order[..len]);
        sort_key::sort(order, |a, b| parameters[a].cmp(&parameters[b]));
        Ok(Parameters { parameters, order })
    }
}

/// The non-empty pieces between the ampersands.
pub(crate) fn pieces(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    query.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty())
}

/// Name and value of a piece; without `=` the value is empty.
pub(crate) fn split(piece: &[u8]) -> (&[u8], &[u8]) {
    split_once(piece, b'=').unwrap_or((piece, b""))
}

/// Whether a name on the wire, decoded, is `name`.
#[inline(always)]
pub(crate) fn is_named(wire: &[u8], name: &str) -> bool {
    wire == name.as_bytes() || (wire.len() > name.len() && encode::decoded(wire).eq(name.bytes()))
}

/// What stands before and behind the first `separator`.
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = scan::position(bytes, |byte| byte == separator)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

/// Whether decoding and encoding `text` again would leave it as it is.
#[inline(always)]
fn is_canonical(text: &[u8]) -> bool {
    !scan::any(text, |byte| !is_unreserved(byte)) || encode::has_only_needed_escapes(text)
}
