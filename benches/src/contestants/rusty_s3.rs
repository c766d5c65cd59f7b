//! `rusty-s3`, which presigns URLs and nothing else.

use std::hint::black_box;
use std::time::Duration;

use jiff::Timestamp;
use rusty_s3::actions::GetObject;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use crate::contestant::{Contestant, Role};
use crate::sent::{Agreement, Sent};
use crate::workload::{
    ACCESS_KEY_ID, BUCKET, EXPIRES_SECONDS, Form, OBJECT, REGION, SECRET_ACCESS_KEY, UNIX_SECONDS,
    Workload,
};

/// The presigned URL of a workload that is signed in its query.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    if workload.form == Form::Header {
        return Vec::new();
    }
    let endpoint = format!("https://s3.{REGION}.amazonaws.com").parse().expect("a valid URL");
    let bucket =
        Bucket::new(endpoint, UrlStyle::VirtualHost, BUCKET, REGION).expect("a valid bucket");
    let credentials = match workload.session_token() {
        None => Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY),
        Some(token) => Credentials::new_with_token(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token),
    };
    let timestamp = Timestamp::from_second(UNIX_SECONDS).expect("a year in range");
    let expires = Duration::from_secs(EXPIRES_SECONDS.into());
    let sign = move || {
        GetObject::new(black_box(&bucket), Some(&credentials), OBJECT)
            .sign_with_time(expires, &timestamp)
    };
    let sent = Sent::url(workload, sign().as_str());
    sent.check("rusty-s3", workload, Agreement::SameSignature);
    vec![Contestant::new("rusty-s3, URL", Role::Values, sent.bytes(workload), sign)]
}
