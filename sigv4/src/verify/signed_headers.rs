//! The presented list of signed headers, held against those of the request.

use crate::canonical::CanonicalHeaders;
use crate::canonical::headers::{FoldedLines, HEADERS_MAX, is_name, is_token};
use crate::canonical::value;
use crate::collect::{DATE_HEADER, SECURITY_TOKEN_HEADER};
use crate::error::RequestError;
use crate::order::{self, SortKey};
use crate::request::Headers;
use crate::rules::{SessionToken, is_amz};
use crate::scan;
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
    #[inline(always)]
    fn write_lines(&self, sink: &mut impl Sink) {
        let mut repeats = self.repeats.iter().flatten().peekable();
        for (at, line) in self.lines.iter().flatten().enumerate() {
            line.write_name(sink);
            sink.write(b":");
            line.value.unwrap_or(Value::EMPTY).write_to(sink);
            while let Some(repeat) = repeats.next_if(|repeat| repeat.line == at) {
                sink.write(b",");
                repeat.value.write_to(sink);
            }
            sink.write(b"\n");
        }
    }

    /// The list itself.
    #[inline(always)]
    fn write_names(&self, sink: &mut impl Sink) {
        if let Some(list) = self.list.as_plain() {
            return sink.write(list);
        }
        for (at, line) in self.lines.iter().flatten().enumerate() {
            if at > 0 {
                sink.write(b";");
            }
            line.write_name(sink);
        }
    }
}

/// Checks a list and that each of its names is there once or more, checks all
/// headers, and lends those that are named.
///
/// # Errors
///
/// Those of [`Presented::check_signed_headers`](crate::Presented::check_signed_headers).
#[inline(always)]
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
    let (mut keys, mut lines) = ([SortKey::EMPTY; FEW + 1], [None; FEW + 1]);
    let mut repeats = [None; FEW];
    let table = Table::new(&mut keys, &mut lines, &mut repeats);
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
    let (mut keys, mut lines) = ([SortKey::EMPTY; HEADERS_MAX + 1], [None; HEADERS_MAX + 1]);
    let mut repeats = [None; HEADERS_MAX];
    let table = Table::new(&mut keys, &mut lines, &mut repeats);
    then(table.hold(list, headers, rules, date_is_signed)?)
}

/// Headers that nearly every request stays below.
const FEW: usize = 16;

/// Scratch, of a size that was chosen beforehand.
struct Table<'t, 'a> {
    /// Those of the names of the list, which are in order, at position 0.
    keys: &'t mut [SortKey],
    /// The same names, and what is there under each.
    lines: &'t mut [Option<Line<'a>>],
    names: usize,
    repeats: &'t mut [Option<Repeat<'a>>],
    repeated: usize,
}

