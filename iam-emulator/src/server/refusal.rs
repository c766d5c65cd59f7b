//! Answers of the HTTP front end, given before the emulator sees the request.

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Response, StatusCode, Version};
use http_body_util::Full;

/// An empty answer that gives up the rest of the request.
///
/// AWS's front end sends neither a body nor request-id headers with these. Since
/// bytes of the request may still be unread, an HTTP/1 connection is closed,
/// and `Connection: close` tells the server's connection to linger.
pub(super) fn refuse(status: StatusCode, version: Version) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
