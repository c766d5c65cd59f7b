//! Lines 4 and 5: the canonical headers and the names of the signed ones.

use core::cmp::Ordering;

use crate::canonical::value;
use crate::encode::PercentEncoding;
use crate::error::RequestError;
use crate::order::{self, SortKey};
use crate::request::Headers;
use crate::scan;
use crate::sink::{self, Sink};

/// Most headers a request may hold, those that are not signed included.
///
/// What signing adds counts when the request is verified, so that a signer had
/// better stay four below.
pub const HEADERS_MAX: usize = 1_024;

/// What becomes of a header value that goes on over several lines (obsolete
/// line folding, RFC 9112 §5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FoldedLines {
    /// A line break in a value is an error.
    #[default]
    Refuse,
    /// A line break with the white space behind it counts as white space; one
    /// without is still an error.
    Unfold,
}

/// One header, as it is on the wire.
#[derive(Clone, Copy)]
pub(crate) struct Header<'a> {
    name: &'a [u8],
    /// The value without the white space around it.
    value: &'a [u8],
    /// Whether white space inside the value has to be reduced.
    has_runs: bool,
}

impl<'a> Header<'a> {
    pub(crate) const EMPTY: Self = Self { name: b"", value: b"", has_runs: false };

    /// Checks a header, the `index`-th of its request.
    #[inline]
    pub(crate) fn new(
        name: &'a [u8],
        value: &'a [u8],
        index: usize,
        lines: FoldedLines,
    ) -> Result<Self, RequestError> {
        if value::is_plain(value) {
            return Ok(Self { name, value, has_runs: false });
        }
        if !value::is_valid(value, lines) {
            return Err(RequestError::InvalidHeaderValue { index });
        }
        Ok(Self { name, value: value::trim(value), has_runs: true })
    }

    /// A header that signing adds: its name in lower case, its value canonical.
    #[inline]
    pub(crate) fn added(name: &'static str, value: &'a [u8]) -> Self {
        Self { name: name.as_bytes(), value, has_runs: false }
    }

    /// The name in lower case.
    pub(crate) fn lower_name(&self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.name.iter().map(u8::to_ascii_lowercase)
    }

    /// Whether this is the header `name`, given in lower case.
    #[inline]
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name.len() == name.len() && self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The name as it is on the wire.
    pub(crate) fn name(&self) -> &'a [u8] {
        self.name
    }

    /// The value without the white space around it.
    pub(crate) fn value(&self) -> &'a [u8] {
        self.value
    }

    fn name_eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(other.name)
    }

    /// The name in lower case; a short one stands in its sort key already.
    #[inline]
    fn write_name(&self, key: SortKey, sink: &mut impl Sink) {
        if self.name.len() <= order::PREFIX_LEN {
            return sink.write_front(&key.prefix(), self.name.len());
        }
        for chunk in self.name.chunks(32) {
            let mut lower = [0; 32];
            let lower = &mut lower[..chunk.len()];
            sink::copy(lower, chunk);
            lower.make_ascii_lowercase();
            sink.write(lower);
        }
    }

    #[inline]
    fn write_value(&self, sink: &mut impl Sink) {
        if !self.has_runs {
            return sink.write(self.value);
        }
        let mut words =
            self.value.split(|&byte| value::is_space(byte)).filter(|word| !word.is_empty());
        sink.write(words.next().unwrap_or_default());
        for word in words {
            sink.write(b" ");
            sink.write(word);
        }
    }
}

/// The headers that are signed, sorted by name; equal names in wire order.
#[derive(Clone, Copy)]
pub(crate) struct SignedHeaders<'t, 'a> {
    headers: &'t [Header<'a>],
    order: &'t [SortKey],
    /// Whether any name is there more than once.
    has_repeats: bool,
    /// Whether all names can stand in a query as they are.
    names_are_unreserved: bool,
}

impl<'t, 'a> SignedHeaders<'t, 'a> {
    #[inline]
    fn new(headers: &'t [Header<'a>], order: &'t [SortKey], names_are_unreserved: bool) -> Self {
        let mut sorted = Self { headers, order, has_repeats: true, names_are_unreserved };
        sorted.has_repeats = (1..order.len()).any(|at| sorted.repeats_name(at));
        sorted
    }

    /// `name:value` and a line break for each name, the values of a repeated
    /// name joined with commas.
    #[inline]
    pub(crate) fn write_lines(&self, sink: &mut impl Sink) {
        for (at, &key) in self.order.iter().enumerate() {
            let header = &self.headers[key.position()];
            if self.repeats_name(at) {
                sink.write(b",");
            } else {
                if at > 0 {
                    sink.write(b"\n");
                }
                header.write_name(key, sink);
                sink.write(b":");
            }
            header.write_value(sink);
        }
        if !self.order.is_empty() {
            sink.write(b"\n");
        }
    }

    /// The names, each once, joined with `;`.
    #[inline]
    pub(crate) fn write_names(&self, sink: &mut impl Sink) {
        self.write_separated_names(sink, b";");
    }

    /// The same as it stands in a query.
    #[inline]
    pub(crate) fn write_encoded_names(&self, sink: &mut impl Sink) {
        if self.names_are_unreserved {
            self.write_separated_names(sink, b"%3B");
        } else {
            self.write_names(&mut PercentEncoding(sink));
        }
    }

    #[inline]
    fn write_separated_names(&self, sink: &mut impl Sink, separator: &[u8]) {
        for (at, &key) in self.order.iter().enumerate() {
            if self.repeats_name(at) {
                continue;
            }
            if at > 0 {
                sink.write(separator);
            }
            self.headers[key.position()].write_name(key, sink);
        }
    }

    /// Whether the header at this place has the name of the one before it.
    #[inline]
    fn repeats_name(&self, at: usize) -> bool {
        if !self.has_repeats || at == 0 {
            return false;
        }
        let [before, here] = [self.order[at - 1], self.order[at]];
        before.has_prefix_of(here)
            && self.headers[before.position()].name_eq(&self.headers[here.position()])
    }
}

