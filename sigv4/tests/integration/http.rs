//! Feature `http`: requests of the `http` crate, signed and verified in place.

use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue};
use http::{Request, Uri, Version};
use sigv4::{
    Body, Credentials, Evidence, Expires, HttpSignError, HttpView, Payload, PayloadLiteral,
    PresentedSignature, RequestError, SignError, SigningKey, SigningRules, Timestamp,
    UnsignedPayload, VerifyRules, VerifyingKey,
};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const LIST_USERS: &str = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn key<'a>(credentials: &Credentials<'a>, service: &str) -> SigningKey<'a> {
    SigningKey::derive(credentials, now().date(), "us-east-1", service).unwrap()
}

/// AWS's published IAM example, as a request of the `http` crate.
fn list_users() -> Request<()> {
    Request::get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(())
        .unwrap()
}

fn sign(request: &mut Request<()>) -> Result<(), HttpSignError> {
    let key = key(&Credentials::new(ID, SECRET), "iam");
    key.at(now()).unwrap().sign_http(request, Payload::EMPTY, &SigningRules::STANDARD)
}

fn authorization(headers: &HeaderMap) -> &str {
    headers[AUTHORIZATION].to_str().unwrap()
}

#[test]
fn the_published_example_comes_out() {
    let mut request = list_users();
    sign(&mut request).unwrap();
    assert!(authorization(request.headers()).ends_with(LIST_USERS));
    assert!(
        authorization(request.headers()).contains("SignedHeaders=content-type;host;x-amz-date,")
    );
    assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    assert!(!request.headers().contains_key(HOST), "the client adds it from the URI");
}

#[test]
fn parts_are_signed_like_the_request_they_come_from() {
    let (mut parts, ()) = list_users().into_parts();
    let credentials = Credentials::new(ID, SECRET);
    let key = key(&credentials, "iam");
    let instant = key.at(now()).unwrap();
    instant.sign_http(&mut parts, Payload::Bytes(b""), &SigningRules::STANDARD).unwrap();
    assert!(authorization(&parts.headers).ends_with(LIST_USERS));
}

#[test]
fn the_host_is_the_one_that_clients_send() {
    let hosts = [
        ("https://iam.amazonaws.com:443/", "iam.amazonaws.com"),
        ("http://iam.amazonaws.com:80/", "iam.amazonaws.com"),
        ("http://iam.amazonaws.com:443/", "iam.amazonaws.com:443"),
        ("https://iam.amazonaws.com:/", "iam.amazonaws.com"),
        ("https://iam.amazonaws.com:0443/", "iam.amazonaws.com"),
        ("wss://iam.amazonaws.com:443/", "iam.amazonaws.com"),
        ("https://user:password@iam.amazonaws.com/", "iam.amazonaws.com"),
        ("https://user@iam.amazonaws.com:0443/", "iam.amazonaws.com"),
        ("https://user:@iam.amazonaws.com:8443/", "iam.amazonaws.com:8443"),
        ("http://:password@[::1]:9000/", "[::1]:9000"),
        ("http://[::1]:9000/", "[::1]:9000"),
        ("http://[::1]:09000/", "[::1]:9000"),
    ];
    for (uri, host) in hosts {
        let mut derived = Request::get(uri).body(()).unwrap();
        let mut given = Request::get("/").header(HOST, host).body(()).unwrap();
        sign(&mut derived).unwrap();
        sign(&mut given).unwrap();
        assert_eq!(authorization(derived.headers()), authorization(given.headers()), "{uri}");
        // Over HTTP/2 it is the authority that is sent.
        assert_eq!(derived.uri().authority().unwrap().as_str(), host, "{uri}");
    }
    let mut without = Request::get("/").body(()).unwrap();
    let refused = sign(&mut without).unwrap_err();
    assert!(matches!(refused, HttpSignError::Sign(SignError::Request(RequestError::MissingHost))));
}

