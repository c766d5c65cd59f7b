//! Whatever else is in a batch, each request of it comes out as it does alone,
//! with feature `simd` and without it.

use proptest::collection::vec;
use proptest::prelude::*;
use sigv4::{
    Credentials, Expires, FoldedLines, Payload, PresignJob, PresignedRequest, Request,
    RequestError, SignError, SignJob, SignedRequest, SigningInstant, SigningKey, SigningRules,
    Timestamp,
};

use crate::{reference, requests, signer};

proptest! {
    #[test]
    fn a_batch_makes_what_each_request_makes_alone(
        settings in requests::well_formed(),
        messages in vec((message(), 0..1_500_usize), 0..24),
    ) {
        let checked = signer::with_instant(&settings, |instant| {
            let messages: Vec<_> = messages
                .iter()
                .map(|(input, out_len)| Message {
                    request: Request::new(&input.method, &input.target, input.headers.as_slice()),
                    payload: signer::payload(input),
                    expires: input.expires.and_then(|seconds| Expires::from_seconds(seconds).ok()),
                    out_len: *out_len,
                })
                .collect();
            check(instant, &signer::rules(&settings, FoldedLines::Refuse), &messages);
        });
        prop_assert_eq!(checked, Ok(()));
    }
}

/// Mostly requests that can be signed.
fn message() -> impl Strategy<Value = reference::Input> {
    prop_oneof![3 => requests::well_formed(), 1 => requests::anything()]
}

#[test]
fn messages_may_be_longer_than_what_waits_for_the_others() {
    let text = "x".repeat(5_000);
    let headers: Vec<_> = (0..50)
        .map(|n| [("Host", "example.com"), ("X-Long", &text[..n * 61]), ("X-Amz-Meta", &text[..n])])
        .collect();
    let messages = headers.iter().enumerate().map(|(n, headers)| Message {
        request: Request::new("PUT", "/a/b", headers.as_slice()),
        payload: Payload::Bytes(&text.as_bytes()[..n * 97]),
        expires: None,
        out_len: 1_000,
    });
    let messages: Vec<_> = messages.collect();
    with_instant(|instant| {
        for rules in [SigningRules::STANDARD, SigningRules::S3] {
            check(instant, &rules, &messages);
        }
    });
}

#[test]
fn batches_may_have_any_number_of_jobs() {
    let headers = [("Host", "example.com")];
    let message = Message {
        request: Request::new("GET", "/", headers.as_slice()),
        payload: Payload::EMPTY,
        expires: Some(Expires::MAX),
        out_len: 500,
    };
    with_instant(|instant| {
        for count in [0, 1, 2, 3, 9, 10, 15, 16, 17, 31, 32, 33, 100] {
            check(instant, &SigningRules::STANDARD, &vec![message; count]);
        }
    });
}

#[test]
fn a_job_that_fails_leaves_the_others_alone() {
    let (host, none) = ([("Host", "example.com")], []);
    let good = Request::new("GET", "/", host.as_slice());
    let lost = Request::new("GET", "/", none.as_slice());
    let spoilt = Request::new("GET", "/?a=%", host.as_slice());
    with_instant(|instant| {
        let rules = &SigningRules::STANDARD;
        let mut outs = vec![[0; 500]; 40];
        let mut expected = [0; 500];
        let expected = instant.presign(&good, Payload::EMPTY, None, rules, &mut expected);
        let expected = expected.map(|presigned| presigned.target());
        let jobs = outs.iter_mut().enumerate().map(|(n, out)| PresignJob {
            request: [lost, good, good, spoilt, good][n % 5],
            payload: Payload::EMPTY,
            expires: None,
            out: if n % 5 == 2 { &mut out[..100] } else { out },
        });
        let mut made = Vec::new();
        instant.presign_batch(jobs, rules, |presigned| made.push(presigned));
        assert_eq!(made.len(), 40);
        for (n, made) in made.into_iter().enumerate() {
            match (n % 5, made) {
                (0, Err(error)) => assert_eq!(error, RequestError::MissingHost.into()),
                (2, Err(SignError::BufferTooSmall { available: 100, .. })) => {}
                (3, Err(error)) => {
                    assert_eq!(error, RequestError::MalformedEscape { position: 4 }.into());
                }
                (1 | 4, Ok(made)) => assert_eq!(Ok(made.target()), expected),
                (_, made) => panic!("job {n}: {made:?}"),
            }
        }
    });
}

#[test]
fn jobs_show_neither_target_nor_output() {
    let (mut out, headers) = (*b"output", [("Host", "header")]);
    let request = Request::new("GET", "/target", headers.as_slice());
    let payload = Payload::Bytes(b"body");
    let mut shown = format!("{:?}", PresignJob { request, payload, expires: None, out: &mut out });
    shown += &format!("{:?}", SignJob { request, payload, out: &mut out });
    for hidden in ["target", "header", "98, 111, 100", "111, 117, 116"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

struct Message<'a, H: ?Sized> {
    request: Request<'a, H>,
    payload: Payload<'a>,
    expires: Option<Expires>,
    out_len: usize,
}

impl<H: ?Sized> Clone for Message<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: ?Sized> Copy for Message<'_, H> {}

/// Signs and presigns messages, together and one by one.
#[track_caller]
fn check<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    instant: &SigningInstant<'_>,
    rules: &SigningRules<'_>,
    messages: &[Message<'_, [(N, V)]>],
) {
    // Not zero, so that it shows what was written.
    let buffers =
        || -> Vec<_> { messages.iter().map(|message| vec![7; message.out_len]).collect() };

    let (mut alone, mut together) = (buffers(), buffers());
    let expected = messages
        .iter()
        .zip(&mut alone)
        .map(|(message, out)| signed(instant.sign(&message.request, message.payload, rules, out)));
    let expected: Vec<_> = expected.collect();
    let jobs = messages.iter().zip(&mut together).map(|(message, out)| {
        let Message { request, payload, .. } = *message;
        SignJob { request, payload, out }
    });
    let mut made = Vec::new();
    instant.sign_batch(jobs, rules, |result| made.push(signed(result)));
    assert_eq!((made, together), (expected, alone));

    let (mut alone, mut together) = (buffers(), buffers());
    let expected = messages.iter().zip(&mut alone).map(|(message, out)| {
        let Message { request, payload, expires, .. } = message;
        presigned(instant.presign(request, *payload, *expires, rules, out))
    });
    let expected: Vec<_> = expected.collect();
    let jobs = messages.iter().zip(&mut together).map(|(message, out)| {
        let Message { request, payload, expires, .. } = *message;
        PresignJob { request, payload, expires, out }
    });
    let mut made = Vec::new();
    instant.presign_batch(jobs, rules, |result| made.push(presigned(result)));
    assert_eq!((made, together), (expected, alone));
}

type Signed = Result<(Vec<(String, String)>, String), SignError>;

fn signed(result: Result<SignedRequest<'_>, SignError>) -> Signed {
    let signed = result?;
    let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok((headers.collect(), signed.signature().to_string()))
}

fn presigned(
    result: Result<PresignedRequest<'_>, SignError>,
) -> Result<(Vec<u8>, String), SignError> {
    let presigned = result?;
    Ok((presigned.target().to_vec(), presigned.signature().to_string()))
}

fn with_instant(test: impl FnOnce(&SigningInstant<'_>)) {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let now = Timestamp::from_unix_seconds(1_440_938_160).expect("a valid time");
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "service");
    test(&key.expect("a valid key").at(now).expect("its day"));
}
