//! Who may speak to the server at all: no page of another site, and no name that was bent to
//! point at this machine.
//!
//! A browser sends what any page tells it to, to any address that the machine can reach, and says
//! whose page it was. Names are compared whole.

use std::net::{IpAddr, Ipv6Addr};

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HOST, ORIGIN, VARY,
};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};

use crate::account::PARTITION_DOMAINS;

/// Who is answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    /// Whether only this machine reaches the socket, so that a name that is not its own was bent.
    pub(super) is_loopback: bool,
    /// Names that are answered beside those that always are, in lower case.
    pub(super) hosts: Vec<String>,
    /// Origins whose pages may speak to the server.
    pub(super) origins: Vec<String>,
}

impl Access {
    /// Fails with the status to refuse a request with; nothing else of it is looked at.
    pub(super) fn check(&self, request: &Parts) -> Result<(), StatusCode> {
        let hosts = hosts(request)?;
        if self.is_loopback && !hosts.iter().flatten().all(|host| self.answers_to(host)) {
            return Err(StatusCode::MISDIRECTED_REQUEST);
        }
        let origin = request.headers.get(ORIGIN);
        if origin.is_some_and(|origin| self.allows(origin)) {
            return Ok(());
        }
        let is_own = |origin: &HeaderValue| {
            let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
            authority.is_some_and(|(_, authority)| {
                hosts.iter().flatten().any(|host| host.eq_ignore_ascii_case(authority))
            })
        };
        let is_foreign =
            origin.is_some_and(|origin| !is_own(origin)) || is_from_another_site(request);
        if is_foreign { Err(StatusCode::FORBIDDEN) } else { Ok(()) }
    }

    /// The headers that let a page of an allowed origin see the answer to its request.
    pub(super) fn shared_headers(&self, request: &HeaderMap) -> Option<HeaderMap> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = request.get(ORIGIN).filter(|origin| self.allows(origin))?;
        let exposed = HeaderValue::from_static("x-amzn-requestid, date");
        Some(HeaderMap::from_iter([
            (ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
            (ACCESS_CONTROL_EXPOSE_HEADERS, exposed),
            (VARY, HeaderValue::from_static("origin")),
        ]))
    }

    /// What a browser asks for before it lets a page of an allowed origin send a request.
    pub(super) fn preflight(&self, request: &Parts) -> Option<HeaderMap> {
        if request.method != Method::OPTIONS
            || !request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        {
            return None;
        }
        let mut headers = self.shared_headers(&request.headers)?;
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        if let Some(asked) = request.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
        Some(headers)
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        let is_same = |allowed: &String| allowed.as_bytes().eq_ignore_ascii_case(origin.as_bytes());
        self.origins.iter().any(is_same)
    }

    /// Whether a host is this machine, a service that is served, or a name that was allowed.
    fn answers_to(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else { return false };
        if is_address(name) {
            return true;
        }
        let name = name.to_ascii_lowercase();
        name == "localhost"
            || name.ends_with(".localhost")
            || is_served(&name)
            || self.hosts.contains(&name)
    }
}

/// What a request says it is for: its `host` header, and the authority of its target, which in
/// HTTP/2 is the only one.
fn hosts(request: &Parts) -> Result<[Option<&str>; 2], StatusCode> {
    let mut values = request.headers.get_all(HOST).iter();
    let host = values.next();
    if values.next().is_some() || (host.is_none() && request.version == Version::HTTP_11) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let host = host.map(|host| host.to_str().map_err(|_| StatusCode::BAD_REQUEST)).transpose()?;
    Ok([host, request.uri.authority().map(Authority::as_str)])
}

/// Whether a browser says that a page of another site, or of another host of this one, sent it.
fn is_from_another_site(request: &Parts) -> bool {
    let sites = request.headers.get_all("sec-fetch-site");
    sites.iter().any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// The host without its port; an address of IPv6 keeps its brackets.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.rfind(']') {
        Some(end) => host.split_at(end + 1),
        None => host.find(':').map_or((host, ""), |colon| host.split_at(colon)),
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    is_port.then_some(name)
}

