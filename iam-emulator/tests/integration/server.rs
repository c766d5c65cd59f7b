//! HTTP over real sockets, byte by byte: what is answered, and on which connection.

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use iam_emulator::{Clock, Configuration, Emulator, IamEmulator, server};
use tower::ServiceExt;

use crate::raw_http::{RawHttp, ask, get};

const HEALTH: &str = "/_emulator/health";

#[tokio::test]
async fn the_health_pages_answer_without_a_signature() {
    let emulator = IamEmulator::start().await.unwrap();
    for target in [HEALTH, "/_localstack/health"] {
        let answer = ask(emulator.address(), get(target));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let health: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(health["status"], "ready");
        assert_eq!(health["services"]["iam"], "running");
    }
    let posted = format!("POST {HEALTH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(ask(emulator.address(), posted).status, 405);
}

#[tokio::test]
async fn every_other_path_and_method_reaches_the_emulator() {
    let emulator = IamEmulator::start().await.unwrap();
    for target in
        ["/other", "/_emulator", "/_emulator/health/", "/%5Femulator/health", "//_emulator/health"]
    {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "MADE-UP"] {
            let request = format!(
                "{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            );
            let answer = ask(emulator.address(), request);
            assert_eq!(
                (answer.status, answer.text().as_str()),
                (404, "<UnknownOperationException/>\n"),
                "{method} {target}"
            );
        }
    }
    let mut connection = RawHttp::connect(emulator.address());
    connection.send("HEAD /other HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let head = connection.answer_head();
    assert_eq!((head.status, head.header("content-length")), (404, Some("29")));
    connection.assert_closed();
}

#[tokio::test]
async fn an_unsigned_request_is_refused_in_the_services_own_words() {
    let emulator = IamEmulator::start().await.unwrap();
    let answer = ask(emulator.address(), get("/?Action=ListUsers&Version=2010-05-08"));
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("content-type"), Some("text/xml"));
    assert!(answer.header("date").is_some());
    let request_id = answer.header("x-amzn-requestid").unwrap().to_owned();
    let text = answer.text();
    assert!(text.contains("<Code>MissingAuthenticationToken</Code>"), "{text}");
    assert!(text.contains(&format!("<RequestId>{request_id}</RequestId>")), "{text}");
}

#[tokio::test]
async fn a_connection_serves_one_request_after_another() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    for _ in 0..3 {
        connection.send(get(HEALTH));
        assert_eq!(connection.answer().status, 200);
        connection.send("POST /other HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b");
        assert_eq!(connection.answer().status, 404);
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send([get(HEALTH), get("/other"), get(HEALTH), get("/other")].concat());
    let statuses: Vec<u16> = (0..4).map(|_| connection.answer().status).collect();
    assert_eq!(statuses, [200, 404, 200, 404]);
}

#[tokio::test]
async fn a_client_that_has_closed_its_side_is_still_answered() {
    let emulator = IamEmulator::start().await.unwrap();
    let mut connection = RawHttp::connect(emulator.address());
    connection.send(get("/other"));
    connection.finish_sending();
    assert_eq!(connection.answer().status, 404);
    connection.assert_closed();
}

#[tokio::test]
async fn malformed_http_is_answered_400_and_closed() {
    let emulator = IamEmulator::start().await.unwrap();
    for request in [
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nname: a\0b\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "\u{16}\u{3}\u{1} a TLS client hello\r\n\r\n",
    ] {
        let mut connection = RawHttp::connect(emulator.address());
        connection.send(request);
        let answer = connection.answer();
        assert_eq!((answer.status, answer.body.len()), (400, 0), "{request:?}");
        connection.assert_closed();
    }
    assert_eq!(ask(emulator.address(), get(HEALTH)).status, 200);
}

#[tokio::test]
async fn odd_targets_and_bytes_are_answered_and_do_no_harm() {
    let emulator = IamEmulator::start().await.unwrap();
    let requests: [&[u8]; 6] = [
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://iam.amazonaws.com/other HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff\xfe?%zz=%&\xc3\xa4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /other HTTP/1.1\r\nHost: localhost\r\nX-Odd: \xff\xfe\t\xc3\r\n\r\n",
        b"GET /other HTTP/1.0\r\n\r\n",
    ];
    for request in requests {
        let answer = ask_any_version(emulator.address(), request);
        let status: u16 =
            answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default();
        assert!((300..500).contains(&status), "{} got {answer:?}", request.escape_ascii());
    }
    assert_eq!(ask(emulator.address(), get(HEALTH)).status, 200);
}

#[tokio::test]
async fn http2_with_prior_knowledge_is_understood() {
    let emulator = IamEmulator::start().await.unwrap();
    let stream = tokio::net::TcpStream::connect(emulator.address()).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    for (path, status) in [(HEALTH, 200), ("/other", 404)] {
        let url = format!("{}{path}", emulator.endpoint_url());
        let request = http::Request::get(url).body(Empty::<bytes::Bytes>::new()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), status);
        response.into_body().collect().await.unwrap();
    }
    drop(sender);
    connection.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_router_answers_without_a_socket() {
    let emulator = std::sync::Arc::new(Emulator::new(Configuration::default()).unwrap());
    let router = server::router(emulator, Clock::new());
    for (target, status) in [(HEALTH, 200), ("/other", 404)] {
        let request = http::Request::get(target).body(String::new()).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status);
    }
}

/// Sends one request, closes the sending side, and reads all there is.
fn ask_any_version(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut connection = RawHttp::connect(address);
    connection.send(request);
    connection.finish_sending();
    connection.rest()
}
