//! Input 20: streams of chunks that are not what they should be.

use sigv4::chunks::{
    CHUNK_HEADER_LEN_MAX, CHUNK_LEN_MAX, ChunkError, Chunking, TRAILER_NAMES_LEN_MAX,
    TRAILERS_LEN_MAX, TRAILERS_MAX,
};

use crate::upload::{Signer, Upload};

const SIGNED: Chunking = Chunking::Signed;
const UNSIGNED: Chunking = Chunking::UnsignedWithTrailers;

#[test]
fn input_20_lengths_of_chunks() {
    let signature = format!(";chunk-signature={}\r\n", "0".repeat(64));
    let malformed = ChunkError::MalformedChunkHeader;
    for (len, error) in [
        ("FFFFFFFFFFFFFFFF", ChunkError::DecodedLengthExceeded { declared: 4 }),
        ("fFfFfFfFfFfFfFfF", ChunkError::DecodedLengthExceeded { declared: 4 }),
        ("GFFFFFFFFFFFFFFF", malformed),
        ("0F", malformed),
        ("ffffffffffffffff", ChunkError::DecodedLengthExceeded { declared: 4 }),
        ("10000000000000000", ChunkError::ChunkHeaderTooLong),
        ("04", malformed),
        ("00", malformed),
        ("", malformed),
        ("-1", malformed),
        ("+4", malformed),
        (" 4", malformed),
        ("4 ", malformed),
        ("0x4", malformed),
        ("g", malformed),
        ("5", ChunkError::DecodedLengthExceeded { declared: 4 }),
    ] {
        let wire = format!("{len}{signature}");
        assert_eq!(decode(SIGNED, 4, wire.as_bytes()), Err(error), "{len}");
    }
    // AWS's own writers spell lengths in upper case; the number is what is signed.
    for chunking in [SIGNED, Chunking::SignedWithTrailers, UNSIGNED] {
        let (upload, data) = (Upload::of(chunking, 0xafc8, &[]), [b'x'; 0xafc8]);
        let wire = upload.encode(&[&data], &[]);
        for spelling in ["afc8", "AFC8", "aFc8"] {
            let spelled = [spelling.as_bytes(), &wire[4..]].concat();
            assert_eq!(upload.decode(&spelled), upload.decode(&wire), "{spelling}");
        }
        for (spelling, error) in [
            ("0AFC8", malformed),
            ("AFCG", malformed),
            ("AFC9", ChunkError::DecodedLengthExceeded { declared: 0xafc8 }),
        ] {
            let spelled = [spelling.as_bytes(), &wire[4..]].concat();
            assert_eq!(upload.decode(&spelled), Err(error), "{spelling}");
        }
    }
    // Twice as much as 64 bits hold.
    let wire = b"ffffffffffffffff\r\n".repeat(2);
    let upload = Upload::of(UNSIGNED, usize::MAX, &[]);
    assert!(matches!(upload.decode(&wire), Err(ChunkError::EndMissing)));
    let two = b"1\r\na\r\nffffffffffffffff\r\n";
    let declared = u64::try_from(usize::MAX).unwrap();
    assert_eq!(upload.decode(two), Err(ChunkError::DecodedLengthExceeded { declared }));

    let long = CHUNK_LEN_MAX + 1;
    let wire = format!("{long:x}{signature}");
    let len = u64::try_from(long).unwrap();
    let error = ChunkError::ChunkTooLong { len, max: len - 1 };
    assert_eq!(decode(SIGNED, long, wire.as_bytes()), Err(error));
    // What is not signed need not be kept, and may be longer.
    let wire = format!("{long:x}\r\na");
    assert_eq!(decode(UNSIGNED, long, wire.as_bytes()), Err(ChunkError::EndMissing));
}

#[test]
fn input_20_headers_of_chunks() {
    let digits = "0".repeat(64);
    let malformed = ChunkError::MalformedChunkHeader;
    for (header, error) in [
        (format!("4;chunk-signature={digits}\n"), malformed),
        (format!("4;chunk-signature={}\r\n", &digits[1..]), malformed),
        (format!("4;chunk-signature={}\r\n", "A".repeat(64)), malformed),
        (format!("4;chunk-signature={digits}0\r\n"), malformed),
        (format!("4;Chunk-Signature={digits}\r\n"), malformed),
        (format!("4 ;chunk-signature={digits}\r\n"), malformed),
        (format!("4;chunk-signature={digits};a=b\r\n"), malformed),
        (format!("4;a=b;chunk-signature={digits}\r\n"), malformed),
        ("4\r\n".to_owned(), malformed),
        ("\r\n".to_owned(), malformed),
        ("4".repeat(CHUNK_HEADER_LEN_MAX), ChunkError::ChunkHeaderTooLong),
        ("4".repeat(CHUNK_HEADER_LEN_MAX - 1), ChunkError::EndMissing),
    ] {
        assert_eq!(decode(SIGNED, 4, header.as_bytes()), Err(error), "{header:?}");
    }
    let signed = format!("4;chunk-signature={digits}\r\ndata\r\n");
    assert_eq!(decode(UNSIGNED, 4, signed.as_bytes()), Err(malformed));
}

