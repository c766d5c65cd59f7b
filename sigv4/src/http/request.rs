//! A request head of the `http` crate, whole or in parts.

use ::http::request::Parts;
use ::http::{HeaderMap, Method, Uri, Version};

/// A request head of the `http` crate: `http::Request<B>` or
/// `http::request::Parts`.
pub trait HttpRequest {
    /// The method.
    fn method(&self) -> &Method;
    /// The target, with or without scheme and authority.
    fn uri(&self) -> &Uri;
    /// The target, to be replaced.
    fn uri_mut(&mut self) -> &mut Uri;
    /// The version of HTTP that it comes or goes in.
    fn version(&self) -> Version;
    /// The headers.
    fn headers(&self) -> &HeaderMap;
    /// The headers, to be added to.
    fn headers_mut(&mut self) -> &mut HeaderMap;
}

impl<B> HttpRequest for ::http::Request<B> {
    fn method(&self) -> &Method {
        self.method()
    }

    fn uri(&self) -> &Uri {
        self.uri()
    }

    fn uri_mut(&mut self) -> &mut Uri {
        self.uri_mut()
    }

    fn version(&self) -> Version {
        self.version()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }
}

impl HttpRequest for Parts {
    fn method(&self) -> &Method {
        &self.method
    }

    fn uri(&self) -> &Uri {
        &self.uri
    }

    fn uri_mut(&mut self) -> &mut Uri {
        &mut self.uri
    }

    fn version(&self) -> Version {
        self.version
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }
}
