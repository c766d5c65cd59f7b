//! The two services that share one endpoint.

use std::fmt;

/// Where IAM lives and STS has its global endpoint.
pub(crate) const HOME_REGION: &str = "us-east-1";

/// A service of the emulator, as it names itself on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// Identity and Access Management.
    Iam,
    /// Security Token Service.
    Sts,
}

impl Service {
    /// Both, in the order in which an action name is looked up.
    pub(crate) const ALL: [Self; 2] = [Self::Iam, Self::Sts];

    /// The `Version` parameter of its API.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::Iam => "2010-05-08",
            Self::Sts => "2011-06-15",
        }
    }

    /// The XML namespace of its answers.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        }
    }

    /// Its name in a credential scope, in an action and in a key's last use.
    pub(crate) fn signing_name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Sts => "sts",
        }
    }

    /// The service with this API version.
    pub(crate) fn with_version(version: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.version() == version)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.signing_name())
    }
}