/// Scratch for headers and their order, of a size that was chosen beforehand.
pub(crate) struct HeaderTable<'t, 'a> {
    headers: &'t mut [Header<'a>],
    order: &'t mut [SortKey],
    len: usize,
    names_are_unreserved: bool,
}

/// Lends a table with room for all of `headers` and `added` more.
#[inline]
pub(crate) fn with_table<'a, R>(
    headers: &(impl Headers + ?Sized),
    added: usize,
    then: impl FnOnce(HeaderTable<'_, 'a>) -> R,
) -> R {
    if headers.pairs().take(FEW + 1).count() + added > FEW {
        return with_large_table(then);
    }
    let (mut headers, mut order) = ([Header::EMPTY; FEW], [SortKey::EMPTY; FEW]);
    then(HeaderTable {
        headers: &mut headers,
        order: &mut order,
        len: 0,
        names_are_unreserved: true,
    })
}

/// A separate function, so that small requests do not pay for its stack.
#[inline(never)]
fn with_large_table<'a, R>(then: impl FnOnce(HeaderTable<'_, 'a>) -> R) -> R {
    let (mut headers, mut order) = ([Header::EMPTY; MANY], [SortKey::EMPTY; MANY]);
    then(HeaderTable {
        headers: &mut headers,
        order: &mut order,
        len: 0,
        names_are_unreserved: true,
    })
}

/// Headers that nearly every request stays below.
const FEW: usize = 16;

/// The limit, and room for what signing adds.
const MANY: usize = HEADERS_MAX + ADDED_HEADERS_MAX;

/// `x-amz-date`, `x-amz-security-token` and `x-amz-content-sha256`.
pub(crate) const ADDED_HEADERS_MAX: usize = 3;

impl<'t, 'a> HeaderTable<'t, 'a> {
    /// Checks all of `headers`, of which one must be `host`, and takes those
    /// that `select` accepts.
    #[inline]
    pub(crate) fn fill<E: From<RequestError>>(
        &mut self,
        headers: &'a (impl Headers + ?Sized),
        lines: FoldedLines,
        mut select: impl FnMut(&Header<'a>) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut hosts = 0;
        for (index, (name, value)) in headers.pairs().enumerate() {
            if index == HEADERS_MAX {
                return Err(RequestError::TooManyHeaders.into());
            }
            if scan::any(name, |byte| !is_usual(byte)) || name.is_empty() {
                self.names_are_unreserved = false;
                if name.is_empty() || !name.iter().all(|&byte| is_token(byte)) {
                    return Err(RequestError::InvalidHeaderName { index }.into());
                }
            }
            let header = Header::new(name, value, index, lines)?;
            hosts += usize::from(header.is_named("host"));
            if select(&header)? {
                self.push(header)?;
            }
        }
        match hosts {
            0 => Err(RequestError::MissingHost.into()),
            1 => Ok(()),
            _ => Err(RequestError::DuplicateHost.into()),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, header: Header<'a>) -> Result<(), RequestError> {
        *self.headers.get_mut(self.len).ok_or(RequestError::TooManyHeaders)? = header;
        self.order[self.len] = SortKey::lower(header.name, self.len);
        self.len += 1;
        Ok(())
    }

    /// Sorts what was taken.
    #[inline]
    pub(crate) fn sort(self) -> SignedHeaders<'t, 'a> {
        let (headers, order) = (&self.headers[..self.len], &mut self.order[..self.len]);
        order::sort(order, |a, b| cmp_lower(headers[a].name, headers[b].name));
        SignedHeaders::new(headers, order, self.names_are_unreserved)
    }

    /// Sorts what was taken and keeps what `keep` accepts; it is asked in order.
    pub(crate) fn sort_and_keep<E>(
        self,
        mut keep: impl FnMut(&Header<'a>) -> Result<bool, E>,
    ) -> Result<SignedHeaders<'t, 'a>, E> {
        let (headers, order) = (&self.headers[..self.len], &mut self.order[..self.len]);
        order::sort(order, |a, b| cmp_lower(headers[a].name, headers[b].name));
        let mut kept = 0;
        for at in 0..order.len() {
            if keep(&headers[order[at].position()])? {
                order[kept] = order[at];
                kept += 1;
            }
        }
        Ok(SignedHeaders::new(headers, &order[..kept], self.names_are_unreserved))
    }
}

fn cmp_lower(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (a.iter().map(u8::to_ascii_lowercase), b.iter().map(u8::to_ascii_lowercase));
    a.cmp(b)
}

/// Whether a byte may stand in a method or a header name: `tchar` of RFC 9110 §5.6.2.
pub(crate) const fn is_token(byte: u8) -> bool {
    is_usual(byte)
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Letters, digits and hyphens, of which nearly all names are made.
#[inline]
const fn is_usual(byte: u8) -> bool {
    // `|` rather than `||`: without branches it can be asked of many at once.
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10) | (byte == b'-')
}
