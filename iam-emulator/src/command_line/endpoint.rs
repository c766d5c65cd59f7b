//! Where a running emulator is found.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use http::Uri;

/// An endpoint URL such as `http://127.0.0.1:4566`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    host: String,
    port: u16,
}

impl Endpoint {
    /// The default, which `--listen` has too.
    pub(super) const DEFAULT: &'static str = "http://127.0.0.1:4566";

    /// Where a client on this machine reaches what listens on `address`.
    ///
    /// Whoever listens on every address is reached on the loopback one.
    pub(super) fn of(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
            SocketAddr::V4(v4) => v4.ip().to_string(),
            SocketAddr::V6(v6) if v6.ip().is_unspecified() => "[::1]".to_owned(),
            SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
        };
        Self { host, port: address.port() }
    }

    /// The host and port as a `Host` header has them.
    pub(super) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The host without the brackets of an IPv6 address, and the port.
    pub(super) fn socket(&self) -> (&str, u16) {
        let host = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        (host.unwrap_or(&self.host), self.port)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}:{}", self.host, self.port)
    }
}

impl FromStr for Endpoint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Uri = text.parse().map_err(|_| "not a URL")?;
        if url.scheme_str() != Some("http") {
            return Err("an endpoint starts with http://");
        }
        if url.path_and_query().is_some_and(|path| path != "/") {
            return Err("an endpoint has no path");
        }
        let authority = url.authority().ok_or("an endpoint names a host")?;
        if authority.host().is_empty() || authority.as_str().contains('@') {
            return Err("an endpoint names a host and a port");
        }
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            None if authority.as_str() == authority.host() => 80,
            None => return Err("not a port"),
        };
        Ok(Self { host: authority.host().to_owned(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        for (text, shown, socket) in [
            ("http://127.0.0.1:4566", "http://127.0.0.1:4566", ("127.0.0.1", 4566)),
            ("http://localhost:80/", "http://localhost:80", ("localhost", 80)),
            ("http://emulator", "http://emulator:80", ("emulator", 80)),
            ("http://[::1]:4566", "http://[::1]:4566", ("::1", 4566)),
        ] {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.to_string(), shown);
            assert_eq!(endpoint.socket(), socket);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "4566",
            "127.0.0.1:4566",
            "https://127.0.0.1:4566",
            "http://127.0.0.1:4566/path",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:",
            "http://user@127.0.0.1:4566",
            "http://:4566",
        ] {
            assert!(text.parse::<Endpoint>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn whoever_listens_everywhere_is_reached_on_loopback() {
        for (address, shown) in [
            ("127.0.0.1:1", "http://127.0.0.1:1"),
            ("0.0.0.0:1", "http://127.0.0.1:1"),
            ("192.0.2.7:1", "http://192.0.2.7:1"),
            ("[::]:1", "http://[::1]:1"),
            ("[2001:db8::1]:1", "http://[2001:db8::1]:1"),
        ] {
            assert_eq!(Endpoint::of(address.parse().unwrap()).to_string(), shown);
        }
    }
}
