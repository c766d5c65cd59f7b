//! The account's users and access keys: plain data with its rules.
//!
//! Every look-up that a request makes has an index, and every change happens
//! after all its checks, so that a refusal leaves nothing behind. Nothing
//! here knows of HTTP, XML, locks or the clock.

mod access_key;
mod account;
mod principal;
mod user;

use std::collections::{BTreeMap, HashMap};

use crate::{
    error::{ApiError, ErrorCode},
    id::EntityIds,
};

pub use self::{access_key::ACCESS_KEYS_PER_OWNER_MAX, user::USERS_PER_ACCOUNT_MAX};
pub(crate) use self::{
    access_key::{AccessKey, KeyStatus, KeyUse},
    account::AccountId,
    principal::{Caller, Principal},
    user::{NewUser, Tag, User, UserChange, UserId, UserName},
};

/// Everything the account holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    account: AccountId,
    ids: EntityIds,
    /// Users in the order in which ListUsers shows them.
    users: BTreeMap<UserName, User>,
    user_names: HashMap<UserId, UserName>,
    access_keys: HashMap<String, AccessKey>,
    /// Keys made for the root, oldest first; the bootstrap key is not one.
    root_access_key_ids: Vec<String>,
    access_keys_created: u64,
    bootstrap_access_key_id: String,
}

impl State {
    /// An account with a root and nothing else.
    ///
    /// No access key that is created takes the id of the bootstrap key.
    pub(crate) fn new(account: AccountId, bootstrap_access_key_id: &str, ids: EntityIds) -> Self {
        Self {
            account,
            ids,
            users: BTreeMap::new(),
            user_names: HashMap::new(),
            access_keys: HashMap::new(),
            root_access_key_ids: Vec::new(),
            access_keys_created: 0,
            bootstrap_access_key_id: bootstrap_access_key_id.to_owned(),
        }
    }

    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    /// The principal that `user_name` names, or, without a name, the caller.
    pub(crate) fn named_or_caller(
        &self,
        user_name: Option<&str>,
        caller: &Caller,
    ) -> Result<Principal, ApiError> {
        match user_name {
            Some(name) => Ok(Principal::User(self.user(name)?.id.clone())),
            None => Ok(caller.principal.clone()),
        }
    }

    /// Lets an authenticated request in: its key is noted as used.
    ///
    /// Between the look-up of the secret and this the key may have been
    /// deactivated or deleted by another request; then that one came first.
    pub(crate) fn admit(
        &mut self,
        access_key_id: &str,
        key_use: KeyUse,
    ) -> Result<Caller, ApiError> {
        if access_key_id == self.bootstrap_access_key_id {
            return Ok(self.caller(Principal::Root));
        }
        let key = self
            .access_keys
            .get_mut(access_key_id)
            .filter(|key| key.status == KeyStatus::Active)
            .ok_or_else(invalid_security_token)?;
        key.last_use = Some(key_use);
        let owner = key.owner.clone();
        Ok(self.caller(owner))
    }

    pub(crate) fn caller(&self, principal: Principal) -> Caller {
        Caller { arn: self.arn(&principal), account: self.account, principal }
    }
}

/// One answer for a key that never was, is no more or is inactive.
pub(crate) fn invalid_security_token() -> ApiError {
    ApiError::new(
        ErrorCode::InvalidClientTokenId,
        "The security token included in the request is invalid.",
    )
}
