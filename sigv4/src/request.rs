//! The request as signer and verifier see it: borrowed bytes, which are checked where
//! they are used.

use core::fmt;

/// An HTTP request to sign or to verify: method, raw target and headers.
///
/// The target is the path and query exactly as they go on the wire. Headers
/// come in any order and case; repeated names are allowed. The body is not part
/// of it: see [`Payload`](crate::Payload) and [`Body`](crate::Body).
///
/// ```
/// use sigv4::Request;
///
/// let headers = [("Host", "iam.amazonaws.com"), ("Accept", "*/*")];
/// let request = Request::new("GET", "/?Action=ListUsers&Version=2010-05-08", &headers);
/// ```
pub struct Request<'a, H: ?Sized> {
    method: &'a [u8],
    target: &'a [u8],
    headers: &'a H,
}

impl<'a, H: Headers + ?Sized> Request<'a, H> {
    /// Borrows the parts; they are checked when the request is used.
    pub fn new<M, T>(method: &'a M, target: &'a T, headers: &'a H) -> Self
    where
        M: AsRef<[u8]> + ?Sized,
        T: AsRef<[u8]> + ?Sized,
    {
        Self { method: method.as_ref(), target: target.as_ref(), headers }
    }

    /// The method, as it goes on the wire.
    #[must_use]
    pub const fn method(&self) -> &'a [u8] {
        self.method
    }

    /// Path and query, as they go on the wire.
    #[must_use]
    pub const fn target(&self) -> &'a [u8] {
        self.target
    }

    /// The headers.
    #[must_use]
    pub const fn headers(&self) -> &'a H {
        self.headers
    }
}

impl<H: ?Sized> Clone for Request<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: ?Sized> Copy for Request<'_, H> {}

/// Shows the method alone: targets and headers may hold credentials.
impl<H: ?Sized> fmt::Debug for Request<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = core::str::from_utf8(self.method).unwrap_or("?");
        f.debug_struct("Request").field("method", &method).finish_non_exhaustive()
    }
}

/// A list of header names and values, in the order they go on the wire.
///
/// Implemented for slices, arrays and references of pairs of anything that is
/// bytes, and by feature `http` for `http::HeaderMap`.
pub trait Headers {
    /// Each name with its value. The signer may ask more than once and expects
    /// the same answer.
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])>;
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for [(N, V)] {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LEN: usize> Headers for [(N, V); LEN] {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.as_slice().pairs()
    }
}

impl<H: Headers + ?Sized> Headers for &H {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        (**self).pairs()
    }
}

#[cfg(feature = "std")]
impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Headers for std::vec::Vec<(N, V)> {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.as_slice().pairs()
    }
}
