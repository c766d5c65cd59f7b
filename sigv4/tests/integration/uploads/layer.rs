//! The uploads that were captured, before a server with a `VerifyingLayer`.

use std::convert::Infallible;
use std::error::Error;
use std::future;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use sigv4::body::ChunkedUpload;
use sigv4::chunks::{ChecksumAlgorithm, Coverage, TrailingChecksum};
use sigv4::tower::{
    BodySigning, Refusal, RefusalResponse, VerifiedIdentity, VerifyingBody, VerifyingLayer,
    XmlRefusals,
};
use sigv4::{OwnedCredentials, SigningRules, VerifyRules};
use tower::{Layer, ServiceExt, service_fn};

use super::captured::{Captured, Change, changes, is};
use crate::tower::exchange::{
    Pieces, URI, credentials, now, put, ready, received, signed, signing, verifying,
};

/// What a server sees of a request that reaches it.
#[derive(Debug)]
struct Seen {
    headers: HeaderMap,
    coverage: Coverage,
    /// Nothing if the body did not come to a good end.
    covered: Option<Coverage>,
    data: Vec<u8>,
    error: Option<String>,
}

/// Reads the body, frame by frame, and answers as the layer does where that ends in an error.
async fn store(
    request: Request<VerifyingBody<Pieces>>,
) -> (Seen, Result<Response<Full<Bytes>>, Infallible>) {
    let (head, mut body) = request.into_parts();
    let identity: &VerifiedIdentity = head.extensions.get().unwrap();
    let coverage = identity.coverage;
    assert_eq!(body.coverage(), coverage);
    let (mut data, mut error) = (Vec::new(), None);
    let mut response = Response::default();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => data.extend(frame.into_data().into_iter().flatten()),
            Err(found) => {
                let outer = Outer(found);
                let refusal = Refusal::of_body_error(&outer).unwrap();
                error = Some(format!("{:?}", refusal.source().unwrap()));
                response = XmlRefusals.response(&refusal);
            }
        }
    }
    let covered = body.covered();
    assert!(covered.is_none_or(|covered| covered == coverage));
    (Seen { headers: head.headers, coverage, covered, data, error }, Ok(response))
}

/// What frameworks put around the error of a body.
#[derive(Debug)]
struct Outer(Box<dyn Error + Send + Sync>);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body cannot be read")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// What a server with this layer sees, and answers.
fn serve(
    layer: &VerifyingLayer<impl sigv4::tower::AccessKeys + 'static>,
    request: Request<Pieces>,
) -> (Option<Seen>, u16, String) {
    let seen = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&seen);
    let service = service_fn(move |request| {
        let kept = Arc::clone(&kept);
        async move {
            let (seen, response) = store(request).await;
            *kept.lock().unwrap() = Some(seen);
            response
        }
    });
    let response = ready(layer.layer(service).oneshot(request)).unwrap();
    let status = response.status().as_u16();
    let body = ready(response.into_body().collect()).unwrap().to_bytes();
    let seen = seen.lock().unwrap().take();
    (seen, status, String::from_utf8(body.to_vec()).unwrap())
}

fn take(case: &Captured, wire: &[u8]) -> (Seen, u16, String) {
    let (context, _) = Captured::all();
    let credentials = OwnedCredentials::new(context.access_key_id, context.secret_access_key);
    let keys = move |_| future::ready(Ok::<_, Infallible>(Some(credentials.clone())));
    let clock = case.now();
    let layer = VerifyingLayer::new(keys, VerifyRules::s3("us-east-1")).with_clock(move || clock);
    let mut request = Request::builder().method(case.method.as_str()).uri(&case.target);
    for (name, value) in &case.headers {
        request = request.header(name, value);
    }
    let (seen, status, body) = serve(&layer, request.body(Pieces::of(wire, 1_460)).unwrap());
    (seen.unwrap(), status, body)
}

#[test]
fn what_clients_send_arrives() {
    for case in Captured::accepted().1 {
        let (seen, status, _) = take(&case, &case.wire());
        assert!(seen.data == case.data(), "{}", case.name);
        assert_eq!((status, seen.covered), (200, Some(seen.coverage)), "{}", case.name);
        assert_eq!(seen.headers["content-length"], "45000");
        for gone in ["content-encoding", "transfer-encoding", "x-amz-decoded-content-length"] {
            assert!(!seen.headers.contains_key(gone), "{gone}");
        }
    }
}

#[test]
fn what_was_changed_is_answered_as_s3_does() {
    for case in Captured::accepted().1 {
        for Change { name, wire, error, code } in changes(&case) {
            let (seen, status, body) = take(&case, &wire);
            let Some(error) = error else {
                assert!(seen.coverage.is_unchecked() && status == 200, "{} with {name}", case.name);
                continue;
            };
            let expected = format!("Chunk({error}");
            let found = seen.error.unwrap();
            assert!(found.starts_with(&expected), "{} with {name}: {found}", case.name);
            assert_eq!((status, seen.covered), (400, None), "{} with {name}", case.name);
            assert!(body.contains(&format!("<Code>{code}</Code>")), "{name}: {body}");
        }
    }
}

