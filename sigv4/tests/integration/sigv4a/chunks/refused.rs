//! Bodies and uses that are refused, and the neighbours that are not.

use sha2::{Digest, Sha256};
use sigv4::chunks::{ChunkError, ChunkEvent, ChunkSignError, Chunking};
use sigv4::sigv4a::{self, CHUNK_HEADER_LEN_MAX, ChunkDecoder, RegionSet, Signature, SigningKey};
use sigv4::{
    Body, Credentials, Evidence, Payload, PayloadLiteral, PresentedSignature, Request,
    SigningRules, Timestamp, VerifyRules,
};

use super::{Context, Upload, decode};

fn context() -> Context {
    Context {
        access_key_id: "AKIDEXAMPLE".into(),
        secret_access_key: "secret".into(),
        session_token: String::new(),
        region: "*".into(),
        service: "s3".into(),
        timestamp: "20150830T123600Z".into(),
    }
}

fn upload(chunking: Chunking, len: usize, trailers: &str) -> Upload {
    let mut headers = vec![
        ("Host".to_owned(), "example.com".to_owned()),
        ("X-Amz-Decoded-Content-Length".to_owned(), len.to_string()),
    ];
    if !trailers.is_empty() {
        headers.push(("X-Amz-Trailer".into(), trailers.into()));
    }
    Upload::new(&context(), chunking, "/key", &headers)
}

/// Two chunks and a trailer, and where the second chunk begins.
fn sent() -> (ChunkDecoder, Vec<u8>, usize) {
    let mut upload = upload(Chunking::SignedWithTrailers, 300, "x-amz-end");
    let decoder = upload.decoder("/key", &context());
    let mut wire = Vec::new();
    upload.push_chunk(&mut wire, &[b'a'; 200]);
    let second = wire.len();
    upload.push_chunk(&mut wire, &[b'b'; 100]);
    upload.push_end(&mut wire, &[("x-amz-end".into(), "here".into())]);
    (decoder, wire, second)
}

#[test]
fn the_encoded_length_is_known_beforehand() {
    let (_, wire, _) = sent();
    let trailers = [("x-amz-end", 4)];
    let len = Chunking::SignedWithTrailers.encoded_len::<Signature>(300, 200, &trailers);
    assert_eq!(len, u64::try_from(wire.len()).ok());
    let mut upload = upload(Chunking::UnsignedWithTrailers, 3, "");
    let mut wire = Vec::new();
    upload.push_chunk(&mut wire, b"abc");
    upload.push_end(&mut wire, &[]);
    assert_eq!(wire, b"3\r\nabc\r\n0\r\n\r\n");
    assert_eq!(Chunking::UnsignedWithTrailers.encoded_len::<Signature>(3, 3, &[]), Some(13));
    assert_eq!(decode(upload.decoder("/key", &context()), &wire, 4), Ok(b"abc".to_vec()));
}

#[test]
fn whatever_changes_on_the_way_is_refused_before_it_is_shown() {
    let (decoder, wire, second) = sent();
    assert_eq!(decode(decoder.clone(), &wire, wire.len()).map(|body| body.len()), Ok(300));
    let trailers = wire.len() - "x-amz-end:here\r\n".len() - 24 - 144 - 4;
    // A few bytes of every part, each in two ways.
    for at in (0..trailers).step_by(13) {
        for change in [1, 0x20] {
            let mut changed = wire.clone();
            changed[at] ^= change;
            if changed.eq_ignore_ascii_case(&wire) && at < 2 {
                continue; // The length of the first chunk, which may be spelled in either case.
            }
            assert!(decode(decoder.clone(), &changed, changed.len()).is_err(), "byte {at}");
        }
    }
    // Of trailers the canonical form is signed.
    let with = |from: &str, to: &str| {
        let changed = String::from_utf8(wire.clone()).unwrap().replace(from, to);
        decode(decoder.clone(), changed.as_bytes(), changed.len()).map(|body| body.len())
    };
    assert_eq!(with(":here", ":  here "), Ok(300));
    assert_eq!(with("x-amz-end", "X-AMZ-END"), Ok(300));
    assert_eq!(with(":here", ":there"), Err(ChunkError::TrailerSignatureMismatch));
    assert_eq!(with("x-amz-end", "x-amz-and"), Err(ChunkError::UnexpectedTrailer));
    assert_eq!(with("x-amz-end:here\r\n", ""), Err(ChunkError::MissingTrailer));
    assert_eq!(with("signature:30", "signature:31"), Err(ChunkError::MalformedTrailer));
    let mut changed = wire;
    changed[second + 179] ^= 1;
    let mut decoder = decoder;
    let first = decoder.decode(&changed).unwrap();
    let consumed = first.consumed;
    assert!(matches!(first.event, ChunkEvent::Data(data) if data == [b'a'; 200]));
    let refused = ChunkError::ChunkSignatureMismatch { index: 1 };
    assert_eq!(decoder.decode(&changed[consumed..]).unwrap_err(), refused);
    assert_eq!(decoder.decode(b"").unwrap_err(), refused);
    assert_eq!(decoder.finish(), Err(refused));
}

