//! A request of the `http` crate as signer and verifier see it.

use core::fmt;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, HeaderName, Method, Uri};

use crate::canonical::common_names::CommonName;
use crate::http::HttpRequest;
use crate::http::host;
use crate::names::Role;
use crate::request::{Headers, Request};
use crate::sign::select::MadeHeaders;

/// A request of the `http` crate as signer and verifier see it.
///
/// Its host is what the `host` header says, or else the authority of the URI. A request
/// that names two which differ shows both, and is refused for
/// [`DuplicateHost`](crate::RequestError::DuplicateHost): a server might take either.
///
/// ```
/// # fn serve(request: &http::Request<Vec<u8>>) -> Result<(), sigv4::VerifyError> {
/// use sigv4::{HttpView, PresentedSignature};
///
/// let view = HttpView::new(request);
/// let presented = PresentedSignature::parse(&view.request())?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct HttpView<'a> {
    pub(super) method: &'a Method,
    pub(super) target: &'a str,
    headers: &'a HeaderMap,
    /// The authority, unless the `host` header stands for it.
    host: Option<&'a str>,
    /// Headers that are passed over.
    pub(super) hidden: Option<MadeHeaders>,
}

impl<'a> HttpView<'a> {
    /// Looks at a request that was received, to verify it.
    pub fn new(request: &'a impl HttpRequest) -> Self {
        Self::with_host(request, host::beside_received(request.uri(), request.headers()))
    }

    /// Looks at a request that will be sent, to sign it. In HTTP/1 its `host`
    /// header counts, whatever the URI says, which may be where a proxy or a tunnel is.
    pub fn to_send(request: &'a impl HttpRequest) -> Self {
        let host = host::beside_sent(request.uri(), request.headers(), request.version());
        Self::with_host(request, host)
    }

    /// A request to send to this URI, less the headers of an earlier signing.
    pub(super) fn without(request: &'a impl HttpRequest, uri: &'a Uri, made: MadeHeaders) -> Self {
        let host = host::beside_sent(uri, request.headers(), request.version());
        let view = Self::with_host(request, host);
        // Nearly always there are none, and then none has to be looked for again.
        let may_be_made = |name: &HeaderName| MadeHeaders::have_one_as_long_as(name.as_str());
        let has_made = view.headers.keys().any(|name| may_be_made(name) && is_made(made, name));
        Self { hidden: has_made.then_some(made), ..view }
    }

    fn with_host(request: &'a impl HttpRequest, host: Option<&'a str>) -> Self {
        Self {
            method: request.method(),
            target: request.uri().path_and_query().map_or("/", PathAndQuery::as_str),
            headers: request.headers(),
            host,
            hidden: None,
        }
    }

    /// The request to sign or verify.
    #[must_use]
    pub fn request(&'a self) -> Request<'a, Self> {
        Request::new(self.method.as_str(), self.target, self)
    }
}

impl fmt::Debug for HttpView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpView").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Headers for HttpView<'_> {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let host = self.host.map(|host| (b"host".as_slice(), host.as_bytes()));
        let shown = self.headers.iter().filter(|(name, _)| match self.hidden {
            None => true,
            Some(made) => !is_made(made, name),
        });
        host.into_iter()
            .chain(shown.map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())))
    }
}

/// Whether signing makes this header.
#[inline(never)]
fn is_made(made: MadeHeaders, name: &HeaderName) -> bool {
    made.include(role_of(name.as_str()))
}

#[inline]
pub(super) fn role_of(name: &str) -> Role {
    CommonName::find(name.as_bytes()).map_or(Role::Ordinary, |common| common.role)
}

impl Headers for HeaderMap {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
    }
}
