//! The presented list of signed headers, held against those of the request.

use core::cmp::Ordering;

use crate::canonical::CanonicalHeaders;
use crate::canonical::headers::{FoldedLines, HEADERS_MAX, is_name, is_token};
use crate::canonical::value;
use crate::collect::{DATE_HEADER, SECURITY_TOKEN_HEADER};
use crate::encode::table_of;
use crate::error::RequestError;
use crate::order::{self, SortKey};
use crate::request::Headers;
use crate::rules::{SessionToken, is_amz};
use crate::sink::Sink;
use crate::verify::error::VerifyError;
use crate::verify::rules::{Unsigned, VerifyRules};
use crate::verify::text::PresentedText;

/// The headers that a list names, in its order.
#[derive(Clone, Copy)]
pub(crate) struct SignedHeaders<'t, 'a> {
    list: PresentedText<'a>,
    lines: &'t [Option<Line<'a>>],
    repeats: &'t [Option<Repeat<'a>>],
}

impl CanonicalHeaders for SignedHeaders<'_, '_> {
    #[inline]
    fn write_lines(&self, sink: &mut impl Sink) {
        let mut repeats = self.repeats.iter().flatten().peekable();
        for (at, line) in self.lines.iter().flatten().enumerate() {
            line.name.write_to(sink);
            sink.write(b":");
            line.value.unwrap_or(Value::EMPTY).write_to(sink);
            while let Some(repeat) = repeats.next_if(|repeat| repeat.line == at) {
                sink.write(b",");
                repeat.value.write_to(sink);
            }
            sink.write(b"\n");
        }
    }

    #[inline]
    fn write_names(&self, sink: &mut impl Sink) {
        // That is the list itself.
        if let Some(list) = self.list.as_plain() {
            return sink.write(list);
        }
        for (at, line) in self.lines.iter().flatten().enumerate() {
            if at > 0 {
                sink.write(b";");
            }
            line.name.write_to(sink);
        }
    }
}

/// Checks a list and that each of its names is there once or more, checks all
/// headers, and lends those that are named.
///
/// # Errors
///
/// Those of [`Presented::check_signed_headers`](crate::Presented::check_signed_headers).
#[inline]
pub(crate) fn with<'a, R>(
    list: PresentedText<'a>,
    headers: &'a (impl Headers + ?Sized),
    rules: &VerifyRules<'_>,
    date_is_signed: bool,
    then: impl FnOnce(SignedHeaders<'_, 'a>) -> Result<R, VerifyError>,
) -> Result<R, VerifyError> {
    if headers.pairs().take(FEW + 1).count() > FEW {
        return with_many(list, headers, rules, date_is_signed, then);
    }
    // One name more than there can be headers: with that one missing, it does
    // not matter what else the list holds.
    let (mut lines, mut repeats) = ([None; FEW + 1], [None; FEW]);
    let table = Table::new(&mut lines, &mut repeats);
    then(table.hold(list, headers, rules, date_is_signed)?)
}

/// A separate function, so that small requests do not pay for its stack.
#[inline(never)]
fn with_many<'a, R>(
    list: PresentedText<'a>,
    headers: &'a (impl Headers + ?Sized),
    rules: &VerifyRules<'_>,
    date_is_signed: bool,
    then: impl FnOnce(SignedHeaders<'_, 'a>) -> Result<R, VerifyError>,
) -> Result<R, VerifyError> {
    let (mut lines, mut repeats) = ([None; HEADERS_MAX + 1], [None; HEADERS_MAX]);
    let table = Table::new(&mut lines, &mut repeats);
    then(table.hold(list, headers, rules, date_is_signed)?)
}

/// Headers that nearly every request stays below.
const FEW: usize = 16;

/// Scratch, of a size that was chosen beforehand.
struct Table<'t, 'a> {
    lines: &'t mut [Option<Line<'a>>],
    /// Names of the list that are held.
    names: usize,
    repeats: &'t mut [Option<Repeat<'a>>],
    repeated: usize,
}

