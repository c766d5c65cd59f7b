//! A policy is read and applied as one would who has all of it in memory.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sigv4::Timestamp;
use sigv4::post_policy::{POST_FIELDS_MAX, PolicyError, PostVerifyError, PresentedPolicy, Upload};

type Field<'a> = (&'a [u8], &'a [u8]);

const UPLOAD: Upload<'_> = Upload { bucket: "examplebucket", content_length: 7 };

/// Reads the input as a policy, behind which, line by line, the fields of a form
/// follow.
pub fn check(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n');
    let policy = lines.next().unwrap_or_default();
    let fields: Vec<Field<'_>> = lines
        .filter_map(|line| line.split_at_checked(line.iter().position(|byte| *byte == b':')?))
        .map(|(name, value)| (name, &value[1..]))
        .collect();
    let encoded = STANDARD.encode(policy);
    let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
    let document = serde_json::from_slice(policy).unwrap_or(Value::Null);
    match PresentedPolicy::decode(encoded.as_bytes(), &mut buffer) {
        Ok(presented) => check_accepted(&presented, policy, &document, &fields),
        Err(error) => check_refused(&document, error),
    }
}

fn check_accepted(
    presented: &PresentedPolicy<'_>,
    policy: &[u8],
    document: &Value,
    fields: &[Field<'_>],
) {
    let now = Timestamp::from_unix_seconds(1_451_347_200).expect("a valid time");
    let verdict = presented.check(fields, &UPLOAD, now);
    if document.is_null() {
        // Two escapes are documented for policies that JSON does not know.
        let holds = |escape: &[u8]| policy.windows(2).any(|pair| pair == escape);
        return assert!(holds(br"\$") || holds(br"\v"));
    }
    let conditions = document["conditions"].as_array().expect("a list");
    assert_eq!(presented.conditions().count(), conditions.len());
    for shown in presented.conditions().map(|condition| condition.to_string()) {
        let shown: Value = serde_json::from_str(&shown).expect("shown as JSON");
        assert_eq!(shown.as_array().map(Vec::len), Some(3));
    }
    match verdict {
        Err(PostVerifyError::Policy(PolicyError::MissingKey)) => {
            assert!(!fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"key")));
        }
        Err(PostVerifyError::TooManyFields) => assert!(fields.len() > POST_FIELDS_MAX),
        Err(PostVerifyError::Policy(PolicyError::Expired { expiration, .. })) => {
            assert!(expiration.unix_seconds() < now.unix_seconds());
        }
        verdict => assert_eq!(verdict.is_ok(), is_met(conditions, fields), "{verdict:?}"),
    }
}

/// What is no policy here is none for a naive reader either, so far as it sees:
/// not the form of a time, nor that a member is there twice.
fn check_refused(document: &Value, error: PolicyError) {
    assert!(!error.to_string().is_empty());
    let conditions = document.get("conditions").and_then(Value::as_array);
    let is_policy = document.as_object().is_some_and(|members| members.len() == 2)
        && document.get("expiration").is_some_and(Value::is_string)
        && conditions.is_some_and(|list| list.iter().all(is_condition));
    let has_object = conditions.is_some_and(|list| list.iter().any(Value::is_object));
    match error {
        PolicyError::TooLong { len } => assert!(len > PresentedPolicy::LEN_MAX),
        PolicyError::InvalidExpiration | PolicyError::UnexpectedMember { .. } => {}
        PolicyError::InvalidCondition { .. } if has_object => {}
        error => assert!(!is_policy, "{error}"),
    }
}

fn is_condition(condition: &Value) -> bool {
    match condition {
        Value::Object(members) => members.len() == 1 && members.values().all(Value::is_string),
        Value::Array(items) => match items.as_slice() {
            [operation, min, max] if operation == "content-length-range" => {
                let is_bound = |value: &Value| value.is_u64() || value.is_string();
                is_bound(min) && is_bound(max)
            }
            [operation, field, value] => {
                (operation == "eq" || operation == "starts-with")
                    && field.is_string()
                    && value.is_string()
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_met(conditions: &[Value], fields: &[Field<'_>]) -> bool {
    let names: Vec<_> = conditions.iter().filter_map(field_of).collect();
    let is_exempt = |name: &[u8]| {
        let name = name.to_ascii_lowercase();
        name.starts_with(b"x-ignore-")
            || [&b"file"[..], b"policy", b"x-amz-signature"].contains(&&*name)
    };
    let is_covered =
        |name: &[u8]| names.iter().any(|covered| covered.as_bytes().eq_ignore_ascii_case(name));
    let is = |name: Option<&str>, other| name.is_some_and(|name| name.eq_ignore_ascii_case(other));
    let is_exact = |condition: &&Value| condition.get(0).is_none_or(|operation| operation == "eq");
    let has_key = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"key"));
    let names_bucket = conditions.iter().filter(is_exact).any(|c| is(field_of(c), "bucket"));
    has_key
        && names_bucket
        && conditions.iter().all(|condition| holds(condition, fields))
        && fields.iter().all(|(name, _)| is_exempt(name) || is_covered(name))
}

/// The field a condition is on.
fn field_of(condition: &Value) -> Option<&str> {
    match condition {
        Value::Object(members) => members.keys().next().map(String::as_str),
        list if list[0] == "content-length-range" => None,
        list => list[1].as_str()?.strip_prefix('$'),
    }
}

fn holds(condition: &Value, fields: &[Field<'_>]) -> bool {
    if condition.get(0).is_some_and(|operation| operation == "content-length-range") {
        let (Some(min), Some(max)) = (bound(&condition[1]), bound(&condition[2])) else {
            return false;
        };
        return (min..=max).contains(&u128::from(UPLOAD.content_length));
    }
    let Some(name) = field_of(condition) else { return false };
    let is_prefix = condition.get(0).is_some_and(|operation| operation == "starts-with");
    let expected = condition.get(2).or_else(|| condition.as_object()?.values().next());
    let expected = expected.and_then(Value::as_str).unwrap_or_default().as_bytes();
    let is_type = name.eq_ignore_ascii_case("content-type");
    let bucket = Some(UPLOAD.bucket.as_bytes()).filter(|_| name.eq_ignore_ascii_case("bucket"));
    let sent = fields.iter().filter(|(other, _)| name.as_bytes().eq_ignore_ascii_case(other));
    let values: Vec<_> = sent.map(|(_, value)| *value).chain(bucket).collect();
    !values.is_empty()
        && values.into_iter().all(|value| match (is_prefix, is_type) {
            (false, _) => value == expected,
            (true, false) => value.starts_with(expected),
            (true, true) => value.split(|byte| *byte == b',').all(|v| v.starts_with(expected)),
        })
}

/// A number, or one in quotes; those past any length are alike.
fn bound(value: &Value) -> Option<u128> {
    match value {
        Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            (!digits.is_empty()).then(|| digits.parse().unwrap_or(u128::MAX))
        }
        Value::String(_) => None,
        number => Some(number.as_u64().map_or(u128::from(u64::MAX), u128::from)),
    }
}
