//! The server's layer: what it refuses, in which words, and what it never says.

use std::convert::Infallible;
use std::future;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use sigv4::body::ChunkedUpload;
use sigv4::tower::{AccessKeys, BodySigning, Refusal, VerifyingLayer};
use sigv4::verify_rules::UnnormalizedPath;
use sigv4::{OwnedCredentials, SigningRules, Timestamp, VerifyError, VerifyRules};
use tower::{Layer, ServiceExt};

use super::exchange::{
    Handler, Pieces, SECRET, TOKEN, URI, credentials, now, put, ready, received, signed, signing,
    verifying,
};

const DATA: &[u8] = b"Welcome to Amazon S3.";

/// A request as it arrives if nothing is wrong.
fn sound() -> Request<Pieces> {
    received(signed(&signing(SigningRules::S3), put(Pieces::of(DATA, 3), None)))
}

/// Status and body of what is answered to a request that must not reach the handler.
fn answer<K: AccessKeys + 'static>(
    layer: &VerifyingLayer<K>,
    request: Request<Pieces>,
) -> (StatusCode, String) {
    let handler = Handler::default();
    let response = ready(layer.layer(handler.service()).oneshot(request)).unwrap();
    assert!(handler.arrived().is_empty());
    let (head, body) = response.into_parts();
    assert_eq!(head.headers["content-type"], "application/xml");
    let body = ready(body.collect()).unwrap().to_bytes();
    let body = String::from_utf8(body.into()).unwrap();
    for sensitive in [SECRET, TOKEN].iter().flat_map(|text| text.as_bytes().windows(8)) {
        assert!(!body.contains(str::from_utf8(sensitive).unwrap()), "{body}");
    }
    (head.status, body)
}

#[test]
fn each_cause_has_its_code() {
    type Edit = fn(&mut Request<Pieces>);
    fn set(request: &mut Request<Pieces>, name: &'static str, value: &str) {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let cases: [(&str, u16, Edit); 14] = [
        ("AccessDenied", 403, |request| drop(request.headers_mut().remove("authorization"))),
        ("AccessDenied", 403, |request| set(request, "x-amz-acl", "public-read")),
        ("InvalidArgument", 400, |request| {
            *request.uri_mut() = format!("{URI}&X-Amz-Algorithm=a").parse().unwrap();
        }),
        ("AuthorizationHeaderMalformed", 400, |request| {
            set(request, "authorization", "AWS4-HMAC-SHA256 x")
        }),
        ("AuthorizationHeaderMalformed", 400, |request| {
            let value = request.headers()["authorization"].to_str().unwrap();
            let elsewhere = value.replace("us-east-1", "eu-west-1");
            set(request, "authorization", &elsewhere);
        }),
        ("InvalidAccessKeyId", 403, |request| {
            let value = request.headers()["authorization"].to_str().unwrap();
            let unknown = value.replace("ASIAEXAMPLE", "ASIAANOTHER");
            set(request, "authorization", &unknown);
        }),
        ("SignatureDoesNotMatch", 403, |request| set(request, "content-type", "text/html")),
        ("SignatureDoesNotMatch", 403, |request| *request.method_mut() = http::Method::DELETE),
        ("InvalidToken", 400, |request| set(request, "x-amz-security-token", "another")),
        ("InvalidArgument", 400, |request| set(request, "x-amz-content-sha256", "hash")),
        ("XAmzContentSHA256Mismatch", 400, |request| *request.body_mut() = Pieces::of(b"other", 5)),
        ("IncompleteBody", 400, |request| {
            *request.body_mut() = request.body().clone().breaking_off();
        }),
        ("InvalidRequest", 400, |request| {
            assert!(request.headers_mut().append("host", "b".parse().unwrap()));
        }),
        ("InvalidRequest", 400, |request| {
            *request.uri_mut() = URI.replace("bucket.", "another.").parse().unwrap();
        }),
    ];
    for (index, (code, status, edit)) in cases.into_iter().enumerate() {
        let mut request = sound();
        request.headers_mut().insert("host", "bucket.s3.amazonaws.com".parse().unwrap());
        edit(&mut request);
        let (answered, body) = answer(&verifying(VerifyRules::s3("us-east-1")), request);
        assert!(body.contains(&format!("<Error><Code>{code}</Code><Message>")), "{index}: {body}");
        assert_eq!(answered, status, "{index}: {body}");
    }
}

