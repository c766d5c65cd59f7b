//! The `tower` service: whole requests in, the emulator's answers out.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use time::OffsetDateTime;
use tokio::runtime::Handle;
use tokio::time::sleep;
use tower_service::Service;

use super::body::{BodyBudget, WholeBody};
use super::limits::{BODY_MEMORY_DEFAULT, BYTES_ON_EVENT_LOOP_MAX, REQUEST_HEAD_BYTES_MAX};
use super::refusal::refuse;
use crate::{Arrival, Clock, Emulator, Record, Reply};

/// A `tower` service that answers HTTP requests with an [`Emulator`].
///
/// It holds a body in memory up to [`BODY_BYTES_MAX`](crate::BODY_BYTES_MAX) bytes and answers 413 beyond, and all bodies together up
/// to a budget, beyond which it answers 503. It needs no socket and no particular runtime, and sets
/// no time limit: [`Server`](super::Server) does. Where a request came from stands in its
/// extension [`Peer`]; without one it came from this machine.
#[derive(Clone, Debug)]
pub struct EmulatorService {
    /// In one allocation: a service is cloned for each request.
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    emulator: Arc<Emulator>,
    clock: Clock,
    budget: BodyBudget,
}

/// Where a request came from: an extension of requests that a server adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The address at the other end of the socket.
    pub address: IpAddr,
    /// Whether the connection is one of TLS.
    pub is_tls: bool,
}

/// In the extensions of an answer in whose place the connection is to be closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut;

impl EmulatorService {
    /// A service for `emulator` that lives by `clock`.
    #[must_use]
    pub fn new(emulator: Arc<Emulator>, clock: Clock) -> Self {
        Self::with_body_memory(emulator, clock, BODY_MEMORY_DEFAULT)
    }

    /// The same, with so many bytes for all bodies together.
    #[must_use]
    pub fn with_body_memory(emulator: Arc<Emulator>, clock: Clock, bytes: usize) -> Self {
        let budget = BodyBudget::new(bytes);
        Self { shared: Arc::new(Shared { emulator, clock, budget }) }
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
        let body = match WholeBody::read(body, &self.shared.budget).await {
            Ok(body) => body,
            Err(status) => return refuse(status, version),
        };
        let reply = self.handle(Request::from_parts(parts, body)).await;
        if !reply.delivery.delay.is_zero() {
            sleep(reply.delivery.delay).await;
        }
        let mut response = reply.response;
        if reply.delivery.cut {
            response.extensions_mut().insert(Cut);
        }
        response.map(Full::new)
    }

    /// Hands a whole request to the emulator. The clock is read when it has arrived, as a server does
    /// whose front end buffers.
    ///
    /// `handle` never waits, and for nearly every request it computes for microseconds, on the thread
    /// that serves the sockets. A large one would hold up all others there.
    async fn handle(&self, request: Request<WholeBody>) -> Reply {
        if request.body().as_ref().len() <= BYTES_ON_EVENT_LOOP_MAX
            || Handle::try_current().is_err()
        {
            return handle(&self.shared.emulator, &request, self.shared.clock.now());
        }
        let (emulator, now) = (Arc::clone(&self.shared.emulator), self.shared.clock.now());
        let request = Arc::new(request);
        let elsewhere = Arc::clone(&request);
        let job = tokio::task::spawn_blocking(move || handle(&emulator, &elsewhere, now));
        match job.await {
            Ok(reply) => reply,
            // The runtime is shutting down, and nobody waits for the answer.
            Err(_) => handle(&self.shared.emulator, &request, now),
        }
    }
}

fn handle(emulator: &Emulator, request: &Request<WholeBody>, now: OffsetDateTime) -> Reply {
    let local = Peer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), is_tls: false };
    let peer = request.extensions().get().copied().unwrap_or(local);
    let arrival = Arrival { now, source: peer.address, is_tls: peer.is_tls };
    let reply = emulator.handle(request, arrival);
    log(request, &reply.record);
    reply
}

/// Tells what happened to a request.
fn log<B>(request: &Request<B>, record: &Record) {
    if record.is_missing {
        let action = record.action.as_deref();
        tracing::warn!(action, "AWS has this operation, the emulator has not");
    }
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
