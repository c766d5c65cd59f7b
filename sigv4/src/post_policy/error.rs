//! Why a policy cannot be signed, or an upload is refused.

use core::fmt;

use crate::bytes::sink::BufferTooSmall;
use crate::error::SignError;
use crate::post_policy::field;
use crate::time::Timestamp;
use crate::verify::VerifyError;

/// Why no form can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostSignError {
    /// A condition names no field, or begins its name with the `$` that is
    /// written for it.
    InvalidField {
        /// Which condition, counted from zero.
        index: usize,
    },
    /// A condition is on a field that signing makes.
    SignatureField {
        /// The name of the field.
        name: &'static str,
    },
    /// There is no condition without which S3 refuses every form: one on `bucket`,
    /// [`Equals`](crate::post_policy::PostCondition::Equals) a name, since a policy would be good for all
    /// buckets otherwise, and one on `key`.
    MissingCondition {
        /// The name of the field.
        field: &'static str,
    },
    /// A range of lengths ends before it begins.
    EmptyRange {
        /// Which condition, counted from zero.
        index: usize,
    },
    /// The policy does not fit into the caller's buffer, to which nothing was written.
    BufferTooSmall {
        /// Bytes the policy needs.
        needed: usize,
        /// Bytes the buffer has.
        available: usize,
    },
}

impl fmt::Display for PostSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::InvalidField { index } => {
                write!(f, "the field name of condition {index} is empty or begins with `$`")
            }
            Self::SignatureField { name } => {
                write!(f, "the condition on {name} is added by signing")
            }
            Self::MissingCondition { field: field::BUCKET } => {
                f.write_str("no condition says which bucket the policy is for")
            }
            Self::MissingCondition { field } => write!(f, "there is no condition on {field}"),
            Self::EmptyRange { index } => {
                write!(f, "the range of condition {index} ends before it begins")
            }
            Self::BufferTooSmall { needed, available } => {
                SignError::BufferTooSmall { needed, available }.fmt(f)
            }
        }
    }
}

impl core::error::Error for PostSignError {}

impl From<BufferTooSmall> for PostSignError {
    fn from(BufferTooSmall { needed, available }: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed, available }
    }
}

