//! The text of a URL, taken apart into what a signature covers and what it does not.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use std::borrow::Cow;
use std::format;
use std::string::String;

use crate::bytes::{encode, scan};

/// A URL: the scheme and host as clients send them, and the target as it is.
pub(crate) struct Url<'a> {
    /// `scheme://host`, with a port that is not the scheme's own.
    origin: Cow<'a, str>,
    scheme_len: usize,
    /// Path and query; may be empty. Escaped as they were, and what cannot stand in a URL besides.
    target: Cow<'a, str>,
}

/// Why a text is not a URL that can be presigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// It begins with none of `https://`, `http://`, `wss://` and `ws://`.
    Scheme,
    /// It has user information, which is no part of what is signed and would stand in logs.
    UserInformation,
    /// The host is empty, or holds what the name of a host cannot, or is an address of IPv4 that is
    /// not written as four numbers. Write a name in other letters in its form of ASCII (`xn--…`).
    Host,
    /// The port is not a number of 16 bits.
    Port,
    /// It has a fragment, which is never sent.
    Fragment,
}

impl<'a> Url<'a> {
    /// Reads a URL as clients do: host in lower case and an address of IPv6 in its shortest form,
    /// without a default or empty port.
    pub(crate) fn parse(url: &'a str) -> Result<Self, UrlError> {
        let (scheme, rest) = url.split_once(':').ok_or(UrlError::Scheme)?;
        let rest = rest.strip_prefix("//").ok_or(UrlError::Scheme)?;
        let default_port = default_port(scheme).ok_or(UrlError::Scheme)?;
        let is_end = |byte| (byte == b'/') | (byte == b'?') | (byte == b'#');
        let authority_len = scan::position(rest.as_bytes(), is_end).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(authority_len);
        if target.contains('#') {
            return Err(UrlError::Fragment);
        }
        if authority.contains('@') {
            return Err(UrlError::UserInformation);
        }
        let (host, port) = split_port(authority)?;
        let host_as_sent = host_as_sent(host);
        let port = port.filter(|port| *port != default_port);
        let origin_len = url.len() - target.len();
        let is_lower_case =
            |text: &str| !scan::any(text.as_bytes(), |byte| byte.is_ascii_uppercase());
        let is_as_sent = is_lower_case(&url[..origin_len])
            && host == host_as_sent
            && port.map_or(authority.len() == host.len(), |port| {
                authority[host.len()..] == format!(":{port}")
            });
        let origin = if is_as_sent {
            Cow::Borrowed(&url[..origin_len])
        } else {
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            let origin = format!("{scheme}://{host_as_sent}{port}");
            Cow::Owned(origin.to_ascii_lowercase())
        };
        Ok(Self { origin, scheme_len: scheme.len(), target: escaped(target) })
    }

    /// `scheme://host:port`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The scheme.
    pub(crate) fn scheme(&self) -> &str {
        &self.origin[..self.scheme_len]
    }

    /// Whether the host is an address of IPv4 or IPv6.
    pub(crate) fn host_is_address(&self) -> bool {
        let name = self.host().rsplit_once(':').map_or(self.host(), |(name, _)| name);
        self.host().starts_with('[') || name.parse::<Ipv4Addr>().is_ok()
    }

    /// What clients send in the header `host`.
    pub(crate) fn host(&self) -> &str {
        &self.origin[self.scheme_len + "://".len()..]
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }
}

/// The target with what cannot stand in a URL escaped: some clients would escape it before they send
/// it, and others not.
fn escaped(target: &str) -> Cow<'_, str> {
    if !scan::any(target.as_bytes(), cannot_stand) {
        return Cow::Borrowed(target);
    }
    let count = target.bytes().filter(|byte| cannot_stand(*byte)).count();
    let mut escaped = String::with_capacity(target.len() + 2 * count);
    for byte in target.bytes() {
        if cannot_stand(byte) {
            escaped.extend(encode::escape(byte).map(char::from));
        } else {
            escaped.push(char::from(byte));
        }
    }
    Cow::Owned(escaped)
}

/// Whether a byte is none of RFC 3986 §2. Control characters are left, to be refused. Without
/// branches, so that many are asked at once.
fn cannot_stand(byte: u8) -> bool {
    let is_bracket_or_caret = byte.wrapping_sub(b'[') <= b'^' - b'[';
    let is_brace_or_bar = byte.wrapping_sub(b'{') <= b'}' - b'{';
    let is_mark =
        (byte == b' ') | (byte == b'"') | (byte == b'<') | (byte == b'>') | (byte == b'`');
    is_bracket_or_caret | is_brace_or_bar | is_mark | !byte.is_ascii()
}

fn default_port(scheme: &str) -> Option<u16> {
    const PORTS: [(&str, u16); 4] = [("https", 443), ("http", 80), ("wss", 443), ("ws", 80)];
    PORTS.iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name)).map(|(_, port)| *port)
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), UrlError> {
    // The colons of an address of IPv6 stand inside brackets.
    let host_len = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']').ok_or(UrlError::Host)? + "[]".len(),
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(host_len);
    if !is_host(host) {
        return Err(UrlError::Host);
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return Err(UrlError::Host),
        Some("") => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| UrlError::Port)?)
        }
        Some(_) => return Err(UrlError::Port),
    };
    Ok((host, port))
}

/// The host in the one spelling that all clients send: of an address of IPv6 the shortest, in
/// numbers of 16 bits.
fn host_as_sent(host: &str) -> Cow<'_, str> {
    let Some(address) = in_brackets(host).and_then(|address| address.parse::<Ipv6Addr>().ok())
    else {
        return Cow::Borrowed(host);
    };
    let [.., high, low] = address.segments();
    Cow::Owned(match address.to_ipv4_mapped() {
        Some(_) => format!("[::ffff:{high:x}:{low:x}]"),
        None => format!("[{address}]"),
    })
}

fn in_brackets(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// A name, or an address in brackets.
fn is_host(host: &str) -> bool {
    match in_brackets(host) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            let may_stand = |byte: u8| {
                byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'.') | (byte == b'_')
            };
            let is_name = !host.is_empty() && !scan::any(host.as_bytes(), |byte| !may_stand(byte));
            is_name && (!ends_with_number(host) || host.parse::<Ipv4Addr>().is_ok())
        }
    }
}

/// Whether clients take a name for an address of IPv4, which may be written in many ways: `127.1` and
/// `0x7f000001` are `127.0.0.1`, and sent so.
fn ends_with_number(host: &str) -> bool {
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or(last.strip_prefix("0X"));
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the URL begins with none of https://, http://, wss:// and ws://",
            Self::UserInformation => "the URL has user information, which cannot be signed",
            Self::Host => {
                "the URL has no host, or one that is neither a name in ASCII nor an address"
            }
            Self::Port => "the URL has a port that is no number of 16 bits",
            Self::Fragment => "the URL has a fragment, which is never sent: write `#` as `%23`",
        })
    }
}

impl core::error::Error for UrlError {}
