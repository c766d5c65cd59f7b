//! The client's layer.

use std::fmt;
use std::sync::Arc;

use sigv4::body::ChunkedUpload;
use sigv4::chunks::Chunking;
use sigv4::tower::{BodySigning, SigningLayer, SigningServiceError};
use sigv4::{
    HttpSignError, OwnedCredentials, Payload, Signer, SigningRules, Timestamp, UnsignedPayload,
};
use tower::{Layer, ServiceExt};

use super::exchange::{Handler, Pieces, URI, credentials, now, put, ready, signed, signing};

const DATA: &[u8] = b"Welcome to Amazon S3.";

/// The headers that signing by hand adds.
fn by_hand(payload: Payload<'_>, rules: SigningRules<'static>) -> http::HeaderMap {
    let signer = Signer::new(credentials(), "us-east-1", "s3").unwrap().with_rules(rules);
    let mut request =
        http::Request::put(URI).header("content-type", "text/plain").body(()).unwrap();
    signer.sign_with_at(&mut request, payload, now()).unwrap();
    request.into_parts().0.headers
}

#[test]
fn a_hashed_body_arrives_whole_and_is_signed_as_by_hand() {
    for rules in [SigningRules::STANDARD, SigningRules::S3] {
        for body in [Pieces::of(DATA, 3), Pieces::of(DATA, 3).of_unknown_length()] {
            let sent = signed(&signing(rules), put(body, None));
            assert_eq!(sent.head.headers, by_hand(Payload::Bytes(DATA), rules));
            assert_eq!(sent.body.unwrap(), DATA);
        }
    }
}