impl<'t, 'a> Table<'t, 'a> {
    fn new(lines: &'t mut [Option<Line<'a>>], repeats: &'t mut [Option<Repeat<'a>>]) -> Self {
        Self { lines, names: 0, repeats, repeated: 0 }
    }

    #[inline]
    fn hold(
        mut self,
        list: PresentedText<'a>,
        headers: &'a (impl Headers + ?Sized),
        rules: &VerifyRules<'_>,
        date_is_signed: bool,
    ) -> Result<SignedHeaders<'t, 'a>, VerifyError> {
        let has_date = self.take_names(list)?;
        let unsigned = self.take_headers(headers, rules)?;
        let absent = self.lines.iter().flatten().find(|line| line.value.is_none());
        match (absent, unsigned) {
            (None, None) => {}
            // Whichever comes first in the order of names.
            (Some(absent), Some(unsigned)) if absent.name.text.bytes().lt(lower(unsigned)) => {
                return Err(VerifyError::SignedHeaderAbsent);
            }
            (_, Some(_)) => return Err(VerifyError::UnsignedAmzHeader),
            (Some(_), None) => return Err(VerifyError::SignedHeaderAbsent),
        }
        if !(has_date || date_is_signed) {
            return Err(VerifyError::DateNotSigned);
        }
        let repeats = &mut self.repeats[..self.repeated];
        if repeats.len() > 1 {
            repeats.sort_unstable_by_key(|repeat| repeat.map(|repeat| (repeat.line, repeat.index)));
        }
        Ok(SignedHeaders { list, lines: &self.lines[..self.names], repeats })
    }

    /// Takes the names of a list and says whether that of a date is among them.
    #[inline]
    fn take_names(&mut self, list: PresentedText<'a>) -> Result<bool, VerifyError> {
        let (mut has_host, mut has_date) = (false, false);
        let mut before: Option<Name<'_>> = None;
        for text in list.split(b';') {
            let name = Name::new(text).ok_or(VerifyError::MalformedSignedHeaders)?;
            if before.is_some_and(|before| before.cmp(&name).is_ge()) {
                return Err(VerifyError::MalformedSignedHeaders);
            }
            has_host |= text == *"host";
            has_date |= text == *DATE_HEADER || text == *"date";
            if let Some(place) = self.lines.get_mut(self.names) {
                *place = Some(Line { name, value: None });
                self.names += 1;
            }
            before = Some(name);
        }
        if has_host { Ok(has_date) } else { Err(VerifyError::HostNotSigned) }
    }

    /// Checks all headers and takes those that are named. Returns the name of
    /// the first in order that is not and would have to be.
    #[inline]
    fn take_headers(
        &mut self,
        headers: &'a (impl Headers + ?Sized),
        rules: &VerifyRules<'_>,
    ) -> Result<Option<&'a [u8]>, RequestError> {
        let mut hosts = 0;
        let mut unsigned: Option<&[u8]> = None;
        for (index, (name, value)) in headers.pairs().enumerate() {
            if index == HEADERS_MAX {
                return Err(RequestError::TooManyHeaders);
            }
            let line = self.find(name);
            // A name that the list holds is a token.
            if line.is_none() && !is_name(name) {
                return Err(RequestError::InvalidHeaderName { index });
            }
            let value = Value::new(value).ok_or(RequestError::InvalidHeaderValue { index })?;
            hosts += usize::from(name.eq_ignore_ascii_case(b"host"));
            match line {
                Some(line) => self.take_value(line, index, value)?,
                None if must_be_signed(name, rules)
                    && unsigned.is_none_or(|unsigned| lower(name).lt(lower(unsigned))) =>
                {
                    unsigned = Some(name);
                }
                None => {}
            }
        }
        match hosts {
            0 => Err(RequestError::MissingHost),
            1 => Ok(unsigned),
            _ => Err(RequestError::DuplicateHost),
        }
    }

    /// The place of the line with this name, which may be in any case.
    #[inline]
    fn find(&self, name: &[u8]) -> Option<usize> {
        let key = SortKey::lower(name);
        let compare = |line: &Option<Line<'_>>| {
            line.as_ref().map_or(Ordering::Greater, |line| line.name.cmp_wire(key, name))
        };
        self.lines[..self.names].binary_search_by(compare).ok()
    }

    #[inline]
    fn take_value(
        &mut self,
        line: usize,
        index: usize,
        value: Value<'a>,
    ) -> Result<(), RequestError> {
        if let Some(Some(Line { value: first @ None, .. })) = self.lines.get_mut(line) {
            *first = Some(value);
            return Ok(());
        }
        let place = self.repeats.get_mut(self.repeated).ok_or(RequestError::TooManyHeaders)?;
        *place = Some(Repeat { line, index, value });
        self.repeated += 1;
        Ok(())
    }
}