#[test]
fn a_request_can_be_signed_again_before_a_retry() {
    let token = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
    let temporary = Credentials::new("ASIAEXAMPLE", SECRET).with_session_token(token);
    let mut request = list_users();
    let first = key(&temporary, "iam");
    first.at(now()).unwrap().sign_http(&mut request, Payload::EMPTY, &SigningRules::S3).unwrap();
    assert_eq!(request.headers()["x-amz-security-token"], token);
    assert!(request.headers()["x-amz-security-token"].is_sensitive());

    // The second attempt has the same headers as a first one.
    let mut expected = list_users();
    let later = Timestamp::from_unix_seconds(now().unix_seconds() + 5).unwrap();
    for request in [&mut request, &mut expected] {
        let instant = first.at(later).unwrap();
        instant.sign_http(request, Payload::EMPTY, &SigningRules::S3).unwrap();
    }
    assert_eq!(request.headers(), expected.headers());
}

#[test]
fn a_refused_request_is_as_it_was() {
    let mut request = list_users();
    sign(&mut request).unwrap();
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let wrong = Payload::Bytes(b"not what the header declares");
    request
        .headers_mut()
        .insert("x-amz-content-sha256", HeaderValue::from_static("UNSIGNED-PAYLOAD"));
    let credentials = Credentials::new(ID, SECRET);
    let key = key(&credentials, "iam");
    let instant = key.at(now()).unwrap();
    let refused = [
        instant.sign_http(&mut request, wrong, &SigningRules::STANDARD),
        instant.presign_http(&mut request, wrong, None, &SigningRules::STANDARD),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(HttpSignError::Sign(SignError::ContentSha256Mismatch))));
    }
    request.headers_mut().remove("x-amz-content-sha256");
    assert_eq!((request.uri(), request.headers()), (&uri, &headers));
}

#[test]
fn presigning_replaces_the_uri_and_an_earlier_signature() {
    let credentials =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let now = Timestamp::parse(b"20130524T000000Z").unwrap();
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").unwrap();
    let mut request =
        Request::get("https://examplebucket.s3.amazonaws.com/test.txt").body(()).unwrap();
    let expires = Some(Expires::from_seconds(86_400).unwrap());
    for _ in 0..2 {
        let instant = key.at(now).unwrap();
        instant.presign_http(&mut request, Payload::UNSIGNED, expires, &SigningRules::S3).unwrap();
        let uri = request.uri().to_string();
        assert!(
            uri.starts_with("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=")
        );
        assert!(uri.ends_with(
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        ));
        assert_eq!(uri.matches("X-Amz-Signature").count(), 1);
    }
}

#[test]
fn long_headers_and_targets_are_signed_too() {
    let credentials = Credentials::new(ID, SECRET);
    let key = key(&credentials, "iam");
    let instant = key.at(now()).unwrap();
    let mut request = list_users();
    for n in 0..200 {
        let name = format!("x-amz-meta-with-a-long-name-{n}");
        request.headers_mut().insert(
            http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_static("value"),
        );
    }
    instant.sign_http(&mut request, Payload::EMPTY, &SigningRules::STANDARD).unwrap();
    assert!(authorization(request.headers()).len() > 6_000);
    verify(&request, "iam").unwrap();

    // A presigned target longer than a URI may be is refused, and nothing is lost.
    let long = format!("https://iam.amazonaws.com/?{}", "a=b&".repeat(1_000));
    let mut request = Request::get(long.as_str()).body(()).unwrap();
    instant.presign_http(&mut request, Payload::EMPTY, None, &SigningRules::STANDARD).unwrap();
    let huge: Uri = format!("https://iam.amazonaws.com/?{}", "a".repeat(65_400)).parse().unwrap();
    *request.uri_mut() = huge.clone();
    let refused = instant.presign_http(&mut request, Payload::EMPTY, None, &SigningRules::STANDARD);
    assert!(matches!(refused, Err(HttpSignError::InvalidUri)));
    assert_eq!(request.uri(), &huge);
}

fn verify(request: &Request<()>, service: &str) -> Result<(), sigv4::VerifyError> {
    let rules = VerifyRules::strict("us-east-1", service);
    let view = HttpView::new(request);
    let presented = PresentedSignature::parse(&view.request())?;
    let key = VerifyingKey::derive(SECRET, &presented.scope(&rules)?).unwrap();
    let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now: now() };
    presented.verify(&view.request(), &evidence, &rules).map(|_| ())
}

#[test]
fn what_was_signed_in_place_is_verified_in_place() {
    let mut request = list_users();
    sign(&mut request).unwrap();
    verify(&request, "iam").unwrap();
    request.headers_mut().insert("content-type", HeaderValue::from_static("text/plain"));
    assert_eq!(verify(&request, "iam"), Err(sigv4::VerifyError::SignatureMismatch));
}

