//! `aws-sign-v4`, which makes the value of `Authorization` from given headers.

use std::hint::black_box;

use aws_sign_v4::AwsSign;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue};

use crate::contestant::{Contestant, Role};
use crate::sent::{Agreement, Sent};
use crate::workload::{self, ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, UNIX_SECONDS, Workload};

/// The value of `Authorization`; the caller has set the date and the token. It
/// always hashes the body, so it cannot sign as S3's clients do.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    if workload.is_s3() {
        return Vec::new();
    }
    let headers = headers(workload);
    let (url, time) = (workload.url(), time());
    let sent = {
        let mut sent = Sent::http(workload, &url.parse().expect("a valid URL"), &headers);
        sent.headers.push(("authorization".to_owned(), sign(workload, &url, &time, &headers)));
        sent
    };
    sent.check("aws-sign-v4", workload, Agreement::SameSignature);
    let bytes = sent.bytes(workload);
    let job = move || sign(workload, &url, &time, black_box(&headers));
    vec![Contestant::new("aws-sign-v4", Role::Values, bytes, job)]
}

fn sign(workload: &Workload, url: &str, time: &DateTime<Utc>, headers: &HeaderMap) -> String {
    AwsSign::new(
        &workload.method,
        url,
        time,
        headers,
        REGION,
        ACCESS_KEY_ID,
        SECRET_ACCESS_KEY,
        workload.service,
        &workload.body,
    )
    .sign()
}

fn headers(workload: &Workload) -> HeaderMap {
    let value = |text: &str| HeaderValue::from_str(text).expect("a valid value");
    let mut headers = workload.http_request().headers().clone();
    headers.insert("x-amz-date", value(workload::timestamp().as_str()));
    if let Some(token) = workload.session_token() {
        headers.insert("x-amz-security-token", value(token));
    }
    headers
}

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp(UNIX_SECONDS, 0).expect("a year in range")
}
