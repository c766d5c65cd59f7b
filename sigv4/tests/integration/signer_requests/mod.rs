//! Features `signer` and `http`: requests in, signed requests out.

mod cases;
mod payloads;
mod presigned;

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Uri};
use sigv4::{
    HttpSignError, OwnedCredentials, Payload, RequestError, SignError, SignableHead,
    SignableRequest, Signer, SignerError, SigningRules, Timestamp,
};

use crate::reference::{self, Encoding, Form, Input, TokenName};

const ID: &str = "ASIAEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn credentials() -> OwnedCredentials {
    OwnedCredentials::new(ID, SECRET).with_session_token(TOKEN)
}

/// One for S3 and one for another service.
fn signers() -> [Signer; 2] {
    ["s3", "orders"].map(|service| Signer::new(credentials(), "us-east-1", service).unwrap())
}

/// What the reference says of a request to `https://h`.
fn expected(signer: &Signer, method: &str, target: &str, body: &[u8]) -> Input {
    let is_s3 = *signer.rules() == SigningRules::S3;
    Input {
        access_key_id: ID.into(),
        secret_access_key: SECRET.into(),
        session_token: Some(TOKEN.into()),
        token_name: TokenName::Ordinary,
        region: "us-east-1".into(),
        service: signer.service().into(),
        timestamp: "20150830T123600Z".into(),
        normalize: !is_s3,
        encoding: if is_s3 { Encoding::Once } else { Encoding::Twice },
        sign_body: is_s3,
        payload: None,
        omit_session_token: false,
        expires: None,
        form: Form::Header,
        method: method.into(),
        target: target.into(),
        headers: vec![("host".into(), b"h".to_vec())],
        body: body.into(),
    }
}

fn authorization_of(input: &Input) -> String {
    reference::sign(input).authorization.unwrap()
}

fn authorization(headers: &HeaderMap) -> &str {
    headers[AUTHORIZATION].to_str().unwrap()
}

fn put() -> Request<&'static str> {
    Request::put("https://h/a%20b?c=d").body("data").unwrap()
}

#[test]
fn it_makes_no_difference_how_a_request_is_given() {
    for signer in signers() {
        let by_value = signer.sign_at(put(), now()).unwrap();
        let expected = expected(&signer, "PUT", "/a%20b?c=d", b"data");
        assert_eq!(authorization(by_value.headers()), authorization_of(&expected));
        assert_eq!((by_value.method(), *by_value.body()), (&Method::PUT, "data"));
        assert_eq!(by_value.uri(), put().uri());

        let mut borrowed = put();
        signer.sign_at(&mut borrowed, now()).unwrap();
        assert_eq!(borrowed.headers(), by_value.headers());
        // Signed twice is signed once, also through more than one borrow.
        signer.sign_at(&mut &mut borrowed, now()).unwrap();
        assert_eq!(borrowed.headers(), by_value.headers());

        let payload = Payload::Bytes(b"data");
        let (mut parts, _) = put().into_parts();
        signer.sign_with_at(&mut parts, payload, now()).unwrap();
        assert_eq!(&parts.headers, by_value.headers());
        let parts: Parts = signer.sign_with_at(parts, payload, now()).unwrap();
        assert_eq!(&parts.headers, by_value.headers());
        let mut opaque = put().map(|_| Opaque);
        signer.sign_with_at(&mut opaque, payload, now()).unwrap();
        let opaque = signer.sign_with_at(opaque, payload, now()).unwrap();
        assert_eq!(opaque.headers(), by_value.headers());
    }
}

/// A body that nothing is known of.
struct Opaque;

/// Both traits may be asked for by name.
#[test]
fn what_can_be_signed_is_a_type_of_its_own() {
    fn whole<R: SignableRequest>(request: R, signer: &Signer) -> Result<R, HttpSignError> {
        signer.sign_at(request, now())
    }
    fn head<R: SignableHead>(request: R, signer: &Signer) -> Result<R, HttpSignError> {
        signer.sign_with_at(request, Payload::EMPTY, now())
    }
    for signer in signers() {
        let get = || Request::get("https://h/").body(()).unwrap();
        let (by_whole, by_head) = (whole(get(), &signer).unwrap(), head(get(), &signer).unwrap());
        assert_eq!(by_whole.headers(), by_head.headers());
    }
}

#[test]
fn a_retry_has_nothing_of_the_attempt_before() {
    let [s3, orders] = signers();
    let long_term = Signer::new(OwnedCredentials::new(ID, SECRET), "us-east-1", "orders").unwrap();
    let express = OwnedCredentials::new(ID, SECRET).with_s3_session_token(TOKEN);
    let express = Signer::new(express, "us-east-1", "s3express").unwrap();
    let later = Timestamp::from_unix_seconds(now().unix_seconds() + 5).unwrap();
    let all = [&s3, &orders, &long_term, &express];
    for first in all {
        for second in all {
            let mut retried = first.sign_at(put(), now()).unwrap();
            // What signing has declared of a body, it declares anew or not at all.
            let declared = retried.headers_mut().remove("x-amz-content-sha256");
            assert_eq!(declared.is_some(), first.rules() == &SigningRules::S3);
            let retried = second.sign_at(retried, later).unwrap();
            let fresh = second.sign_at(put(), later).unwrap();
            assert_eq!(retried.headers(), fresh.headers());
        }
    }
}

