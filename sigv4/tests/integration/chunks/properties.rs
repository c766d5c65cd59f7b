//! Properties of random bodies.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sigv4::Signature;
use sigv4::chunks::Chunking;

use crate::upload::{Content, Upload, decode_in_pieces};

const CHUNKINGS: [Chunking; 3] =
    [Chunking::Signed, Chunking::SignedWithTrailers, Chunking::UnsignedWithTrailers];

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself_however_it_is_cut(
        body in bodies(),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let wire = body.wire();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
        cuts.extend([0, wire.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| &wire[cut[0]..cut[1]]);
        let decoded = decode_in_pieces(body.upload().decoder().unwrap(), pieces);
        prop_assert_eq!(decoded, Ok(body.content()));
    }

    #[test]
    fn the_length_is_known_beforehand(
        chunking in select(&CHUNKINGS),
        len in 0..2_000_usize,
        chunk_len in 1..600_usize,
        value in "[a-z]{0,20}",
    ) {
        let trailers = [("x-amz-meta-a", value.as_str())];
        let trailers = if chunking.has_trailers() { trailers.as_slice() } else { &[] };
        let names: Vec<_> = trailers.iter().map(|(name, _)| *name).collect();
        let lengths: Vec<_> = trailers.iter().map(|(name, value)| (*name, value.len())).collect();
        let data = vec![7; len];
        let chunks: Vec<_> = data.chunks(chunk_len).collect();
        let wire = Upload::of(chunking, len, &names).encode(&chunks, trailers);
        let [len, chunk_len] = [len, chunk_len].map(|len| u64::try_from(len).unwrap());
        prop_assert_eq!(
            chunking.encoded_len::<Signature>(len, chunk_len, &lengths),
            Some(u64::try_from(wire.len()).unwrap())
        );
    }

    #[test]
    fn no_flipped_bit_of_a_signed_body_changes_what_it_says(
        body in bodies_of(Chunking::SignedWithTrailers),
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        check_flipped(&body, at, bit)?;
    }

    #[test]
    fn no_flipped_bit_of_signed_chunks_is_accepted_but_the_case_of_a_length(
        body in bodies_of(Chunking::Signed),
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let is_case_of_a_length = bit == 5 && body.lengths().contains(&at.index(body.wire().len()));
        let expected = if is_case_of_a_length { Ok(body.content()) } else { Err(()) };
        prop_assert_eq!(flipped(&body, at, bit).map_err(|_| ()), expected);
    }

    #[test]
    fn no_part_of_a_body_is_a_body(body in bodies(), at in any::<Index>()) {
        let wire = body.wire();
        let part = &wire[..at.index(wire.len())];
        prop_assert!(body.upload().decode(part).is_err());
        let longer = [wire.as_slice(), &wire[..1]].concat();
        prop_assert!(body.upload().decode(&longer).is_err());
    }

    #[test]
    fn what_was_shown_before_an_error_is_signed(
        body in bodies_of(Chunking::Signed),
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let mut wire = body.wire();
        *at.get_mut(&mut wire) ^= 1 << bit;
        let (mut decoder, mut rest, mut shown) =
            (body.upload().decoder().unwrap(), wire.as_slice(), Vec::new());
        while let Ok(decoded) = decoder.decode(rest) {
            rest = &rest[decoded.consumed..];
            match decoded.event {
                sigv4::chunks::ChunkEvent::Data(data) => shown.extend_from_slice(data),
                sigv4::chunks::ChunkEvent::Incomplete { .. } => break,
                sigv4::chunks::ChunkEvent::End(_) => {}
            }
        }
        let content = body.chunks.concat();
        prop_assert!(content.starts_with(&shown));
    }

    #[test]
    fn no_input_panics(
        chunking in select(&CHUNKINGS),
        len in 0..40_usize,
        input in "([0-9a-f]{1,17}(;chunk-signature=[0-9a-f]{0,65})?\r?\n|[a-z]{0,9}:[ -~]{0,9}|\r\n|\n|[ -~]{0,9}){0,8}",
    ) {
        let refused = Upload::of(chunking, len, &["a"]).decode(input.as_bytes());
        prop_assert!(refused.is_err() || chunking == Chunking::UnsignedWithTrailers);
    }
}

