//! Too much, or not enough: oversize requests, and clients that stop half-way.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use iam_emulator::server::limits::{READ_BUFFER_BYTES_MAX, REQUEST_HEAD_BYTES_MAX};
use iam_emulator::{BODY_BYTES_MAX, IamEmulator};

use crate::raw_http::{self, Answer, RawHttp, ask, get};

#[tokio::test]
async fn half_a_head_holds_nobody_up() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut half = RawHttp::connect(emulator.address());
    half.send("GET /other HTTP/1.1\r\nHos");
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
    half.send("t: localhost\r\n\r\n");
    assert_eq!(half.answer().status, 404);
}

#[tokio::test]
async fn half_a_body_holds_nobody_up() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut half = RawHttp::connect(emulator.address());
    half.send("POST /other HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01234");
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
    half.send("56789");
    assert_eq!(half.answer().status, 404);
}

#[tokio::test]
async fn two_hundred_idle_sockets_hold_nobody_up() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut idle: Vec<RawHttp> = (0..200).map(|_| RawHttp::connect(emulator.address())).collect();
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
    // They were accepted meanwhile, and each is served once it speaks.
    for socket in &mut idle {
        socket.send(get("/other"));
    }
    for socket in &mut idle {
        assert_eq!(socket.answer().status, 404);
    }
}

#[tokio::test]
async fn a_head_up_to_the_limit_is_served() {
    let emulator = IamEmulator::start().await.unwrap();
    assert_eq!(ask(emulator.address(), head_of(REQUEST_HEAD_BYTES_MAX)).status, 404);
}

#[tokio::test]
async fn a_longer_head_is_answered_400_and_closed() {
    let emulator = IamEmulator::start().await.unwrap();
    for length in [REQUEST_HEAD_BYTES_MAX + 1, REQUEST_HEAD_BYTES_MAX * 3] {
        let mut connection = RawHttp::connect(emulator.address());
        connection.send(head_of(length));
        assert_refused(&connection.answer(), 400);
        connection.assert_closed();
    }
    let query = format!("/?{}", "a".repeat(REQUEST_HEAD_BYTES_MAX));
    assert_refused(&ask(emulator.address(), get(&query)), 400);
}

#[tokio::test]
async fn a_head_without_end_is_cut_off() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(head_of(READ_BUFFER_BYTES_MAX * 4));
    assert_eq!(connection.answer().status, 431);
    connection.assert_closed();
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_served() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(post_head(&format!("Content-Length: {BODY_BYTES_MAX}")));
    connection.send(vec![b'a'; BODY_BYTES_MAX]);
    assert_eq!(connection.answer().status, 404);
    connection.send(get("/other"));
    assert_eq!(connection.answer().status, 404);
}

#[tokio::test]
async fn a_longer_body_is_answered_413_even_to_a_client_that_sends_it_all_first() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(post_head(&format!("Content-Length: {}", 2 * BODY_BYTES_MAX)));
    connection.send(vec![b'a'; 2 * BODY_BYTES_MAX]);
    assert_refused(&connection.answer(), 413);
    connection.assert_closed();
}

#[tokio::test]
async fn a_longer_chunked_body_is_answered_413() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(post_head("Transfer-Encoding: chunked"));
    let chunk = [b"100000\r\n".to_vec(), vec![b'a'; 0x10_0000], b"\r\n".to_vec()].concat();
    for _ in 0..=BODY_BYTES_MAX / 0x10_0000 {
        connection.send(&chunk);
    }
    connection.send("0\r\n\r\n");
    assert_refused(&connection.answer(), 413);
    connection.assert_closed();
}

#[tokio::test]
async fn a_longer_body_over_http2_is_answered_413() {
    let emulator = IamEmulator::start().await.unwrap();
    let stream = tokio::net::TcpStream::connect(emulator.address()).await.unwrap();
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    for (length, status) in [(BODY_BYTES_MAX * 2, 413), (BODY_BYTES_MAX, 404)] {
        let url = format!("{}/other", emulator.endpoint_url());
        let body = Full::<Bytes>::from(vec![b'a'; length]);
        let request = http::Request::post(url).body(body).unwrap();
        assert_eq!(sender.send_request(request).await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_before_it_sends() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(post_head(&format!(
        "Expect: 100-continue\r\nContent-Length: {}",
        BODY_BYTES_MAX + 1
    )));
    assert_refused(&connection.answer(), 413);

    let mut connection = RawHttp::connect(emulator.address());
    connection.send(post_head("Expect: 100-continue\r\nContent-Length: 3"));
    assert_eq!(connection.answer_head().status, 100);
    connection.send("a=b");
    assert_eq!(connection.answer().status, 404);
}

#[tokio::test]
async fn a_declared_length_beyond_any_number_is_refused() {
    let emulator = IamEmulator::start().await.unwrap();
    for (length, status) in [("18446744073709551610", 413), ("99999999999999999999999", 400)] {
        let answer = ask(emulator.address(), post_head(&format!("Content-Length: {length}")));
        assert_refused(&answer, status);
    }
}

#[tokio::test]
async fn a_client_that_never_stops_sending_is_cut_off() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    stream.set_write_timeout(Some(raw_http::PATIENCE)).unwrap();
    stream.write_all(post_head("Content-Length: 1000000000000").as_bytes()).unwrap();
    let data = vec![b'a'; 1024 * 1024];
    let error = loop {
        if let Err(error) = stream.write_all(&data) {
            break error;
        }
    };
    let kind = error.kind();
    assert!(matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
}

/// As the HTTP front end refuses: an empty body, and no request-id headers.
fn assert_refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status);
    assert_eq!(answer.header("content-length"), Some("0"));
    assert_eq!(answer.header("x-amzn-requestid"), None);
}

/// A request whose head is exactly `length` bytes.
fn head_of(length: usize) -> String {
    let start = "GET /other HTTP/1.1\r\nHost: localhost\r\nX-Filling: ";
    let end = "\r\n\r\n";
    let filling = length - start.len() - end.len();
    format!("{start}{}{end}", "a".repeat(filling))
}

fn post_head(headers: &str) -> String {
    format!("POST /other HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n")
}