#[test]
fn an_unsigned_body_is_declared_as_such_by_any_rules() {
    let declaring = by_hand(Payload::UNSIGNED, SigningRules::S3);
    let unsigned = signing(SigningRules::S3).with_body(BodySigning::Unsigned);
    let sent = signed(&unsigned, put(Pieces::of(DATA, 3), None));
    assert_eq!(sent.head.headers, declaring);
    assert_eq!(sent.body.unwrap(), DATA);
    let standard = signing(SigningRules::STANDARD).with_body(BodySigning::Unsigned);
    let sent = signed(&standard, put(Pieces::of(DATA, 3), None));
    assert_eq!(sent.head.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
}

#[test]
fn an_unsigned_body_is_not_sent_over_plain_http_unasked() {
    let unsigned_payload = UnsignedPayload::AnyScheme;
    let allowed = SigningRules { unsigned_payload, ..SigningRules::S3 };
    let chunking = Chunking::UnsignedWithTrailers;
    let chunks = ChunkedUpload { chunking, ..ChunkedUpload::SIGNED };
    for setting in [BodySigning::Unsigned, BodySigning::Chunked(chunks)] {
        let plain = || {
            let mut request = put(Pieces::of(DATA, 3), Some(setting));
            *request.uri_mut() = URI.replace("https:", "http:").parse().unwrap();
            request
        };
        let handler = Handler::default();
        let layer = signing(SigningRules::S3).layer(handler.service());
        let refused = ready(layer.oneshot(plain())).unwrap_err().to_string();
        assert!(refused.contains("UnsignedPayload::AnyScheme"), "{refused}");
        assert!(handler.arrived().is_empty(), "nothing is sent");
        assert!(signed(&signing(allowed), plain()).head.headers.contains_key("authorization"));
    }
}

#[test]
fn chunks_are_signed_and_an_empty_body_has_none() {
    let chunked = BodySigning::Chunked(ChunkedUpload::SIGNED);
    let layer = signing(SigningRules::S3).with_body(chunked);
    let sent = signed(&layer, put(Pieces::of(DATA, 3), None));
    assert_eq!(sent.head.headers["content-encoding"], "aws-chunked");
    assert_eq!(sent.head.headers["x-amz-decoded-content-length"], DATA.len().to_string());
    let wire = sent.body.unwrap();
    assert_eq!(sent.head.headers["content-length"], wire.len().to_string());
    assert!(wire.starts_with(b"15;chunk-signature="));

    let sent = signed(&layer, put(Pieces::of(b"", 1), None));
    assert_eq!(sent.head.headers, by_hand(Payload::EMPTY, SigningRules::S3));
    assert!(sent.body.unwrap().is_empty());
}

#[test]
fn a_request_may_carry_a_setting_of_its_own() {
    let layer = signing(SigningRules::S3);
    let sent = signed(&layer, put(Pieces::of(DATA, 3), Some(BodySigning::Unsigned)));
    assert_eq!(sent.head.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
    let sent = signed(&layer, put(Pieces::of(DATA, 3), None));
    assert_eq!(sent.head.headers, by_hand(Payload::Bytes(DATA), SigningRules::S3));
}

#[test]
fn a_second_attempt_is_signed_anew() {
    let layer = signing(SigningRules::S3);
    let later = Timestamp::from_unix_seconds(now().unix_seconds() + 60).unwrap();
    let first = signed(&layer, put(Pieces::of(DATA, 3), None));
    let retry = http::Request::from_parts(first.head, Pieces::of(DATA, 3));
    let second = signed(&layer.clone().with_clock(move || later), retry);
    assert_eq!(second.head.headers["x-amz-date"], later.as_str());
    let fresh = signed(&layer.with_clock(move || later), put(Pieces::of(DATA, 3), None));
    assert_eq!(second.head.headers, fresh.head.headers);
}

/// Why a request is not sent.
fn refused(
    layer: &SigningLayer,
    body: Pieces,
    setting: BodySigning,
) -> SigningServiceError<impl fmt::Debug + fmt::Display> {
    let handler = Handler::default();
    let request = put(body, Some(setting));
    let refused = ready(layer.layer(handler.service()).oneshot(request)).unwrap_err();
    assert!(handler.arrived().is_empty(), "nothing is sent");
    assert!(!refused.to_string().is_empty());
    refused
}

#[test]
fn a_body_has_a_limit_where_it_is_kept_in_memory() {
    let layer = signing(SigningRules::S3);
    let hashed = |len_max| BodySigning::Hashed { len_max };
    let sent = signed(&layer, put(Pieces::of(DATA, 3), Some(hashed(DATA.len()))));
    assert_eq!(sent.body.unwrap(), DATA);
    for body in [Pieces::of(DATA, 3), Pieces::of(DATA, 3).of_unknown_length()] {
        let refused = refused(&layer, body, hashed(DATA.len() - 1));
        assert!(
            matches!(refused, SigningServiceError::BodyTooLong { max } if max == DATA.len() - 1)
        );
    }
    let long = vec![0; BodySigning::LEN_MAX + 1];
    let too_long = refused(&layer, Pieces::of(&long, 1 << 20), BodySigning::default());
    assert!(matches!(too_long, SigningServiceError::BodyTooLong { .. }));
}

#[test]
fn a_body_that_fails_is_not_sent() {
    let layer = signing(SigningRules::S3);
    let broken = Pieces::of(DATA, 3).breaking_off();
    let failed = refused(&layer, broken.clone(), BodySigning::default());
    assert!(
        matches!(&failed, SigningServiceError::Body(error) if error.to_string() == "connection reset")
    );
    // Where it streams, whoever sends it learns of the failure from the body.
    for setting in [BodySigning::Unsigned, BodySigning::Chunked(ChunkedUpload::SIGNED)] {
        let sent = signed(&layer, put(broken.clone(), Some(setting)));
        assert_eq!(sent.body.unwrap_err(), "connection reset");
    }
    let unknown = Pieces::of(DATA, 3).of_unknown_length();
    let chunked = BodySigning::Chunked(ChunkedUpload::SIGNED);
    let refused = refused(&layer, unknown, chunked);
    assert!(matches!(refused, SigningServiceError::Chunks(_)), "chunks need a length");
}

#[test]
fn expired_credentials_send_nothing() {
    let expired = OwnedCredentials::new("ASIAEXAMPLE", "secret").with_expiration(now());
    let signer = Signer::new(expired, "us-east-1", "s3").unwrap();
    let layer = SigningLayer::new(Arc::new(signer)).with_clock(now);
    for setting in
        [BodySigning::default(), BodySigning::Unsigned, BodySigning::Chunked(ChunkedUpload::SIGNED)]
    {
        let refused = refused(&layer, Pieces::of(DATA, 3), setting);
        assert!(matches!(refused, SigningServiceError::Credentials(_)));
    }
}

#[test]
fn a_new_secret_counts_from_the_next_request_on() {
    let signer = Signer::new(credentials(), "us-east-1", "s3").unwrap();
    let signer = Arc::new(signer);
    let layer = SigningLayer::new(Arc::clone(&signer)).with_clock(now);
    let before = signed(&layer, put(Pieces::of(DATA, 3), None)).head.headers;
    signer.set_credentials(OwnedCredentials::new("ASIAEXAMPLE", "another")).unwrap();
    let after = signed(&layer, put(Pieces::of(DATA, 3), None)).head.headers;
    assert_ne!(before["authorization"], after["authorization"]);
    assert!(!after.contains_key("x-amz-security-token"));
}

#[test]
fn a_request_that_cannot_be_signed_is_not_sent() {
    let handler = Handler::default();
    let service = signing(SigningRules::S3).layer(handler.service());
    let nameless = http::Request::get("/").body(Pieces::of(b"", 1)).unwrap();
    let refused = ready(service.oneshot(nameless)).unwrap_err();
    assert!(matches!(refused, SigningServiceError::Sign(HttpSignError::Sign(_))), "{refused}");
    assert!(handler.arrived().is_empty());
}