impl<'t, 'a> Table<'t, 'a> {
    #[inline(always)]
    fn new(
        keys: &'t mut [SortKey],
        lines: &'t mut [Option<Line<'a>>],
        repeats: &'t mut [Option<Repeat<'a>>],
    ) -> Self {
        Self { keys, lines, names: 0, repeats, repeated: 0 }
    }

    #[inline(always)]
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
            (Some(absent), Some(unsigned)) if absent.name.bytes().lt(lower(unsigned)) => {
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
    #[inline(always)]
    fn take_names(&mut self, list: PresentedText<'a>) -> Result<bool, VerifyError> {
        let is_usual = list.as_plain().is_some_and(|list| !scan::any(list, is_unusual));
        let (mut has_host, mut has_date) = (false, false);
        let (mut before, mut before_key) = (PresentedText::EMPTY, SortKey::EMPTY);
        list.split(b';', |name| {
            let key = key_of(name);
            let is_valid = is_usual || name.bytes().all(is_lower_token);
            // An empty name is not behind the one before, nor the first behind none.
            let is_behind = before_key.is_before(key)
                || (before_key.has_prefix_of(key) && before.bytes().lt(name.bytes()));
            if !(is_valid && is_behind) {
                return Err(VerifyError::MalformedSignedHeaders);
            }
            has_host |= key.has_prefix_of(HOST);
            has_date |= key.has_prefix_of(AMZ_DATE) | key.has_prefix_of(DATE);
            if let Some(place) = self.lines.get_mut(self.names) {
                self.keys[self.names] = key;
                *place = Some(Line { name, value: None });
                self.names += 1;
            }
            (before, before_key) = (name, key);
            Ok(())
        })?;
        if has_host { Ok(has_date) } else { Err(VerifyError::HostNotSigned) }
    }

    /// Checks all headers and takes those that are named. Returns the name of
    /// the first in order that is not and would have to be.
    #[inline(always)]
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
            let key = SortKey::lower(name);
            let line = self.find(key, name);
            // A name that the list holds is a token.
            if line.is_none() && !is_name(name) {
                return Err(RequestError::InvalidHeaderName { index });
            }
            let value = Value::new(value).ok_or(RequestError::InvalidHeaderValue { index })?;
            hosts += usize::from(key.has_prefix_of(HOST));
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
    #[inline(always)]
    fn find(&self, key: SortKey, name: &[u8]) -> Option<usize> {
        let keys = &self.keys[..self.names];
        let begin = keys.partition_point(|other| other.is_before(key));
        let alike = keys[begin..].iter().take_while(|other| other.has_prefix_of(key));
        let mut places = alike.zip(begin..).map(|(_, place)| place);
        places.find(|&place| self.lines[place].is_some_and(|line| line.is_named(name)))
    }

    #[inline(always)]
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
    name: PresentedText<'a>,
    value: Option<Value<'a>>,
}

impl Line<'_> {
    /// Whether this is the name on the wire, in any case, if they begin alike.
    #[inline(always)]
    fn is_named(&self, wire: &[u8]) -> bool {
        match self.name.as_plain() {
            // The keys hold all of it.
            Some(own) if wire.len() <= order::PREFIX_LEN => own.len() == wire.len(),
            Some(own) => own.eq_ignore_ascii_case(wire),
            None => self.name.bytes().eq(lower(wire)),
        }
    }

    #[inline(always)]
    fn write_name(&self, sink: &mut impl Sink) {
        match self.name.as_plain() {
            Some(name) => sink.write(name),
            None => self.name.bytes().for_each(|byte| sink.write_byte(byte)),
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
    #[inline(always)]
    fn new(bytes: &'a [u8]) -> Option<Self> {
        if value::is_plain(bytes) {
            return Some(Self { bytes, has_runs: false });
        }
        value::is_valid(bytes, FoldedLines::Refuse)
            .then(|| Self { bytes: value::trim(bytes), has_runs: true })
    }

    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        if self.has_runs { value::write_reduced(sink, self.bytes) } else { sink.write(self.bytes) }
    }
}

const HOST: SortKey = SortKey::lower(b"host");
const AMZ_DATE: SortKey = SortKey::lower(DATE_HEADER.as_bytes());
const DATE: SortKey = SortKey::lower(b"date");

fn must_be_signed(name: &[u8], rules: &VerifyRules<'_>) -> bool {
    rules.unsigned_amz_headers == Unsigned::Refuse
        && is_amz(name)
        && !(rules.session_token == SessionToken::Unsigned
            && name.eq_ignore_ascii_case(SECURITY_TOKEN_HEADER.as_bytes()))
}

#[inline(always)]
fn key_of(name: PresentedText<'_>) -> SortKey {
    match name.as_plain() {
        Some(name) => SortKey::lower(name),
        None => SortKey::new(name.bytes(), 0),
    }
}

fn lower(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().map(u8::to_ascii_lowercase)
}

/// Whether a byte may stand in a header name in lower case.
fn is_lower_token(byte: u8) -> bool {
    is_token(byte) && !byte.is_ascii_uppercase()
}

/// Whether a byte of a list is not one of those of which nearly all are made.
/// Without branches, so that many bytes are asked at once.
#[inline(always)]
fn is_unusual(byte: u8) -> bool {
    (byte.wrapping_sub(b'a') > 25) & (byte.wrapping_sub(b'0') > 9) & (byte != b'-') & (byte != b';')
}
