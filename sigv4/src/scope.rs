//! The credential scope: for which day, region and service a key is good; that of
//! Signature Version 4A, without a region, is in `sigv4a`.

use core::fmt;

use crate::bytes::encode;
use crate::bytes::scan;
use crate::bytes::sink::{Buffer, Sink};
use crate::error::KeyError;
use crate::limits;
use crate::names::{ALGORITHM, TERMINATOR};
use crate::time::Date;

/// For what a key is good, as it stands in a credential and in a string to sign.
pub(crate) trait Scope {
    /// The algorithm of such keys.
    const ALGORITHM: &'static str;

    /// Writes its parts, with slashes between them.
    fn write_to(&self, sink: &mut impl Sink);
}

/// `YYYYMMDD/region/service/aws4_request`, held inline.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CredentialScope {
    date: Date,
    region: Name<{ Self::REGION_LEN_MAX }>,
    service: ServiceName,
}

impl CredentialScope {
    /// Longest region name in bytes. The longest of AWS has 14.
    pub const REGION_LEN_MAX: usize = limits::REGION_LEN_MAX;

    /// Longest service name in bytes.
    pub const SERVICE_LEN_MAX: usize = limits::SERVICE_LEN_MAX;

    /// Longest scope in bytes.
    pub(crate) const LEN_MAX: usize =
        Date::LEN + Self::REGION_LEN_MAX + Self::SERVICE_LEN_MAX + TERMINATOR.len() + 3;

    /// A scope to verify with. An empty region is accepted, because some
    /// clients sign with one; a [`SigningKey`](crate::SigningKey) refuses it.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the region or service is too long or holds a byte that
    /// is not visible ASCII, or `/` or `,`; if the service is empty.
    pub fn new(date: Date, region: &str, service: &str) -> Result<Self, KeyError> {
        let service = service_name(service)?;
        if !is_scope_part(region.as_bytes()) {
            return Err(KeyError::InvalidRegion);
        }
        let region = Name::new(region).ok_or(KeyError::RegionTooLong { len: region.len() })?;
        Ok(Self { date, region, service })
    }

    /// The UTC day.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// The region, as it is written in the scope.
    #[must_use]
    pub fn region(&self) -> &str {
        self.region.as_str()
    }

    /// The region, and what follows its check that it is text.
    #[inline]
    pub(crate) fn region_bytes(&self) -> &[u8] {
        self.region.as_bytes()
    }

    #[inline]
    pub(crate) fn service_bytes(&self) -> &[u8] {
        self.service.as_bytes()
    }

    /// The service's signing name.
    #[must_use]
    pub fn service(&self) -> &str {
        self.service.as_str()
    }

    /// The four parts in order.
    #[inline]
    pub(crate) fn parts(&self) -> [&[u8]; 4] {
        let (region, service) = (self.region.as_bytes(), self.service.as_bytes());
        [self.date.as_bytes(), region, service, TERMINATOR.as_bytes()]
    }
}

/// `date/region/service/aws4_request`
impl Scope for CredentialScope {
    const ALGORITHM: &'static str = ALGORITHM;

    #[inline]
    fn write_to(&self, sink: &mut impl Sink) {
        let [date, rest @ ..] = self.parts();
        sink.write(date);
        for part in rest {
            sink.write(b"/");
            sink.write(part);
        }
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{TERMINATOR}", self.date, self.region(), self.service())
    }
}

impl fmt::Debug for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialScope({self})")
    }
}

/// A slash and a scope: what follows the access key id in a credential, as it
/// stands in a header and in a query.
#[derive(Clone)]
pub(crate) struct CredentialEnd {
    in_header: [u8; Self::LEN_MAX],
    in_header_len: usize,
    in_query: [u8; Self::IN_QUERY_LEN_MAX],
    /// Nothing if region or service need escapes.
    in_query_len: Option<usize>,
}

impl CredentialEnd {
    const LEN_MAX: usize = CredentialScope::LEN_MAX + 1;

    /// Each of the four slashes takes two bytes more.
    const IN_QUERY_LEN_MAX: usize = Self::LEN_MAX + 8;

    pub(crate) fn new(scope: &CredentialScope) -> Self {
        let (mut in_header, mut in_query) = ([0; Self::LEN_MAX], [0; Self::IN_QUERY_LEN_MAX]);
        let mut header = Buffer::new(&mut in_header);
        let mut query = Buffer::new(&mut in_query);
        let mut is_unreserved = true;
        for part in scope.parts() {
            header.write(b"/");
            header.write(part);
            query.write(b"%2F");
            query.write(part);
            is_unreserved &= !scan::any(part, |byte| !encode::is_unreserved(byte));
        }
        let in_header_len = header.finish().map_or(0, <[u8]>::len);
        let in_query_len = query.finish().map(<[u8]>::len).ok().filter(|_| is_unreserved);
        Self { in_header, in_header_len, in_query, in_query_len }
    }

    #[inline]
    pub(crate) fn in_header(&self) -> &[u8] {
        &self.in_header[..self.in_header_len]
    }

    #[inline]
    pub(crate) fn in_query(&self) -> Option<&[u8]> {
        self.in_query_len.map(|len| &self.in_query[..len])
    }
}

/// A service's signing name, held inline.
pub(crate) type ServiceName = Name<{ CredentialScope::SERVICE_LEN_MAX }>;

/// Checks a service's signing name.
pub(crate) fn service_name(service: &str) -> Result<ServiceName, KeyError> {
    if service.is_empty() {
        return Err(KeyError::EmptyService);
    }
    if !is_scope_part(service.as_bytes()) {
        return Err(KeyError::InvalidService);
    }
    Name::new(service).ok_or(KeyError::ServiceTooLong { len: service.len() })
}

/// Whether `text` may stand between the slashes of a scope and the commas of
/// an `Authorization` header.
pub(crate) fn is_scope_part(text: &[u8]) -> bool {
    !scan::any(text, |byte| !byte.is_ascii_graphic() | (byte == b'/') | (byte == b','))
}

/// A short text held inline.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Name<N> {
    pub(crate) fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; N];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, len: u8::try_from(text.len()).ok()? })
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub(crate) fn as_str(&self) -> &str {
        // Made from a `str`, whole.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_ends_in_a_query_as_it_is_spelled_there() {
        let end = |region| {
            let date = Date::parse(b"20150830").unwrap();
            CredentialEnd::new(&CredentialScope::new(date, region, "iam").unwrap())
        };
        let usual = end("us-east-1");
        assert_eq!(usual.in_header(), b"/20150830/us-east-1/iam/aws4_request");
        let expected = b"%2F20150830%2Fus-east-1%2Fiam%2Faws4_request".as_slice();
        assert_eq!(usual.in_query(), Some(expected));
        assert_eq!(end("us%2Deast-1").in_query(), None);
    }
}
