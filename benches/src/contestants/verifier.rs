//! The verifier of `sigv4`, on what its signer made.

use std::borrow::Borrow;
use std::hint::black_box;

use sigv4::{
    Body, Evidence, HttpView, PresentedSignature, Request, SigningInstant, SigningKey, Verified,
    VerifyError, VerifyRules, VerifyingKey,
};

use crate::contestant::{Contestant, Role};
use crate::contestants::{self, sigv4 as signer};
use crate::floor::Floor;
use crate::sent::Sent;
use crate::workload::{self, SECRET_ACCESS_KEY, Workload};

/// The floor, and the ways of verifying one workload.
#[must_use]
pub fn ways<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let sent = signer::sent(workload, &instant);
    let mut ways = vec![
        contestants::floor(workload, key),
        in_verifying_order(workload, &instant),
        parse(workload, sent.clone()),
        refused(workload, sent.clone(), workload.verifying_key(key.scope())),
        signed_headers(workload, sent.clone()),
        key_known("verify, key known", workload, key),
    ];
    ways.extend(
        workload
            .with_uncommon_names()
            .map(|renamed| key_known("verify, key known, uncommon header names", renamed, key)),
    );
    ways.push(key_anew(workload, sent.clone()));
    ways.push(through_http(workload, &sent, workload.verifying_key(key.scope())));
    ways
}

/// The compressions of one verification, each waiting for those it depends on.
fn in_verifying_order<'w>(workload: &Workload, instant: &SigningInstant<'_>) -> Contestant<'w> {
    let in_order = Floor::new(workload, instant).in_verifying_order();
    Contestant::new("compressions in order", Role::Floor, 0, move || black_box(&in_order)())
}

/// Phase one alone: what was presented.
fn parse(workload: &Workload, sent: Sent) -> Contestant<'_> {
    Contestant::new("parse alone", Role::Values, 0, move || {
        let headers = sent.headers.as_slice();
        let request = black_box(Request::new(&workload.method, &sent.target, headers));
        PresentedSignature::parse(&request).expect("a signature").form()
    })
}

/// Phase one, and of phase two everything before the signature: the token, which
/// is the last thing that is looked at before it, is not the one on file.
fn refused(workload: &Workload, sent: Sent, key: VerifyingKey) -> Contestant<'_> {
    let rules = workload.verify_rules();
    let mut token = workload.session_token.clone();
    token.pop();
    token.push('?');
    Contestant::new("refused for its token", Role::Values, 0, move || {
        let headers = sent.headers.as_slice();
        let request = black_box(Request::new(&workload.method, &sent.target, headers));
        let presented = PresentedSignature::parse(&request).expect("a signature");
        let evidence = Evidence { session_token: Some(&token), ..evidence(workload, &key) };
        let refusal = presented.verify(&request, &evidence, &rules).expect_err("another token");
        assert!(matches!(
            refusal,
            VerifyError::SessionTokenMismatch | VerifyError::MissingSessionToken
        ));
        refusal
    })
}

/// Phase one, and all headers held against the list of those that are signed.
fn signed_headers(workload: &Workload, sent: Sent) -> Contestant<'_> {
    let rules = workload.verify_rules();
    Contestant::new("parse and signed headers", Role::Values, 0, move || {
        let headers = sent.headers.as_slice();
        let request = black_box(Request::new(&workload.method, &sent.target, headers));
        let presented = PresentedSignature::parse(&request).expect("a signature");
        presented.check_signed_headers(&request, &rules).expect("signed right")
    })
}

/// Both phases, with a key that the server kept.
pub(super) fn key_known<'w>(
    name: &'static str,
    workload: impl Borrow<Workload> + 'w,
    key: &SigningKey<'_>,
) -> Contestant<'w> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let sent = signer::sent(workload.borrow(), &instant);
    let key = workload.borrow().verifying_key(key.scope());
    let rules = workload.borrow().verify_rules();
    Contestant::new(name, Role::Values, 0, move || {
        let workload = workload.borrow();
        let headers = sent.headers.as_slice();
        let request = black_box(Request::new(&workload.method, &sent.target, headers));
        verify(workload, &request, black_box(&key), &rules)
    })
}

/// Both phases, with the secret alone, as a server that keeps no keys has it.
fn key_anew(workload: &Workload, sent: Sent) -> Contestant<'_> {
    let rules = workload.verify_rules();
    Contestant::new("verify, key derived anew", Role::Values, 0, move || {
        let headers = sent.headers.as_slice();
        let request = black_box(Request::new(&workload.method, &sent.target, headers));
        let presented = PresentedSignature::parse(&request).expect("a signature");
        let scope = presented.scope(&rules).expect("a complete scope");
        let key = VerifyingKey::derive(black_box(SECRET_ACCESS_KEY), &scope).expect("valid");
        presented.verify(&request, &evidence(workload, &key), &rules).expect("signed right")
    })
}

/// Both phases, on a request of the `http` crate.
fn through_http<'w>(workload: &'w Workload, sent: &Sent, key: VerifyingKey) -> Contestant<'w> {
    let rules = workload.verify_rules();
    let mut request =
        http::Request::builder().method(workload.method.as_str()).uri(sent.target.as_str());
    for (name, value) in &sent.headers {
        request = request.header(name, value);
    }
    let request = request.body(()).expect("a valid request");
    Contestant::new("verify, http::Request", Role::Applied, 0, move || {
        let view = HttpView::new(black_box(&request));
        verify(workload, &view.request(), black_box(&key), &rules)
    })
}

fn verify<H: sigv4::Headers + ?Sized>(
    workload: &Workload,
    request: &Request<'_, H>,
    key: &VerifyingKey,
    rules: &VerifyRules<'_>,
) -> Verified {
    let presented = PresentedSignature::parse(request).expect("a signature");
    presented.verify(request, &evidence(workload, key), rules).expect("signed right")
}

fn evidence<'a>(workload: &'a Workload, key: &'a VerifyingKey) -> Evidence<'a> {
    Evidence {
        key,
        session_token: workload.session_token(),
        body: Body::Bytes(&workload.body),
        now: workload::timestamp(),
    }
}