fn is_address(name: &str) -> bool {
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inside) => inside.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()),
    }
}

/// Whether a name is one that IAM or STS has in some partition: `iam.DOMAIN`, `sts.DOMAIN`, and
/// either with a region in between. Below these domains anybody may have other names.
fn is_served(name: &str) -> bool {
    let Some((service, rest)) = name.split_once('.') else { return false };
    if !matches!(service, "iam" | "sts") {
        return false;
    }
    let is_region = |label: &str| {
        let may_stand =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(may_stand)
    };
    PARTITION_DOMAINS.iter().any(|domain| match rest.strip_suffix(domain) {
        Some("") => true,
        Some(region) => region.strip_suffix('.').is_some_and(is_region),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(access: &Access, host: &str, headers: &[(&str, &str)]) -> Result<(), u16> {
        let mut request = Request::get("/").header("host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        access.check(&parts).map_err(|status| status.as_u16())
    }

    fn loopback() -> Access {
        Access { is_loopback: true, ..Access::default() }
    }

    #[test]
    fn names_are_compared_whole() {
        let access = Access { hosts: vec!["emulator.test".to_owned()], ..loopback() };
        for host in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "[::1]:4566",
            "localhost:4566",
            "LocalHost",
            "iam.localhost:4566",
            "iam.amazonaws.com",
            "sts.amazonaws.com",
            "sts.eu-central-1.amazonaws.com",
            "iam.cn-north-1.amazonaws.com.cn",
            "emulator.test:80",
        ] {
            assert_eq!(check(&access, host, &[]), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "evillocalhost",
            "emulator.test.evil.example",
            "xemulator.test",
            "iam.amazonaws.com.evil.example",
            "sts.a.b.amazonaws.com",
            "s3.amazonaws.com",
            "ec2-192-0-2-1.compute-1.amazonaws.com",
            "iam.evilamazonaws.com",
            "sts..amazonaws.com",
            "localhost:80:80",
            "",
        ] {
            assert_eq!(check(&access, host, &[]), Err(421), "{host}");
        }
        let open = Access { is_loopback: false, ..access };
        assert_eq!(check(&open, "evil.example", &[]), Ok(()));
    }

    #[test]
    fn a_request_names_one_host() {
        let request = |hosts: &[&str], version| {
            let mut request = Request::get("/").version(version);
            for host in hosts {
                request = request.header("host", *host);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            loopback().check(&parts).map_err(|status| status.as_u16())
        };
        assert_eq!(request(&[], Version::HTTP_11), Err(400));
        assert_eq!(request(&["localhost", "localhost"], Version::HTTP_11), Err(400));
        assert_eq!(request(&["localhost"], Version::HTTP_11), Ok(()));
        assert_eq!(request(&[], Version::HTTP_10), Ok(()));
        assert_eq!(request(&["localhost", "x"], Version::HTTP_10), Err(400));
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let host = "localhost:4566";
        let access = Access { origins: vec!["https://app.test".to_owned()], ..loopback() };
        for headers in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:4566")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://app.test")],
        ] {
            assert_eq!(check(&access, host, headers), Ok(()), "{headers:?}");
        }
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "what")],
            &[("origin", "null")],
            &[("origin", "http://localhost:9999")],
            &[("origin", "https://app.test.evil.example")],
            &[("origin", "http://evil.example")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")],
        ] {
            assert_eq!(check(&access, host, headers), Err(403), "{headers:?}");
        }
    }

    #[test]
    fn only_an_allowed_origin_is_shared_with() {
        let access = Access { origins: vec!["https://app.test".to_owned()], ..loopback() };
        let ask = |origin: &'static str| {
            let request = Request::options("/")
                .header("host", "localhost")
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,x-amz-date");
            access.preflight(&request.body(()).unwrap().into_parts().0)
        };
        let shared = ask("https://app.test").unwrap();
        assert_eq!(shared["access-control-allow-origin"], "https://app.test");
        assert_eq!(shared["access-control-allow-headers"], "authorization,x-amz-date");
        assert_eq!(ask("https://evil.example"), None);
    }
}
