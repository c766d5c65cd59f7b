//! Who acts, and who owns an access key.

use super::{AccountId, State, UserId};

/// An identity of the account that can own access keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// The account itself.
    Root,
    /// A user, by the id that renaming does not change.
    User(UserId),
}

/// The principal of the request at hand.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) arn: String,
    pub(crate) account: AccountId,
}

impl State {
    /// The ARN of a principal of this account.
    ///
    /// A user that no longer exists has the ARN of no user at all, one
    /// without a name; no request gets that far with it.
    pub(crate) fn arn(&self, principal: &Principal) -> String {
        match principal {
            Principal::Root => self.account().root_arn(),
            Principal::User(id) => match self.user_with_id(id) {
                Some(user) => self.account().user_arn(&user.path, user.name.as_str()),
                None => self.account().user_arn("/", ""),
            },
        }
    }

    /// The name that answers show for a principal; the root has none.
    pub(crate) fn shown_name(&self, principal: &Principal) -> Option<String> {
        match principal {
            Principal::Root => None,
            Principal::User(id) => Some(self.user_with_id(id)?.name.as_str().to_owned()),
        }
    }

    /// The `UserId` that GetCallerIdentity and GetUser show for a principal.
    pub(crate) fn shown_id(&self, principal: &Principal) -> String {
        match principal {
            Principal::Root => self.account().to_string(),
            Principal::User(id) => id.as_str().to_owned(),
        }
    }
}
