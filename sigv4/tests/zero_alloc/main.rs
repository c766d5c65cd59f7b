//! No operation allocates, whether it succeeds or is refused: one test each.
//!
//! Run with `cargo test -p sigv4-signer --test zero_alloc`. What makes owned values is
//! counted in `front_door`: each call of a `Signer` allocates as many as it says. Other
//! adapters of feature `http` are not part of this.

#![allow(clippy::unwrap_used)] // Functions that serve the tests unwrap as well.

mod allocations;
mod cases;
#[cfg(feature = "signer")]
mod front_door;
#[cfg(feature = "sigv4a")]
mod multi_region;
mod post_policies;
#[cfg(feature = "signer")]
mod signer;
mod streams;
mod tokens;
mod verifying;

use std::fmt::Write as _;
use std::time::Duration;

use sigv4::{
    Credentials, Date, Expires, PATH_SEGMENTS_MAX, Payload, PresentedSignature, PresignJob,
    QUERY_PARAMETERS_MAX, SignJob, SigningInstant, SigningKey, Timestamp,
};

use cases::{
    BODY, CREDENTIALS, Case, EXPIRES, OUT_LEN, REGION, RULES, SERVICE, key, now, signing_cases,
    strict, token,
};

#[test]
fn the_counter_counts() {
    assert_eq!(allocations::count(|| ()).0, 0);
    let (allocations, mut grown) = allocations::count(|| Vec::<u8>::with_capacity(1));
    assert_eq!(allocations, 1);
    assert_eq!(allocations::count(|| grown.reserve(4096)).0, 1, "growing counts");
    assert_eq!(allocations::count(|| drop(grown)).0, 0, "freeing does not");
    assert_eq!(allocations::count(|| vec![0u8; 16]).0, 1, "zeroed memory counts");
    assert!(allocations::count(|| format!("{}", 1)).0 > 0);
    // Another thread's do not; starting it does.
    let other = std::thread::scope(|scope| {
        let thread = scope.spawn(|| allocations::count(|| Box::new(1)).0);
        allocations::count(|| thread.join().unwrap())
    });
    assert_eq!(other.1, 1);
}

#[test]
fn deriving_a_signing_key() {
    let date = now().date();
    let derive = |credentials: &Credentials<'_>, region: &str| {
        SigningKey::derive(credentials, date, region, SERVICE).is_ok()
    };
    assert!(without_allocation(|| derive(&CREDENTIALS, REGION)));
    let (secret, token) = ("s".repeat(1000), token());
    let long = Credentials::new("AKID", &secret).with_session_token(&token);
    assert!(without_allocation(|| derive(&long, REGION)));
    assert!(!without_allocation(|| derive(&Credentials::new("", "s"), REGION)));
    assert!(!without_allocation(|| derive(&CREDENTIALS, "a/b")));
}

#[test]
fn fixing_the_second() {
    let key = key(&CREDENTIALS);
    let tomorrow = Timestamp::from_unix_seconds(now().unix_seconds() + 86_400).unwrap();
    assert!(without_allocation(|| key.at(now())).is_ok());
    assert!(without_allocation(|| key.at(tomorrow)).is_err());
}

#[test]
fn signing() {
    for_each_case(|case, instant, out| {
        RULES.iter().all(|rules| {
            let made = instant.sign(&case.request(), Payload::Bytes(BODY), rules, out);
            made.is_ok_and(|made| made.headers().all(|(_, value)| !value.is_empty()))
        })
    });
}

#[test]
fn the_length_of_an_authorization() {
    for_each_case(|case, instant, _| {
        instant.authorization_len(&case.request(), Payload::EMPTY, &RULES[0]).is_ok()
    });
}

#[test]
fn preparing() {
    for_each_case(|case, instant, out| {
        RULES.iter().all(|rules| {
            let Ok(mut prepared) = instant.prepare(&case.request(), rules, out) else {
                return false;
            };
            [Payload::Bytes(BODY), Payload::UNSIGNED, Payload::EMPTY]
                .into_iter()
                .all(|payload| prepared.sign(payload).headers().all(|(_, value)| !value.is_empty()))
        })
    });
    for_each_case(|case, instant, _| instant.prepared_len(&case.request(), &RULES[1]).is_ok());
}

#[test]
fn presigning() {
    for_each_case(|case, instant, out| {
        RULES.iter().all(|rules| {
            let made = instant.presign(&case.request(), Payload::EMPTY, EXPIRES, rules, out);
            made.is_ok_and(|made| made.to_str().is_ok())
        })
    });
}

#[test]
fn batches() {
    for_each_case(|case, instant, out| {
        let (request, payload, rules) = (case.request(), Payload::Bytes(BODY), &RULES[0]);
        let jobs = rooms(out).map(|out| SignJob { request, payload, out });
        let mut made = 0;
        instant.sign_batch(jobs, rules, |signed| made += u32::from(signed.is_ok()));
        made > 0
    });
    for_each_case(|case, instant, out| {
        let (request, payload, rules) = (case.request(), Payload::EMPTY, &RULES[1]);
        let jobs = rooms(out);
        let jobs = jobs.map(|out| PresignJob { request, payload, expires: EXPIRES, out });
        let mut made = 0;
        instant.presign_batch(jobs, rules, |presigned| made += u32::from(presigned.is_ok()));
        made > 0
    });
}

/// Room for the output of any case, then some that is short for most.
fn rooms(out: &mut [u8]) -> impl Iterator<Item = &mut [u8]> {
    let (large, small) = out.split_at_mut(OUT_LEN / 2);
    std::iter::once(large).chain(small.chunks_mut(512))
}