#[test]
fn a_request_of_another_time_is_refused_by_the_form_it_has() {
    let at = |seconds| Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    for seconds in [901, -901] {
        let layer = verifying(VerifyRules::s3("us-east-1")).with_clock(move || at(seconds));
        let (status, body) = answer(&layer, sound());
        assert!(status == 403 && body.contains("RequestTimeTooSkewed"), "{body}");
    }
    let key = credentials();
    let key = key.as_credentials();
    let key = sigv4::SigningKey::derive(&key, now().date(), "us-east-1", "s3").unwrap();
    let mut request = Request::get(URI).body(Pieces::of(b"", 1)).unwrap();
    let (instant, rules) = (key.at(now()).unwrap(), SigningRules::S3);
    let expires = Some(sigv4::Expires::from_seconds(60).unwrap());
    instant.presign_http(&mut request, sigv4::Payload::UNSIGNED, expires, &rules).unwrap();
    let layer = verifying(VerifyRules::s3("us-east-1")).with_clock(move || at(61));
    let (status, body) = answer(&layer, request);
    assert!(status == 403 && body.contains("<Code>AccessDenied</Code>"), "{body}");
}

#[test]
fn a_body_that_nothing_declares_is_held_against_the_signature() {
    let sent = signed(&signing(SigningRules::STANDARD), put(Pieces::of(DATA, 3), None));
    let request = received(sent).map(|_| Pieces::of(b"other", 5));
    let (status, body) = answer(&verifying(VerifyRules::strict("us-east-1", "s3")), request);
    assert!(status == 403 && body.contains("SignatureDoesNotMatch"), "{body}");
}

#[test]
fn a_path_is_served_as_it_is_signed() {
    let is_served = |rules, request| {
        let service = verifying(rules).layer(Handler::default().service());
        ready(service.oneshot(request)).unwrap().status() == StatusCode::OK
    };
    let get = |path: &str| {
        let uri = format!("https://bucket.s3.amazonaws.com{path}");
        Request::get(uri).body(Pieces::of(b"", 1)).unwrap()
    };
    // What is signed is `/admin`, and what a router would see something else.
    for path in ["//admin", "/./admin", "/public/../admin", "/admin/x/..", "/admin/."] {
        let sent = || received(signed(&signing(SigningRules::STANDARD), get(path)));
        let strict = VerifyRules::strict("us-east-1", "s3");
        let (status, body) = answer(&verifying(strict), sent());
        assert!(status == 400 && body.contains("<Code>InvalidURI</Code>"), "{path}: {body}");
        let accepting = VerifyRules { unnormalized_path: UnnormalizedPath::Accept, ..strict };
        assert!(is_served(accepting, sent()), "{path}");
        // Keys of S3 may look like this, and are signed as they are.
        let sent = received(signed(&signing(SigningRules::S3), get(path)));
        assert!(is_served(VerifyRules::s3("us-east-1"), sent), "{path}");
    }
    for path in ["/admin", "/admin/", "/.well-known/x", "/..."] {
        let sent = received(signed(&signing(SigningRules::STANDARD), get(path)));
        assert!(is_served(VerifyRules::strict("us-east-1", "s3"), sent), "{path}");
    }
}