#[test]
fn the_values_of_one_name_are_signed_in_their_order() {
    for signer in signers() {
        let mut request = put();
        for (name, value) in [("x-b", "1"), ("x-a", "2"), ("x-a", " 1  3 ")] {
            request.headers_mut().append(name, HeaderValue::from_static(value));
        }
        let signed = signer.sign_at(request, now()).unwrap();
        let mut expected = expected(&signer, "PUT", "/a%20b?c=d", b"data");
        for (name, value) in [("x-b", "1"), ("x-a", "2"), ("x-a", " 1  3 ")] {
            expected.headers.push((name.into(), value.into()));
        }
        assert_eq!(authorization(signed.headers()), authorization_of(&expected));
    }
}

/// What is refused, why, and that nothing has changed.
#[test]
fn a_refused_request_is_as_it_was() {
    type Spoil = fn(&mut Request<&'static str>);
    let spoilt: [(Spoil, SignError); 4] = [
        (|r| *r.uri_mut() = Uri::from_static("/a"), RequestError::MissingHost.into()),
        (
            |r| *r.uri_mut() = Uri::from_static("https://h/?a=%zz"),
            RequestError::MalformedEscape { position: 4 }.into(),
        ),
        (
            |r| *r.uri_mut() = Uri::from_static("https://h/*?a=%f"),
            RequestError::MalformedEscape { position: 5 }.into(),
        ),
        (
            |r| {
                r.headers_mut().append("host", HeaderValue::from_static("h"));
                r.headers_mut().append("host", HeaderValue::from_static("g"));
            },
            RequestError::DuplicateHost.into(),
        ),
    ];
    for signer in signers() {
        for (spoil, expected) in spoilt {
            let mut request = signer.sign_at(put(), now()).unwrap();
            spoil(&mut request);
            let (uri, headers) = (request.uri().clone(), request.headers().clone());
            let refused = [
                signer.sign_at(&mut request, now()).map(drop),
                signer.sign_with_at(&mut request, Payload::Bytes(b"data"), now()).map(drop),
            ];
            for refused in refused {
                match refused {
                    Err(HttpSignError::Sign(error)) => assert_eq!(error, expected),
                    other => panic!("{expected}: {other:?}"),
                }
            }
            assert_eq!((request.uri(), request.headers()), (&uri, &headers));
        }
        let mut request = put();
        *request.uri_mut() = Uri::from_static("*");
        assert!(signer.sign_at(&mut request, now()).is_err());
        assert!(request.headers().is_empty());
    }
}

/// By the rules of S3 the header is the signer's to make, by others the caller's to keep to.
#[test]
fn a_declared_payload_is_replaced_or_the_one_to_be_signed() {
    let [s3, orders] = signers();
    let declaring = |value| {
        let mut request = put();
        request.headers_mut().insert("x-amz-content-sha256", HeaderValue::from_static(value));
        request
    };
    let replaced = s3.sign_at(declaring("UNSIGNED-PAYLOAD"), now()).unwrap();
    assert_eq!(replaced.headers(), s3.sign_at(put(), now()).unwrap().headers());
    let mut kept = declaring("UNSIGNED-PAYLOAD");
    let refused = orders.sign_at(&mut kept, now()).unwrap_err();
    assert!(matches!(refused, HttpSignError::Sign(SignError::ContentSha256Mismatch)), "{refused}");
    assert_eq!(kept.headers(), declaring("UNSIGNED-PAYLOAD").headers());
    orders.sign_with_at(&mut kept, Payload::UNSIGNED, now()).unwrap();
    let hash = "3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7";
    let signed = orders.sign_at(declaring(hash), now()).unwrap();
    let plain = expected(&orders, "PUT", "/a%20b?c=d", b"data");
    let expected = Input { sign_body: true, ..plain };
    assert_eq!(authorization(signed.headers()), authorization_of(&expected));
}

#[test]
fn credentials_that_are_over_sign_nothing() {
    let over = credentials().with_expiration(now());
    let signer = Signer::new(over, "us-east-1", "s3").unwrap();
    let mut request = put();
    let expires = std::time::Duration::from_secs(1);
    let refused = [
        signer.sign_at(&mut request, now()).map(drop),
        signer.sign_with_at(&mut request, Payload::UNSIGNED, now()).map(drop),
        signer.presign_http_at(&mut request, expires, now()).map(drop),
    ];
    for refused in refused {
        let error = refused.unwrap_err();
        let HttpSignError::Signer(SignerError::Expired { expiration, .. }) = error else {
            panic!("{error}");
        };
        assert_eq!(expiration, now());
    }
    assert!(request.headers().is_empty());
    assert_eq!(request.uri(), put().uri());
}

/// The clock that nobody names is the system's.
#[test]
fn the_time_is_now() {
    for signer in signers() {
        let before = Timestamp::now();
        let signed =
            [signer.sign(put()).unwrap(), signer.sign_with(put(), Payload::UNSIGNED).unwrap()];
        let presigned = signer.presign_http(put(), std::time::Duration::from_secs(1)).unwrap();
        let after = Timestamp::now();
        for signed in signed {
            let date = Timestamp::parse(signed.headers()["x-amz-date"].as_bytes()).unwrap();
            assert!((before..=after).contains(&date), "{before} {date} {after}");
        }
        assert!(presigned.uri().query().unwrap().contains("X-Amz-Date="));
    }
}
