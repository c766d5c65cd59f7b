//! What an operation needs its caller to be allowed.

/// An action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    /// Service and operation, such as `iam:CreateUser`.
    pub(crate) action: &'static str,
    pub(crate) resource: Resource,
}

impl Permission {
    pub(crate) fn new(action: &'static str, resource: Resource) -> Self {
        Self { action, resource }
    }
}

/// What an action is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// A user that is there, or the name of one that is not.
    ///
    /// The ARN of the latter has no path, so that somebody limited to a path
    /// does not learn which names exist.
    User { arn: String, name: String },
    /// Anything that goes by its ARN: the root, or what is yet to be made.
    Arn(String),
    /// An access key id that belongs to nobody in the account.
    UnknownAccessKey(String),
}

impl Resource {
    /// The account that the resource belongs to.
    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Self::User { arn, .. } | Self::Arn(arn) => arn.split(':').nth(4),
            Self::UnknownAccessKey(_) => None,
        }
    }
}
