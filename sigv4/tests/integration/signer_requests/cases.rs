//! The signing cases of `testdata/sigv4`, through the front door: the same signatures come out.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Request, Uri};

use crate::cases::signing::{self, Case};
use crate::reference::{Encoding, Form, target_parts};
use crate::signer::{self, front_door, now};
use crate::verifier;

/// The request of a case; nothing if the `http` crate cannot hold it.
fn request(case: &Case) -> Option<Request<Vec<u8>>> {
    let input = &case.input;
    let mut request = Request::new(input.body.clone());
    *request.method_mut() = Method::from_bytes(input.method.as_bytes()).ok()?;
    *request.uri_mut() = Uri::try_from(input.target.as_slice()).ok()?;
    for (name, value) in &input.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        request.headers_mut().append(name, HeaderValue::from_bytes(value).ok()?);
    }
    // What looks like an authority to a URI, and what it has left out.
    let target = request.uri().path_and_query()?.as_str();
    let is_same = target.as_bytes() == input.target && request.uri().authority().is_none();
    is_same.then_some(request)
}

/// What the `http` crate holds in no URI or header: raw blanks, brackets and bytes, a query without a
/// path, line breaks and control characters.
const OF_NO_URI: [&str; 15] = [
    "header-obs-fold",
    "header-obs-fold-cr",
    "header-vertical-tab",
    "path-as-sent-unsendable",
    "path-empty-before-query",
    "path-gen-delims",
    "path-raw-bytes",
    "path-raw-space",
    "path-s3-raw-bytes",
    "path-s3-raw-gen-delims",
    "path-s3-raw-space",
    "query-plus-equals-space",
    "query-raw-bytes",
    "query-raw-reserved",
    "query-raw-space",
];

/// A literal that nobody declares, which the door does not sign.
const UNDECLARED: &str = "payload-unsigned";

#[test]
fn sign_in_their_headers() {
    let (mut count, mut of_no_uri) = (0, Vec::new());
    for case in signing::load_all().iter().filter(|case| case.input.form == Form::Header) {
        let input = &case.input;
        let Some(request) = request(case) else {
            of_no_uri.push(case.name.clone());
            continue;
        };
        if input.payload.is_some() && !input.sign_body {
            assert_eq!(case.name, UNDECLARED);
            continue;
        }
        let door = front_door(input, case.lines);
        let mut signed = match input.payload {
            None => door.sign_at(request, now(input)),
            Some(_) => door.sign_with_at(request, signer::payload(input), now(input)),
        }
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let expected = case.expected.authorization.as_deref().unwrap();
        assert_eq!(signed.headers()["authorization"], expected, "{}", case.name);
        // Nothing is added besides, and nothing changed.
        for (name, value) in verifier::added_headers(input, expected) {
            assert_eq!(signed.headers()[&name].as_bytes(), value, "{}: {name}", case.name);
            signed.headers_mut().remove(&name);
        }
        assert_eq!(signed.headers(), self::request(case).unwrap().headers(), "{}", case.name);
        count += 1;
    }
    of_no_uri.sort();
    assert_eq!(of_no_uri, OF_NO_URI);
    assert!(count >= 360, "{count} cases");
}

#[test]
fn presign_in_their_query() {
    let mut count = 0;
    for case in signing::load_all().iter().filter(|case| case.input.form == Form::Query) {
        let input = &case.input;
        let goes_without_saying = match input.encoding {
            Encoding::Once => input.payload.as_deref() == Some("UNSIGNED-PAYLOAD"),
            Encoding::Twice | Encoding::AsSent => input.payload.is_none(),
        };
        let (Some(request), Some(seconds), true) =
            (request(case), input.expires, goes_without_saying)
        else {
            continue;
        };
        let expires = Duration::from_secs(seconds.into());
        let door = front_door(input, case.lines);
        let made = door.presign_http_at(request, expires, now(input));
        let made = made.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let target = made.uri().path_and_query().unwrap().as_str();
        let expected = case.expected.signed_target.as_deref().unwrap();
        assert_eq!(target_parts(target.as_bytes()), target_parts(expected), "{}", case.name);
        count += 1;
    }
    assert!(count >= 80, "{count} cases");
}
