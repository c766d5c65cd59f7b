//! Feature `tower`: what a client really sends, over a socket, is what was signed.

use std::io;
use std::net::SocketAddr;

use ::http::{Request, Uri};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, SigningKey, SigningRules, Timestamp,
    VerifyRules, VerifyingKey,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// URIs with the `host` that hyper-util's client sends for them.
const HOSTS: [(&str, &str); 14] = [
    ("https://orders.example", "orders.example"),
    ("https://orders.example:", "orders.example"),
    ("http://orders.example:", "orders.example"),
    ("https://orders.example:443", "orders.example"),
    ("https://orders.example:0443", "orders.example"),
    ("http://orders.example:080", "orders.example"),
    ("http://orders.example:443", "orders.example:443"),
    ("https://orders.example:80", "orders.example:80"),
    ("https://orders.example:08443", "orders.example:8443"),
    ("https://orders.example:65536", "orders.example"),
    ("https://user:password@orders.example:0443", "orders.example"),
    ("https://user:password@orders.example:8443", "orders.example:8443"),
    ("https://[::1]:", "[::1]"),
    ("http://[::1]:9000", "[::1]:9000"),
];

#[test]
fn the_host_that_a_client_sends_is_the_one_that_was_signed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    for (uri, host) in HOSTS {
        let mut request = Request::get(format!("{uri}/?a=1")).body(Empty::<&[u8]>::new()).unwrap();
        sign(&mut request);
        let head = runtime.block_on(sent(request));
        let mut lines = head.lines();
        assert_eq!(lines.next(), Some("GET /?a=1 HTTP/1.1"), "{uri}");
        let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
        let named: Vec<&str> = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
            .map(|(_, value)| *value)
            .collect();
        assert_eq!(named, [host], "{uri}");
        verify(&sigv4::Request::new("GET", "/?a=1", &headers));
    }
}

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn sign(request: &mut Request<Empty<&[u8]>>) {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "orders").unwrap();
    let instant = key.at(now()).unwrap();
    instant.sign_http(request, Payload::EMPTY, &SigningRules::STANDARD).unwrap();
}

fn verify(request: &sigv4::Request<'_, Vec<(&str, &str)>>) {
    let rules = VerifyRules::strict("us-east-1", "orders");
    let presented = PresentedSignature::parse(request).unwrap();
    let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).unwrap()).unwrap();
    let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now: now() };
    presented.verify(request, &evidence, &rules).unwrap();
}

/// The head of a request as hyper-util's client writes it to a socket.
async fn sent(request: Request<Empty<&'static [u8]>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // Without TLS, so that what is sent can be read, and whatever the URI says.
    let connector = tower::service_fn(move |_: Uri| Box::pin(connect(address)));
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let head = tokio::spawn(answer(listener));
    assert_eq!(client.request(request).await.unwrap().status(), 204);
    head.await.unwrap()
}

async fn connect(address: SocketAddr) -> io::Result<TokioIo<TcpStream>> {
    TcpStream::connect(address).await.map(TokioIo::new)
}

/// Takes one request without a body, and answers it.
async fn answer(listener: TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
    String::from_utf8(head).unwrap()
}
