//! Texts and words.

use super::{
    Constraint, Parameter,
    constraint::{ACCESS_KEY_ID, ACCOUNT_ALIAS, MARKER, POLICY_ARN},
};
use crate::{error::ApiError, state::KeyStatus};

/// An access key id, of a key that may exist.
#[derive(Clone, Debug)]
pub(crate) struct AccessKeyId(pub(crate) String);

/// The name of an account for people.
#[derive(Clone, Debug)]
pub(crate) struct AccountAlias(pub(crate) String);

/// A marker, before anything is known of what is in it.
#[derive(Clone, Debug)]
pub(crate) struct Marker(pub(crate) String);

/// The ARN of a managed policy.
#[derive(Clone, Debug)]
pub(crate) struct PolicyArn(pub(crate) String);

/// A status that is asked for. `Expired` is in the model's set of words, but it is not for
/// clients to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedStatus {
    Key(KeyStatus),
    Expired,
}

impl Parameter for AccessKeyId {
    const CONSTRAINT: Constraint = Constraint::Text(ACCESS_KEY_ID);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Parameter for AccountAlias {
    const CONSTRAINT: Constraint = Constraint::Text(ACCOUNT_ALIAS);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Parameter for Marker {
    const CONSTRAINT: Constraint = Constraint::Text(MARKER);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Parameter for PolicyArn {
    const CONSTRAINT: Constraint = Constraint::Text(POLICY_ARN);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Parameter for RequestedStatus {
    const CONSTRAINT: Constraint = Constraint::Choice(&["Active", "Inactive", "Expired"]);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(match text.as_str() {
            "Active" => Self::Key(KeyStatus::Active),
            "Inactive" => Self::Key(KeyStatus::Inactive),
            _ => Self::Expired,
        })
    }
}
