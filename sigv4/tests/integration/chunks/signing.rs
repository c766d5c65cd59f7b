//! What the signer of chunks refuses, and that it can go on afterwards.

use sigv4::chunks::{CHUNK_HEADER_LEN_MAX, ChunkSignError, Chunking, TRAILERS_MAX};

use crate::upload::Upload;

#[test]
fn a_refusal_leaves_the_chain_as_it_was() {
    let upload = Upload::of(Chunking::SignedWithTrailers, 8, &["x-amz-checksum-crc32"]);
    let trailers = [("x-amz-checksum-crc32", "AAAAAA==")];
    let expected = upload.encode(&[b"datadata"], &trailers);

    let mut signer = upload.signer();
    let mut out = [0; CHUNK_HEADER_LEN_MAX];
    assert_eq!(signer.chunk(b"", &mut out), Err(ChunkSignError::EmptyChunk));
    for available in 0..84 {
        let short = signer.chunk(b"datadata", &mut out[..available]);
        assert_eq!(short, Err(ChunkSignError::BufferTooSmall { needed: 84, available }));
    }
    let mut wire = signer.chunk(b"datadata", &mut out[..84]).unwrap().to_vec();
    wire.extend_from_slice(b"datadata\r\n");
    let needed = signer.finish_len(&trailers);
    let mut end = vec![0; needed];
    let short = signer.finish(&trailers, &mut end[1..]);
    assert_eq!(short, Err(ChunkSignError::BufferTooSmall { needed, available: needed - 1 }));
    wire.extend_from_slice(signer.finish(&trailers, &mut end).unwrap());
    assert_eq!(wire, expected);

    assert_eq!(signer.chunk(b"more", &mut out), Err(ChunkSignError::Finished));
    assert_eq!(signer.finish(&trailers, &mut end), Err(ChunkSignError::Finished));
}

#[test]
fn trailers_that_cannot_be_sent_are_refused() {
    let many: Vec<_> = (0..=TRAILERS_MAX).map(|n| (format!("x-{n}"), String::new())).collect();
    let one = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let invalid = ChunkSignError::InvalidTrailer { index: 0 };
    for (trailers, error) in [
        (one("", "a"), invalid),
        (one("a b", "a"), invalid),
        (one("a", "b\r\nc:d"), invalid),
        (one("a", "b\0"), invalid),
        (one("X-Amz-Trailer-Signature", "a"), invalid),
        ([one("a", "1"), one("A", "2")].concat(), ChunkSignError::DuplicateTrailer { index: 1 }),
        (many.clone(), ChunkSignError::TooManyTrailers),
    ] {
        let mut signer = Upload::of(Chunking::SignedWithTrailers, 0, &[]).signer();
        assert_eq!(signer.finish(trailers.as_slice(), &mut [0; 4_096]), Err(error), "{trailers:?}");
    }
    let mut signer = Upload::of(Chunking::Signed, 0, &[]).signer();
    let mut out = [0; 512];
    let refused = signer.finish(one("a", "b").as_slice(), &mut out);
    assert_eq!(refused, Err(ChunkSignError::TrailersNotAllowed));
    let mut signer = Upload::of(Chunking::UnsignedWithTrailers, 0, &[]).signer();
    assert!(signer.finish(&many[..TRAILERS_MAX], &mut [0; 512]).is_ok());
}

#[test]
fn data_that_the_caller_hashed_is_signed_alike() {
    use sha2::{Digest, Sha256};

    let upload = Upload::of(Chunking::Signed, 4, &[]);
    let (mut one, mut other) = (upload.signer(), upload.signer());
    let hash = Sha256::digest(b"data").into();
    let (mut left, mut right) = ([0; CHUNK_HEADER_LEN_MAX], [0; CHUNK_HEADER_LEN_MAX]);
    assert_eq!(one.chunk(b"data", &mut left), other.hashed_chunk(4, &hash, &mut right));
    let longest = other.hashed_chunk(u64::MAX, &hash, &mut right).unwrap();
    assert_eq!(longest.len(), CHUNK_HEADER_LEN_MAX);
    assert!(longest.starts_with(b"ffffffffffffffff;chunk-signature="));
}
