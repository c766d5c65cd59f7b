//! Feature `tower`: what hyper-util's client really sends, over a socket, is what was signed.
//!
//! What it sends of a URL, and what others sign of that, is in `testdata/sigv4/clients.toml`.

use std::io;
use std::net::SocketAddr;

use ::bytes::Bytes;
use ::http::{HeaderName, HeaderValue, Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use sigv4::objects::ObjectPath;
use sigv4::{
    Body, Bucket, Evidence, FoldedLines, PresentedSignature, Signer, VerifyRules, VerifyingKey,
};
use tokio::net::TcpStream;

use crate::cases::signing::{self, Case};
use crate::reference::Input;
use crate::signer::{front_door, now};
use crate::wire::{self, Arrived};

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

fn cases() -> Vec<Case> {
    let mut cases = signing::load_all();
    cases.retain(|case| case.name.starts_with("hyper-"));
    cases
}

/// Signs by the front door, and has the request sent.
fn arrived(request: Request<Vec<u8>>, signer: &Signer, input: &Input) -> Arrived {
    let request = signer.sign_at(request, now(input)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(sent(request.map(Full::from)))
}

#[test]
fn the_host_that_a_client_sends_is_the_one_that_was_signed() {
    let case = &cases()[0];
    let signer = front_door(&case.input, case.lines);
    for (uri, host) in HOSTS {
        let request = Request::get(format!("{uri}/?a=1")).body(Vec::new()).unwrap();
        let arrived = arrived(request, &signer, &case.input);
        assert_eq!((&*arrived.method, &*arrived.target), ("GET", &b"/?a=1"[..]), "{uri}");
        assert_eq!(arrived.values("host"), [host], "{uri}");
        assert_eq!(arrived.value("authorization"), arrived.signed_again(&case.input), "{uri}");
        verify(&arrived, &case.input);
    }
}

#[test]
fn what_arrives_has_the_signature_of_others() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for case in cases {
        let Case { name, input, expected, .. } = &case;
        let arrived = arrived(request(&case), &front_door(input, case.lines), input);
        let target = arrived.target.escape_ascii().to_string();
        assert_eq!(target, input.target.escape_ascii().to_string(), "{name}");
        assert_eq!((&arrived.method, &arrived.body), (&input.method, &input.body), "{name}");
        let authorization = arrived.value("authorization");
        assert_eq!(authorization, expected.authorization.as_deref().unwrap(), "{name}");
        assert_eq!(authorization, arrived.signed_again(input), "{name}");
        verify(&arrived, input);
    }
}

/// Dot segments among them, which `reqwest` cannot send.
#[test]
fn a_key_arrives_as_it_is() {
    let case = cases().into_iter().find(|case| case.input.sign_body).unwrap();
    let signer = front_door(&case.input, FoldedLines::Refuse);
    let buckets = [
        Bucket::path_style("http://orders.example", "examplebucket").unwrap(),
        Bucket::virtual_hosted("http://orders.example:9000", "examplebucket").unwrap(),
    ];
    let keys = [
        "a",
        "rübe+1.jpg",
        "a?b",
        "a//b",
        "/a",
        "a/../b",
        "..",
        ".",
        "a/.",
        "./a",
        "../../a",
        "/..",
        "%2e%2e/a",
        "%2F",
        "a b",
        "a\\b",
        "a#b",
        "http://evil.example/",
        "*'()!",
        "|^[]`{}<>\"",
    ];
    for bucket in &buckets {
        let is_path_style = bucket == &buckets[0];
        let base = if is_path_style { "/examplebucket" } else { "" };
        let host =
            if is_path_style { "orders.example" } else { "examplebucket.orders.example:9000" };
        for key in keys {
            let request = bucket.put(key).with_header("content-type", "text/plain");
            let request = request.to_http(b"data".to_vec()).unwrap();
            let arrived = arrived(request, &signer, &case.input);
            let path = format!("{base}{}", ObjectPath::new(key));
            assert_eq!(arrived.target.escape_ascii().to_string(), path, "{key}");
            assert_eq!((arrived.value("host"), &*arrived.body), (host, &b"data"[..]));
            assert_eq!(arrived.value("authorization"), arrived.signed_again(&case.input), "{key}");
            verify(&arrived, &case.input);
        }
    }
}

/// The request of a case, not signed.
fn request(case: &Case) -> Request<Vec<u8>> {
    let input = &case.input;
    let uri: Uri = case.url.as_deref().unwrap().parse().unwrap();
    let mut request = Request::new(input.body.clone());
    for (name, value) in &input.headers {
        let is_host = name == "Host"
            && uri.authority().is_some_and(|authority| {
                // Where it is not the URL's, it is set.
                value.starts_with(authority.host().as_bytes())
            });
        if !is_host {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
        }
    }
    *request.method_mut() = input.method.parse().unwrap();
    *request.uri_mut() = uri;
    request
}

/// As a server does that refuses nothing for its spelling.
fn verify(arrived: &Arrived, input: &Input) {
    let rules = VerifyRules {
        unnormalized_path: sigv4::verify_rules::UnnormalizedPath::Accept,
        ..if input.sign_body {
            VerifyRules::s3(&input.region)
        } else {
            VerifyRules::strict(&input.region, &input.service)
        }
    };
    let headers = arrived.headers.as_slice();
    let request = sigv4::Request::new(&arrived.method, &arrived.target, headers);
    let presented = PresentedSignature::parse(&request).unwrap();
    let scope = presented.scope(&rules).unwrap();
    let key = VerifyingKey::derive(&input.secret_access_key, &scope).unwrap();
    let session_token = input.session_token.as_deref();
    let body = Body::Bytes(&arrived.body);
    let evidence = Evidence { key: &key, session_token, body, now: now(input) };
    presented.verify(&request, &evidence, &rules).unwrap();
}

/// What arrives of a request, whatever host its URI names.
async fn sent(request: Request<Full<Bytes>>) -> Arrived {
    let (listener, port) = wire::listen().await;
    // Without TLS, so that what is sent can be read.
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let connector = tower::service_fn(move |_: Uri| Box::pin(connect(address)));
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let answer = tokio::spawn(wire::receive(listener));
    assert_eq!(client.request(request).await.unwrap().status(), 204);
    answer.await.unwrap()
}

async fn connect(address: SocketAddr) -> io::Result<TokioIo<TcpStream>> {
    TcpStream::connect(address).await.map(TokioIo::new)
}
