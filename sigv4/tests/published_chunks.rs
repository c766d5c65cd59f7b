//! The examples of chunked uploads and of events that AWS published, as tests.
//!
//! Run with `cargo test -p sigv4 --test published_chunks`.
#![allow(clippy::unwrap_used)] // Functions that serve the tests unwrap as well.

use sigv4::{
    Body, CHUNK_END, CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkError, ChunkEvent, ChunkSigner,
    Chunking, Credentials, Evidence, Headers, Payload, Presented, Request, SigningInstant,
    SigningKey, SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

/// "Signature Calculations for the Authorization Header: Transferring Payload
/// in Multiple Chunks", Amazon S3 API Reference.
#[test]
fn s3_chunks() {
    let headers = [
        ("Host", "s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("Content-Length", "66824"),
    ];
    let upload = Upload::of(Chunking::Signed, &headers);
    let expected = [
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    let wire = upload.encode(&expected, &[]);
    assert_eq!(wire.len(), 66_824);
    assert!(wire.starts_with(
        b"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\naaa"
    ));
    assert_eq!(upload.decode(&wire), Ok((body(), vec![])));
    assert_eq!(Chunking::Signed.encoded_len(66_560, 65_536, &[]), Some(66_824));
}

/// "Signature Calculations for the Authorization Header: Including Trailing
/// Headers (Chunked Upload)", Amazon S3 API Reference.
#[test]
fn s3_trailers() {
    let headers = [
        ("Host", "s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
    ];
    let upload = Upload::of(Chunking::SignedWithTrailers, &headers);
    let expected = [
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435",
    ];
    let trailers = [("x-amz-checksum-crc32c", "sOO8/Q==")];
    let wire = upload.encode(&expected, &trailers);
    assert_eq!(wire.len(), 66_946);
    let names: Vec<_> = trailers.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    assert_eq!(upload.decode(&wire), Ok((body(), names.clone())));

    // The page shows the line with LF alone, and an empty one before the signature.
    let text = b"x-amz-checksum-crc32c:sOO8/Q==\r\n".as_slice();
    let at = wire.windows(text.len()).position(|part| part == text).unwrap();
    let (before, behind) = (&wire[..at + text.len() - 2], &wire[at + text.len()..]);
    let shown = [before, b"\n\r\n", behind].concat();
    assert_eq!(upload.decode(&shown), Ok((body(), names)));
    let unsigned = [before, b"\r\n\r\n"].concat();
    assert_eq!(upload.decode(&unsigned), Err(ChunkError::MissingTrailerSignature));
}

/// The trailers of the tests of aws-c-auth, behind the last chunk of
/// [`s3_chunks`].
#[test]
fn three_trailers() {
    let key = key();
    let instant = key.at(now()).unwrap();
    let last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    // A chain that stands before its last chunk, whose signature is the third.
    let headers = [
        ("Host", "s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("Content-Length", "66824"),
    ];
    let request = Request::new("PUT", TARGET, &headers);
    let mut buffer = [0; 1024];
    let payload = Payload::Literal(Chunking::Signed.literal());
    let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer).unwrap();
    let mut signer = instant.chunk_signer(Chunking::SignedWithTrailers, signed.signature());
    for data in body().chunks(65_536) {
        signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX]).unwrap();
    }
    // In any order and case, with white space around the values.
    let trailers = [("third", "3rd"), ("First", " 1st\t"), ("second", "2nd")];
    let mut out = [0; 512];
    let end = std::str::from_utf8(signer.finish(&trailers, &mut out).unwrap()).unwrap();
    let signature = "df5735bd9f3295cd9386572292562fefc93ba94e80a0a1ddcbd652c4e0a75e6c";
    assert_eq!(
        end,
        format!(
            "0;chunk-signature={last}\r\nthird:3rd\r\nFirst: 1st\t\r\nsecond:2nd\r\n\
             x-amz-trailer-signature:{signature}\r\n\r\n"
        )
    );
}

/// The lengths of the same body without signatures.
#[test]
fn unsigned_chunks() {
    let headers = [
        ("Host", "s3.amazonaws.com"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
    ];
    let upload = Upload::of(Chunking::UnsignedWithTrailers, &headers);
    let trailers = [("x-amz-checksum-crc32c", "sOO8/Q==")];
    let mut signer = upload.signer();
    let mut wire = Vec::new();
    for data in body().chunks(65_536) {
        push_chunk(&mut wire, &mut signer, data);
    }
    wire.extend_from_slice(signer.finish(&trailers, &mut [0; 128]).unwrap());
    assert_eq!(wire.len(), 66_613);
    assert!(wire.starts_with(b"10000\r\naaa"));
    assert!(wire.ends_with(b"aaa\r\n0\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n"));
    let names = trailers.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    assert_eq!(upload.decode(&wire), Ok((body(), names)));
}

/// A signed request, and what verifies it.
struct Upload {
    key: SigningKey<'static>,
    chunking: Chunking,
    headers: Vec<(String, String)>,
    seed: sigv4::Signature,
}

impl Upload {
    fn of(chunking: Chunking, headers: &[(&str, &str)]) -> Self {
        let key = key();
        let mut all: Vec<_> =
            headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let mut buffer = [0; 1024];
        let request = Request::new("PUT", TARGET, headers);
        let payload = Payload::Literal(chunking.literal());
        let instant = key.at(now()).unwrap();
        let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer).unwrap();
        let seed = *signed.signature();
        all.extend(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
        drop(instant);
        Self { key, chunking, headers: all, seed }
    }

    fn signer(&self) -> ChunkSigner {
        let instant: SigningInstant<'_> = self.key.at(now()).unwrap();
        instant.chunk_signer(self.chunking, &self.seed)
    }

    /// The body on the wire, every signature compared: the seed, each chunk,
    /// and the trailers.
    fn encode(&self, expected: &[&str], trailers: &[(&str, &str)]) -> Vec<u8> {
        let mut signer = self.signer();
        let mut expected = expected.iter();
        let mut compare = |signer: &ChunkSigner| {
            assert_eq!(signer.signature().unwrap().to_string(), *expected.next().unwrap());
        };
        compare(&signer);
        let mut wire = Vec::new();
        for data in body().chunks(65_536) {
            push_chunk(&mut wire, &mut signer, data);
            compare(&signer);
        }
        let mut out = [0; 512];
        let end = signer.finish(trailers, &mut out).unwrap();
        let text = std::str::from_utf8(end).unwrap();
        assert!(text.starts_with(&format!("0;chunk-signature={}\r\n", expected.next().unwrap())));
        if let Some(last) = expected.next() {
            assert_eq!(signer.signature().unwrap().to_string(), *last);
            assert!(text.ends_with(&format!("\r\nx-amz-trailer-signature:{last}\r\n\r\n")));
        }
        wire.extend_from_slice(end);
        wire
    }

    fn decode(&self, mut wire: &[u8]) -> Result<(Vec<u8>, Vec<(String, String)>), ChunkError> {
        let request = Request::new("PUT", TARGET, &self.headers);
        let rules = VerifyRules::s3("us-east-1");
        let presented = Presented::parse(&request).unwrap();
        let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).unwrap()).unwrap();
        let body = Body::Bytes(b"");
        let evidence = Evidence { key: &key, session_token: None, body, now: now() };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        let mut decoder = ChunkDecoder::new(&request, &verified, &key)?;
        let (mut body, mut trailers) = (Vec::new(), Vec::new());
        loop {
            let decoded = decoder.decode(wire)?;
            wire = &wire[decoded.consumed..];
            match decoded.event {
                ChunkEvent::Data(data) => body.extend_from_slice(data),
                ChunkEvent::End(found) => {
                    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                    trailers.extend(found.pairs().map(|(n, v)| (text(n), text(v))));
                }
                ChunkEvent::Incomplete { .. } => break,
            }
        }
        decoder.finish().map(|()| (body, trailers))
    }
}

fn push_chunk(wire: &mut Vec<u8>, signer: &mut ChunkSigner, data: &[u8]) {
    wire.extend_from_slice(signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX]).unwrap());
    wire.extend_from_slice(data);
    wire.extend_from_slice(CHUNK_END);
}

fn body() -> Vec<u8> {
    vec![b'a'; 66_560]
}

fn key() -> SigningKey<'static> {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET);
    SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap()
}

fn now() -> Timestamp {
    Timestamp::parse(b"20130524T000000Z").unwrap()
}

const TARGET: &str = "/examplebucket/chunkObject.txt";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