/// A name of the list, and what the request holds under it first.
#[derive(Clone, Copy)]
struct Line<'a> {
    name: Name<'a>,
    value: Option<Value<'a>>,
}

/// A token in lower case.
#[derive(Clone, Copy)]
struct Name<'a> {
    key: SortKey,
    text: PresentedText<'a>,
}

impl<'a> Name<'a> {
    #[inline]
    fn new(text: PresentedText<'a>) -> Option<Self> {
        let (is_valid, key) = match text.as_plain() {
            Some(bytes) => (is_lower_name(bytes), SortKey::lower(bytes)),
            None => (text.bytes().all(is_lower_token), SortKey::new(text.bytes(), 0)),
        };
        is_valid.then_some(Self { key, text })
    }

    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp_prefix(other.key).then_with(|| self.text.bytes().cmp(other.text.bytes()))
    }

    /// Compares with a header's name, which may be in any case.
    #[inline]
    fn cmp_wire(&self, key: SortKey, wire: &[u8]) -> Ordering {
        self.key.cmp_prefix(key).then_with(|| match self.text.as_plain() {
            // The keys hold all of it.
            Some(own) if own.len() == wire.len() && wire.len() <= order::PREFIX_LEN => {
                Ordering::Equal
            }
            _ => self.text.bytes().cmp(lower(wire)),
        })
    }

    #[inline]
    fn write_to(&self, sink: &mut impl Sink) {
        match self.text.as_plain() {
            Some(name) => sink.write(name),
            None => self.text.bytes().for_each(|byte| sink.write_byte(byte)),
        }
    }
}

/// One more header under a name that was there before.
#[derive(Clone, Copy)]
struct Repeat<'a> {
    /// The place of its line.
    line: usize,
    /// Its own place in the request.
    index: usize,
    value: Value<'a>,
}

/// A header's value without the white space around it.
#[derive(Clone, Copy)]
struct Value<'a> {
    bytes: &'a [u8],
    /// Whether white space inside has to be reduced.
    has_runs: bool,
}

impl<'a> Value<'a> {
    const EMPTY: Self = Self { bytes: b"", has_runs: false };

    /// Nothing if it holds a zero byte or a line break.
    #[inline]
    fn new(bytes: &'a [u8]) -> Option<Self> {
        if value::is_plain(bytes) {
            return Some(Self { bytes, has_runs: false });
        }
        value::is_valid(bytes, FoldedLines::Refuse)
            .then(|| Self { bytes: value::trim(bytes), has_runs: true })
    }

    #[inline]
    fn write_to(&self, sink: &mut impl Sink) {
        if self.has_runs { value::write_reduced(sink, self.bytes) } else { sink.write(self.bytes) }
    }
}

fn must_be_signed(name: &[u8], rules: &VerifyRules<'_>) -> bool {
    rules.unsigned_amz_headers == Unsigned::Refuse
        && is_amz(name)
        && !(rules.session_token == SessionToken::Unsigned
            && name.eq_ignore_ascii_case(SECURITY_TOKEN_HEADER.as_bytes()))
}

fn lower(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().map(u8::to_ascii_lowercase)
}

#[inline]
fn is_lower_name(name: &[u8]) -> bool {
    let mut is_valid = !name.is_empty();
    for &byte in name {
        is_valid &= LOWER_TOKEN[usize::from(byte)];
    }
    is_valid
}

/// Whether a byte may stand in a header name in lower case.
const fn is_lower_token(byte: u8) -> bool {
    is_token(byte) && !byte.is_ascii_uppercase()
}

/// [`is_lower_token`] for every byte.
static LOWER_TOKEN: [bool; 256] = table_of!(is_lower_token);
