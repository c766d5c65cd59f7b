//! Sessions of S3 Express, whose token travels under a name of its own.

use std::convert::Infallible;
use std::future;
use std::sync::Arc;

use http::{Request, StatusCode};
use sigv4::tower::{SigningLayer, VerifyingLayer};
use sigv4::{
    Expires, OwnedCredentials, Payload, SessionTokenName, Signer, SigningRules, VerifyRules,
};
use tower::{Layer, ServiceExt};

use super::exchange::{Handler, ID, Pieces, SECRET, TOKEN, now, ready, received, signed};

const URI: &str = "https://bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/key";

fn session() -> OwnedCredentials {
    OwnedCredentials::new(ID, SECRET).with_s3_session_token(TOKEN)
}

fn ordinary() -> OwnedCredentials {
    OwnedCredentials::new(ID, SECRET).with_session_token(TOKEN)
}

fn signer(credentials: OwnedCredentials) -> Arc<Signer> {
    Arc::new(Signer::new(credentials, "us-east-1", "s3express").unwrap())
}

/// What a server answers that has these credentials on file.
fn answer(on_file: OwnedCredentials, request: Request<Pieces>) -> StatusCode {
    let keys = move |_| future::ready(Ok::<_, Infallible>(Some(on_file.clone())));
    let rules = VerifyRules { service: "s3express", ..VerifyRules::s3("us-east-1") };
    let layer = VerifyingLayer::new(keys, rules).with_clock(now);
    ready(layer.layer(Handler::default().service()).oneshot(request)).unwrap().status()
}

fn get() -> Request<Pieces> {
    Request::get(URI).body(Pieces::of(b"", 1)).unwrap()
}

#[test]
fn the_layers_send_and_take_the_token_under_its_own_name() {
    assert_eq!(session().session_token_name(), SessionTokenName::S3Session);
    for (credentials, name, other) in [
        (session as fn() -> _, "x-amz-s3session-token", "x-amz-security-token"),
        (ordinary, "x-amz-security-token", "x-amz-s3session-token"),
    ] {
        let sign = || {
            let layer = SigningLayer::new(signer(credentials())).with_clock(now);
            received(signed(&layer, get()))
        };
        let request = sign();
        assert_eq!(request.headers()[name], TOKEN);
        assert!(request.headers()[name].is_sensitive());
        assert!(!request.headers().contains_key(other));
        let signed_names = request.headers()["authorization"].to_str().unwrap();
        assert!(signed_names.contains(name), "{signed_names}");
        let (right, wrong) = if name == "x-amz-s3session-token" {
            (session(), ordinary())
        } else {
            (ordinary(), session())
        };
        assert_eq!(answer(right, request), StatusCode::OK);
        assert_eq!(answer(wrong, sign()), StatusCode::BAD_REQUEST);
    }
}

#[test]
fn a_presigned_target_holds_the_token_under_its_own_name() {
    let presign = |credentials: OwnedCredentials| {
        let (signer, mut request) = (signer(credentials), get());
        let key = signer.key_for(now()).unwrap();
        let expires = Some(Expires::MAX);
        let instant = key.at(now()).unwrap();
        instant.presign_http(&mut request, Payload::UNSIGNED, expires, &SigningRules::S3).unwrap();
        request
    };
    let request = presign(session());
    let query = request.uri().query().unwrap();
    assert!(query.contains("X-Amz-S3session-Token=") && !query.contains("Security-Token"));
    assert_eq!(answer(session(), request), StatusCode::OK);
    assert_eq!(answer(session(), presign(ordinary())), StatusCode::BAD_REQUEST);
}

#[test]
fn a_request_is_signed_anew_with_a_token_of_the_other_name() {
    let mut request = get();
    for credentials in [ordinary(), session(), ordinary(), session()] {
        signer(credentials).sign_with_at(&mut request, Payload::EMPTY, now()).unwrap();
    }
    // The token of an earlier signing is one that nobody asks for any more.
    assert_eq!(request.headers()["x-amz-s3session-token"], TOKEN);
    assert!(!request.headers().contains_key("x-amz-security-token"));
    signer(OwnedCredentials::new(ID, SECRET))
        .sign_with_at(&mut request, Payload::EMPTY, now())
        .unwrap();
    assert!(!request.headers().contains_key("x-amz-s3session-token"));
    assert_eq!(answer(OwnedCredentials::new(ID, SECRET), request), StatusCode::OK);
}
