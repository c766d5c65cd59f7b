//! Which host a request is for: what its `host` header says, and what its URI does.

use std::format;
use std::string::String;

use ::http::header::HOST;
use ::http::uri::Authority;
use ::http::{HeaderMap, Uri, Version};

use crate::bytes::scan;

/// The host that a URI names: no user information, and no port that is empty, the
/// scheme's own or no number of 16 bits.
fn of(uri: &Uri) -> Option<&str> {
    let authority = uri.authority()?;
    if is_name_alone(authority) {
        return Some(authority.as_str());
    }
    match port(authority, uri) {
        Some(_) => Some(without_user(authority)),
        None => Some(authority.host()),
    }
}

/// The URI with its authority as HTTP/1 clients send it in `host`; nothing if it is so.
///
/// What they send was found out with hyper-util 0.1.21 (a test does it again) and
/// reqwest 0.13.5: for `https` and a port of `:`, `:443` or `:0443` the name alone, and for
/// `:08443` the name and `:8443`. Of `:65536` hyper-util sends the name alone and reqwest
/// nothing. Over HTTP/2 hyper sends the authority as the URI has it, its user and password too:
/// hence the URI.
pub(super) fn with_authority_as_sent(uri: &Uri) -> Option<Uri> {
    let authority = uri.authority()?;
    let text = authority.as_str();
    let has_user = scan::any(text.as_bytes(), |byte| byte == b'@');
    // Nearly all end with a letter, which none with a port does.
    if !has_user && text.as_bytes().last().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let (name, written) = without_user(authority).split_at(authority.host().len());
    let port = port(authority, uri);
    let is_as_sent = match port {
        Some(_) => matches!(written.as_bytes(), [b':', b'1'..=b'9', ..]),
        None => written.is_empty(),
    };
    if !has_user && is_as_sent {
        return None;
    }
    let port = port.map_or(String::new(), |port| format!(":{port}"));
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(Authority::try_from(format!("{name}{port}")).ok()?);
    Uri::from_parts(parts).ok()
}

/// The host beside the headers of a request that was received: that of the URI, which
/// in HTTP/2 is `:authority` and in HTTP/1 the target in absolute form, unless a header
/// names the same. Two that differ are both shown, and refused as two.
pub(super) fn beside_received<'a>(uri: &'a Uri, headers: &HeaderMap) -> Option<&'a str> {
    of(uri).filter(|host| match headers.get(HOST) {
        Some(header) => !is_same(header.as_bytes(), host, uri),
        None => true,
    })
}

/// The host beside the headers of a request that is yet to be sent. In HTTP/1 clients
/// send their `host` header if they have one, whatever the URI says. Later they send the URI's
/// as `:authority`, and a header that says something else as well.
pub(super) fn beside_sent<'a>(
    uri: &'a Uri,
    headers: &HeaderMap,
    version: Version,
) -> Option<&'a str> {
    match headers.get(HOST) {
        None => of(uri),
        Some(header) if version > Version::HTTP_11 => {
            of(uri).filter(|host| header.as_bytes() != host.as_bytes())
        }
        Some(_) => None,
    }
}

/// Whether there is neither a port nor anything of a user, as in nearly all.
#[inline]
fn is_name_alone(authority: &Authority) -> bool {
    !scan::any(authority.as_str().as_bytes(), |byte| (byte == b':') | (byte == b'@'))
}

/// Whether a header means the host of a URI. Letters of either case are the same,
/// and so is the scheme's own port and none.
fn is_same(header: &[u8], host: &str, uri: &Uri) -> bool {
    let port = default_port(uri).map_or("", |(_, suffix)| suffix);
    let name = header.strip_suffix(port.as_bytes()).unwrap_or(header);
    [header, name].iter().any(|header| header.eq_ignore_ascii_case(host.as_bytes()))
}

/// The port that need not be named, as a number and behind a host.
fn default_port(uri: &Uri) -> Option<(u16, &'static str)> {
    match uri.scheme_str()? {
        "http" | "ws" => Some((80, ":80")),
        "https" | "wss" => Some((443, ":443")),
        _ => None,
    }
}

/// The port, if it has to be named.
fn port(authority: &Authority, uri: &Uri) -> Option<u16> {
    let default = default_port(uri).map(|(default, _)| default);
    authority.port_u16().filter(|port| Some(*port) != default)
}

fn without_user(authority: &Authority) -> &str {
    let text = authority.as_str();
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}
