//! The account, the ARNs of what is in it, and the partitions of AWS.

use std::fmt;

use time::{OffsetDateTime, macros::datetime};

/// The partition that the account lies in.
const PARTITION: &str = "aws";

/// Under which domain each partition has its services.
pub(crate) const PARTITION_DOMAINS: [&str; 7] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "csp.hci.ic.gov",
    "cloud.adc-e.uk",
];

/// An AWS account id: a number below 10^12, shown as twelve digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountId(u64);

impl AccountId {
    /// When every account was opened: on the day of the API's version, before
    /// whatever clock the emulator is given can make anything else.
    pub(crate) const CREATED: OffsetDateTime = datetime!(2010-05-08 00:00:00 UTC);

    /// Reads exactly twelve decimal digits.
    pub(crate) fn parse(digits: &str) -> Option<Self> {
        let is_account_id = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_account_id.then(|| digits.parse().ok().map(Self))?
    }

    /// The id as a number of at most 40 bits.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The ARN of the account's root.
    pub(crate) fn root_arn(self) -> String {
        format!("arn:{PARTITION}:iam::{self}:root")
    }

    /// The ARN of the user with this path and name.
    pub(crate) fn user_arn(self, path: &str, name: &str) -> String {
        format!("arn:{PARTITION}:iam::{self}:user{path}{name}")
    }
}

/// The account that an ARN names.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}