#[test]
fn input_20_ends_of_chunks_and_of_bodies() {
    for chunking in [SIGNED, Chunking::SignedWithTrailers, UNSIGNED] {
        let upload = Upload::of(chunking, 8, &[]);
        let wire = upload.encode(&[b"data", b"more"], &[]);
        assert!(upload.decode(&wire).is_ok());
        let replaced = |find: &str, replacement: &str| {
            let text = String::from_utf8(wire.clone()).unwrap();
            assert!(text.contains(find));
            upload.decode(text.replacen(find, replacement, 1).as_bytes())
        };
        let missing = Err(ChunkError::MissingChunkEnd);
        assert_eq!(replaced("data\r\n", "data"), missing);
        assert_eq!(replaced("data\r\n", "data\n\n"), missing);
        assert_eq!(replaced("data\r\n", "datax\r\n"), missing);
        let last = wire.windows(3).rposition(|part| part.starts_with(b"\n0")).unwrap() + 1;
        assert_eq!(upload.decode(&wire[..last]), Err(ChunkError::EndMissing));
        let cut = upload.decode(&wire[..wire.len() - 2]);
        assert_eq!(cut, Err(ChunkError::EndMissing));
        let longer = [wire.as_slice(), b"x"].concat();
        assert_eq!(upload.decode(&longer), Err(ChunkError::DataAfterEnd));
        let twice = [wire.as_slice(), &wire].concat();
        assert_eq!(upload.decode(&twice), Err(ChunkError::DataAfterEnd));
        assert_eq!(upload.decode(b""), Err(ChunkError::EndMissing));
        // A length that was declared otherwise.
        let shorter = [&wire[..0], &Upload::of(chunking, 8, &[]).encode(&[b"data"], &[])].concat();
        let error = ChunkError::DecodedLengthNotReached { declared: 8, decoded: 4 };
        assert_eq!(upload.decode(&shorter), Err(error));
    }
}

#[test]
fn input_20_chunks_in_another_order_or_of_another_body() {
    let upload = Upload::of(SIGNED, 8, &[]);
    let wire = upload.encode(&[b"data", b"more"], &[]);
    let len = 1 + 17 + 64 + 2 + 4 + 2;
    let (first, second, end) = (&wire[..len], &wire[len..2 * len], &wire[2 * len..]);
    let mismatch = |index| Err(ChunkError::ChunkSignatureMismatch { index });
    for (parts, result) in [
        ([second, first, end], mismatch(0)),
        ([first, first, end], mismatch(1)),
        ([second, second, end], mismatch(0)),
    ] {
        assert_eq!(upload.decode(&parts.concat()), result);
    }
    assert_eq!(upload.decode(&[first, end].concat()), mismatch(1));
    let other = Upload::of(SIGNED, 9, &[]).encode(&[b"data", b"more1"], &[]);
    assert_eq!(upload.decode(&other), mismatch(0));
}

#[test]
fn input_20_trailers() {
    let name = "x-amz-checksum-crc32";
    let line = format!("{name}:AAAAAA==\r\n");
    let many: String = (0..=TRAILERS_MAX).map(|n| format!("x-{n}:\r\n")).collect();
    let long = format!("{name}:{}\r\n", "a".repeat(TRAILERS_LEN_MAX));
    let signature = format!("x-amz-trailer-signature:{}\r\n", "0".repeat(64));
    for (trailers, error) in [
        (String::new(), ChunkError::MissingTrailer),
        (line.repeat(2), ChunkError::DuplicateTrailer),
        (format!("{line}{}", line.to_uppercase()), ChunkError::DuplicateTrailer),
        (format!("{line}x-other:a\r\n"), ChunkError::UnexpectedTrailer),
        ("x-other:a\r\n".to_owned(), ChunkError::UnexpectedTrailer),
        (many, ChunkError::TooManyTrailers),
        (long, ChunkError::TrailersTooLong),
        (format!("{line}{signature}"), ChunkError::UnexpectedTrailer),
        (format!("{line}no colon\r\n"), ChunkError::MalformedTrailer),
        (format!("{line}:no name\r\n"), ChunkError::MalformedTrailer),
        (format!("{line}a b:c\r\n"), ChunkError::MalformedTrailer),
        (format!("{line} folded\r\n"), ChunkError::MalformedTrailer),
        (format!("{name}:a\0b\r\n"), ChunkError::MalformedTrailer),
        (format!("{name}:a\rb\r\n"), ChunkError::MalformedTrailer),
    ] {
        let wire = format!("4\r\ndata\r\n0\r\n{trailers}\r\n");
        let result = Upload::of(UNSIGNED, 4, &[name]).decode(wire.as_bytes());
        assert_eq!(result, Err(error), "{:?}", &trailers[..trailers.len().min(80)]);
    }

    let upload = Upload::of(Chunking::SignedWithTrailers, 4, &[name]);
    let wire = upload.encode(&[b"data"], &[(name, "AAAAAA==")]);
    let text = String::from_utf8(wire).unwrap();
    let at = text.find("x-amz-trailer-signature").unwrap();
    let own = &text[at..text.len() - 2];
    for (signature, error) in [
        ("", ChunkError::MissingTrailerSignature),
        (signature.as_str(), ChunkError::TrailerSignatureMismatch),
        (&signature.replace("0\r", "\r"), ChunkError::MalformedTrailer),
        (&signature.replace('0', "A"), ChunkError::MalformedTrailer),
        (&own.repeat(2), ChunkError::MalformedTrailer),
        (&format!("{own}x-other:a\r\n"), ChunkError::MalformedTrailer),
    ] {
        let wire = format!("{}{signature}\r\n", &text[..at]);
        assert_eq!(upload.decode(wire.as_bytes()), Err(error), "{signature}");
    }
    let value = text.replace("AAAAAA==", "AAAAAQ==");
    assert_eq!(upload.decode(value.as_bytes()), Err(ChunkError::TrailerSignatureMismatch));
}

