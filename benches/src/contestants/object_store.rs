//! `object_store`, the S3 client of Arrow: its signer is public.

use std::hint::black_box;
use std::time::Duration;

use http::Method;
use object_store::aws::{AmazonS3Builder, AwsAuthorizer, AwsCredential};
use object_store::client::HttpRequest;
use object_store::path::Path;
use object_store::signer::Signer;

use crate::contestant::{Contestant, Role};
use crate::contestants::ready::ready;
use crate::sent::{Agreement, Sent};
use crate::workload::{
    ACCESS_KEY_ID, BUCKET, EXPIRES_SECONDS, Form, OBJECT, REGION, SECRET_ACCESS_KEY, Workload,
};

/// Signing in place, or presigning a URL. It reads the clock itself, and always
/// signs `x-amz-content-sha256`.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    match workload.form {
        Form::Header => vec![authorize(workload)],
        Form::Query => vec![presign(workload)],
    }
}

fn authorize(workload: &Workload) -> Contestant<'_> {
    let credential = AwsCredential {
        key_id: ACCESS_KEY_ID.to_owned(),
        secret_key: SECRET_ACCESS_KEY.to_owned(),
        token: workload.session_token().map(str::to_owned),
    };
    let sign = move |request: &mut HttpRequest| {
        AwsAuthorizer::new(black_box(&credential), workload.service, REGION)
            .with_sign_payload(!workload.is_s3())
            .try_authorize(request, None)
            .expect("the workload can be signed");
    };
    let unsigned: HttpRequest = workload.http_request().map(Into::into);
    let mut signed = unsigned.clone();
    sign(&mut signed);
    let sent = Sent::http(workload, signed.uri(), signed.headers());
    sent.check("object_store", workload, Agreement::Verifies);
    Contestant::on_input(
        "object_store, http::Request",
        Role::Applied,
        sent.bytes(workload),
        move || unsigned.clone(),
        sign,
    )
}

fn presign(workload: &Workload) -> Contestant<'_> {
    let mut builder = AmazonS3Builder::new()
        .with_region(REGION)
        .with_bucket_name(BUCKET)
        .with_virtual_hosted_style_request(true)
        .with_access_key_id(ACCESS_KEY_ID)
        .with_secret_access_key(SECRET_ACCESS_KEY);
    if let Some(token) = workload.session_token() {
        builder = builder.with_token(token);
    }
    let store = builder.build().expect("a valid bucket");
    let object = Path::from(OBJECT);
    let expires = Duration::from_secs(EXPIRES_SECONDS.into());
    let sign = move || {
        ready(store.signed_url(Method::GET, black_box(&object), expires))
            .expect("the workload can be signed")
    };
    let sent = Sent::url(workload, sign().as_str());
    sent.check("object_store", workload, Agreement::Verifies);
    Contestant::new("object_store, URL", Role::Values, sent.bytes(workload), sign)
}
