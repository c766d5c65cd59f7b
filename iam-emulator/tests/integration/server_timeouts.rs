//! Every wait ends: the limits of time, in a runtime whose clock jumps to the next timer.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use iam_emulator::server::limits::{
    DRAIN_TIMEOUT, LINGER_TIMEOUT, REQUEST_BODY_TIMEOUT, REQUEST_HEAD_TIMEOUT, SILENCE_TIMEOUT,
};
use iam_emulator::server::{Server, ServerOptions};
use iam_emulator::{Clock, Configuration, Emulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What one connection was sent until the server closed it, and after how long.
struct Closed {
    received: String,
    after: Duration,
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_given_up() {
    let closed = send_and_wait("GET / HTTP/1.1\r\nHost: localh").await;
    assert_eq!(closed.received, "");
    assert_within(closed.after, REQUEST_HEAD_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_end_is_answered_408() {
    let request = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01234";
    let closed = send_and_wait(request).await;
    assert!(closed.received.starts_with("HTTP/1.1 408 "), "{}", closed.received);
    assert!(closed.received.contains("content-length: 0\r\n"), "{}", closed.received);
    assert_within(closed.after, REQUEST_BODY_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_says_nothing_is_closed() {
    let closed = send_and_wait("").await;
    assert_eq!(closed.received, "");
    assert_within(closed.after, SILENCE_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_falls_idle_is_closed() {
    let closed = send_and_wait("GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(closed.received.starts_with("HTTP/1.1 200 "), "{}", closed.received);
    assert_within(closed.after, REQUEST_HEAD_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_does_not_linger_for_ever() {
    let server = Serving::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let start = Instant::now();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n0123")
        .await
        .unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    assert!(received.starts_with("HTTP/1.1 413 "), "{received}");
    // The answer and the end of the stream came at once, but the server still
    // reads: the stop has to wait for it, no longer than it lingers.
    assert!(start.elapsed() < Duration::from_secs(1));
    server.stop.send(()).unwrap();
    server.task.await.unwrap();
    assert_within(start.elapsed(), LINGER_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_ever() {
    let server = Serving::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
        .await
        .unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    let start = Instant::now();
    server.stop.send(()).unwrap();
    server.task.await.unwrap();
    assert_within(start.elapsed(), DRAIN_TIMEOUT);
    let mut rest = Vec::new();
    assert!(matches!(stream.read_to_end(&mut rest).await, Ok(0) | Err(_)));
}

/// Sends `request` on a new connection and reads until the server closes it.
async fn send_and_wait(request: &str) -> Closed {
    let server = Serving::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let start = Instant::now();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    if let Err(error) = stream.read_to_end(&mut received).await {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    }
    Closed { received: String::from_utf8(received).unwrap(), after: start.elapsed() }
}

fn assert_within(elapsed: Duration, limit: Duration) {
    // Timers of the runtime count in milliseconds.
    let allowed = limit..limit + Duration::from_secs(1);
    assert!(allowed.contains(&elapsed), "{elapsed:?} is not {limit:?}");
}

/// A server as a task of the test's own runtime, whose time is paused.
struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    async fn start() -> Self {
        let emulator = Arc::new(Emulator::new(Configuration::default()).unwrap());
        let server = Server::bind(
            ([127, 0, 0, 1], 0).into(),
            emulator,
            Clock::new(),
            ServerOptions::default(),
        )
        .await
        .unwrap();
        let address = server.local_address();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.serve_until(async {
            if stopped.await.is_err() {
                pending::<()>().await;
            }
        }));
        Self { address, stop, task }
    }
}