/// A host in the URI, one in the header, and whether they are the same to a
/// server, and to a client that sends both.
const HOSTS: [(&str, &str, bool, bool); 11] = [
    ("https://orders.example", "orders.example", true, true),
    ("https://orders.example:443", "orders.example", true, true),
    ("https://user@orders.example:", "orders.example", true, true),
    ("https://orders.example", "orders.example:443", true, false),
    ("https://orders.example", "Orders.Example", true, false),
    ("https://orders.example", "orders.example:80", false, false),
    ("http://orders.example", "orders.example:443", false, false),
    ("https://orders.example:8443", "orders.example", false, false),
    ("https://orders.example", "orders.example.", false, false),
    ("https://orders.example", "evil.example", false, false),
    ("https://orders.example", "orders.example, evil.example", false, false),
];

#[test]
fn a_host_and_another_authority_are_two_hosts() {
    let duplicate = RequestError::DuplicateHost;
    for (uri, host, same_to_server, same_to_client) in HOSTS {
        let mut request = Request::get(format!("{uri}/?a=1")).header(HOST, host).body(()).unwrap();
        // What is sent over HTTP/1 has but the header.
        sign(&mut request).unwrap();
        let mut received = request.clone();
        *received.uri_mut() = Uri::from_static("/?a=1");
        assert_eq!(verify(&received, "iam"), Ok(()), "{uri} {host}");
        // A target in absolute form, or HTTP/2, has both.
        let expected = if same_to_server { Ok(()) } else { Err(duplicate.into()) };
        for version in [Version::HTTP_11, Version::HTTP_2, Version::HTTP_3] {
            *request.version_mut() = version;
            assert_eq!(verify(&request, "iam"), expected, "{uri} {host}");
        }
        let signed = sign(&mut request).is_ok();
        assert_eq!(signed, same_to_client, "{uri} {host}");
        if !signed {
            let refused = sign(&mut request).unwrap_err();
            let is_duplicate = |error| matches!(error, HttpSignError::Sign(SignError::Request(error)) if error == duplicate);
            assert!(is_duplicate(refused), "{uri} {host}");
        }
    }
}

/// The scheme, the payload, and whether the request is signed without more ado.
const UNSIGNED: [(&str, Payload<'_>, bool); 8] = [
    ("https://bucket.example", Payload::UNSIGNED, true),
    ("http://bucket.example", Payload::UNSIGNED, false),
    ("HTTP://bucket.example", Payload::UNSIGNED, false),
    ("", Payload::UNSIGNED, true),
    ("http://bucket.example", Payload::Literal(PayloadLiteral::StreamingUnsignedTrailer), false),
    ("http://bucket.example", Payload::Literal(PayloadLiteral::StreamingHmacTrailer), true),
    ("http://bucket.example", Payload::Bytes(b"data"), true),
    ("http://bucket.example", Payload::EMPTY, true),
];

#[test]
fn what_no_signature_covers_does_not_go_over_plain_http_unasked() {
    let credentials = Credentials::new(ID, SECRET);
    let key = key(&credentials, "s3");
    let instant = key.at(now()).unwrap();
    let opted_in =
        SigningRules { unsigned_payload: UnsignedPayload::AnyScheme, ..SigningRules::S3 };
    for (base, payload, is_signed) in UNSIGNED {
        let request = || {
            let request = Request::put(format!("{base}/key"));
            request.header(HOST, "bucket.example").body(()).unwrap()
        };
        let mut plain = request();
        match instant.sign_http(&mut plain, payload, &SigningRules::S3) {
            Ok(()) => assert!(is_signed, "{base} {payload:?}"),
            Err(error) => {
                assert!(!is_signed, "{base} {payload:?}");
                assert!(matches!(error, HttpSignError::UnsignedPayloadOverHttp));
                assert!(error.to_string().contains("UnsignedPayload::AnyScheme"));
                assert_eq!(plain.headers().len(), 1);
            }
        }
        instant.sign_http(&mut request(), payload, &opted_in).unwrap();
        let mut presigned = request();
        instant.presign_http(&mut presigned, payload, None, &SigningRules::S3).unwrap();
    }
}