#[test]
fn a_signed_chunk_that_was_changed_is_answered_as_a_wrong_signature() {
    let upload = ChunkedUpload::SIGNED.with_checksum(ChecksumAlgorithm::Crc64Nvme);
    let layer = verifying(VerifyRules::s3("us-east-1"));
    for change in [false, true] {
        let body = put(Pieces::of(b"Welcome to Amazon S3.", 7), Some(BodySigning::Chunked(upload)));
        let mut sent = signed(&signing(SigningRules::S3), body);
        if change {
            let wire = String::from_utf8(sent.body.unwrap().to_vec()).unwrap();
            sent.body = Ok(wire.replace("Welcome", "Farewel").into());
        }
        let (seen, status, body) = serve(&layer, received(sent));
        let seen = seen.unwrap();
        let checksum = TrailingChecksum::Checked(ChecksumAlgorithm::Crc64Nvme);
        assert_eq!(seen.coverage, Coverage::SignedChunks(checksum));
        assert!(seen.coverage.is_signed() && !seen.coverage.is_unchecked());
        assert_eq!(status, if change { 403 } else { 200 });
        assert_eq!(body.contains("SignatureDoesNotMatch"), change);
        assert_eq!(seen.data.is_empty(), change);
    }
}

#[test]
fn a_server_learns_beforehand_what_covers_a_body() {
    let (crc32, checked) = (ChecksumAlgorithm::Crc32, TrailingChecksum::Checked);
    let unsigned = ChunkedUpload { chunking: UNSIGNED, ..ChunkedUpload::SIGNED };
    for (setting, coverage) in [
        (BodySigning::default(), Coverage::Signed),
        (BodySigning::Unsigned, Coverage::Nothing),
        (
            BodySigning::Chunked(ChunkedUpload::SIGNED),
            Coverage::SignedChunks(TrailingChecksum::Absent),
        ),
        (
            BodySigning::Chunked(ChunkedUpload::SIGNED.with_checksum(crc32)),
            Coverage::SignedChunks(checked(crc32)),
        ),
        (BodySigning::Chunked(unsigned), Coverage::UnsignedChunks(TrailingChecksum::Absent)),
        (
            BodySigning::Chunked(unsigned.with_checksum(crc32)),
            Coverage::UnsignedChunks(checked(crc32)),
        ),
    ] {
        let request = put(Pieces::of(b"Welcome to Amazon S3.", 7), Some(setting));
        let sent = signed(&signing(SigningRules::S3), request);
        let (seen, status, _) = serve(&verifying(VerifyRules::s3("us-east-1")), received(sent));
        let seen = seen.unwrap();
        assert_eq!((status, seen.coverage, seen.covered), (200, coverage, Some(coverage)));
    }
}

#[cfg(feature = "sigv4a")]
#[test]
fn a_body_that_is_signed_for_several_regions_has_its_checksum() {
    let regions = sigv4::sigv4a::RegionSet::new("us-*").unwrap();
    let upload = ChunkedUpload::SIGNED.with_checksum(ChecksumAlgorithm::Sha1);
    let request = put(Pieces::of(b"Welcome to Amazon S3.", 7), Some(BodySigning::Chunked(upload)));
    let sent = signed(&signing(SigningRules::S3).with_region_set(regions), request);
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    let (seen, status, _) = serve(&layer, received(sent));
    let coverage = Coverage::SignedChunks(TrailingChecksum::Checked(ChecksumAlgorithm::Sha1));
    let seen = seen.unwrap();
    assert_eq!((status, seen.coverage, seen.covered), (200, coverage, Some(coverage)));
    assert_eq!(seen.data, b"Welcome to Amazon S3.");
}

#[test]
fn several_checksums_are_refused_before_anything_is_read() {
    let upload = ChunkedUpload {
        chunking: UNSIGNED,
        trailers: &[("x-amz-checksum-crc32", 8), ("x-note", 4)],
        ..ChunkedUpload::SIGNED
    };
    let layer = verifying(VerifyRules::s3("us-east-1"));
    let credentials = credentials();
    let credentials = credentials.as_credentials();
    let key = sigv4::SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let body = Pieces::of(b"data", 4);
    let request = Request::put(URI).body(body.clone()).unwrap();
    let instant = key.at(now()).unwrap();
    let mut request =
        instant.sign_chunked(request, &upload, &SigningRules::S3).unwrap().map(|_| body);
    for (names, code) in [
        ("x-amz-checksum-crc32,x-note", None),
        ("x-amz-checksum-crc32,X-Amz-Checksum-Sha512", Some("InvalidRequest")),
        ("x-amz-checksum-crc32,x-amz-checksum-sha1", Some("InvalidRequest")),
    ] {
        request.headers_mut().insert("x-amz-trailer", names.parse().unwrap());
        let payload = sigv4::Payload::Literal(sigv4::PayloadLiteral::StreamingUnsignedTrailer);
        instant.sign_http(&mut request, payload, &SigningRules::S3).unwrap();
        let (seen, status, body) = serve(&layer, request.clone());
        assert_eq!(seen.is_some(), code.is_none(), "{names}");
        assert_eq!(status, 400);
        assert!(code.is_none_or(|code| body.contains(&format!("<Code>{code}</Code>"))), "{body}");
        assert!(seen.is_none_or(|seen| is(&seen.coverage, "UnsignedChunks(Checked(Crc32))")));
    }
}

const UNSIGNED: sigv4::chunks::Chunking = sigv4::chunks::Chunking::UnsignedWithTrailers;
