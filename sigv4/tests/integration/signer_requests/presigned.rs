//! Requests whose URI is presigned.

use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Uri};
use sigv4::{ExpiresError, HttpSignError, SignableBody, Signer, SignerError, SigningRules};

use super::{expected, now, put, signers};
use crate::reference::{self, Form, Input, target_parts};

const QUARTER: Duration = Duration::from_secs(900);

/// What the reference makes of the same request.
fn presigned(signer: &Signer, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let is_s3 = *signer.rules() == SigningRules::S3;
    let plain = expected(signer, "PUT", "/a%20b?c=d", body);
    let mut input = Input {
        form: Form::Query,
        sign_body: false,
        payload: is_s3.then(|| "UNSIGNED-PAYLOAD".into()),
        expires: Some(900),
        ..plain
    };
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.into()));
    input.headers.extend(headers);
    reference::sign(&input).signed_target.unwrap()
}

fn target(uri: &Uri) -> Vec<u8> {
    uri.path_and_query().unwrap().as_str().into()
}

#[test]
fn the_body_is_left_open_for_s3_and_hashed_for_others() {
    for signer in signers() {
        for body in ["", "data"] {
            let request = put().map(|_| body);
            let made = signer.presign_http_at(request, QUARTER, now()).unwrap();
            let expected = presigned(&signer, &[], body.as_bytes());
            assert_eq!(target_parts(&target(made.uri())), target_parts(&expected), "{body}");
            assert!(made.headers().is_empty());
            assert_eq!(made.uri().authority().unwrap(), "h");
        }
    }
}

#[test]
fn all_headers_are_signed_and_stay() {
    let headers = [("content-type", "text/plain"), ("x-a", "2"), ("x-a", "1")];
    for signer in signers() {
        let mut request = put();
        for (name, value) in headers {
            request.headers_mut().append(name, HeaderValue::from_static(value));
        }
        let before = request.headers().clone();
        let made = signer.presign_http_at(request, QUARTER, now()).unwrap();
        let expected = presigned(&signer, &headers, b"data");
        assert_eq!(target_parts(&target(made.uri())), target_parts(&expected));
        assert_eq!(made.headers(), &before);
    }
}

/// By value, in place, once more, and after it was signed in its headers.
#[test]
fn an_earlier_signature_goes_whatever_its_form() {
    for signer in signers() {
        let once = signer.presign_http_at(put(), QUARTER, now()).unwrap();
        let mut twice = put();
        signer.presign_http_at(&mut twice, Duration::from_secs(1), now()).unwrap();
        signer.presign_http_at(&mut twice, QUARTER, now()).unwrap();
        assert_eq!((once.uri(), once.headers()), (twice.uri(), twice.headers()));

        let mut signed = signer.sign_at(put(), now()).unwrap();
        // Which may be the caller's own, and is signed then.
        signed.headers_mut().remove("x-amz-content-sha256");
        let made = signer.presign_http_at(signed, QUARTER, now()).unwrap();
        assert_eq!((once.uri(), once.headers()), (made.uri(), made.headers()));
        assert!(!made.headers().contains_key(AUTHORIZATION));
    }
}

#[test]
fn what_cannot_be_presigned_is_as_it_was() {
    struct Stream;
    impl SignableBody for Stream {
        fn as_bytes(&self) -> Option<&[u8]> {
            None
        }
    }
    let [s3, orders] = signers();
    for signer in [&s3, &orders] {
        for (expires, seconds) in [(Duration::ZERO, 0), (Duration::from_secs(604_801), 604_801)] {
            let mut request = put();
            match signer.presign_http_at(&mut request, expires, now()) {
                Err(HttpSignError::Signer(SignerError::Expires(error))) => {
                    assert_eq!(error, ExpiresError { seconds });
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(request.uri(), put().uri());
        }
        let mut request = Request::get("https://h/a?b=%zz").body(()).unwrap();
        assert!(signer.presign_http_at(&mut request, QUARTER, now()).is_err());
        assert_eq!(request.uri(), "https://h/a?b=%zz");
    }
    // Of a stream nothing is said to S3, and others want to know.
    let mut stream = put().map(|_| Stream);
    let refused = orders.presign_http_at(&mut stream, QUARTER, now());
    assert!(matches!(refused, Err(HttpSignError::BodyIsStream)));
    assert_eq!(stream.uri(), put().uri());
    s3.presign_http_at(&mut stream, QUARTER, now()).unwrap();
    assert_ne!(stream.uri(), put().uri());
}
