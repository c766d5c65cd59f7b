//! What goes out when an upload asks for a checksum.

use http_body::Body;
use sigv4::body::{BodySignError, ChunkedUpload};
use sigv4::chunks::{ChecksumAlgorithm, Chunking, Coverage, TrailingChecksum};

use super::captured::Captured;
use super::checksums::Case;
use crate::http_body::{Pieces, read, received, sign, verified};

const UNSIGNED: ChunkedUpload<'_> =
    ChunkedUpload { chunking: Chunking::UnsignedWithTrailers, ..ChunkedUpload::SIGNED };

#[test]
fn a_body_is_sent_as_botocore_sends_it() {
    let cases = Captured::accepted().1;
    let cases = cases.iter().filter(|case| case.name.starts_with("botocore-"));
    assert_eq!(cases.clone().count(), ChecksumAlgorithm::ALL.len());
    for case in cases {
        let trailer = case.header("x-amz-trailer");
        let algorithm = ChecksumAlgorithm::of_trailer(trailer.as_bytes()).unwrap();
        let upload = ChunkedUpload { chunk_len: 1 << 20, ..UNSIGNED }.with_checksum(algorithm);
        let request = sign(Pieces::of(&case.data(), 9_000), &upload).unwrap();
        for name in ["x-amz-trailer", "x-amz-decoded-content-length", "x-amz-content-sha256"] {
            assert_eq!(request.headers()[name], case.header(name));
        }
        let wire = case.wire();
        assert_eq!(request.headers()["content-length"], wire.len().to_string());
        assert!(read(request.into_body()).unwrap().0 == wire, "{}", case.name);
    }
}

#[test]
fn the_checksum_is_the_last_trailer_and_the_other_side_checks_it() {
    for case in Case::all() {
        let data = case.data();
        for algorithm in ChecksumAlgorithm::ALL {
            for upload in [ChunkedUpload::SIGNED, UNSIGNED] {
                let trailers: &[_] = if data.len() < 20 { &[("x-note", 4)] } else { &[] };
                let upload = ChunkedUpload { trailers, ..upload.with_checksum(algorithm) };
                let mut body = Pieces::of(&data, 30_000);
                if !trailers.is_empty() {
                    body = body.with_trailer("x-note", "film");
                }
                let request = sign(body, &upload).unwrap();
                let announced = request.headers()["x-amz-trailer"].to_str().unwrap().to_owned();
                assert!(announced.ends_with(algorithm.trailer()), "{announced}");
                assert_eq!(announced.contains("x-note,"), !trailers.is_empty());
                let (parts, body) = request.into_parts();
                let len = body.size_hint().exact();
                let (wire, _) = read(body).unwrap();
                assert_eq!(Some(u64::try_from(wire.len()).unwrap()), len);
                let value = case.value(algorithm);
                let line = format!("\r\n{}:{value}\r\n", algorithm.trailer());
                assert!(wire.windows(line.len()).any(|part| part == line.as_bytes()));

                let body = verified(received(&parts, &wire)).unwrap();
                assert!(matches!(
                    body.coverage(),
                    Coverage::SignedChunks(TrailingChecksum::Checked(found))
                    | Coverage::UnsignedChunks(TrailingChecksum::Checked(found))
                        if found == algorithm
                ));
                assert_eq!(body.covered(), None);
                let (decoded, trailers) = read(body).unwrap();
                assert!(decoded == data);
                assert_eq!(trailers[algorithm.trailer()], value);
            }
        }
    }
}

#[test]
fn a_checksum_needs_trailers_and_is_the_only_one() {
    let body = || Pieces::of(b"data", 4);
    let checksum = Some(ChecksumAlgorithm::Crc32);
    let upload = ChunkedUpload { checksum, ..ChunkedUpload::SIGNED };
    assert!(matches!(sign(body(), &upload).unwrap_err(), BodySignError::TrailersNotAllowed));
    for other in [&[("X-Amz-Checksum-Crc32", 8)], &[("x-amz-checksum-sha512", 88)]] {
        let upload = ChunkedUpload { checksum, trailers: other, ..UNSIGNED };
        assert!(matches!(sign(body(), &upload).unwrap_err(), BodySignError::SeveralChecksums));
    }
    let both = [("x-amz-checksum-crc32", 8), ("x-amz-checksum-sha1", 28)];
    let upload = ChunkedUpload { trailers: &both, ..UNSIGNED };
    assert!(matches!(sign(body(), &upload).unwrap_err(), BodySignError::SeveralChecksums));
    // A checksum of the caller's own is sent as it is.
    let own = ChunkedUpload { trailers: &both[..1], ..UNSIGNED };
    let sent = sign(body().with_trailer(both[0].0, "AAAAAA=="), &own).unwrap();
    assert!(read(sent.into_body()).unwrap().0.ends_with(b"crc32:AAAAAA==\r\n\r\n"));
    // The body's own trailers do not stand in for it.
    let upload = UNSIGNED.with_checksum(ChecksumAlgorithm::Crc32);
    let sent = sign(body().with_trailer(both[0].0, "AAAAAA=="), &upload).unwrap();
    assert!(read(sent.into_body()).is_err());
}
