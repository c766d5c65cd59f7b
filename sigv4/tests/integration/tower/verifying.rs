//! The server's layer: what it lets pass, and as what.

use std::sync::atomic::Ordering;

use sigv4::body::ChunkedUpload;
use sigv4::chunks::Chunking;
use sigv4::tower::BodySigning;
use sigv4::{Expires, Payload, PayloadLiteral, SigningKey, SigningRules, VerifyRules};
use tower::{Layer, ServiceExt};

use super::exchange::{
    Arrived, Handler, ID, Pieces, URI, credentials, now, put, ready, received, signed, signing,
    verifying,
};

const DATA: [u8; 10_000] = [b'a'; 10_000];

fn admitted(rules: VerifyRules<'static>, request: http::Request<Pieces>) -> Arrived {
    let handler = Handler::default();
    let response = ready(verifying(rules).layer(handler.service()).oneshot(request)).unwrap();
    assert_eq!(response.status(), 200, "{response:?}");
    handler.arrived().pop().unwrap()
}

#[test]
fn bodies_of_every_kind_arrive_as_they_were() {
    let chunks = |chunking| {
        BodySigning::Chunked(ChunkedUpload { chunking, chunk_len: 3_000, ..ChunkedUpload::SIGNED })
    };
    let cases = [
        (BodySigning::default(), None),
        (BodySigning::Unsigned, Some(PayloadLiteral::Unsigned)),
        (chunks(Chunking::Signed), Some(PayloadLiteral::StreamingHmac)),
        (chunks(Chunking::SignedWithTrailers), Some(PayloadLiteral::StreamingHmacTrailer)),
        (chunks(Chunking::UnsignedWithTrailers), Some(PayloadLiteral::StreamingUnsignedTrailer)),
    ];
    for (setting, payload) in cases {
        for data in [DATA.as_slice(), b""] {
            let sent =
                signed(&signing(SigningRules::S3), put(Pieces::of(data, 700), Some(setting)));
            let arrived = admitted(VerifyRules::s3("us-east-1"), received(sent));
            assert_eq!(arrived.body.as_ref().unwrap(), data);
            let identity = arrived.identity();
            assert_eq!((identity.access_key_id.as_str(), identity.timestamp), (ID, now()));
            assert_eq!(identity.scope.to_string(), "20150830/us-east-1/s3/aws4_request");
            if !data.is_empty() {
                assert_eq!(identity.payload, payload);
            }
        }
    }
}

#[test]
fn a_body_that_is_decoded_is_described_as_it_arrives() {
    let chunked = BodySigning::Chunked(ChunkedUpload::SIGNED);
    for (given, left) in [(None, None), (Some("gzip, br"), Some("gzip,br"))] {
        let mut request = put(Pieces::of(&DATA, 700), Some(chunked));
        if let Some(given) = given {
            request.headers_mut().insert("content-encoding", given.parse().unwrap());
        }
        let sent = signed(&signing(SigningRules::S3), request);
        assert_ne!(sent.head.headers["content-length"], DATA.len().to_string());
        let mut request = received(sent);
        // Neither is signed: what HTTP itself says of the way to here.
        request.headers_mut().insert("transfer-encoding", "chunked".parse().unwrap());
        request.headers_mut().insert("trailer", "x-other".parse().unwrap());
        let arrived = admitted(VerifyRules::s3("us-east-1"), request);
        assert_eq!(arrived.head.headers["content-length"], DATA.len().to_string());
        for gone in ["transfer-encoding", "trailer", "x-amz-decoded-content-length"] {
            assert!(!arrived.head.headers.contains_key(gone), "{gone}");
        }
        assert_eq!(
            arrived.head.headers["x-amz-content-sha256"],
            PayloadLiteral::StreamingHmac.as_str()
        );
        let codings = arrived.head.headers.get("content-encoding");
        assert_eq!(codings.map(|value| value.to_str().unwrap()), left);
    }
}

#[test]
fn a_hash_that_is_not_declared_is_taken_of_the_body() {
    let sent = signed(&signing(SigningRules::STANDARD), put(Pieces::of(&DATA, 700), None));
    assert!(!sent.head.headers.contains_key("x-amz-content-sha256"));
    let arrived = admitted(VerifyRules::strict("us-east-1", "s3"), received(sent));
    assert_eq!(arrived.body.as_ref().unwrap(), DATA.as_slice());
    assert_eq!(arrived.identity().payload, None);
    let sent = signed(&signing(SigningRules::STANDARD), put(Pieces::of(&DATA, 700), None));
    let arrived = admitted(VerifyRules::iam("s3"), received(sent));
    assert_eq!(arrived.body.unwrap(), DATA.as_slice());
}

#[test]
fn a_presigned_request_passes() {
    let credentials = credentials();
    let credentials = credentials.as_credentials();
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let mut request = http::Request::get(URI).body(Pieces::of(b"", 1)).unwrap();
    let (expires, rules) = (Some(Expires::from_seconds(60).unwrap()), SigningRules::S3);
    let instant = key.at(now()).unwrap();
    instant.presign_http(&mut request, Payload::UNSIGNED, expires, &rules).unwrap();
    let arrived = admitted(VerifyRules::s3("us-east-1"), request);
    assert_eq!(arrived.identity().payload, Some(PayloadLiteral::Unsigned));
}

#[test]
fn a_body_may_have_as_many_bytes_as_the_limit_says() {
    let pairs = [
        (SigningRules::S3, VerifyRules::s3("us-east-1")),
        (SigningRules::STANDARD, VerifyRules::strict("us-east-1", "s3")),
    ];
    for (signing_rules, verify_rules) in pairs {
        for (len_max, status) in [(DATA.len(), 200), (DATA.len() - 1, 400)] {
            let sent = signed(&signing(signing_rules), put(Pieces::of(&DATA, 700), None));
            let layer = verifying(verify_rules).with_body_len_max(len_max);
            let service = layer.layer(Handler::default().service());
            let request = received(sent);
            let taken = request.body().taken();
            assert_eq!(ready(service.oneshot(request)).unwrap().status(), status);
            // Nothing is read of what says that it is too long.
            assert_eq!(taken.load(Ordering::Relaxed) == 0, status == 400);
        }
    }
}

#[test]
fn nothing_of_a_body_is_read_for_whom_nobody_knows_or_whose_signature_is_wrong() {
    for (header, value) in [("x-amz-date", "20150830T123601Z"), ("content-type", "text/html")] {
        let sent = signed(&signing(SigningRules::S3), put(Pieces::of(&DATA, 700), None));
        let mut request = received(sent);
        request.headers_mut().insert(header, value.parse().unwrap());
        let taken = request.body().taken();
        let handler = Handler::default();
        let service = verifying(VerifyRules::s3("us-east-1")).layer(handler.service());
        assert_eq!(ready(service.oneshot(request)).unwrap().status(), 403);
        assert_eq!(taken.load(Ordering::Relaxed), 0);
        assert!(handler.arrived().is_empty());
    }
}
