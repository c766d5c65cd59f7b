//! `minio`, the S3 client of MinIO: only its presigned URLs can be had without
//! sending a request.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use minio::s3::MinioClient;
use minio::s3::creds::StaticProvider;
use minio::s3::http::BaseUrl;
use minio::s3::types::Region;
use url::Url;

use crate::contestant::{Contestant, Role};
use crate::contestants::ready::ready;
use crate::sent::{Agreement, Sent};
use crate::workload::{
    ACCESS_KEY_ID, BUCKET, EXPIRES_SECONDS, Form, OBJECT, REGION, SECRET_ACCESS_KEY, UNIX_SECONDS,
    Workload,
};

/// The presigned URL of a workload that is signed in its query; the client
/// keeps the key of the day.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    if workload.form == Form::Header {
        return Vec::new();
    }
    let base: BaseUrl =
        format!("https://s3.{REGION}.amazonaws.com").parse().expect("a valid endpoint");
    let provider = StaticProvider::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, workload.session_token());
    let client = MinioClient::new(base, Some(provider), None, None).expect("a client");
    let region = Region::new(REGION).expect("a valid region");
    let time: DateTime<Utc> = DateTime::from_timestamp(UNIX_SECONDS, 0).expect("a year in range");
    let sign = move || {
        let presigning = black_box(&client)
            .get_presigned_object_url(BUCKET, OBJECT, http::Method::GET)
            .expect("valid names")
            .region(region.clone())
            .expiry_seconds(EXPIRES_SECONDS)
            .request_time(time)
            .build();
        ready(presigning.send()).expect("the workload can be signed").url
    };
    let url: Url = sign().parse().expect("a valid URL");
    let sent = Sent::url(workload, url.as_str());
    sent.check("minio", workload, Agreement::SameSignature);
    vec![Contestant::new("minio, URL", Role::Values, sent.bytes(workload), sign)]
}
