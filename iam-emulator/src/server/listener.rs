//! The server: accepts connections, limits them, and drains them at the end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::header::CONNECTION;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use super::connection::{Connection, UnreadRequest};
use super::limits::{
    ACCEPT_RETRY_DELAY, DRAIN_TIMEOUT, HTTP2_HEADER_LIST_BYTES_MAX, HTTP2_STREAMS_MAX,
    READ_BUFFER_BYTES_MAX, REQUEST_BODY_TIMEOUT, REQUEST_HEAD_TIMEOUT,
};
use super::refusal::refuse;
use crate::{Clock, Emulator};

/// A socket that listens, and the router that answers on it.
///
/// It speaks HTTP/1.1, and HTTP/2 to clients that start with it. Connections
/// are independent of each other; their limits are in [`limits`](super::limits).
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
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
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, router: super::router(emulator, clock) })
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
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(serve_connection(stream, self.router.clone(), graceful.watcher()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
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

async fn serve_connection(stream: TcpStream, router: Router, watcher: Watcher) {
    // Answers are small and written whole, so nothing is gained by waiting for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off Nagle's algorithm");
    }
    let unread = UnreadRequest::default();
    let connection = TokioIo::new(Connection::new(stream, unread.clone()));
    let service = service_fn(move |request| answer(router.clone(), request, unread.clone()));
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

/// Answers one request in time, and has the connection linger if it was refused.
async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    unread: UnreadRequest,
) -> Result<Response<Body>, Infallible> {
    let version = request.version();
    // The emulator itself never waits, so all of this time is the body's.
    let response = match timeout(REQUEST_BODY_TIMEOUT, router.call(request)).await {
        Ok(answered) => answered?,
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, version).map(Body::new),
    };
    if response.headers().contains_key(CONNECTION) {
        unread.set();
    }
    Ok(response)
}
