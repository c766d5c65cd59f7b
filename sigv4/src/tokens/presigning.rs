//! What all tokens have in common: a `GET` presigned over an empty body.

use core::fmt;

use crate::bytes::base64::Variant;
use crate::bytes::decimal;
use crate::bytes::encode::PercentEncoding;
use crate::bytes::sink::{self, Buffer, BufferTooSmall, Count, Measure, Sink};
use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::key::SigningKey;
use crate::payload::Payload;
use crate::request::Request;
use crate::rules::{SessionToken, SigningRules};
use crate::signature::Signature;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;

const TARGET_LEN_MAX: usize = 2_048;

/// Room for a service, a region of 253 bytes, a domain and a port, or for a host
/// of 253 bytes and a port.
const AUTHORITY_LEN_MAX: usize = 320;

/// A presigned request, as the service wants it.
///
/// `Debug` shows nothing: it is a bearer credential until it expires.
#[derive(Clone, Copy)]
pub struct ServiceToken<'b> {
    text: &'b [u8],
    signature: Signature,
    expiration: Option<Timestamp>,
}

impl<'b> ServiceToken<'b> {
    /// Longest path and query in bytes, before the signature.
    pub const TARGET_LEN_MAX: usize = TARGET_LEN_MAX;

    /// The token or URL, all visible ASCII.
    #[must_use]
    pub fn as_str(&self) -> &'b str {
        // Made of a host, a target whose odd bytes are escaped, and Base64.
        core::str::from_utf8(self.text).unwrap_or_default()
    }

    /// The signature alone. Where messages follow that are signed one by one, it
    /// is the one that the first of them is chained to.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The last second at which the service takes it, to connect with or to be
    /// asked; nothing where that is left to the service. What was made with temporary
    /// credentials ends no later than they do, which is not counted here.
    #[must_use]
    pub const fn expiration(&self) -> Option<Timestamp> {
        self.expiration
    }
}

impl fmt::Debug for ServiceToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceToken").finish_non_exhaustive()
    }
}

/// How the presigned URL becomes a token.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// It is the token, behind a scheme or nothing.
    Url { scheme: &'static str },
    /// It is encoded, behind a prefix that is not.
    Base64 { prefix: &'static str },
}

/// A `GET` request to presign: the host, and the path and query.
pub(super) struct Presigning<'a> {
    region: &'a str,
    service: &'static str,
    /// Host and port, as they stand in a URL.
    pub(super) authority: Text<AUTHORITY_LEN_MAX>,
    /// How much of the authority is signed, if not all.
    host_len: Option<usize>,
    target: Text<TARGET_LEN_MAX>,
    /// Nothing leaves `X-Amz-Expires` out.
    pub(super) expires: Option<Expires>,
    /// For how long the service takes the token, where it does not go by
    /// `X-Amz-Expires`.
    pub(super) good_for: Option<Expires>,
    pub(super) session_token: SessionToken,
    /// Signed besides `host`.
    pub(super) header: Option<(&'static str, &'a str)>,
    /// Sent behind the signature, without being signed.
    pub(super) unsigned_parameter: Option<(&'static str, &'a str)>,
    pub(super) encoding: Encoding,
}

impl<'a> Presigning<'a> {
    /// A bare URL that is good for fifteen minutes; its host is yet to be written.
    pub(super) fn new(region: &'a str, service: &'static str, path: &'static str) -> Self {
        let mut target = Text::EMPTY;
        target.write(path.as_bytes());
        Self {
            region,
            service,
            authority: Text::EMPTY,
            host_len: None,
            target,
            expires: Some(super::FIFTEEN_MINUTES),
            good_for: None,
            session_token: SessionToken::Signed,
            header: None,
            unsigned_parameter: None,
            encoding: Encoding::Url { scheme: "" },
        }
    }

    /// Adds a port to the host. HTTP stacks leave the default one out of the
    /// `host` header, and so does the signature.
    pub(super) fn port(&mut self, port: u16, default: u16) {
        if port == default {
            self.host_len = Some(self.authority.as_bytes().len());
        }
        self.authority.write(b":");
        decimal::write(&mut self.authority, port.into());
    }

    /// Adds a parameter, whose name and value are encoded.
    pub(super) fn parameter(&mut self, name: &str, value: &str) {
        self.parameter_name(name);
        PercentEncoding(&mut self.target).write(value.as_bytes());
    }

    /// Adds a parameter whose value is a number.
    pub(super) fn number(&mut self, name: &str, value: u32) {
        self.parameter_name(name);
        decimal::write(&mut self.target, value.into());
    }

    fn parameter_name(&mut self, name: &str) {
        let is_first = !self.target.as_bytes().contains(&b'?');
        self.target.write(if is_first { b"?" } else { b"&" });
        PercentEncoding(&mut self.target).write(name.as_bytes());
        self.target.write(b"=");
    }

