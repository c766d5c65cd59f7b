//! The crate of this workspace, in each of its ways.

use std::borrow::Borrow;
use std::hint::black_box;

use sigv4::{HttpRequest, Request, Signature, SigningInstant, SigningKey, SigningRules, Timestamp};

use crate::contestant::{Contestant, Cost, Role};
use crate::floor::Floor;
use crate::sent::{Agreement, Sent};
use crate::workload::{self, Form, REGION, UNIX_SECONDS, Workload};

/// Bytes that signing makes for any workload, but for what grows with the
/// request's own target and header names.
const ADDED_LEN_MAX: usize = 2_048;

/// All ways of signing one workload.
pub(super) fn ways<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let reused = instant_reused(workload, instant.clone());
    let bytes = reused.bytes;
    let mut ways = vec![reused];
    ways.extend(uncommon_names(workload, instant.clone()));
    if workload.form == Form::Header {
        ways.push(prepared(workload, instant.clone(), bytes));
    }
    ways.push(instant_anew(workload, key, bytes));
    ways.push(key_anew(workload, bytes));
    ways.push(through_http(workload, instant));
    ways
}

/// With everything kept that can be.
#[must_use]
pub fn instant_reused<'w>(workload: &'w Workload, instant: SigningInstant<'w>) -> Contestant<'w> {
    reused("sigv4, instant reused", workload, instant)
}

/// The instant reused on header names that no table of common ones holds, in as many
/// blocks; nothing for a request whose only header is `host`.
fn uncommon_names<'w>(workload: &Workload, instant: SigningInstant<'w>) -> Option<Contestant<'w>> {
    let renamed = workload.with_uncommon_names()?;
    assert_eq!(Floor::new(&renamed, &instant).blocks(), workload.blocks);
    Some(reused("sigv4, instant reused, uncommon header names", renamed, instant))
}

/// With everything kept that can be, under a name of its own.
pub(super) fn reused<'w>(
    name: &'static str,
    workload: impl Borrow<Workload> + 'w,
    instant: SigningInstant<'w>,
) -> Contestant<'w> {
    let sent = sent(workload.borrow(), &instant);
    sent.check(name, workload.borrow(), Agreement::SameSignature);
    let bytes = sent.bytes(workload.borrow());
    let mut buffer = buffer(workload.borrow());
    Contestant::new(name, Role::Values, bytes, move || {
        sign(workload.borrow(), black_box(&instant), &mut buffer)
    })
}

/// With all but the payload signed beforehand.
fn prepared<'w>(
    workload: &'w Workload,
    instant: SigningInstant<'w>,
    bytes: usize,
) -> Contestant<'w> {
    let rules = workload.rules();
    let mut buffer = buffer(workload);
    let mut run = move |runs| {
        let request = workload.request();
        let mut prepared = instant.prepare(&request, &rules, &mut buffer).expect("valid");
        assert_eq!(*prepared.sign(workload.payload()).signature(), signature(workload, &instant));
        Cost::of_runs(runs, || *prepared.sign(black_box(workload.payload())).signature())
    };
    run(1);
    Contestant::on_stretch("sigv4, prepared", Role::Values, bytes, run)
}

/// From the seconds that a clock gives, each one second later than the last.
fn instant_anew<'w>(
    workload: &'w Workload,
    key: &'w SigningKey<'w>,
    bytes: usize,
) -> Contestant<'w> {
    let mut buffer = buffer(workload);
    let mut seconds = (UNIX_SECONDS..UNIX_SECONDS + 3_600).cycle();
    Contestant::new("sigv4, new instant", Role::Values, bytes, move || {
        let second = seconds.next().unwrap_or(UNIX_SECONDS);
        let timestamp = Timestamp::from_unix_seconds(second).expect("a four-digit year");
        let instant = key.at(timestamp).expect("the key's day");
        sign(workload, &instant, &mut buffer)
    })
}

/// For those who keep nothing at all.
fn key_anew(workload: &Workload, bytes: usize) -> Contestant<'_> {
    let mut buffer = buffer(workload);
    let timestamp = workload::timestamp();
    Contestant::new("sigv4, key derived anew", Role::Values, bytes, move || {
        let credentials = workload.credentials();
        let timestamp = black_box(timestamp);
        let key = SigningKey::derive(&credentials, timestamp.date(), REGION, workload.service)
            .expect("valid credentials");
        let instant = key.at(timestamp).expect("the key's day");
        sign(workload, &instant, &mut buffer)
    })
}

fn through_http<'w>(workload: &'w Workload, instant: SigningInstant<'w>) -> Contestant<'w> {
    let rules = workload.rules();
    let unsigned = workload.http_request();
    let mut signed = unsigned.clone();
    sign_http(workload, &instant, &rules, &mut signed);
    let sent = Sent::http(workload, signed.uri(), signed.headers());
    sent.check("sigv4 through http::Request", workload, Agreement::SameSignature);
    let bytes = sent.bytes(workload);
    Contestant::on_input(
        "sigv4, http::Request",
        Role::Applied,
        bytes,
        move || unsigned.clone(),
        move |request| sign_http(workload, black_box(&instant), &rules, request),
    )
}

/// One signing, its output complete in `buffer`.
pub(super) fn sign(
    workload: &Workload,
    instant: &SigningInstant<'_>,
    buffer: &mut [u8],
) -> Signature {
    let request: Request<'_, [(String, String)]> = black_box(workload.request());
    let (payload, rules) = (workload.payload(), workload.rules());
    let signature = match workload.form {
        Form::Header => {
            instant.sign(&request, payload, &rules, buffer).map(|signed| *signed.signature())
        }
        Form::Query => instant
            .presign(&request, payload, Some(workload::expires()), &rules, buffer)
            .map(|presigned| *presigned.signature()),
    };
    black_box(buffer);
    signature.expect("the workload can be signed")
}

/// Room for all that signing makes.
fn buffer(workload: &Workload) -> Vec<u8> {
    let names: usize = workload.headers.iter().map(|(name, _)| name.len() + 1).sum();
    vec![0; workload.target.len() + names + ADDED_LEN_MAX]
}

fn sign_http(
    workload: &Workload,
    instant: &SigningInstant<'_>,
    rules: &SigningRules<'_>,
    request: &mut impl HttpRequest,
) {
    match workload.form {
        Form::Header => instant.sign_http(request, workload.payload(), rules).map(drop),
        Form::Query => {
            let expires = Some(workload::expires());
            instant.presign_http(request, workload.payload(), expires, rules)
        }
    }
    .expect("the workload can be signed");
}

/// The signature of a workload.
#[must_use]
pub fn signature(workload: &Workload, instant: &SigningInstant<'_>) -> Signature {
    sign(workload, instant, &mut buffer(workload))
}

/// The workload, signed.
pub(super) fn sent(workload: &Workload, instant: &SigningInstant<'_>) -> Sent {
    let mut buffer = buffer(workload);
    let (request, payload, rules) = (workload.request(), workload.payload(), workload.rules());
    match workload.form {
        Form::Header => {
            let signed = instant.sign(&request, payload, &rules, &mut buffer).expect("valid");
            Sent::with_headers(workload, signed.headers())
        }
        Form::Query => {
            let expires = Some(workload::expires());
            let presigned =
                instant.presign(&request, payload, expires, &rules, &mut buffer).expect("valid");
            Sent::presigned(workload, presigned.to_str().expect("a text"))
        }
    }
}