#[test]
fn no_flipped_bit_of_a_short_body_is_accepted_wherever_it_is() {
    let body = Body {
        chunking: Chunking::SignedWithTrailers,
        chunks: vec![b"first chunk".to_vec(), b"2".to_vec()],
        trailers: vec![("x-amz-checksum-crc32".to_owned(), "AAAAAA==".to_owned())],
    };
    let wire = body.wire();
    for at in 0..wire.len() {
        for bit in 0..8 {
            let mut wire = wire.clone();
            wire[at] ^= 1 << bit;
            if let Ok(content) = body.upload().decode(&wire) {
                // Another spelling of a length, of a trailer's name, or of the line end
                // that S3's documentation spells that way itself.
                assert_eq!(in_lower_case(content), in_lower_case(body.content()), "{at}, {bit}");
                let is_allowed = at > wire.len() - 130 || body.lengths().contains(&at);
                assert!(is_allowed, "only a length, and behind the last chunk: {at}, {bit}");
            }
        }
    }
}

/// A body, and how it goes in chunks.
#[derive(Clone, Debug)]
struct Body {
    chunking: Chunking,
    chunks: Vec<Vec<u8>>,
    trailers: Vec<(String, String)>,
}

impl Body {
    fn upload(&self) -> Upload<'static> {
        let names: Vec<_> = self.trailers.iter().map(|(name, _)| name.as_str()).collect();
        Upload::of(self.chunking, self.chunks.concat().len(), &names)
    }

    fn wire(&self) -> Vec<u8> {
        let chunks: Vec<_> = self.chunks.iter().map(Vec::as_slice).collect();
        let trailers: Vec<_> =
            self.trailers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.upload().encode(&chunks, &trailers)
    }

    /// Where the letters among the digits of the signed chunks' lengths are.
    fn lengths(&self) -> Vec<usize> {
        let mut at = 0;
        let letters = self.chunks.iter().flat_map(|data| {
            let digits = format!("{:x}", data.len());
            let begin = at;
            at += digits.len() + 17 + 64 + 2 + data.len() + 2;
            let digits: Vec<_> = digits.bytes().enumerate().collect();
            digits.into_iter().filter_map(move |(index, digit)| {
                digit.is_ascii_lowercase().then_some(begin + index)
            })
        });
        letters.collect()
    }

    fn content(&self) -> Content {
        let bytes = |text: &str| text.trim().as_bytes().to_vec();
        let trailers = self.trailers.iter().map(|(name, value)| (bytes(name), bytes(value)));
        (self.chunks.concat(), trailers.collect())
    }
}

fn bodies() -> impl Strategy<Value = Body> {
    select(&CHUNKINGS).prop_flat_map(bodies_of)
}

fn bodies_of(chunking: Chunking) -> impl Strategy<Value = Body> {
    let trailers_max = if chunking.has_trailers() { 3 } else { 0 };
    let trailers =
        proptest::collection::btree_map("[a-z][a-z-]{0,8}", "[ -~]{0,12}", 0..=trailers_max);
    let chunks = vec(vec(any::<u8>(), 1..200), 0..5);
    (chunks, trailers).prop_map(move |(chunks, trailers)| Body {
        chunking,
        chunks,
        trailers: trailers.into_iter().collect(),
    })
}

fn flipped(body: &Body, at: Index, bit: u8) -> Result<Content, sigv4::chunks::ChunkError> {
    let mut wire = body.wire();
    *at.get_mut(&mut wire) ^= 1 << bit;
    body.upload().decode(&wire)
}

/// Refused, or the same with a name in another case.
fn check_flipped(body: &Body, at: Index, bit: u8) -> Result<(), TestCaseError> {
    if let Ok(content) = flipped(body, at, bit) {
        prop_assert_eq!(in_lower_case(content), in_lower_case(body.content()));
    }
    Ok(())
}

/// Names in lower case, and values with one space for each run of them.
fn in_lower_case((data, trailers): Content) -> Content {
    let trailers = trailers.into_iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(&value);
        let words: Vec<_> = value.split_ascii_whitespace().collect();
        (name.to_ascii_lowercase(), words.join(" ").into_bytes())
    });
    (data, trailers.collect())
}
