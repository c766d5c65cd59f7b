//! Feature `reqwest`: what a client of reqwest really sends, over a socket, is what was signed.
//!
//! What it sends of a URL, and what others sign of that, is in `testdata/sigv4/clients.toml`.

mod afterwards;
mod bodies;
mod objects;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::LazyLock;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, Method, Request, Url};
use sigv4::{FoldedLines, HttpSignError, RequestError, SignError};

use crate::cases::signing::{self, Case};
use crate::reference::Input;
use crate::signer::{front_door, now};
use crate::wire::{self, Arrived};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases = signing::load_all();
    cases.retain(|case| case.name.starts_with("reqwest-"));
    cases
});

/// Names that lead to the listener.
const HOSTS: [&str; 2] = ["orders.example", "xn--bcher-kva.example"];

/// A client that finds a port of this machine under all of them, and under no proxy.
fn client(port: u16) -> ClientBuilder {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let client = Client::builder().no_proxy();
    HOSTS.iter().fold(client, |client, host| client.resolve(host, address))
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

/// What arrives of a request that is made for a port.
fn arrived(request: impl FnOnce(u16) -> Request) -> Arrived {
    block_on(async {
        let (listener, port) = wire::listen().await;
        let answer = tokio::spawn(wire::receive(listener));
        let client = client(port).build().unwrap();
        client.execute(request(port)).await.unwrap();
        answer.await.unwrap()
    })
}

/// The request of a case, not signed.
fn request(case: &Case) -> Request {
    let input = &case.input;
    let url = Url::parse(case.url.as_deref().unwrap()).unwrap();
    let method = Method::from_bytes(input.method.as_bytes()).unwrap();
    let mut request = Request::new(method, url);
    for (name, value) in &input.headers {
        let is_host = name == "Host" && request.url().host_str().map(str::as_bytes) == Some(value);
        if !is_host {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
        }
    }
    if input.method != "GET" && input.method != "DELETE" {
        *request.body_mut() = Some(input.body.clone().into());
    }
    request
}

#[test]
fn what_arrives_has_the_signature_of_others() {
    assert!(CASES.len() >= 74, "{} cases", CASES.len());
    for case in &*CASES {
        let Case { name, input, expected, .. } = case;
        let signer = front_door(input, case.lines);
        let arrived = arrived(|_| signer.sign_at(request(case), now(input)).unwrap());
        let target = arrived.target.escape_ascii().to_string();
        assert_eq!(target, input.target.escape_ascii().to_string(), "{name}");
        assert_eq!((&arrived.method, &arrived.body), (&input.method, &input.body), "{name}");
        let authorization = arrived.value("authorization");
        assert_eq!(authorization, expected.authorization.as_deref().unwrap(), "{name}");
        assert_eq!(authorization, arrived.signed_again(input), "{name}");
    }
}

/// The credentials, scope and switches of the first case that signs as S3 wants it, and of the first
/// that does not.
fn inputs() -> [&'static Input; 2] {
    [true, false].map(|sign_body| {
        let case = CASES.iter().find(|case| case.input.sign_body == sign_body);
        &case.unwrap().input
    })
}

fn sign(request: Request, input: &Input) -> Result<Request, HttpSignError> {
    front_door(input, FoldedLines::Refuse).sign_at(request, now(input))
}

fn get(url: &str) -> Request {
    Request::new(Method::GET, Url::parse(url).unwrap())
}

fn put_with_header(name: &'static str, value: &'static str) -> Request {
    let mut request = Request::new(Method::PUT, Url::parse("http://orders.example/a").unwrap());
    request.headers_mut().insert(name, HeaderValue::from_static(value));
    *request.body_mut() = Some("data".into());
    request
}

/// Hosts with the port that the listener happens to have, which others cannot know.
#[test]
fn a_port_is_signed_as_it_is_sent() {
    let urls: [fn(u16) -> String; 6] = [
        |port| format!("http://127.0.0.1:{port}/a"),
        |port| format!("http://orders.example:{port}/a"),
        |port| format!("http://ORDERS.example:0{port}?b"),
        |port| format!("http://user:password@orders.example:{port}/a"),
        |port| format!("http://user@127.1:{port}/a"),
        |port| format!("http://0x7f000001:{port}/a"),
    ];
    for url in urls {
        for input in inputs() {
            let arrived = arrived(|port| sign(get(&url(port)), input).unwrap());
            assert_eq!(arrived.value("authorization"), arrived.signed_again(input), "{}", url(0));
        }
    }
}

/// Over HTTP/2 it would be a part of `:authority`, beside a signature for the host alone.
#[test]
fn a_user_is_taken_out_of_the_url() {
    for input in inputs() {
        for text in ["http://user:password@h/a", "http://user@h/a", "http://:password@h/a"] {
            assert_eq!(sign(get(text), input).unwrap().url().as_str(), "http://h/a", "{text}");
        }
        let refused = get("http://user:password@h/a?%zz");
        let mut kept = refused.try_clone().unwrap();
        let refused = front_door(input, FoldedLines::Refuse).sign_at(&mut kept, now(input));
        assert!(refused.is_err());
        assert_eq!(kept.url().as_str(), "http://user:password@h/a?%zz");
    }
}

/// reqwest makes it of a user in a URL; the signature takes its place.
#[test]
fn basic_authentication_gives_way_to_the_signature() {
    for input in inputs() {
        let request = Client::new().get("http://user:password@orders.example/a");
        let request = request.basic_auth("user", Some("password")).build().unwrap();
        assert!(request.headers()["authorization"].to_str().unwrap().starts_with("Basic "));
        let arrived = arrived(|_| sign(request, input).unwrap());
        assert_eq!(arrived.value("authorization"), arrived.signed_again(input));
    }
}

/// A URL that cannot be signed, why, and a neighbour that can. S3's rules first.
#[test]
fn what_cannot_be_signed_is_refused_and_left_as_it_was() {
    let malformed = |position| RequestError::MalformedEscape { position };
    let plus = RequestError::AmbiguousPlus { position: 2 };
    let [s3, standard] = inputs();
    let refused = [
        (s3, "http://h/a+b", plus, "http://h/a%2Bb"),
        (s3, "http://h/100%", malformed(4), "http://h/100%25"),
        (s3, "http://h/?a=%zz", malformed(4), "http://h/?a=%7A"),
        (standard, "http://h/?a=%zz", malformed(4), "http://h/a%zz"),
    ];
    for (input, url, expected, neighbour) in refused {
        let signer = front_door(input, FoldedLines::Refuse);
        let mut request = get(url);
        request.headers_mut().insert("x-a", HeaderValue::from_static("1"));
        let before = request.headers().clone();
        match signer.sign_at(&mut request, now(input)) {
            Err(HttpSignError::Sign(SignError::Request(error))) => {
                assert_eq!(error, expected, "{url}")
            }
            other => panic!("{url}: {other:?}"),
        }
        assert_eq!((request.url().as_str(), request.headers()), (url, &before));
        sign(get(neighbour), input).unwrap();
    }
    for url in ["mailto:a@b", "data:,a", "unix:/run/a"] {
        let refused = sign(get(url), s3).unwrap_err();
        assert!(matches!(refused, HttpSignError::InvalidUri), "{url}: {refused:?}");
    }
}

#[test]
fn a_retry_is_signed_as_if_it_were_the_first() {
    let [input, _] = inputs();
    let mut twice = get("http://orders.example/a?b=c");
    twice.headers_mut().insert("x-a", HeaderValue::from_static("1"));
    let once = sign(twice.try_clone().unwrap(), input).unwrap();
    let with_token = Input { session_token: Some("FwoGZXIvYXdzEXAMPLE".into()), ..input.clone() };
    let mut twice = sign(twice, &with_token).unwrap();
    assert!(twice.headers().contains_key("x-amz-security-token"));
    let signer = front_door(input, FoldedLines::Refuse);
    for _ in 0..2 {
        signer.sign_at(&mut twice, now(input)).unwrap();
        assert_eq!((twice.url(), twice.headers()), (once.url(), once.headers()));
    }
    assert!(once.headers()["authorization"].is_sensitive());
}
