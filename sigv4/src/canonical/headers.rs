//! Lines 4 and 5: the canonical headers and the names of the signed ones.

use core::cmp::Ordering;

use crate::bytes::encode::PercentEncoding;
use crate::bytes::sink::Sink;
use crate::bytes::sort_key::{self, SortKey};
use crate::canonical::CanonicalHeaders;
use crate::canonical::header::Header;
use crate::error::RequestError;
use crate::limits::HEADERS_MAX;
use crate::request::Headers;

/// The headers that are signed, sorted by name; equal names in wire order.
#[derive(Clone, Copy)]
pub(crate) struct SignedHeaders<'t, 'a> {
    headers: &'t [Option<Header<'a>>],
    order: &'t [SortKey],
}

impl CanonicalHeaders for SignedHeaders<'_, '_> {
    #[inline(always)]
    fn write_lines(&self, sink: &mut impl Sink) {
        for (at, &key) in self.order.iter().enumerate() {
            let header = self.header(key);
            if self.repeats_name(at) {
                sink.write(b",");
            } else {
                if at > 0 {
                    sink.write(b"\n");
                }
                header.write_line_start(key, sink);
            }
            header.write_value(sink);
        }
        if !self.order.is_empty() {
            sink.write(b"\n");
        }
    }

    #[inline(always)]
    fn write_names(&self, sink: &mut impl Sink) {
        self.write_separated_names(sink, b";");
    }
}

impl<'t, 'a> SignedHeaders<'t, 'a> {
    /// The names as they stand in a query.
    #[inline(always)]
    pub(crate) fn write_encoded_names(&self, sink: &mut impl Sink) {
        let is_unreserved = |key: &SortKey| self.header(*key).name_is_unreserved();
        if self.order.iter().all(is_unreserved) {
            self.write_separated_names(sink, b"%3B");
        } else {
            self.write_names(&mut PercentEncoding(sink));
        }
    }

    #[inline(always)]
    fn write_separated_names<const N: usize>(&self, sink: &mut impl Sink, separator: &[u8; N]) {
        for (at, &key) in self.order.iter().enumerate() {
            if self.repeats_name(at) {
                continue;
            }
            if at > 0 {
                sink.write(separator);
            }
            self.header(key).write_name(key, sink);
        }
    }

    #[inline(always)]
    fn header(&self, key: SortKey) -> &'t Header<'a> {
        header(self.headers, key)
    }

    /// Whether the header at this place has the name of the one before it.
    #[inline(always)]
    fn repeats_name(&self, at: usize) -> bool {
        at > 0 && have_same_name(self.headers, self.order[at - 1], self.order[at])
    }
}

/// Scratch for headers and their order, of a size that was chosen beforehand.
pub(crate) struct HeaderTable<'t, 'a> {
    headers: &'t mut [Option<Header<'a>>],
    order: &'t mut [SortKey],
    len: usize,
}

/// Lends a table with room for all of `headers` and `added` more.
#[inline(always)]
pub(crate) fn with_table<'a, R>(
    headers: &(impl Headers + ?Sized),
    added: usize,
    then: impl FnOnce(HeaderTable<'_, 'a>) -> R,
) -> R {
    let needed = headers.pairs().take(SOME + 1).count() + added;
    if needed <= FEW {
        with_room::<FEW, R, _>(then)
    } else if needed <= SOME {
        with_more_room::<SOME, R, _>(then)
    } else {
        with_more_room::<MANY, R, _>(then)
    }
}

/// A separate function, so that small requests do not pay for its stack.
#[inline(never)]
fn with_more_room<'a, const N: usize, R, F>(then: F) -> R
where
    F: FnOnce(HeaderTable<'_, 'a>) -> R,
{
    with_room::<N, R, _>(then)
}

#[inline(always)]
fn with_room<'a, const N: usize, R, F>(then: F) -> R
where
    F: FnOnce(HeaderTable<'_, 'a>) -> R,
{
    let (mut headers, mut order) = ([None; N], [SortKey::EMPTY; N]);
    then(HeaderTable { headers: &mut headers, order: &mut order, len: 0 })
}

/// Headers that most requests stay below.
const FEW: usize = 8;

/// Headers that nearly all requests stay below.
const SOME: usize = 32;

/// The limit, and room for what signing adds.
const MANY: usize = HEADERS_MAX + ADDED_HEADERS_MAX;

/// `x-amz-date`, `x-amz-security-token`, `x-amz-content-sha256` and
/// `x-amz-region-set`.
const ADDED_HEADERS_MAX: usize = 4;

impl<'t, 'a> HeaderTable<'t, 'a> {
    #[inline(always)]
    pub(crate) fn push(&mut self, header: Header<'a>) -> Result<(), RequestError> {
        *self.headers.get_mut(self.len).ok_or(RequestError::TooManyHeaders)? = Some(header);
        self.order[self.len] = header.sort_key().at(self.len);
        self.len += 1;
        Ok(())
    }

    /// Sorts what was taken.
    #[inline(always)]
    pub(crate) fn sort(self) -> SignedHeaders<'t, 'a> {
        let (headers, order) = self.sorted();
        SignedHeaders { headers, order }
    }

    /// Sorts what was taken, and leaves out the names that `keep` does not want,
    /// which is asked once about each, in order.
    #[inline(always)]
    pub(crate) fn sort_and_retain(
        self,
        mut keep: impl FnMut(&Header<'a>, SortKey) -> bool,
    ) -> SignedHeaders<'t, 'a> {
        let (headers, order) = self.sorted();
        let (mut kept, mut is_kept, mut before) = (0, false, None);
        for at in 0..order.len() {
            let key = order[at];
            if before.is_none_or(|before| !have_same_name(headers, before, key)) {
                is_kept = keep(header(headers, key), key);
            }
            if is_kept {
                order[kept] = key;
                kept += 1;
            }
            before = Some(key);
        }
        SignedHeaders { headers, order: &order[..kept] }
    }

    #[inline(always)]
    fn sorted(self) -> (&'t [Option<Header<'a>>], &'t mut [SortKey]) {
        let (headers, order) = (&self.headers[..self.len], &mut self.order[..self.len]);
        sort_key::sort(order, |a, b| {
            let name = |at: usize| headers[at].as_ref().map_or(b"".as_slice(), Header::name);
            cmp_lower(name(a), name(b))
        });
        (headers, order)
    }
}

#[inline(always)]
fn header<'t, 'a>(headers: &'t [Option<Header<'a>>], key: SortKey) -> &'t Header<'a> {
    headers[key.position()].as_ref().unwrap_or(const { &Header::EMPTY })
}

#[inline(always)]
fn have_same_name(headers: &[Option<Header<'_>>], one: SortKey, other: SortKey) -> bool {
    one.has_prefix_of(other) && header(headers, one).name_eq(header(headers, other))
}

fn cmp_lower(a: &[u8], b: &[u8]) -> Ordering {
    // What is the same is passed over many bytes at a time.
    let pairs = a.chunks(ALIKE_LEN).zip(b.chunks(ALIKE_LEN));
    let same = pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count() * ALIKE_LEN;
    let [a, b] = [a, b].map(|name| name[same.min(name.len())..].iter().map(u8::to_ascii_lowercase));
    a.cmp(b)
}

/// Bytes of names that begin alike which are compared together.
const ALIKE_LEN: usize = 32;

/// Checks how many headers are named `host`.
#[inline(always)]
pub(crate) const fn check_hosts(count: usize) -> Result<(), RequestError> {
    match count {
        0 => Err(RequestError::MissingHost),
        1 => Ok(()),
        _ => Err(RequestError::DuplicateHost),
    }
}
