//! What the documentation and other signers' tests show of chunks, beside the
//! vectors in `streams.rs`.

use sigv4::chunks::{CHUNK_HEADER_LEN_MAX, ChunkError, Chunking};

use crate::upload::{Signer, Upload};

/// "Signature Calculations for the Authorization Header: Including Trailing
/// Headers (Chunked Upload)", Amazon S3 API Reference, shows the trailer with LF
/// alone, and an empty line before the signature.
#[test]
fn trailers_in_the_form_of_the_documentation() {
    let (name, value) = ("x-amz-checksum-crc32c", "rth90Q==");
    let upload = Upload::of(Chunking::SignedWithTrailers, 4, &[name]);
    let wire = upload.encode(&[b"data"], &[(name, value)]);
    let content = (b"data".to_vec(), vec![(name.as_bytes().to_vec(), value.as_bytes().to_vec())]);
    assert_eq!(upload.decode(&wire), Ok(content.clone()));

    let line = format!("{name}:{value}\r\n").into_bytes();
    let at = wire.windows(line.len()).position(|part| part == line).unwrap();
    let (before, behind) = (&wire[..at + line.len() - 2], &wire[at + line.len()..]);
    let shown = [before, b"\n\r\n", behind].concat();
    assert_eq!(upload.decode(&shown), Ok(content));
    let unsigned = [before, b"\r\n\r\n"].concat();
    assert_eq!(upload.decode(&unsigned), Err(ChunkError::MissingTrailerSignature));
}

/// The trailers of the tests of aws-c-auth, behind the last chunk of S3's
/// published example.
#[test]
fn three_trailers() {
    let headers = [
        ("Host", "s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("Content-Length", "66824"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let target = "/examplebucket/chunkObject.txt";
    let mut upload = Upload::new(Signer::PUBLISHED, Chunking::Signed, target, &headers);
    // The test hangs its trailers on a chain that began without.
    upload.chunking = Chunking::SignedWithTrailers;
    let mut signer = upload.signer();
    for data in [[b'a'; 65_536].as_slice(), &[b'a'; 1_024]] {
        signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX]).unwrap();
    }
    // In any order and case, with white space around the values.
    let trailers = [("third", "3rd"), ("First", " 1st\t"), ("second", "2nd")];
    let mut out = [0; 512];
    let end = std::str::from_utf8(signer.finish(&trailers, &mut out).unwrap()).unwrap();
    let last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    let signature = "df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c";
    assert_eq!(
        end,
        format!(
            "0;chunk-signature={last}\r\nthird:3rd\r\nFirst: 1st\t\r\nsecond:2nd\r\n\
             x-amz-trailer-signature:{signature}\r\n\r\n"
        )
    );
}