    /// Presigns the request and writes the token into `out`.
    pub(super) fn sign<'b>(
        &self,
        credentials: &Credentials<'_>,
        now: Timestamp,
        out: &'b mut [u8],
    ) -> Result<ServiceToken<'b>, TokenError> {
        if self.target.len > TARGET_LEN_MAX {
            return Err(TokenError::TargetTooLong { len: self.target.len });
        }
        let key = SigningKey::derive(credentials, now.date(), self.region, self.service)?;
        match self.encoding {
            Encoding::Url { scheme } => {
                let (len, signature) = self.write_url(&key, now, scheme, out)?;
                Ok(self.token(&out[..len], signature, now))
            }
            Encoding::Base64 { prefix } => self.write_base64(&key, now, prefix, out),
        }
    }

    /// The URL, at the beginning of `out`; returns its length.
    fn write_url(
        &self,
        key: &SigningKey<'_>,
        now: Timestamp,
        scheme: &str,
        out: &mut [u8],
    ) -> Result<(usize, Signature), TokenError> {
        let authority = self.authority.as_bytes();
        let host = self.host_len.and_then(|len| authority.get(..len)).unwrap_or(authority);
        let headers = [("host".as_bytes(), host), self.header_or_none()];
        let headers = &headers[..if self.header.is_some() { 2 } else { 1 }];
        let request = Request::new("GET", self.target.as_bytes(), headers);
        let rules = SigningRules { session_token: self.session_token, ..SigningRules::STANDARD };
        let (payload, expires) = (Payload::EMPTY, self.expires);
        let instant = key.at(now)?;

        let begin = scheme.len() + authority.len();
        let target_len = instant.presigned_len(&request, payload, expires, &rules)?;
        let available = out.len();
        let needed = begin + target_len + self.tail_len();
        let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed, available })?;
        let (front, rest) = out.split_at_mut(begin);
        let (target, tail) = rest.split_at_mut(target_len);
        let presigned = instant.presign(&request, payload, expires, &rules, target)?;
        let signature = *presigned.signature();
        let mut front = Buffer::new(front);
        front.write(scheme.as_bytes());
        front.write(authority);
        front.finish()?;
        let mut tail = Buffer::new(tail);
        self.write_tail(&mut tail);
        tail.finish()?;
        Ok((needed, signature))
    }

    /// The prefix, and behind it the URL in Base64: written at the front, moved to
    /// the end, and encoded from there.
    fn write_base64<'b>(
        &self,
        key: &SigningKey<'_>,
        now: Timestamp,
        prefix: &str,
        out: &'b mut [u8],
    ) -> Result<ServiceToken<'b>, TokenError> {
        let needed = |url: usize| prefix.len() + Variant::UrlUnpadded.encoded_len(url);
        let available = out.len();
        let (len, signature) = match self.write_url(key, now, "https://", out) {
            Err(TokenError::BufferTooSmall { needed: url, .. }) => {
                return Err(TokenError::BufferTooSmall { needed: needed(url), available });
            }
            written => written?,
        };
        let needed = needed(len);
        if needed > available {
            out[..len].fill(0);
            return Err(TokenError::BufferTooSmall { needed, available });
        }
        let out = &mut out[..needed];
        out.copy_within(..len, needed - len);
        let (front, encoded) = out.split_at_mut(prefix.len());
        front.copy_from_slice(prefix.as_bytes());
        Variant::UrlUnpadded.encode_in_place(encoded, len);
        Ok(self.token(out, signature, now))
    }

    fn token<'b>(&self, text: &'b [u8], signature: Signature, now: Timestamp) -> ServiceToken<'b> {
        let expiration = self.good_for.or(self.expires).map(|expires| expires.end(now));
        ServiceToken { text, signature, expiration }
    }

    fn header_or_none(&self) -> (&'a [u8], &'a [u8]) {
        self.header.map_or((b"", b""), |(name, value)| (name.as_bytes(), value.as_bytes()))
    }

    fn write_tail(&self, sink: &mut impl Sink) {
        if let Some((name, value)) = self.unsigned_parameter {
            sink.write(b"&");
            sink.write(name.as_bytes());
            sink.write(b"=");
            PercentEncoding(sink).write(value.as_bytes());
        }
    }

    fn tail_len(&self) -> usize {
        let mut count = Count::default();
        self.write_tail(&mut count);
        count.len()
    }
}

/// A short text held inline. Counts on past its end.
pub(super) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// As far as it fits.
    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&self.bytes)
    }
}

impl<const N: usize> Sink for Text<N> {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(target) = sink::part_mut(&mut self.bytes, self.len, bytes.len()) {
            target.copy_from_slice(bytes);
        }
        self.len = self.len.saturating_add(bytes.len());
    }
}