/// Why an upload is refused whose signature holds: one variant for each cause,
/// each with what S3 answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// The policy is longer than [`LEN_MAX`](crate::post_policy::PresentedPolicy::LEN_MAX).
    /// S3: 400 `MaxPostPreDataLengthExceeded`.
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The decoded policy does not fit into the caller's buffer.
    BufferTooSmall {
        /// Bytes that are enough.
        needed: usize,
        /// Bytes the buffer has.
        available: usize,
    },
    /// The policy is not Base64. S3: 400 `InvalidPolicyDocument`.
    NotBase64,
    /// The policy is not JSON in UTF-8; numbers are whole and not negative.
    /// S3: 400 `InvalidPolicyDocument`, "Invalid Policy: Invalid JSON."
    NotJson {
        /// Where, in bytes from the start of the decoded policy.
        position: usize,
    },
    /// The policy holds a member twice, or one that is neither `expiration` nor
    /// `conditions`. S3: 400 `InvalidPolicyDocument`, "Invalid Policy:
    /// Unexpected: …"
    UnexpectedMember {
        /// Where, in bytes from the start of the decoded policy.
        position: usize,
    },
    /// The policy has no expiration. S3: 400 `InvalidPolicyDocument`.
    MissingExpiration,
    /// The expiration is not a time in UTC as ISO 8601 writes it. S3: 400
    /// `InvalidPolicyDocument`, "Invalid Policy: Invalid 'expiration' value: …"
    InvalidExpiration,
    /// The policy has no list of conditions. S3: 400 `InvalidPolicyDocument`.
    MissingConditions,
    /// A condition is none of the four kinds. S3: 400
    /// `InvalidPolicyDocument`, "Invalid Policy: Invalid Simple-Condition: …" or
    /// the like.
    InvalidCondition {
        /// Which one, counted from zero.
        index: usize,
    },
    /// The policy has expired. S3: 403 `AccessDenied`, "Invalid according to
    /// Policy: Policy expired."
    Expired {
        /// The last second at which it was good.
        expiration: Timestamp,
        /// When it was verified.
        now: Timestamp,
    },
    /// A condition is not met, or the field it is on is not there. S3: 403
    /// `AccessDenied`, "Invalid according to Policy: Policy Condition failed: "
    /// and the condition as [`PresentedCondition`](crate::post_policy::PresentedCondition)
    /// displays it.
    ConditionFailed {
        /// Which one, counted from zero: see
        /// [`PresentedPolicy::conditions`](crate::post_policy::PresentedPolicy::conditions).
        index: usize,
    },
    /// The file is shorter than a condition allows. S3: 400 `EntityTooSmall`,
    /// "Your proposed upload is smaller than the minimum allowed size".
    TooSmall {
        /// Bytes it has.
        len: u64,
        /// Bytes it must have.
        min: u64,
    },
    /// The file is longer than a condition allows. S3: 400 `EntityTooLarge`,
    /// "Your proposed upload exceeds the maximum allowed size".
    TooLarge {
        /// Bytes it has.
        len: u64,
        /// Bytes it may have.
        max: u64,
    },
    /// The form has no field `key`. S3: 400 `InvalidArgument`, "Bucket POST must
    /// contain a field named 'key'. If it is specified, please check the order of the fields."
    MissingKey,
    /// No condition says which bucket exactly the policy is for, so that it would be
    /// good for all of the signer's. S3: 403 `AccessDenied`, "Invalid according to Policy: Extra input
    /// fields: bucket"
    BucketNotBound,
    /// A field has no condition. S3: 403 `AccessDenied`, "Invalid according to
    /// Policy: Extra input fields: " and its name.
    ExtraField {
        /// Which field of the form, counted from zero.
        index: usize,
    },
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooLong { len } => write!(f, "the policy has {len} bytes, which is too long"),
            Self::BufferTooSmall { needed, available } => {
                SignError::BufferTooSmall { needed, available }.fmt(f)
            }
            Self::NotBase64 => f.write_str("the policy is not Base64"),
            Self::NotJson { position } => write!(f, "the policy is not JSON at byte {position}"),
            Self::UnexpectedMember { position } => {
                write!(f, "the policy holds an unexpected member at byte {position}")
            }
            Self::MissingExpiration => f.write_str("the policy has no expiration"),
            Self::InvalidExpiration => f.write_str("the expiration is not a time in UTC"),
            Self::MissingConditions => f.write_str("the policy has no list of conditions"),
            Self::InvalidCondition { index } => {
                write!(f, "condition {index} of the policy is of no known kind")
            }
            Self::Expired { expiration, now } => {
                write!(f, "the policy expired at {expiration}, before {now}")
            }
            Self::ConditionFailed { index } => {
                write!(f, "condition {index} of the policy is not met")
            }
            Self::TooSmall { len, min } => {
                write!(f, "the file has {len} bytes, fewer than {min}")
            }
            Self::TooLarge { len, max } => write!(f, "the file has {len} bytes, more than {max}"),
            Self::MissingKey => f.write_str("the form has no key"),
            Self::BucketNotBound => f.write_str("the policy names no bucket"),
            Self::ExtraField { index } => {
                write!(f, "field {index} of the form has no condition in the policy")
            }
        }
    }
}

impl core::error::Error for PolicyError {}

/// Why an upload is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostVerifyError {
    /// The form has more than [`POST_FIELDS_MAX`](crate::post_policy::POST_FIELDS_MAX) fields.
    TooManyFields,
    /// The signature, or a field that belongs to it.
    Signature(VerifyError),
    /// What the policy demands.
    Policy(PolicyError),
}

impl fmt::Display for PostVerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyFields => {
                write!(f, "the form has more than {} fields", crate::post_policy::POST_FIELDS_MAX)
            }
            Self::Signature(error) => error.fmt(f),
            Self::Policy(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for PostVerifyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::TooManyFields => None,
            Self::Signature(error) => Some(error),
            Self::Policy(error) => Some(error),
        }
    }
}

impl From<VerifyError> for PostVerifyError {
    fn from(error: VerifyError) -> Self {
        Self::Signature(error)
    }
}

impl From<PolicyError> for PostVerifyError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}