#[test]
fn what_needs_no_secret_is_refused_before_a_key_is_looked_up() {
    let never = |id: String| -> future::Ready<Result<Option<OwnedCredentials>, Infallible>> {
        panic!("{id} is looked up")
    };
    let layer = VerifyingLayer::new(never, VerifyRules::strict("us-east-1", "s3")).with_clock(now);
    let sound =
        || received(signed(&signing(SigningRules::STANDARD), put(Pieces::of(DATA, 3), None)));
    let mut unsigned = sound();
    unsigned.headers_mut().insert("x-amz-acl", "public-read".parse().unwrap());
    let mut odd_path = sound();
    *odd_path.uri_mut() = "https://bucket.s3.amazonaws.com//a/key".parse().unwrap();
    let mut odd_id = sound();
    let authorization = odd_id.headers()["authorization"].to_str().unwrap();
    let authorization = authorization.replace("ASIAEXAMPLE", "ASIA\tEXAMPLE");
    odd_id.headers_mut().insert("authorization", authorization.parse().unwrap());
    for (request, code) in [
        (unsigned, "AccessDenied"),
        (odd_path, "InvalidURI"),
        (odd_id, "AuthorizationHeaderMalformed"),
    ] {
        let taken = request.body().taken();
        let (_, body) = answer(&layer, request);
        assert!(body.contains(code), "{code}: {body}");
        assert_eq!(taken.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn strict_rules_refuse_a_body_that_is_not_covered() {
    let sent =
        signed(&signing(SigningRules::S3), put(Pieces::of(DATA, 3), Some(BodySigning::Unsigned)));
    let (status, body) = answer(&verifying(VerifyRules::strict("us-east-1", "s3")), received(sent));
    assert!(status == 400 && body.contains("InvalidArgument"), "{body}");
}

#[test]
fn a_chunk_that_was_changed_ends_the_body_in_an_error() {
    let chunked = BodySigning::Chunked(ChunkedUpload { chunk_len: 8, ..ChunkedUpload::SIGNED });
    let sent = signed(&signing(SigningRules::S3), put(Pieces::of(DATA, 3), Some(chunked)));
    let mut wire = sent.body.clone().unwrap().to_vec();
    let at = wire.windows(3).position(|part| part == b"S3.").unwrap();
    wire[at] = b'X';
    let request = received(sent).map(|_| Pieces::of(&wire, 50));
    let handler = Handler::default();
    let service = verifying(VerifyRules::s3("us-east-1")).layer(handler.service());
    ready(service.oneshot(request)).unwrap();
    let refused = handler.arrived().pop().unwrap().body.unwrap_err();
    assert!(refused.contains("signature"), "{refused}");
}

#[test]
fn headers_that_do_not_fit_a_body_in_chunks_are_refused() {
    let chunked = BodySigning::Chunked(ChunkedUpload::SIGNED);
    let sent = signed(&signing(SigningRules::S3), put(Pieces::of(DATA, 3), Some(chunked)));
    let request = received(sent);
    let credentials = credentials();
    let credentials = credentials.as_credentials();
    let key = sigv4::SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let signed_again = |mut request: Request<Pieces>| {
        let payload = sigv4::Payload::Literal(sigv4::PayloadLiteral::StreamingHmac);
        key.at(now()).unwrap().sign_http(&mut request, payload, &SigningRules::S3).unwrap();
        answer(&verifying(VerifyRules::s3("us-east-1")), request)
    };
    // By somebody who forgot the length.
    let mut without_length = request.clone();
    without_length.headers_mut().remove("x-amz-decoded-content-length");
    let (status, body) = signed_again(without_length);
    assert!(status == 411 && body.contains("MissingContentLength"), "{body}");
    // By somebody who announces trailers that no signature will cover.
    let mut with_trailers = request;
    let name = "x-amz-checksum-crc32".parse().unwrap();
    with_trailers.headers_mut().insert("x-amz-trailer", name);
    let (status, body) = signed_again(with_trailers);
    assert!(status == 400 && body.contains("<Code>InvalidRequest</Code>"), "{body}");
}

#[test]
fn what_is_wrong_inside_the_server_is_not_told() {
    let failing = |_: String| future::ready(Err("the database says: password"));
    let layer = VerifyingLayer::new(failing, VerifyRules::s3("us-east-1")).with_clock(now);
    let (status, body) = answer(&layer, sound());
    assert!(status == 500 && body.contains("InternalError") && !body.contains("password"));

    let found = |credentials: OwnedCredentials| {
        let keys = move |_: String| future::ready(Ok::<_, Infallible>(Some(credentials.clone())));
        answer(&VerifyingLayer::new(keys, VerifyRules::s3("us-east-1")).with_clock(now), sound())
    };
    let (status, body) = found(OwnedCredentials::new("ASIAEXAMPLE", ""));
    assert!(status == 500 && body.contains("InternalError"), "no key without a secret: {body}");
    let (status, body) = found(credentials().with_expiration(now()));
    assert!(status == 400 && body.contains("ExpiredToken"), "{body}");
    let (status, body) = found(OwnedCredentials::new("ASIAEXAMPLE", "another"));
    assert!(status == 400 && body.contains("InvalidToken"), "a token it does not have: {body}");
}

#[test]
fn answers_may_be_the_servers_own() {
    let layer = verifying(VerifyRules::s3("us-east-1")).with_refusals(|refusal: &Refusal| {
        let cause = match refusal {
            Refusal::Signature { error: VerifyError::NoSignature, .. } => "sign it",
            _ => "no",
        };
        let mut response = Response::new(Full::<Bytes>::from(cause));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response
    });
    let service = layer.layer(Handler::default().service());
    let response = ready(service.oneshot(put(Pieces::of(DATA, 3), None))).unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(ready(response.into_body().collect()).unwrap().to_bytes(), "sign it");
}

#[test]
fn nothing_that_is_shown_is_sensitive() {
    let signing = signing(SigningRules::S3);
    let verifying = verifying(VerifyRules::s3("us-east-1"));
    let handler = Handler::default();
    let service = signing.layer(verifying.layer(handler.service()));
    let shown = format!("{signing:?} {verifying:?} {service:?}");
    ready(service.oneshot(put(Pieces::of(DATA, 3), None))).unwrap();
    let arrived = handler.arrived().pop().unwrap();
    let shown = format!("{shown} {:?} {arrived:?}", arrived.identity());
    for sensitive in [SECRET, TOKEN].iter().flat_map(|text| text.as_bytes().windows(8)) {
        assert!(!shown.contains(str::from_utf8(sensitive).unwrap()), "{shown}");
    }
}
