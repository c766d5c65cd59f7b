//! Feature `signer`: a call that makes owned values allocates those that its documentation
//! names, and nothing else.

use std::time::Duration;

use sigv4::{Bucket, OwnedCredentials, Signer};

use crate::allocations;
use crate::cases::{CREDENTIALS, REGION, now};

const EXPIRES: Duration = Duration::from_secs(900);
const OBJECT: &str = "https://examplebucket.s3.us-east-1.amazonaws.com/photos/duck.jpg";

#[test]
fn presigning_a_url() {
    let count = |token: &str, url: &str| {
        let signer = signer("s3", token);
        count_of(|| (), |()| signer.presign_at("GET", url, EXPIRES, now()).unwrap())
    };
    assert_eq!(count("", OBJECT), 1);
    assert_eq!(count("", &format!("{OBJECT}?versionId=3")), 1);
    assert_eq!(count(&"t".repeat(2_000), OBJECT), 1 + 1, "a buffer for a long one");
    assert_eq!(count("", &format!("{OBJECT} é")), 1 + 1, "a target that is escaped");
}

#[test]
fn presigning_for_an_object() {
    let bucket = Bucket::aws("examplebucket", REGION).unwrap();
    let count = |token: &str, key: &str, headers: usize| {
        let signer = signer("s3", token);
        let make = || {
            (0..headers).fold(bucket.get(key), |get, n| get.with_header("x-amz-a", &n.to_string()))
        };
        count_of(make, |get| get.presign_at(&signer, EXPIRES, now()).unwrap())
    };
    assert_eq!(count("", "photos/duck.jpg", 0), 2);
    assert_eq!(count("", "photos/rübe+1.jpg", 0), 2);
    assert_eq!(count("", "photos/duck.jpg", 3), 2);
    assert_eq!(count(&"t".repeat(2_000), "photos/duck.jpg", 0), 2 + 1, "a buffer for a long one");
    // The request itself costs nothing.
    assert_eq!(count_of(|| (), |()| bucket.get("photos/duck.jpg")), 0);
}

#[cfg(feature = "provider")]
#[test]
fn getting_ready() {
    use std::task::{Context, Poll, Waker};

    let provider = |_| async { Ok::<_, sigv4::KeyError>(OwnedCredentials::from(CREDENTIALS)) };
    let signer = Signer::with_provider(provider, REGION, "s3").unwrap();
    let is_ready = || {
        let ready = std::pin::pin!(signer.ready_at(now()));
        matches!(ready.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_)))
    };
    assert!(is_ready(), "the provider is asked");
    assert_eq!(allocations::count(is_ready), (0, true));
}

#[cfg(feature = "http")]
mod http_requests {
    use super::*;
    use sigv4::Payload;

    /// `authorization` and `x-amz-date`; and one more each for a token and a hash.
    const SERVICES: [(&str, &str, u64); 4] =
        [("dynamodb", "", 2), ("dynamodb", "token", 3), ("s3", "", 3), ("s3", "token", 4)];

    #[test]
    fn signing_a_request() {
        for (service, token, expected) in SERVICES {
            let signer = signer(service, token);
            let sign = |request| signer.sign_at(request, now()).unwrap();
            assert_eq!(count_of(|| request(1), sign), expected);
            assert_eq!(count_of(|| sign(request(1)), sign), expected, "again");
            // The map has a table and a list.
            assert_eq!(count_of(|| request(0), sign), expected + 2, "no room yet");
            assert_eq!(count_of(with_long_name, sign), expected + 1, "a buffer for a long value");
        }
    }

    #[test]
    fn signing_with_a_payload() {
        for (service, token, expected) in SERVICES {
            let signer = signer(service, token);
            let count = |payload| {
                let sign = |request| signer.sign_with_at(request, payload, now()).unwrap();
                count_of(|| request(1), sign)
            };
            assert_eq!(count(Payload::Sha256([7; 32])), expected);
            // Every service is told.
            let expected = if service == "s3" { expected } else { expected + 1 };
            assert_eq!(count(Payload::UNSIGNED), expected);
        }
    }

    #[test]
    fn presigning_a_request() {
        let count = |token: &str, make: &dyn Fn(&Signer) -> http::Request<()>| {
            let signer = signer("s3", token);
            count_of(|| make(&signer), |request| presign(&signer, request))
        };
        assert_eq!(count("", &|_| request(1).map(drop)), 1);
        assert_eq!(count("", &|_| get(&format!("{OBJECT}?versionId=3"))), 1);
        assert_eq!(count(&"t".repeat(2_000), &|_| get(OBJECT)), 1 + 1, "a buffer for a long one");
        assert_eq!(count("", &|signer| presign(signer, get(OBJECT))), 1 + 1, "again");
    }

    #[cfg(feature = "reqwest")]
    #[test]
    fn signing_a_request_of_reqwest() {
        for (service, token, expected) in SERVICES {
            let signer = signer(service, token);
            let make = || reqwest::Request::try_from(request(1)).unwrap();
            let count = count_of(make, |request| signer.sign_at(request, now()).unwrap());
            assert_eq!(count, expected + 2, "its URL, as a URI");
        }
    }

    fn request(headers: usize) -> http::Request<&'static str> {
        let mut request = http::Request::new("body");
        *request.uri_mut() = OBJECT.parse().unwrap();
        for (name, value) in [("content-type", "image/jpeg")].into_iter().take(headers) {
            request.headers_mut().insert(name, http::HeaderValue::from_static(value));
        }
        request
    }

    /// The names of headers are part of `authorization`.
    fn with_long_name() -> http::Request<&'static str> {
        let mut request = request(1);
        let name = http::HeaderName::from_bytes("x".repeat(1_000).as_bytes()).unwrap();
        request.headers_mut().insert(name, http::HeaderValue::from_static("a"));
        request
    }

    fn get(url: &str) -> http::Request<()> {
        http::Request::get(url).body(()).unwrap()
    }

    fn presign(signer: &Signer, request: http::Request<()>) -> http::Request<()> {
        signer.presign_http_at(request, EXPIRES, now()).unwrap()
    }
}

fn signer(service: &str, token: &str) -> Signer {
    let credentials = OwnedCredentials::from(CREDENTIALS.with_session_token(token));
    Signer::new(credentials, REGION, service).unwrap()
}

/// Allocations of a call, its input made beforehand. The second call counts: the first derives
/// the key of the day, and takes the thread's place to note what it reads.
#[track_caller]
fn count_of<I, R>(make: impl Fn() -> I, call: impl Fn(I) -> R) -> u64 {
    call(make());
    let input = make();
    allocations::count(|| call(input)).0
}
