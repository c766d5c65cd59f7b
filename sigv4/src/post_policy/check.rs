//! What a policy demands, held against what was sent.

use crate::post_policy::document::{PresentedPolicy, Test};
use crate::post_policy::error::{PolicyError, PostVerifyError};
use crate::post_policy::field;
use crate::post_policy::presented::POST_FIELDS_MAX;
use crate::request::Headers;
use crate::time::Timestamp;

/// What a server knows of an upload besides the fields of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload<'a> {
    /// The bucket that the form was sent to: that of the URL, whatever a field of
    /// the form says.
    pub bucket: &'a str,
    /// The length of the file in bytes.
    pub content_length: u64,
}

impl PresentedPolicy<'_> {
    /// Fails unless the form has a key, the policy is still good and its conditions
    /// are met, in their order, and the bucket and every field have one.
    ///
    /// A policy for any bucket is refused, as S3 does: the bucket needs an exact value. The
    /// file's length alone may be left open.
    ///
    /// `fields` are those before the file, `${filename}` in the key replaced.
    /// A field that is there more than once must meet its conditions each time.
    ///
    /// # Errors
    ///
    /// [`PostVerifyError::TooManyFields`], or the [`PolicyError`] of the first
    /// check that fails.
    pub fn check<F: Headers + ?Sized>(
        &self,
        fields: &F,
        upload: &Upload<'_>,
        now: Timestamp,
    ) -> Result<(), PostVerifyError> {
        if fields.pairs().nth(POST_FIELDS_MAX).is_some() {
            return Err(PostVerifyError::TooManyFields);
        }
        if !fields.pairs().any(|(name, _)| name.eq_ignore_ascii_case(field::KEY.as_bytes())) {
            return Err(PolicyError::MissingKey.into());
        }
        let expiration = self.expiration();
        if now.unix_seconds() > expiration.unix_seconds() {
            return Err(PolicyError::Expired { expiration, now }.into());
        }
        let mut covered = [false; POST_FIELDS_MAX];
        for (index, condition) in self.conditions().enumerate() {
            if !is_met(&condition.test, fields, upload, &mut covered)? {
                return Err(PolicyError::ConditionFailed { index }.into());
            }
        }
        if !self.conditions().any(|condition| condition.test.is_exact_bucket()) {
            return Err(PolicyError::BucketNotBound.into());
        }
        for (index, ((name, _), covered)) in fields.pairs().zip(covered).enumerate() {
            if !covered && !needs_no_condition(name) {
                return Err(PolicyError::ExtraField { index }.into());
            }
        }
        Ok(())
    }
}

/// Marks the fields that the condition is on.
fn is_met<F: Headers + ?Sized>(
    test: &Test<'_>,
    fields: &F,
    upload: &Upload<'_>,
    covered: &mut [bool; POST_FIELDS_MAX],
) -> Result<bool, PolicyError> {
    let field = match test {
        Test::ContentLengthRange { min, max } => {
            let (Some(min), Some(max)) = (min.value(), max.value()) else { return Ok(false) };
            return check_length(upload.content_length, min, max).map(|()| true);
        }
        Test::Equals { field, .. } | Test::StartsWith { field, .. } => field,
    };
    // The bucket is a matter of where the form was sent, and need not be in it.
    let is_bucket = field.is(field::BUCKET.as_bytes());
    if is_bucket && !holds_for(test, field::BUCKET.as_bytes(), upload.bucket.as_bytes()) {
        return Ok(false);
    }
    let mut is_there = is_bucket;
    for ((name, value), covered) in fields.pairs().zip(covered) {
        if field.is(name) {
            if !holds_for(test, name, value) {
                return Ok(false);
            }
            (*covered, is_there) = (true, true);
        }
    }
    Ok(is_there)
}

impl Test<'_> {
    /// Whether it names the one bucket that the policy is for.
    fn is_exact_bucket(&self) -> bool {
        match self {
            Self::Equals { field, .. } => field.is(field::BUCKET.as_bytes()),
            Self::StartsWith { .. } | Self::ContentLengthRange { .. } => false,
        }
    }
}

fn check_length(len: u64, min: u64, max: u64) -> Result<(), PolicyError> {
    if len < min {
        return Err(PolicyError::TooSmall { len, min });
    }
    if len > max {
        return Err(PolicyError::TooLarge { len, max });
    }
    Ok(())
}

/// Whether the field, which the condition is on, may have this value.
fn holds_for(test: &Test<'_>, name: &[u8], value: &[u8]) -> bool {
    match test {
        Test::Equals { value: expected, .. } => expected.bytes().eq(value.iter().copied()),
        // A type with commas is a list, each item of which has to begin so.
        Test::StartsWith { prefix, .. } if name.eq_ignore_ascii_case(b"content-type") => {
            value.split(|byte| *byte == b',').all(|item| begins_with(item, prefix.bytes()))
        }
        Test::StartsWith { prefix, .. } => begins_with(value, prefix.bytes()),
        Test::ContentLengthRange { .. } => false,
    }
}

fn begins_with(value: &[u8], prefix: impl Iterator<Item = u8>) -> bool {
    let mut value = value.iter();
    prefix.into_iter().all(|byte| value.next() == Some(&byte))
}

/// The fields that the documentation exempts ("POST Policy", conditions).
fn needs_no_condition(name: &[u8]) -> bool {
    const EXEMPT: [&str; 3] = [field::SIGNATURE, field::POLICY, "file"];
    const IGNORED: &[u8] = b"x-ignore-";
    EXEMPT.iter().any(|exempt| exempt.as_bytes().eq_ignore_ascii_case(name))
        || name.get(..IGNORED.len()).is_some_and(|start| start.eq_ignore_ascii_case(IGNORED))
}
