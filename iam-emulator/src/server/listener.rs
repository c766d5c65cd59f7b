//! The server: accepts connections, limits them, and drains them at the end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::header::CONNECTION;
use http::request::Parts;
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tower_service::Service;

use super::access::Access;
use super::connection::{Connection, UnreadRequest};
use super::emulator_service::{Cut, EmulatorService, Peer};
use super::limits::{
    ACCEPT_RETRY_DELAY, ACCEPT_WARNING_INTERVAL, BODY_MEMORY_DEFAULT, DRAIN_TIMEOUT,
    HTTP2_HEADER_LIST_BYTES_MAX, HTTP2_STREAMS_MAX, READ_BUFFER_BYTES_MAX, REQUEST_BODY_TIMEOUT,
    REQUEST_HEAD_TIMEOUT,
};
use super::refusal::refuse;
use super::router;
use crate::{Clock, Emulator};

/// Who a [`Server`] answers, and how much it may hold.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Names of hosts that are answered on a loopback address, beside addresses, `localhost`,
    /// names below it, and those that IAM and STS have at AWS. What else a request names there is
    /// answered 421, so that no name can be bent to point at this machine.
    pub allowed_hosts: Vec<String>,
    /// Origins, such as `https://app.example`, whose pages may send requests from a browser.
    /// Those of all others are answered 403.
    pub allowed_origins: Vec<String>,
    /// Bytes of memory for the bodies of all requests together; beyond it 503 is answered.
    pub body_memory: usize,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            body_memory: BODY_MEMORY_DEFAULT,
        }
    }
}

/// A socket that listens, and the router that answers on it.
///
/// It speaks HTTP/1.1, and HTTP/2 to clients that start with it. Connections
/// are independent of each other; their limits are in [`limits`](super::limits).
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    access: Arc<Access>,
}

impl Server {
    /// Listens on `address` for `emulator`, which lives by `clock`; port 0 takes a free port.
    ///
    /// Clients may connect once this returns; they are answered once
    /// [`serve_until`](Self::serve_until) runs.
    ///
    /// # Errors
    ///
    /// The operating system's, when the address cannot be listened on.
    pub async fn bind(
        address: SocketAddr,
        emulator: Arc<Emulator>,
        clock: Clock,
        options: ServerOptions,
    ) -> io::Result<Self> {
        let ServerOptions { allowed_hosts, allowed_origins, body_memory } = options;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let service = EmulatorService::with_body_memory(emulator, clock, body_memory);
        let access = Access {
            is_loopback: address.ip().is_loopback(),
            hosts: allowed_hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            origins: allowed_origins,
        };
        let (router, access) = (router::around(service), Arc::new(access));
        Ok(Self { listener, address, router, access })
    }

    /// The address that is listened on, with the real port.
    #[must_use]
    pub fn local_address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready, then finishes the requests under way.
    ///
    /// At the stop the port is closed, idle connections are closed, and the rest get
    /// [`DRAIN_TIMEOUT`] to finish. Dropping this future
    /// closes everything at once.
    pub async fn serve_until(self, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        let mut warned = None;
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let front = Front {
                            router: self.router.clone(),
                            access: Arc::clone(&self.access),
                            peer: Peer { address: peer.ip().to_canonical(), is_tls: false },
                        };
                        connections.spawn(serve_connection(stream, front, graceful.watcher()));
                    }
                    Err(error) => {
                        if is_time_to_warn(&mut warned) {
                            tracing::warn!(%error, "cannot accept connections");
                        }
                        sleep(ACCEPT_RETRY_DELAY).await;
                    }
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.listener);
        if timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
            tracing::warn!(
                connections = connections.len(),
                "closing connections that did not finish in time"
            );
        }
    }
}

/// Whether a warning was not given lately; it counts as given then.
fn is_time_to_warn(warned: &mut Option<Instant>) -> bool {
    let is_time = warned.is_none_or(|warned| warned.elapsed() >= ACCEPT_WARNING_INTERVAL);
    if is_time {
        *warned = Some(Instant::now());
    }
    is_time
}

/// What stands before the emulator on one connection.
struct Front {
    router: Router,
    access: Arc<Access>,
    peer: Peer,
}

async fn serve_connection(stream: TcpStream, front: Front, watcher: Watcher) {
    // Answers are small and written whole, so nothing is gained by waiting for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off Nagle's algorithm");
    }
    let unread = UnreadRequest::default();
    let connection = TokioIo::new(Connection::new(stream, unread.clone()));
    // The connection's own, so that its requests count no references that others count too.
    let front = Arc::new(front);
    let service = service_fn(move |request| Arc::clone(&front).answer(request, unread.clone()));
    let http = http();
    let served = watcher.watch(http.serve_connection(connection, service).into_owned());
    if let Err(error) = served.await {
        tracing::debug!(%error, "connection ended");
    }
}

fn http() -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_HEAD_TIMEOUT)
        .max_buf_size(READ_BUFFER_BYTES_MAX)
        // A client may close its sending side and still wait for the answer.
        .half_close(true);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HTTP2_HEADER_LIST_BYTES_MAX)
        .max_concurrent_streams(HTTP2_STREAMS_MAX);
    http
}

impl Front {
    /// Answers one request in time, and has the connection linger if it was refused.
    ///
    /// # Errors
    ///
    /// Where the connection is to be cut in place of an answer.
    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        unread: UnreadRequest,
    ) -> Result<Response<Body>, io::Error> {
        let version = request.version();
        let (mut parts, body) = request.into_parts();
        let mut response = match self.refusal(&parts) {
            Some(response) => response,
            None => {
                let shared = self.access.shared_headers(&parts.headers);
                parts.extensions.insert(self.peer);
                let mut response = self.pass_on(Request::from_parts(parts, body)).await;
                if let Some(shared) = shared {
                    response.headers_mut().extend(shared);
                }
                response
            }
        };
        if response.extensions_mut().remove::<Cut>().is_some() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if version < Version::HTTP_2 && response.headers().contains_key(CONNECTION) {
            unread.set();
        }
        Ok(response)
    }

    /// What is answered before anybody else sees the request.
    fn refusal(&self, request: &Parts) -> Option<Response<Body>> {
        if let Err(status) = self.access.check(request) {
            return Some(refuse(status, request.version).map(Body::new));
        }
        let headers = self.access.preflight(request)?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.headers_mut() = headers;
        Some(response)
    }

    async fn pass_on(&self, request: Request<Incoming>) -> Response<Body> {
        let version = request.version();
        // The emulator itself never waits, so all of this time is the body's.
        match timeout(REQUEST_BODY_TIMEOUT, self.router.clone().call(request)).await {
            Ok(Ok(response)) => response,
            Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, version).map(Body::new),
        }
    }
}