#[test]
fn other_spellings_of_a_header_are_refused() {
    let (decoder, wire, _) = sent();
    let header = wire.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (line, rest) = wire.split_at(header);
    let line = std::str::from_utf8(line).unwrap();
    let unpadded = line.replace('*', "");
    let digits = line.trim_end().trim_end_matches('*').split('=').nth(1).unwrap();
    let shifted = line.replace(digits, &format!("*{digits}")).replacen("*\r", "\r", 1);
    for (spelling, expected) in [
        (line.replace("c8;", "0c8;"), ChunkError::MalformedChunkHeader),
        (line.replace(digits, &digits.to_uppercase()), ChunkError::MalformedChunkHeader),
        (line.replace("\r\n", "*\r\n"), ChunkError::MalformedChunkHeader),
        (line.replace("\r\n", "\n"), ChunkError::MalformedChunkHeader),
        (shifted, ChunkError::MalformedChunkHeader),
        (line.replace("c8;", "fffffffffffffffff;"), ChunkError::ChunkHeaderTooLong),
    ] {
        assert_ne!(spelling, line);
        let changed = [spelling.as_bytes(), rest].concat();
        assert_eq!(decode(decoder.clone(), &changed, changed.len()), Err(expected), "{spelling}");
    }
    // The number is signed, not its spelling.
    for spelling in [line.replace("c8;", "C8;"), line.to_owned()] {
        let same = [spelling.as_bytes(), rest].concat();
        assert_eq!(decode(decoder.clone(), &same, 50).map(|body| body.len()), Ok(300));
    }
    // That of 144 digits has no padding.
    if unpadded != line {
        let changed = [unpadded.as_bytes(), rest].concat();
        let refused = Err(ChunkError::MalformedChunkHeader);
        assert_eq!(decode(decoder.clone(), &changed, changed.len()), refused);
    }
    assert_eq!(CHUNK_HEADER_LEN_MAX, 179);
}

#[test]
fn early_ends_long_chunks_and_other_kinds_of_chunks_are_refused() {
    let (decoder, wire, second) = sent();
    for end in [0, 1, 100, second, wire.len() - 1] {
        assert_eq!(decode(decoder.clone(), &wire[..end], 50), Err(ChunkError::EndMissing), "{end}");
    }
    let refused = Err(ChunkError::ChunkTooLong { len: 200, max: 199 });
    assert_eq!(decode(decoder.clone().with_chunk_len_max(199), &wire, 1000), refused);
    assert_eq!(decoder.decoded_len(), 300);

    let headers = [("Host", "example.com"), ("X-Amz-Decoded-Content-Length", "3")];
    let (context, request) = (context(), Request::new("PUT", "/key", headers.as_slice()));
    let credentials = Credentials::new(&context.access_key_id, &context.secret_access_key);
    let key = SigningKey::derive(&credentials, RegionSet::ALL, "s3").unwrap();
    let instant = key.at(Timestamp::parse(context.timestamp.as_bytes()).unwrap());
    for literal in [PayloadLiteral::StreamingHmac, PayloadLiteral::Unsigned] {
        let mut out = [0; 1024];
        let (payload, rules) = (Payload::Literal(literal), SigningRules::S3);
        let signed = instant.sign(&request, payload, &rules, &mut out).unwrap();
        let all: Vec<_> = signed.headers().chain(headers).collect();
        let request = Request::new("PUT", "/key", all.as_slice());
        let rules = VerifyRules::s3("any");
        let presented = PresentedSignature::parse(&request).unwrap();
        let presented = sigv4a::PresentedSignature::new(&presented, &rules).unwrap();
        let (key, now) = (&key.verifying_key(), instant.timestamp());
        let evidence = Evidence { key, session_token: None, body: Body::Bytes(b""), now };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        let refused = verified.chunk_decoder(&request, key).map(|_| ());
        assert_eq!(refused, Err(ChunkError::NotChunked));
    }
}

