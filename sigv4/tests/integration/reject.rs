//! What must fail: the refusals of `testdata/sigv4`, each with its error.
//!
//! Refusals that take thousands of headers or a buffer that is one byte short
//! are made here.

use std::collections::BTreeSet;

use sigv4::{
    Credentials, Expires, HEADERS_MAX, PATH_SEGMENTS_MAX, Payload, QUERY_PARAMETERS_MAX, Request,
    RequestError, SignError, SigningKey, SigningRules, Timestamp, TimestampError,
};

use crate::cases::refusal;
use crate::signer;

#[test]
fn every_refusal_of_the_data_has_its_error() {
    let refusals = refusal::load_all();
    let names: BTreeSet<_> = refusals.iter().map(|refusal| &refusal.name).collect();
    assert_eq!(names.len(), refusals.len(), "a name occurs twice");
    assert!(refusals.len() >= 60, "only {} refusals were read", refusals.len());
    let mut wrong = Vec::new();
    for refusal in &refusals {
        let error = signer::sign(&refusal.input, refusal.lines).err();
        if error.as_ref() != Some(&refusal.error) {
            wrong.push((&refusal.name, &refusal.error, error));
        }
    }
    assert!(wrong.is_empty(), "name, expected, found: {wrong:#?}");
}

#[test]
fn the_limits_are_accepted_and_one_more_is_refused() {
    let headers = |count: usize| {
        let others = (1..count).map(|number| (format!("x-{number}"), "v".to_owned()));
        [("host".to_owned(), "h".to_owned())].into_iter().chain(others).collect::<Vec<_>>()
    };
    let query = |count: usize| {
        let pieces: Vec<_> = (0..count).map(|number| format!("p{number}=v")).collect();
        format!("/?{}", pieces.join("&"))
    };
    // A dot segment at the end, or there would be nothing to normalise.
    let path = |count: usize| format!("{}/.", "/a".repeat(count));
    let (few, root) = (headers(1), "/".to_owned());
    let at_limit = [
        (root.clone(), headers(HEADERS_MAX)),
        (query(QUERY_PARAMETERS_MAX), few.clone()),
        (path(PATH_SEGMENTS_MAX), few.clone()),
    ];
    for (target, headers) in at_limit {
        assert_eq!(refusal_of(&target, &headers), [None, None], "{} headers", headers.len());
    }
    let over = [
        (root.clone(), headers(HEADERS_MAX + 1), RequestError::TooManyHeaders),
        (root, headers(10_000), RequestError::TooManyHeaders),
        (query(QUERY_PARAMETERS_MAX + 1), few.clone(), RequestError::TooManyParameters),
        (query(10_000), few.clone(), RequestError::TooManyParameters),
        (path(PATH_SEGMENTS_MAX + 1), few, RequestError::TooManyPathSegments),
    ];
    for (target, headers, error) in over {
        assert_eq!(refusal_of(&target, &headers), [Some(error.into()); 2], "{error:?}");
    }
}

/// The refusals of a GET, signed in its headers and in its query.
fn refusal_of(target: &str, headers: &[(String, String)]) -> [Option<SignError>; 2] {
    let now = now();
    let key =
        SigningKey::derive(&CREDENTIALS, now.date(), "us-east-1", "service").expect("a valid key");
    let instant = key.at(now).expect("the day of the key");
    let request = Request::new("GET", target, headers);
    let (rules, mut out) = (SigningRules::STANDARD, vec![0; 1 << 16]);
    let signed = instant.sign(&request, Payload::EMPTY, &rules, &mut out).err();
    let presigned = instant.presign(&request, Payload::EMPTY, None, &rules, &mut out).err();
    [signed, presigned]
}

#[test]
fn a_short_buffer_is_told_what_is_needed_and_left_without_a_trace() {
    let now = now();
    let key = SigningKey::derive(&CREDENTIALS, now.date(), "us-east-1", "service").unwrap();
    let instant = key.at(now).unwrap();
    let headers = [("Host", "example.amazonaws.com"), ("X-Amz-Acl", "private")];
    let request = Request::new("GET", "/a?b=c", &headers);
    let (rules, expires) = (SigningRules::STANDARD, Some(Expires::MAX));

    let needed = instant.authorization_len(&request, Payload::EMPTY, &rules).unwrap();
    for available in [0, 1, needed - 65, needed - 64, needed - 1] {
        let mut out = vec![0xaa; available];
        let error = instant.sign(&request, Payload::EMPTY, &rules, &mut out).unwrap_err();
        assert_eq!(error, SignError::BufferTooSmall { needed, available });
        assert!(is_untouched_or_zeroed(&out), "{available}");
    }
    let mut out = vec![0xaa; needed];
    assert_eq!(
        instant.sign(&request, Payload::EMPTY, &rules, &mut out).unwrap().authorization().len(),
        needed
    );

    let needed = instant.presigned_len(&request, Payload::EMPTY, expires, &rules).unwrap();
    for available in [0, 1, needed - 65, needed - 64, needed - 1] {
        let mut out = vec![0xaa; available];
        let error =
            instant.presign(&request, Payload::EMPTY, expires, &rules, &mut out).unwrap_err();
        assert_eq!(error, SignError::BufferTooSmall { needed, available });
        assert!(is_untouched_or_zeroed(&out), "{available}");
    }
    let mut out = vec![0xaa; needed];
    let made = instant.presign(&request, Payload::EMPTY, expires, &rules, &mut out).unwrap();
    assert_eq!(made.target().len(), needed);
}

/// Whether a buffer of 0xaa holds nothing that was written: zeroes, then its
/// old bytes.
fn is_untouched_or_zeroed(buffer: &[u8]) -> bool {
    let zeroes = buffer.iter().take_while(|&&byte| byte == 0).count();
    buffer[zeroes..].iter().all(|&byte| byte == 0xaa)
}

#[test]
fn a_key_signs_in_its_own_day_alone() {
    let day = Timestamp::parse(b"20150830T000000Z").unwrap();
    let key = SigningKey::derive(&CREDENTIALS, day.date(), "us-east-1", "service").unwrap();
    for inside in ["20150830T000000Z", "20150830T235959Z"] {
        assert!(key.at(Timestamp::parse(inside.as_bytes()).unwrap()).is_ok());
    }
    for outside in ["20150829T235959Z", "20150831T000000Z", "20140830T120000Z"] {
        let timestamp = Timestamp::parse(outside.as_bytes()).unwrap();
        assert_eq!(
            key.at(timestamp).unwrap_err(),
            SignError::WrongDay { key: day.date(), timestamp }
        );
    }
}

#[test]
fn times_that_four_digits_cannot_name_are_refused() {
    for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
        assert_eq!(Timestamp::from_unix_seconds(seconds), Err(TimestampError::OutOfRange));
    }
    for (seconds, text) in [
        (-62_167_219_200, "00000101T000000Z"),
        (-1, "19691231T235959Z"),
        (253_402_300_799, "99991231T235959Z"),
    ] {
        assert_eq!(Timestamp::from_unix_seconds(seconds).unwrap().as_str(), text);
    }
}

const CREDENTIALS: Credentials<'static> = Credentials::new("AKIDEXAMPLE", "secret");

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").expect("a valid time")
}
