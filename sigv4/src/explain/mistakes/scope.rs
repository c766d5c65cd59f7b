//! The time and the scope in the string to sign and in the key, as clients get
//! them wrong.

use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::explain::draft::Draft;
use crate::explain::scene::Scene;
use crate::names::TERMINATOR;
use crate::time::Timestamp;

/// The drafts with another part of the scope: in the string to sign, in the key
/// or in both.
fn with_part(draft: &Draft, place: usize, part: &[u8]) -> Vec<Draft> {
    let mut parts = draft.key.parts.clone();
    let Some(own) = parts.get_mut(place).filter(|own| *own != part) else { return Vec::new() };
    *own = part.to_vec();
    let mut both = draft.clone();
    both.string_to_sign.scope = parts.join(&b'/');
    let in_string = both.clone();
    both.key = draft.key.with_parts(parts);
    let mut in_key = draft.clone();
    in_key.key = Rc::clone(&both.key);
    [in_key, both, in_string].into()
}

pub(super) fn other_date(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let now = Some(scene.view.now);
    let neighbours = [-DAY_SECONDS, DAY_SECONDS].map(|seconds| later(scene.timestamp?, seconds));
    let days = neighbours.into_iter().chain([now, scene.timestamp]).flatten();
    days.flat_map(|day| with_part(draft, 0, day.date().as_bytes())).collect()
}

pub(super) fn other_region(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let regions = scene.view.rules.region.into_iter().chain(REGIONS.iter().copied());
    regions.flat_map(|region| with_part(draft, 1, region.as_bytes())).collect()
}

pub(super) fn other_service(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let services = [scene.view.rules.service].into_iter().chain(SERVICES.iter().copied());
    services.flat_map(|service| with_part(draft, 2, service.as_bytes())).collect()
}

pub(super) fn other_terminator(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let terminators = [TERMINATOR, "aws4", "AWS4_REQUEST", "aws4-request"];
    terminators.map(|terminator| with_part(draft, 3, terminator.as_bytes())).concat()
}

pub(super) fn with_key_id(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut changed = draft.clone();
    let id = scene.view.credentials.access_key_id().as_bytes();
    changed.string_to_sign.scope = [id, &draft.string_to_sign.scope].join(&b'/');
    [changed].into()
}

pub(super) fn other_timestamp(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // Two headers may hold two times.
    let headers = ["x-amz-date", "date"].map(|name| {
        let value = scene.values_of(name.as_bytes()).first()?.trim_ascii();
        Timestamp::parse(value).or_else(|_| Timestamp::parse_http_date(value)).ok()
    });
    let seconds = (-CLOCK_READINGS_APART_MAX..=CLOCK_READINGS_APART_MAX)
        .filter_map(|seconds| later(scene.timestamp?, seconds));
    let times = headers.into_iter().flatten().chain(seconds).chain([scene.view.now]);
    times.map(|time| with_timestamp(draft, time.as_bytes())).collect()
}

pub(super) fn timestamp_format(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let Some(timestamp) = scene.timestamp else { return Vec::new() };
    let mut formats = Vec::from([
        extended(&draft.string_to_sign.timestamp),
        format!("{}", timestamp.unix_seconds()).into_bytes(),
        timestamp.date().as_bytes().to_vec(),
    ]);
    let date = scene.values_of(b"date").into_iter().chain(scene.values_of(b"x-amz-date"));
    formats.extend(date.map(|date| date.trim_ascii().to_vec()));
    formats.into_iter().map(|format| with_timestamp(draft, &format)).collect()
}

fn with_timestamp(draft: &Draft, timestamp: &[u8]) -> Draft {
    let mut changed = draft.clone();
    changed.string_to_sign.timestamp = timestamp.to_vec();
    changed
}

/// `YYYY-MM-DDTHH:MM:SSZ` of `YYYYMMDDTHHMMSSZ`.
fn extended(basic: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, &byte) in basic.iter().enumerate() {
        if matches!(at, 4 | 6) {
            out.push(b'-');
        } else if matches!(at, 11 | 13) {
            out.push(b':');
        }
        out.push(byte);
    }
    out
}

fn later(timestamp: Timestamp, seconds: i64) -> Option<Timestamp> {
    Timestamp::from_unix_seconds(timestamp.unix_seconds() + seconds).ok()
}

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Most seconds that lie between two readings of the clock in one signing.
const CLOCK_READINGS_APART_MAX: i64 = 3;

/// The regions of AWS, the usual default first, and what others write.
const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-south-1",
    "ap-south-2",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "sa-east-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "af-south-1",
    "mx-central-1",
    "us-gov-west-1",
    "us-gov-east-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-standard",
    "aws-global",
    "global",
    "local",
    "auto",
    "",
];

/// Signing names of services, and other names that are taken for them.
const SERVICES: &[&str] = &[
    "s3",
    "s3express",
    "s3-outposts",
    "s3-object-lambda",
    "execute-api",
    "apigateway",
    "iam",
    "sts",
    "ec2",
    "lambda",
    "dynamodb",
    "sqs",
    "sns",
    "ses",
    "email",
    "kms",
    "secretsmanager",
    "ssm",
    "es",
    "opensearch",
    "aoss",
    "kinesis",
    "firehose",
    "kinesis-firehose",
    "logs",
    "cloudwatch",
    "monitoring",
    "events",
    "states",
    "ecr",
    "ecs",
    "eks",
    "rds",
    "rds-db",
    "dsql",
    "elasticache",
    "memorydb",
    "kafka",
    "kafka-cluster",
    "bedrock",
    "bedrock-runtime",
    "sagemaker",
    "appsync",
    "iot",
    "iotdata",
    "iotdevicegateway",
    "route53",
    "cloudfront",
    "cognito-idp",
    "glacier",
    "transcribe",
    "vpc-lattice-svcs",
    "service",
];
