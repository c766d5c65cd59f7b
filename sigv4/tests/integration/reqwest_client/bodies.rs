//! Bodies of every kind: hashed if they are there, and else only on request.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use reqwest::{Body, Method, Request, Url};
use sha2::{Digest, Sha256};
use sigv4::{FoldedLines, HttpSignError, Payload, SigningRules, UnsignedPayload};

use super::{arrived, inputs, sign};
use crate::reference::Input;
use crate::signer::{front_door, now};

/// A body of which nobody sees the bytes before they are sent.
struct Stream(Option<&'static [u8]>);

impl http_body::Body for Stream {
    type Data = &'static [u8];
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(http_body::Frame::data(data))))
    }
}

fn put(body: Option<Body>) -> Request {
    let url = Url::parse("http://orders.example/a").unwrap();
    let mut request = Request::new(Method::PUT, url);
    *request.body_mut() = body;
    request
}

#[test]
fn a_body_that_is_there_is_hashed() {
    for input in inputs() {
        let bodies: [fn() -> Option<Body>; 6] = [
            || None,
            || Some("".into()),
            || Some("hällo".into()),
            || Some(String::from("owned").into()),
            || Some(vec![0_u8, 255, 10].into()),
            || Some(bytes::Bytes::from_static(b"bytes").into()),
        ];
        for body in bodies {
            let bytes = body().map_or(Vec::new(), |body| body.as_bytes().unwrap().to_vec());
            let arrived = arrived(|_| sign(put(body()), input).unwrap());
            assert_eq!(arrived.body, bytes);
            assert_eq!(arrived.value("authorization"), arrived.signed_again(input));
            if input.sign_body {
                let hash = hex::encode(Sha256::digest(&bytes));
                assert_eq!(arrived.value("x-amz-content-sha256"), hash);
            }
        }
    }
}

#[test]
fn a_stream_is_an_error_and_nothing_is_changed() {
    for input in inputs() {
        let mut request = put(Some(Body::wrap(Stream(Some(b"data")))));
        request.headers_mut().insert("x-a", "1".parse().unwrap());
        let before = request.headers().clone();
        let signer = front_door(input, FoldedLines::Refuse);
        let refused = signer.sign_at(&mut request, now(input));
        assert!(matches!(refused, Err(HttpSignError::BodyIsStream)), "{refused:?}");
        assert_eq!(request.headers(), &before);
        assert!(request.body().unwrap().as_bytes().is_none());
    }
}

/// What is said of a stream is declared, whatever the service.
#[test]
fn a_stream_goes_with_what_is_said_of_it() {
    for input in inputs() {
        let over_http = UnsignedPayload::AnyScheme;
        let signer = front_door(input, FoldedLines::Refuse);
        let rules = SigningRules { unsigned_payload: over_http, ..*signer.rules() };
        let stream = || put(Some(Body::wrap(Stream(Some(b"data")))));
        let refused = signer.sign_with_at(stream(), Payload::UNSIGNED, now(input));
        assert!(matches!(refused, Err(HttpSignError::UnsignedPayloadOverHttp)));

        let signer = signer.with_rules(rules);
        let arrived =
            |payload| arrived(|_| signer.sign_with_at(stream(), payload, now(input)).unwrap());
        let unsigned = arrived(Payload::UNSIGNED);
        assert_eq!(unsigned.value("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
        let literal = Some("UNSIGNED-PAYLOAD".to_owned());
        let expected = Input { payload: literal, sign_body: true, ..input.clone() };
        assert_eq!(unsigned.value("authorization"), unsigned.signed_again(&expected));
        assert_eq!(unsigned.body, b"data");

        let hashed = arrived(Payload::Sha256(Sha256::digest(b"data").into()));
        assert_eq!(hashed.value("authorization"), hashed.signed_again(input));
        assert_eq!(hashed.body, b"data");
    }
}