#[test]
fn trailers_that_no_signature_covers_are_refused() {
    let verified = |chunking| {
        let upload = upload(chunking, 3, "x-amz-end");
        let request = Request::new("PUT", "/key", upload.headers.as_slice());
        upload.verified("/key", &context()).chunk_decoder(&request, &upload.key).map(|_| ())
    };
    assert_eq!(verified(Chunking::Signed), Err(ChunkError::TrailersNotAllowed));
    assert_eq!(verified(Chunking::SignedWithTrailers), Ok(()));
    assert_eq!(verified(Chunking::UnsignedWithTrailers), Ok(()));
    let mut upload = upload(Chunking::Signed, 3, "");
    let (decoder, mut wire) = (upload.decoder("/key", &context()), Vec::new());
    upload.push_chunk(&mut wire, b"abc");
    upload.push_end(&mut wire, &[]);
    assert_eq!(decode(decoder.clone(), &wire, 50), Ok(b"abc".to_vec()));
    wire.truncate(wire.len() - 2);
    wire.extend(b"x-amz-end:here\r\n\r\n");
    assert_eq!(decode(decoder, &wire, 50), Err(ChunkError::UnexpectedTrailer));
}

#[test]
fn a_signer_that_is_used_wrongly_says_so_and_goes_on() {
    let mut upload = upload(Chunking::Signed, 3, "");
    let mut out = [7; CHUNK_HEADER_LEN_MAX];
    let seed = upload.signer.signature();
    assert_eq!(upload.signer.chunk(b"", &mut out), Err(ChunkSignError::EmptyChunk));
    let needed = 1 + 17 + 144 + 2;
    let short = ChunkSignError::BufferTooSmall { needed, available: needed - 1 };
    assert_eq!(upload.signer.chunk(b"abc", &mut out[..needed - 1]), Err(short));
    assert!(upload.signer.signature() == seed);
    let digest = Sha256::digest(b"abc").into();
    let hashed = upload.signer.clone().hashed_chunk(3, &digest, &mut out).unwrap().to_vec();
    assert_eq!(upload.signer.chunk(b"abc", &mut out).unwrap(), hashed);
    let mut end = [0; 512];
    let trailers = [("x-amz-end", "")];
    let refused = upload.signer.finish(trailers.as_slice(), &mut end);
    assert_eq!(refused, Err(ChunkSignError::TrailersNotAllowed));
    let none: &[(&str, &str)] = &[];
    assert!(upload.signer.finish(none, &mut end).is_ok());
    assert_eq!(upload.signer.finish(none, &mut end), Err(ChunkSignError::Finished));
    assert_eq!(upload.signer.chunk(b"abc", &mut out), Err(ChunkSignError::Finished));
    assert_eq!(upload.signer.chunking(), Chunking::Signed);
    let shown = format!("{:?} {:?}", upload.signer, upload.decoder("/key", &context()));
    let signature = upload.signer.signature().unwrap().to_string();
    assert!(!shown.contains("secret") && !shown.contains(&signature[..12]), "{shown}");
}
