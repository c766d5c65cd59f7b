//! The uploads of `testdata/sigv4/uploads/captured.toml`, taken apart by the decoder, and what it
//! refuses of them once one thing is changed.

use std::fmt::Debug;

use serde::Deserialize;
use sigv4::chunks::{ChunkDecoder, ChunkError, Coverage};
use sigv4::{Body, Evidence, PresentedSignature, Request, Timestamp, VerifyRules, VerifyingKey};

use super::{Context, File, read};
use crate::upload::decode_in_pieces;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Captured {
    pub(super) name: String,
    #[serde(rename = "rule")]
    _rule: String,
    #[serde(rename = "client")]
    _client: String,
    #[serde(rename = "algorithm")]
    _algorithm: String,
    #[serde(rename = "asked")]
    _asked: Option<String>,
    data_len: usize,
    /// What covers the body, as `Debug` writes it.
    coverage: String,
    /// Why it is refused as it stands.
    error: Option<String>,
    #[serde(rename = "source")]
    _source: String,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) before: String,
    pub(super) after: String,
}

impl Captured {
    pub(super) fn all() -> (Context, Vec<Self>) {
        let file: File<Self> = read("captured.toml");
        assert!(file.case.len() >= 13);
        (file.context.unwrap(), file.case)
    }

    /// Those that are sound.
    pub(super) fn accepted() -> (Context, Vec<Self>) {
        let (context, mut cases) = Self::all();
        cases.retain(|case| case.error.is_none());
        (context, cases)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let found = |(other, _): &&(String, String)| other.eq_ignore_ascii_case(name);
        &self.headers.iter().find(found).unwrap().1
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::parse(self.header("x-amz-date").as_bytes()).unwrap()
    }

    pub(super) fn data(&self) -> Vec<u8> {
        (0..self.data_len).map(|n| u8::try_from(n % 251).unwrap()).collect()
    }

    pub(super) fn wire(&self) -> Vec<u8> {
        [self.before.as_bytes(), &self.data(), self.after.as_bytes()].concat()
    }

    fn decoder(&self, context: &Context) -> ChunkDecoder {
        let request = Request::new(&self.method, &self.target, self.headers.as_slice());
        let rules = VerifyRules::s3(&context.region);
        let presented = PresentedSignature::parse(&request).unwrap();
        let scope = presented.scope(&rules).unwrap();
        let credential = presented.credential(&rules).unwrap();
        assert_eq!(credential.access_key_id.to_string(), context.access_key_id);
        let key = VerifyingKey::derive(&context.secret_access_key, &scope).unwrap();
        let now = self.now();
        let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        verified.chunk_decoder(&request, &key).unwrap()
    }

    fn decode(&self, context: &Context, wire: &[u8]) -> Result<Vec<u8>, ChunkError> {
        decode_in_pieces(self.decoder(context), wire.chunks(4_096)).map(|(data, _)| data)
    }
}

/// What becomes of an upload on its way.
pub(super) struct Change {
    pub(super) name: &'static str,
    pub(super) wire: Vec<u8>,
    /// Why it is refused, as `Debug` begins; nothing if no checksum is checked and nothing
    /// else finds it.
    pub(super) error: Option<&'static str>,
    /// What S3 answers.
    #[cfg_attr(not(feature = "http-body"), expect(dead_code, reason = "bodies have answers"))]
    pub(super) code: &'static str,
}

pub(super) fn changes(case: &Captured) -> Vec<Change> {
    let (before, data, after) = (case.before.as_str(), case.data(), case.after.as_str());
    let with = |before: &str, data: &[u8], after: &str| {
        [before.as_bytes(), data, after.as_bytes()].concat()
    };
    let head = |before: &str| with(before, &data, after);
    let tail = |after: &str| with(before, &data, after);
    let mut flipped = data.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let (name, value) = after.split_at(after.find(':').unwrap() + 1);
    let digit = if value.starts_with('A') { "B" } else { "A" };
    let changed = format!("{name}{digit}{}", &value[1..]);
    let renamed = after.replace("x-amz-checksum-", "x-amz-checksum-x");
    // What only a checksum finds.
    let change = |name, wire, error, code| Change { name, wire, error: Some(error), code };
    let mut changes = vec![
        change("a bit of data", with(before, &flipped, after), "ChecksumMismatch", "BadDigest"),
        change("another checksum", tail(&changed), "ChecksumMismatch", "BadDigest"),
        change(
            "a shorter checksum",
            tail(&format!("{name}{}", &value[1..])),
            "MalformedChecksum",
            "InvalidRequest",
        ),
    ];
    if !case.coverage.contains("(Checked(") {
        changes.iter_mut().for_each(|change| change.error = None);
    }
    let trailers = "MalformedTrailerError";
    changes.extend([
        change("another name", tail(&renamed), "UnexpectedTrailer", trailers),
        change("no checksum", tail("\r\n0\r\n\r\n"), "MissingTrailer", trailers),
        change(
            "a smaller size",
            head(&before.replace('8', "7")),
            "MissingChunkEnd",
            "InvalidRequest",
        ),
        change(
            "a larger size",
            head(&before.replace('8', "9")),
            "DecodedLengthExceeded",
            "IncompleteBody",
        ),
        change(
            "a zero before the size",
            head(&format!("0{before}")),
            "MalformedChunkHeader",
            "InvalidRequest",
        ),
        change("no end", tail(&after[..after.len() - 2]), "EndMissing", "IncompleteBody"),
    ]);
    changes
}

/// Whether an error begins so.
pub(super) fn is(error: &impl Debug, expected: &str) -> bool {
    format!("{error:?}").starts_with(expected)
}

#[test]
fn what_clients_send_is_decoded() {
    let (context, cases) = Captured::all();
    for case in &cases {
        let coverage: Coverage = case.decoder(&context).coverage();
        assert_eq!(format!("{coverage:?}"), case.coverage, "{}", case.name);
        match (case.decode(&context, &case.wire()), &case.error) {
            (Ok(data), None) => assert!(data == case.data(), "{}", case.name),
            (Err(error), Some(expected)) => assert!(is(&error, expected), "{}", case.name),
            (result, _) => panic!("{}: {result:?}", case.name),
        }
    }
}

#[test]
fn what_was_changed_is_refused() {
    let (context, cases) = Captured::accepted();
    for case in &cases {
        for change in changes(case) {
            let name = change.name;
            match (case.decode(&context, &change.wire), change.error) {
                (Ok(_), None) => assert!(case.decoder(&context).coverage().is_unchecked()),
                (Err(found), Some(expected)) => {
                    assert!(is(&found, expected), "{} with {name}: {found:?}", case.name);
                    #[cfg(feature = "http-body")]
                    assert_eq!(
                        sigv4::body::VerifiedBodyError::<()>::Chunk(found).code(),
                        change.code
                    );
                }
                (result, _) => panic!("{} with {name}: {result:?}", case.name),
            }
        }
    }
}
