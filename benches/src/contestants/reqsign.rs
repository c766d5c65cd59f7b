//! `reqsign-aws-v4`, the signer of OpenDAL.

use std::hint::black_box;
use std::time::Duration;

use http::request::Parts;
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, SignRequest};

use crate::contestant::{Contestant, Role};
use crate::contestants::ready::ready;
use crate::sent::{Agreement, Sent};
use crate::workload::{ACCESS_KEY_ID, EXPIRES_SECONDS, Form, REGION, SECRET_ACCESS_KEY, Workload};

/// Signing the head of a request in place. It reads the clock itself, and never
/// hashes the body.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    let signer = RequestSigner::new(workload.service, REGION);
    let credential = Credential {
        access_key_id: ACCESS_KEY_ID.to_owned(),
        secret_access_key: SECRET_ACCESS_KEY.to_owned(),
        session_token: workload.session_token().map(str::to_owned),
        expires_in: None,
    };
    let context = Context::new();
    let expires = Duration::from_secs(EXPIRES_SECONDS.into());
    let expires = (workload.form == Form::Query).then_some(expires);
    let sign = move |parts: &mut Parts| {
        ready(signer.sign_request(&context, parts, Some(black_box(&credential)), expires))
            .expect("the workload can be signed");
    };
    let (unsigned, _body) = workload.http_request().into_parts();
    let mut signed = unsigned.clone();
    sign(&mut signed);
    let sent = Sent::http(workload, &signed.uri, &signed.headers);
    sent.check("reqsign-aws-v4", workload, Agreement::Verifies);
    vec![Contestant::on_input(
        "reqsign-aws-v4, http::Parts",
        Role::Applied,
        sent.bytes(workload),
        move || unsigned.clone(),
        sign,
    )]
}
