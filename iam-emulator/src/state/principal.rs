//! Who acts, and who owns an access key.

use time::OffsetDateTime;

use super::{AccountId, EntityId, State, User};
use crate::{
    error::{ApiError, ErrorCode},
    secret::Secret,
};

/// An identity of the account that can own access keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// The account itself.
    Root,
    /// A user, by the id that renaming does not change.
    User(EntityId),
}

/// What a request is signed with, however long it lives: everything that a signature is held
/// against, and who signed.
#[derive(Clone, Debug)]
pub(crate) struct SigningCredential {
    pub(crate) secret: Secret,
    /// What a temporary credential is sent with; a long-term one has none.
    pub(crate) session_token: Option<Secret>,
    /// From when on it is refused.
    pub(crate) expiration: Option<OffsetDateTime>,
}

/// The principal of the request at hand, with what is asked about it. Nothing later looks it up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) account: AccountId,
    pub(crate) arn: String,
    /// The `UserId` that GetCallerIdentity shows.
    pub(crate) user_id: String,
    /// The name of a user; the root has none.
    pub(crate) name: Option<String>,
}

impl State {
    /// The caller that a principal is; none for a user that no longer exists.
    pub(crate) fn caller(&self, principal: Principal) -> Result<Caller, ApiError> {
        let account = self.account;
        Ok(match &principal {
            Principal::Root => Caller {
                arn: account.root_arn(),
                user_id: account.to_string(),
                name: None,
                account,
                principal,
            },
            Principal::User(id) => {
                let user = self.users.with_id(id).ok_or_else(invalid_security_token)?;
                Caller {
                    arn: self.user_arn(user),
                    user_id: user.id.to_string(),
                    name: Some(user.name.as_str().to_owned()),
                    account,
                    principal,
                }
            }
        })
    }

    pub(crate) fn user_arn(&self, user: &User) -> String {
        self.account.user_arn(&user.path, user.name.as_str())
    }
}

/// One answer for a key that never was, is no more or is inactive.
pub(crate) fn invalid_security_token() -> ApiError {
    ApiError::new(
        ErrorCode::InvalidClientTokenId,
        "The security token included in the request is invalid.",
    )
}
