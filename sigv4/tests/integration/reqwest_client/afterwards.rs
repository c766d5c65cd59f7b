//! What becomes of a signed request on its way through the client, and in other hands.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Request, Url};
use sigv4::FoldedLines;

use super::{HOSTS, arrived, block_on, client, get, inputs, put_with_header, sign};
use crate::reference::{self, Form, Input, target_parts};
use crate::signer::{front_door, now};
use crate::wire;

/// Headers that the client adds by itself come after signing.
#[test]
fn what_the_client_adds_is_not_signed() {
    for input in inputs() {
        let arrived = block_on(async {
            let (listener, port) = wire::listen().await;
            let answer = tokio::spawn(wire::receive(listener));
            let mut more = HeaderMap::new();
            more.insert("x-more", HeaderValue::from_static("1"));
            more.insert("x-a", HeaderValue::from_static("of the client"));
            let client = client(port).user_agent("tests/1").default_headers(more);
            let request = put_with_header("x-a", "of the request");
            let request = sign(request, input).unwrap();
            client.build().unwrap().execute(request).await.unwrap();
            answer.await.unwrap()
        });
        assert_eq!(arrived.values("x-a"), ["of the request"], "it is not replaced");
        assert_eq!(arrived.value("authorization"), arrived.signed_again(input));
        let authorization = arrived.value("authorization");
        for added in ["accept", "user-agent", "x-more", "content-length"] {
            assert!(!arrived.values(added).is_empty(), "{added}");
            assert!(!authorization.contains(added), "{added}");
        }
    }
}

/// Left to itself, the client follows: with the old signature to the same host, and to
/// another one without it, but with the session token.
#[test]
fn a_redirected_request_has_a_signature_that_is_no_use() {
    let [_, input] = inputs();
    let input = &Input { session_token: Some("FwoGZXIvYXdzEXAMPLE".into()), ..input.clone() };
    for (host, keeps_signature) in [(HOSTS[0], true), (HOSTS[1], false)] {
        let (signed, arrived) = block_on(async {
            let (listener, port) = wire::listen().await;
            let answers = tokio::spawn(async move {
                let elsewhere = format!("307 Elsewhere\r\nLocation: http://{host}/b");
                let first = wire::answer(&listener, &elsewhere).await;
                (first, wire::answer(&listener, "204 No Content").await)
            });
            let request = sign(get("http://orders.example/a"), input).unwrap();
            client(port).build().unwrap().execute(request).await.unwrap();
            answers.await.unwrap()
        });
        assert_eq!((&*signed.target, &*arrived.target), (&b"/a"[..], &b"/b"[..]));
        let authorization = signed.values("authorization");
        let kept = if keeps_signature { authorization } else { Vec::new() };
        assert_eq!(arrived.values("authorization"), kept, "{host}");
        assert_eq!(arrived.value("x-amz-security-token"), "FwoGZXIvYXdzEXAMPLE");
        if keeps_signature {
            assert_ne!(arrived.value("authorization"), arrived.signed_again(input));
        }
    }
}

#[test]
fn a_presigned_request_arrives_as_it_was_presigned() {
    for input in inputs() {
        let signer = front_door(input, FoldedLines::Refuse);
        for text in ["http://orders.example/a/../b?c=d+e", "http://orders.example/ü'|[^]?%7e='"] {
            let expires = Duration::from_secs(900);
            let presigned = signer.presign_http_at(get(text), expires, now(input)).unwrap();
            let url = presigned.url().clone();
            let arrived = arrived(|_| presigned);
            assert!(arrived.values("authorization").is_empty());
            let (_, query) = url.as_str().split_once("orders.example").unwrap();
            assert_eq!(arrived.target, query.as_bytes());
            let read = Url::parse(text).unwrap();
            let input = Input {
                form: Form::Query,
                expires: Some(900),
                payload: input.sign_body.then(|| "UNSIGNED-PAYLOAD".into()),
                target: read.as_str().strip_prefix("http://orders.example").unwrap().into(),
                headers: vec![("host".into(), b"orders.example".to_vec())],
                body: Vec::new(),
                method: "GET".into(),
                ..input.clone()
            };
            let expected = reference::sign(&input).signed_target.unwrap();
            assert_eq!(target_parts(&arrived.target), target_parts(&expected), "{text}");
        }
    }
}

/// Of a body S3 is told nothing, and others what it is.
#[test]
fn a_presigned_request_covers_its_body_but_for_s3() {
    let [s3, standard] = inputs();
    let expires = Duration::from_secs(900);
    let presign = |input: &Input, body: Option<&'static str>| {
        let url = Url::parse("http://orders.example/a").unwrap();
        let mut request = Request::new(Method::PUT, url);
        *request.body_mut() = body.map(Into::into);
        let signer = front_door(input, FoldedLines::Refuse);
        let signed = signer.presign_http_at(request, expires, now(input));
        signed.map(|request| request.url().clone())
    };
    assert_eq!(presign(s3, Some("a")).unwrap(), presign(s3, None).unwrap());
    assert_ne!(presign(standard, Some("a")).unwrap(), presign(standard, None).unwrap());
    assert_eq!(presign(standard, Some("")).unwrap(), presign(standard, None).unwrap());
}