#[test]
fn input_20_what_the_request_announces() {
    let long = "a".repeat(TRAILER_NAMES_LEN_MAX);
    let many = (0..=TRAILERS_MAX).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let (length, names) = ("x-amz-decoded-content-length", "x-amz-trailer");
    let malformed = ChunkError::MalformedDecodedLength;
    let malformed_names = ChunkError::MalformedTrailerNames;
    for (headers, error) in [
        (vec![], ChunkError::MissingDecodedLength),
        (vec![(length, "")], malformed),
        (vec![(length, "-1")], malformed),
        (vec![(length, "+1")], malformed),
        (vec![(length, "0x10")], malformed),
        (vec![(length, "1,1")], malformed),
        (vec![(length, "18446744073709551616")], malformed),
        (vec![(length, "99999999999999999999999")], malformed),
        (vec![(length, "1"), (length, "1")], malformed),
        (vec![(length, "1"), (names, "")], malformed_names),
        (vec![(length, "1"), (names, "a,")], malformed_names),
        (vec![(length, "1"), (names, "a b")], malformed_names),
        (vec![(length, "1"), (names, "a,A")], malformed_names),
        (vec![(length, "1"), (names, "a"), (names, "a")], malformed_names),
        (vec![(length, "1"), (names, &long)], malformed_names),
        (vec![(length, "1"), (names, &many)], malformed_names),
    ] {
        assert_eq!(announced(&headers).err(), Some(error), "{headers:?}");
    }
    for headers in [
        vec![(length, "18446744073709551615")],
        vec![(length, " 007 "), (names, " a , b"), (names, "c")],
        vec![(length, "1"), (names, &long[1..])],
    ] {
        assert_eq!(announced(&headers).err(), None, "{headers:?}");
    }
}

#[test]
fn input_20_trailers_that_no_signature_covers() {
    for (chunking, expected) in [
        (SIGNED, Err(ChunkError::TrailersNotAllowed)),
        (Chunking::SignedWithTrailers, Ok(())),
        (UNSIGNED, Ok(())),
    ] {
        let upload = Upload::of(chunking, 4, &["x-amz-checksum-crc32"]);
        assert_eq!(upload.decoder().map(|_| ()), expected, "{chunking:?}");
    }
    // Nor do they come unannounced.
    let upload = Upload::of(SIGNED, 4, &[]);
    let mut wire = upload.encode(&[b"data"], &[]);
    assert!(upload.decode(&wire).is_ok());
    wire.truncate(wire.len() - 2);
    wire.extend(b"x-amz-checksum-crc32:AAAAAA==\r\n\r\n");
    assert_eq!(upload.decode(&wire), Err(ChunkError::UnexpectedTrailer));
}

fn announced(headers: &[(&str, &str)]) -> Result<(), ChunkError> {
    let host = [("host", "bucket.s3.amazonaws.com")];
    let headers = host.iter().chain(headers).map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    let headers: Vec<_> = headers.collect();
    Upload::new(Signer::PUBLISHED, UNSIGNED, "/key", &headers).decoder().map(|_| ())
}

fn decode(chunking: Chunking, decoded_len: usize, wire: &[u8]) -> Result<(), ChunkError> {
    Upload::of(chunking, decoded_len, &[]).decode(wire).map(|_| ())
}
