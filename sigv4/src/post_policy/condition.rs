//! What a policy demands of a form, as the signer states it.

use crate::bytes::decimal;
use crate::bytes::sink::Sink;
use crate::post_policy::error::PostSignError;
use crate::post_policy::{field, json};

/// One demand of a [`PostPolicy`](crate::post_policy::PostPolicy) on the form that is sent.
///
/// Every field of the form needs a condition, or S3 refuses the upload; only
/// the file, the fields of the signature and those whose names begin with
/// `x-ignore-` do not. Every form has a `key`, and is sent to a bucket, which needs an
/// exact value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostCondition<'a> {
    /// The field has this very value; `bucket` stands for the bucket the form is
    /// sent to.
    Equals {
        /// The name of the field, without a `$`.
        field: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// The value of the field begins so; with an empty prefix the field has to be
    /// there, with any value.
    StartsWith {
        /// The name of the field, without a `$`.
        field: &'a str,
        /// What its value begins with.
        prefix: &'a str,
    },
    /// The file has at least and at most so many bytes, both included.
    ContentLengthRange {
        /// The fewest bytes.
        min: u64,
        /// The most.
        max: u64,
    },
}

impl PostCondition<'_> {
    /// Refuses what no form could meet, or what signing adds.
    fn check(&self, index: usize) -> Result<(), PostSignError> {
        match *self {
            Self::ContentLengthRange { min, max } if min > max => {
                Err(PostSignError::EmptyRange { index })
            }
            Self::ContentLengthRange { .. } => Ok(()),
            Self::Equals { field, .. } | Self::StartsWith { field, .. } => {
                check_field(field, index)
            }
        }
    }

    /// Whether it is on this field, in any case.
    fn is_on(&self, name: &str) -> bool {
        match *self {
            Self::Equals { field, .. } | Self::StartsWith { field, .. } => {
                field.eq_ignore_ascii_case(name)
            }
            Self::ContentLengthRange { .. } => false,
        }
    }

    /// Writes the condition as JSON.
    pub(super) fn write_to(&self, sink: &mut impl Sink) {
        match *self {
            Self::Equals { field, value } => write_equals(sink, field, value),
            Self::StartsWith { field, prefix } => {
                sink.write(b"[\"starts-with\", \"$");
                json::write_escaped(sink, field);
                sink.write(b"\", \"");
                json::write_escaped(sink, prefix);
                sink.write(b"\"]");
            }
            Self::ContentLengthRange { min, max } => {
                sink.write(b"[\"content-length-range\", ");
                decimal::write(sink, min);
                sink.write(b", ");
                decimal::write(sink, max);
                sink.write(b"]");
            }
        }
    }
}

/// Refuses conditions that are met by no form, or by one for any bucket.
pub(super) fn check_all(conditions: &[PostCondition<'_>]) -> Result<(), PostSignError> {
    for (index, condition) in conditions.iter().enumerate() {
        condition.check(index)?;
    }
    let names_bucket = conditions.iter().any(|condition| {
        matches!(condition, PostCondition::Equals { .. }) && condition.is_on(field::BUCKET)
    });
    if !names_bucket {
        return Err(PostSignError::MissingCondition { field: field::BUCKET });
    }
    if !conditions.iter().any(|condition| condition.is_on(field::KEY)) {
        return Err(PostSignError::MissingCondition { field: field::KEY });
    }
    Ok(())
}

/// `{"field": "value"}`
pub(super) fn write_equals(sink: &mut impl Sink, field: &str, value: &str) {
    sink.write(b"{\"");
    json::write_escaped(sink, field);
    sink.write(b"\": \"");
    json::write_escaped(sink, value);
    sink.write(b"\"}");
}

fn check_field(name: &str, index: usize) -> Result<(), PostSignError> {
    const MADE: [&str; 6] = [
        field::ALGORITHM,
        field::CREDENTIAL,
        field::DATE,
        field::SESSION_TOKEN,
        field::POLICY,
        field::SIGNATURE,
    ];
    if name.is_empty() || name.starts_with('$') {
        return Err(PostSignError::InvalidField { index });
    }
    match MADE.iter().find(|made| made.eq_ignore_ascii_case(name)) {
        Some(name) => Err(PostSignError::SignatureField { name }),
        None => Ok(()),
    }
}
