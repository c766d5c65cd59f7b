//! Whether what is asked for is allowed: pure, and knows nothing of the account's state.
//!
//! Today there is one rule: every principal of an account may do in it what its root may.

use crate::account::account_of;

/// Whether a principal of an account may act on the resource with this ARN.
pub(crate) fn allows(principal_account: &str, resource_arn: &str) -> bool {
    account_of(resource_arn) == Some(principal_account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_may_act_in_its_own_account_and_in_no_other() {
        for (arn, is_allowed) in [
            ("arn:aws:iam::123456789012:user/x/alice", true),
            ("arn:aws:iam::999999999999:user/x/alice", false),
            ("arn:aws:iam", false),
            ("", false),
        ] {
            assert_eq!(allows("123456789012", arn), is_allowed, "{arn}");
        }
    }
}
