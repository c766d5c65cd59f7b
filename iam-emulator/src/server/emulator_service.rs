//! The `tower` service: whole requests in, the emulator's answers out.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::limits::REQUEST_HEAD_BYTES_MAX;
use super::refusal::refuse;
use crate::{Arrival, BODY_BYTES_MAX, Clock, Emulator, Record};

/// A `tower` service that answers HTTP requests with an [`Emulator`].
///
/// It holds a body in memory up to [`BODY_BYTES_MAX`] bytes and answers 413 beyond. It needs no socket and no particular runtime, and sets
/// no time limit: [`Server`](super::Server) does.
#[derive(Clone, Debug)]
pub struct EmulatorService {
    emulator: Arc<Emulator>,
    clock: Clock,
}

impl EmulatorService {
    /// A service for `emulator` that lives by `clock`.
    #[must_use]
    pub fn new(emulator: Arc<Emulator>, clock: Clock) -> Self {
        Self { emulator, clock }
    }
}

impl<B> Service<Request<B>> for EmulatorService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

impl EmulatorService {
    async fn answer<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let version = parts.version;
        if head_bytes(&parts) > REQUEST_HEAD_BYTES_MAX {
            return refuse(StatusCode::BAD_REQUEST, version);
        }
        let body = match collect(body).await {
            Ok(body) => body,
            Err(status) => return refuse(status, version),
        };
        let request = Request::from_parts(parts, body);
        // The clock is read when the request has arrived whole, as a server does
        // whose front end buffers. `handle` computes for microseconds and never
        // waits, so it may run on the thread that serves the sockets.
        let reply = self.emulator.handle(&request, Arrival::at(self.clock.now()));
        log(&request, &reply.record);
        reply.response.map(Full::new)
    }
}

/// Tells what happened to a request.
fn log<B>(request: &Request<B>, record: &Record) {
    // The path and nothing else of the target: a presigned query carries a signature.
    tracing::debug!(
        method = %request.method(),
        path = request.uri().path(),
        action = record.action.as_deref(),
        caller = record.caller_arn.as_deref(),
        status = record.status,
        error = record.error.as_ref().map(tracing::field::display),
        "answered"
    );
}

/// Reads the whole body, or says with which status to refuse it.
async fn collect<B>(body: B) -> Result<Bytes, StatusCode>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    // A declared length is refused before a client that waits for
    // `100 Continue` has sent a byte.
    if body.size_hint().lower() > body_bytes_max() {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

fn body_bytes_max() -> u64 {
    u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX)
}

/// The bytes that the head takes as HTTP/1.1 text, the blank line included.
///
/// It counts what a client must send; optional white space around values was
/// dropped by the parser and is not counted.
fn head_bytes(parts: &Parts) -> usize {
    let uri = &parts.uri;
    let target = uri.scheme_str().map_or(0, |scheme| scheme.len() + "://".len())
        + uri.authority().map_or(0, |authority| authority.as_str().len())
        + uri.path_and_query().map_or(0, |path| path.as_str().len());
    let request_line = parts.method.as_str().len() + target + "  HTTP/1.1\r\n".len();
    let headers: usize = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    request_line + headers + "\r\n".len()
}
