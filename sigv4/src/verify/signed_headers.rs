//! The presented list of signed headers, held against those of the request.

use crate::bytes::scan;
use crate::bytes::sink::Sink;
use crate::bytes::sort_key::SortKey;
use crate::canonical::CanonicalHeaders;
use crate::canonical::header::{Header, is_token};
use crate::canonical::headers::{self, HeaderTable, SignedHeaders};
use crate::error::RequestError;
use crate::limits::HEADERS_MAX;
use crate::names::Role;
use crate::names::is_amz;
use crate::request::Headers;
use crate::rules::FoldedLines;
use crate::rules::SessionToken;
use crate::verify::error::VerifyError;
use crate::verify::rules::{Unsigned, VerifyRules};
use crate::verify::text::PresentedText;

/// The headers that a list names, in its order.
#[derive(Clone, Copy)]
pub(crate) struct ListedHeaders<'t, 'a> {
    list: PresentedText<'a>,
    headers: SignedHeaders<'t, 'a>,
}

impl CanonicalHeaders for ListedHeaders<'_, '_> {
    #[inline(always)]
    fn write_lines(&self, sink: &mut impl Sink) {
        self.headers.write_lines(sink);
    }

    /// The list itself.
    #[inline(always)]
    fn write_names(&self, sink: &mut impl Sink) {
        match self.list.as_plain() {
            Some(list) => sink.write(list),
            None => self.headers.write_names(sink),
        }
    }
}

/// Checks a list and that each of its names is there once or more, checks all
/// headers, and lends those that are named.
///
/// # Errors
///
/// Those of [`PresentedSignature::check_signed_headers`](crate::PresentedSignature::check_signed_headers).
#[inline(always)]
pub(crate) fn with<'a, R>(
    list: PresentedText<'a>,
    headers: &'a (impl Headers + ?Sized),
    rules: &VerifyRules<'_>,
    date_is_signed: bool,
    then: impl FnOnce(ListedHeaders<'_, 'a>) -> Result<R, VerifyError>,
) -> Result<R, VerifyError> {
    headers::with_table(headers, 0, |mut table| {
        let checked = take_headers(&mut table, headers);
        let mut found = Found::none_of(list);
        let headers = table.sort_and_retain(|header, key| found.take(header, key, rules));
        found.check(list, checked, date_is_signed)?;
        then(ListedHeaders { list, headers })
    })
}

/// Checks all headers, of which one must be `host`, and takes them.
#[inline(always)]
fn take_headers<'a>(
    table: &mut HeaderTable<'_, 'a>,
    headers: &'a (impl Headers + ?Sized),
) -> Result<(), RequestError> {
    let mut hosts = 0;
    for (index, (name, value)) in headers.pairs().enumerate() {
        if index == HEADERS_MAX {
            return Err(RequestError::TooManyHeaders);
        }
        let header = Header::new(name, value, index, FoldedLines::Refuse)?;
        hosts += usize::from(header.role() == Role::Host);
        table.push(header)?;
    }
    headers::check_hosts(hosts)
}

/// What of a list was found among the headers, which come in order as the names
/// of a list must.
///
/// A list all of whose names are found is in order, and made of valid names.
struct Found<'a> {
    /// The names that are left to be found; nothing behind the last one.
    left: Option<PresentedText<'a>>,
    /// The first header that is not named and would have to be.
    unsigned: Option<&'a [u8]>,
    has_host: bool,
    has_date: bool,
}

impl<'a> Found<'a> {
    #[inline(always)]
    fn none_of(list: PresentedText<'a>) -> Self {
        Self { left: Some(list), unsigned: None, has_host: false, has_date: false }
    }

    /// Whether the list names a header; they must be asked about in order.
    #[inline(always)]
    fn take(&mut self, header: &Header<'a>, key: SortKey, rules: &VerifyRules<'_>) -> bool {
        let is_next = self.left.is_some_and(|list| self.take_next(list, header, key));
        if is_next {
            self.has_host |= header.role() == Role::Host;
            self.has_date |= matches!(header.role(), Role::AmzDate | Role::Date);
        } else if self.unsigned.is_none() && must_be_signed(header.name(), rules) {
            self.unsigned = Some(header.name());
        }
        is_next
    }

    #[inline(always)]
    fn take_next(&mut self, list: PresentedText<'a>, header: &Header<'a>, key: SortKey) -> bool {
        let Some(list) = list.as_plain() else {
            return self.take_next_encoded(list, header.name());
        };
        let Some((name, behind)) = list.split_at_checked(header.name().len()) else {
            return false;
        };
        let left = match behind {
            [] => None,
            [b';', left @ ..] => Some(PresentedText::plain(left)),
            _ => return false,
        };
        let is_next = header.is_named(name, key);
        if is_next {
            self.left = left;
        }
        is_next
    }

    fn take_next_encoded(&mut self, list: PresentedText<'a>, name: &[u8]) -> bool {
        let mut left = list;
        for byte in lower(name) {
            match left.split_first() {
                Some((first, behind)) if first == byte => left = behind,
                _ => return false,
            }
        }
        self.left = match left.split_first() {
            None => None,
            Some((b';', behind)) => Some(behind),
            Some(_) => return false,
        };
        true
    }

    /// Fails for the first thing that is wrong with a list, or with `headers`.
    #[inline(always)]
    fn check(
        &self,
        list: PresentedText<'_>,
        headers: Result<(), RequestError>,
        date_is_signed: bool,
    ) -> Result<(), VerifyError> {
        if self.left.is_some() || !self.has_host {
            check_list(list)?;
        }
        headers?;
        match (self.left, self.unsigned) {
            (None, None) => {}
            // Whichever comes first in the order of names.
            (Some(left), Some(unsigned)) if first_name(left).lt(lower(unsigned)) => {
                return Err(VerifyError::SignedHeaderAbsent);
            }
            (_, Some(_)) => return Err(VerifyError::UnsignedAmzHeader),
            (Some(_), None) => return Err(VerifyError::SignedHeaderAbsent),
        }
        if !(self.has_date || date_is_signed) {
            return Err(VerifyError::DateNotSigned);
        }
        Ok(())
    }
}

/// Checks that a list is made of names in lower case, in order and each once,
/// and that `host` is one of them.
#[cold]
#[inline(never)]
fn check_list(list: PresentedText<'_>) -> Result<(), VerifyError> {
    let is_usual = list.as_plain().is_some_and(|list| !scan::any(list, is_unusual));
    let (mut has_host, mut before) = (false, PresentedText::EMPTY);
    list.split(b';', |name| {
        let is_valid = is_usual || name.bytes().all(is_lower_token);
        // An empty name is not behind the one before, nor the first behind none.
        if !(is_valid && before.is_before(name)) {
            return Err(VerifyError::MalformedSignedHeaders);
        }
        has_host |= name == *"host";
        before = name;
        Ok(())
    })?;
    if has_host { Ok(()) } else { Err(VerifyError::HostNotSigned) }
}

fn first_name(list: PresentedText<'_>) -> impl Iterator<Item = u8> {
    list.bytes().take_while(|&byte| byte != b';')
}

#[inline(always)]
fn must_be_signed(name: &[u8], rules: &VerifyRules<'_>) -> bool {
    rules.unsigned_amz_headers == Unsigned::Refuse
        && is_amz(name)
        && !(rules.session_token == SessionToken::Unsigned
            && name.eq_ignore_ascii_case(rules.session_token_name.header().as_bytes()))
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
