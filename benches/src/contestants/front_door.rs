//! The crate of this workspace as most applications use it: a `Signer` that owns its
//! credentials, and requests and URLs that go in unsigned and come out signed.

use std::hint::black_box;
use std::time::Duration;

use sigv4::{Bucket, OwnedCredentials, Payload, Signer};

use crate::contestant::{Contestant, Role};
use crate::sent::{Agreement, Sent};
use crate::workload::{self, BUCKET, EXPIRES_SECONDS, Form, OBJECT, REGION, Workload};

/// One name for whatever a signer does, be it to a request or to a URL.
const SIGNER: &str = "sigv4, Signer (front door)";
const SIGNER_AND_BUCKET: &str = "sigv4, Bucket (front door)";

/// What a signer does with one workload: it signs the request, or presigns the URL
/// as it stands and the one that a bucket makes of the object's key.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    match workload.form {
        Form::Header => vec![sign(workload)],
        Form::Query => vec![presign(workload), presign_object(workload)],
    }
}

/// The request is handed over and comes back, as its owner would do it.
fn sign(workload: &Workload) -> Contestant<'_> {
    let (signer, now) = (signer(workload), workload::timestamp());
    let sign = move |request| {
        let signed = if workload.is_s3() {
            black_box(&signer).sign_with_at(request, Payload::UNSIGNED, now)
        } else {
            black_box(&signer).sign_at(request, now)
        };
        signed.expect("the workload can be signed")
    };
    let unsigned = workload.http_request();
    let signed = sign(unsigned.clone());
    let sent = Sent::http(workload, signed.uri(), signed.headers());
    sent.check(SIGNER, workload, Agreement::SameSignature);
    Contestant::on_input(
        SIGNER,
        Role::Applied,
        sent.bytes(workload),
        move || Some(unsigned.clone()),
        // What comes back takes the place of what went in, to be dropped uncounted.
        move |request| {
            if let Some(unsigned) = request.take() {
                *request = Some(sign(unsigned));
            }
        },
    )
}

fn presign(workload: &Workload) -> Contestant<'_> {
    let (signer, url) = (signer(workload), workload.url());
    let (expires, now) = (expires(), workload::timestamp());
    contestant(SIGNER, workload, move || {
        let presigned = signer.presign_at(&workload.method, black_box(&url), expires, now);
        presigned.expect("the workload can be signed")
    })
}

fn presign_object(workload: &Workload) -> Contestant<'_> {
    let endpoint = format!("https://s3.{REGION}.amazonaws.com");
    let bucket = Bucket::virtual_hosted(&endpoint, BUCKET).expect("a valid bucket");
    let (signer, expires, now) = (signer(workload), expires(), workload::timestamp());
    contestant(SIGNER_AND_BUCKET, workload, move || {
        let object = black_box(&bucket).get(OBJECT);
        object.presign_at(&signer, expires, now).expect("the workload can be signed")
    })
}

/// A way of presigning, once it has proven that it does so right.
fn contestant<'w>(
    name: &'static str,
    workload: &'w Workload,
    presign: impl Fn() -> String + 'w,
) -> Contestant<'w> {
    let sent = Sent::url(workload, &presign());
    sent.check(name, workload, Agreement::SameSignature);
    Contestant::new(name, Role::Applied, sent.bytes(workload), presign)
}

/// Picks the rules by the service, and derives the key when it first signs.
fn signer(workload: &Workload) -> Signer {
    let credentials = OwnedCredentials::from(workload.credentials());
    Signer::new(credentials, REGION, workload.service).expect("valid credentials")
}

fn expires() -> Duration {
    Duration::from_secs(EXPIRES_SECONDS.into())
}