#[test]
fn the_length_of_a_presigned_target() {
    for_each_case(|case, instant, _| {
        instant.presigned_len(&case.request(), Payload::EMPTY, EXPIRES, &RULES[0]).is_ok()
    });
}

#[test]
fn canonical_requests_and_strings_to_sign() {
    for_each_case(|case, instant, out| {
        let mut string = [0; 256];
        let made = instant.canonical_request(&case.request(), Payload::EMPTY, &RULES[0], out);
        made.is_ok_and(|made| instant.string_to_sign(made, &mut string).is_ok())
    });
    for_each_case(|case, instant, out| {
        let (payload, rules) = (Payload::EMPTY, &RULES[0]);
        instant.presigned_canonical_request(&case.request(), payload, EXPIRES, rules, out).is_ok()
    });
}

#[test]
fn refused_targets() {
    let (key, mut out) = (key(&CREDENTIALS), vec![0; OUT_LEN]);
    let (instant, payload, rules) = (key.at(now()).unwrap(), Payload::EMPTY, &RULES[0]);
    for case in [
        Case::with_parameters(QUERY_PARAMETERS_MAX + 1),
        Case::with_parameters(10_000),
        Case::few().targeting(&format!("{}/.", "/a".repeat(PATH_SEGMENTS_MAX + 1))),
        Case::few().targeting("/?a=%zz"),
        Case::few().targeting("/a#b"),
        Case::few().targeting("*"),
        Case::few().targeting("/?X-Amz-Signature=a"),
    ] {
        let request = case.request();
        let sign = without_allocation(|| instant.sign(&request, payload, rules, &mut out).err());
        assert!(sign.is_some(), "{}", case.target);
        let presign = without_allocation(|| {
            instant.presign(&request, payload, EXPIRES, rules, &mut out).err()
        });
        assert_eq!(sign, presign);
    }
}

#[test]
fn short_buffers() {
    let (key, case, mut out) = (key(&CREDENTIALS), Case::few(), [0; 64]);
    let instant = key.at(now()).unwrap();
    let request = case.request();
    let payload = Payload::EMPTY;
    assert!(without_allocation(|| instant.sign(&request, payload, &RULES[0], &mut out).is_err()));
    assert!(without_allocation(|| instant.prepare(&request, &RULES[0], &mut out).is_err()));
    assert!(without_allocation(|| {
        instant.presign(&request, payload, EXPIRES, &RULES[0], &mut out).is_err()
    }));
}

#[test]
fn times_and_expiries() {
    let at = |seconds| Timestamp::from_unix_seconds(seconds);
    assert!(without_allocation(|| at(0)).is_ok() && without_allocation(|| at(i64::MAX)).is_err());
    let parsers = [Timestamp::parse, Timestamp::parse_extended, Timestamp::parse_http_date];
    let texts: [&[u8]; 3] =
        [b"20150830T123600Z", b"2015-08-30T12:36:00Z", b"Sun, 30 Aug 2015 12:36:00 GMT"];
    for (parse, text) in parsers.into_iter().zip(texts) {
        assert_eq!(without_allocation(|| parse(text)), Ok(now()));
        assert!(without_allocation(|| parse(b"20150230T000000Z")).is_err());
    }
    assert!(without_allocation(|| Date::parse(b"20150830")).is_ok());
    assert!(without_allocation(|| Expires::from_seconds(900)).is_ok());
    assert!(without_allocation(|| Expires::try_from(Duration::MAX)).is_err());
    #[cfg(feature = "std")]
    {
        let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        assert_eq!(without_allocation(|| Timestamp::try_from(time)), Ok(now()));
    }
    #[cfg(feature = "time")]
    assert_eq!(
        without_allocation(|| Timestamp::try_from(time::OffsetDateTime::from(now()))),
        Ok(now())
    );
}

#[test]
fn writing_what_is_shown() {
    let signed = Case::few().signed();
    let (request, rules) = (signed.request(), strict());
    let presented = PresentedSignature::parse(&request).unwrap();
    let credential = presented.credential(&rules).unwrap();
    let error = presented.check_time(&rules, Timestamp::from_unix_seconds(0).unwrap()).unwrap_err();
    let key = key(&CREDENTIALS);
    let mut text = String::with_capacity(4096);
    without_allocation(|| {
        write!(text, "{presented:?} {credential:?} {} {key:?}", credential.access_key_id)?;
        write!(text, "{error} {error:?} {CREDENTIALS:?} {}", key.scope())
    })
    .unwrap();
    assert!(text.contains("AKIDEXAMPLE") && text.contains("too far after"), "{text}");
}

/// Runs `operation`, insists that it allocates nothing, and returns its result.
#[track_caller]
fn without_allocation<R>(operation: impl FnOnce() -> R) -> R {
    let (allocations, result) = allocations::count(operation);
    assert_eq!(allocations, 0);
    result
}

/// Runs an operation of the signer on every case, and insists that it allocates
/// nothing and succeeds exactly where it should.
#[track_caller]
fn for_each_case(operation: impl Fn(&Case, &SigningInstant<'_>, &mut [u8]) -> bool) {
    let mut out = vec![0; OUT_LEN];
    for case in signing_cases() {
        let credentials = CREDENTIALS.with_session_token(&case.token);
        let key = key(&credentials);
        let instant = key.at(now()).unwrap();
        let (allocations, succeeded) = allocations::count(|| operation(&case, &instant, &mut out));
        assert_eq!((allocations, succeeded), (0, case.is_accepted), "{}", case.name);
    }
}
