//! `aws-sigv4`, the signer of the AWS SDK for Rust: the one to compare with.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::SigningOutput;
use aws_sigv4::http_request::{
    self, PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest,
    SignatureLocation, SigningInstructions, SigningParams, SigningSettings,
    UriPathNormalizationMode,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;

use crate::contestant::{Contestant, Role};
use crate::sent::{Agreement, Sent};
use crate::workload::{
    ACCESS_KEY_ID, EXPIRES_SECONDS, Form, REGION, SECRET_ACCESS_KEY, UNIX_SECONDS, Workload,
};

/// `sign()` alone, which returns what to add to the request; and the same with
/// its step that adds it.
pub(super) fn ways(workload: &Workload) -> Vec<Contestant<'_>> {
    let identity: Identity = Credentials::new(
        ACCESS_KEY_ID,
        SECRET_ACCESS_KEY,
        workload.session_token().map(str::to_owned),
        None,
        "benches",
    )
    .into();
    let unsigned = workload.http_request();
    let mut signed = unsigned.clone();
    apply(sign_http(workload, &identity, &signed), &mut signed);
    let sent = Sent::http(workload, signed.uri(), signed.headers());
    sent.check("aws-sigv4", workload, Agreement::SameSignature);
    let bytes = sent.bytes(workload);
    let (url, also) = (workload.url(), identity.clone());
    vec![
        Contestant::new("aws-sigv4, sign()", Role::ValuesBaseline, bytes, move || {
            let headers = workload.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
            sign(workload, black_box(&also), &url, headers)
        }),
        Contestant::on_input(
            "aws-sigv4, http::Request",
            Role::AppliedBaseline,
            bytes,
            move || unsigned.clone(),
            move |request| apply(sign_http(workload, black_box(&identity), request), request),
        ),
    ]
}

/// Signing a request of the `http` crate, as the crate's documentation shows it.
fn sign_http(
    workload: &Workload,
    identity: &Identity,
    request: &http::Request<Vec<u8>>,
) -> SigningOutput<SigningInstructions> {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().expect("a text")));
    sign(workload, identity, &request.uri().to_string(), headers)
}

fn sign<'a>(
    workload: &'a Workload,
    identity: &Identity,
    url: &'a str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
) -> SigningOutput<SigningInstructions> {
    let body = if workload.is_s3() {
        SignableBody::UnsignedPayload
    } else {
        SignableBody::Bytes(&workload.body)
    };
    let request = SignableRequest::new(&workload.method, url, headers, body).expect("a valid URL");
    http_request::sign(request, &parameters(workload, identity)).expect("a valid request")
}

/// Made for each signing, since they hold the time.
fn parameters<'a>(workload: &'a Workload, identity: &'a Identity) -> SigningParams<'a> {
    let seconds = UNIX_SECONDS.unsigned_abs();
    v4::SigningParams::builder()
        .identity(identity)
        .region(REGION)
        .name(workload.service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings(workload))
        .build()
        .expect("all parameters are set")
        .into()
}

fn settings(workload: &Workload) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if workload.is_s3() {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if workload.form == Form::Query {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(EXPIRES_SECONDS.into()));
    }
    settings
}

fn apply(output: SigningOutput<SigningInstructions>, request: &mut http::Request<Vec<u8>>) {
    let (instructions, _signature) = output.into_parts();
    instructions.apply_to_request_http1x(request);
}
