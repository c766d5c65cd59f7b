//! The account's users and access keys: plain data with its rules.
//!
//! Every look-up that a request makes has an index, and every change happens
//! after all its checks, so that a refusal leaves nothing behind. Nothing
//! here knows of HTTP, XML, locks or the clock.

mod access_key;
mod alias;
mod directory;
mod principal;
mod tag;
mod user;

use std::collections::HashMap;

use crate::{account::AccountId, error::ApiError, id::EntityIds, secret::Secret};

pub use self::{access_key::ACCESS_KEYS_PER_OWNER_MAX, user::USERS_PER_ACCOUNT_MAX};
pub(crate) use self::{
    access_key::{AccessKey, KeyStatus, KeyUse},
    directory::{Change, EntityId},
    principal::{Caller, Principal, SigningCredential, invalid_security_token},
    tag::Tag,
    user::{NewUser, User},
};
use self::{directory::Directory, user::UserParts};

/// Everything the account holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    account: AccountId,
    alias: Option<String>,
    ids: EntityIds,
    pub(crate) users: Directory<UserParts>,
    access_keys: HashMap<String, AccessKey>,
    /// Keys made for the root, oldest first; the bootstrap key is not one.
    root_access_key_ids: Vec<String>,
    access_keys_created: u64,
    /// The root's key that is configuration.
    bootstrap: BootstrapKey,
}

/// The key that signs as the root without being an access key of the account: no operation lists,
/// counts, changes or deletes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BootstrapKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

impl State {
    /// An account with a root and nothing else.
    ///
    /// No access key that is created takes the id of the bootstrap key.
    pub(crate) fn new(account: AccountId, bootstrap: BootstrapKey, ids: EntityIds) -> Self {
        Self {
            account,
            alias: None,
            ids,
            users: Directory::new(),
            access_keys: HashMap::new(),
            root_access_key_ids: Vec::new(),
            access_keys_created: 0,
            bootstrap,
        }
    }

    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    /// What an access key signs with, if it may.
    pub(crate) fn signing_credential(&self, access_key_id: &str) -> Option<SigningCredential> {
        let secret = if access_key_id == self.bootstrap.id {
            &self.bootstrap.secret
        } else {
            let key = self.access_key(access_key_id)?;
            (key.status == KeyStatus::Active).then_some(&key.secret)?
        };
        Some(SigningCredential { secret: secret.clone(), session_token: None, expiration: None })
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
        if access_key_id == self.bootstrap.id {
            return self.caller(Principal::Root);
        }
        let key = self
            .access_keys
            .get_mut(access_key_id)
            .filter(|key| key.status == KeyStatus::Active)
            .ok_or_else(invalid_security_token)?;
        key.note(key_use);
        let owner = key.owner.clone();
        self.caller(owner)
    }
}

#[cfg(test)]
mod tests {
    use time::{OffsetDateTime, macros::datetime};

    use super::*;
    use crate::id::Seed;

    const NOW: OffsetDateTime = datetime!(2026-02-11 10:40:38 UTC);
    const MINUTE: OffsetDateTime = datetime!(2026-02-11 10:40:00 UTC);

    fn account_with_alice() -> (State, Principal) {
        let account = AccountId::parse("123456789012").unwrap();
        let bootstrap =
            BootstrapKey { id: "test".to_owned(), secret: Secret::new("test".to_owned()) };
        let mut state = State::new(account, bootstrap, EntityIds::new(Seed::from_number(1)));
        let alice = user(&mut state, "alice").unwrap();
        (state, alice)
    }

    fn user(state: &mut State, name: &str) -> Result<Principal, ApiError> {
        let new = NewUser { name: name.to_owned(), path: "/".to_owned(), tags: Vec::new() };
        Ok(Principal::User(state.create_user(new, NOW)?.id.clone()))
    }

    fn key_use() -> KeyUse {
        KeyUse { at: NOW, service: "iam", region: "us-east-1".to_owned() }
    }

    #[test]
    fn a_key_that_was_lost_since_it_signed_is_not_admitted() {
        let (mut state, alice) = account_with_alice();
        let key = state.create_access_key(&alice, NOW).unwrap().id.clone();
        assert_eq!(state.admit(&key, key_use()).unwrap().principal, alice);
        let noted = KeyUse { at: MINUTE, ..key_use() };
        assert_eq!(state.access_key(&key).unwrap().last_use, Some(noted));
        state.set_access_key_status(&alice, &key, KeyStatus::Inactive).unwrap();
        let unchanged = state.clone();
        assert_eq!(state.admit(&key, key_use()).unwrap_err(), invalid_security_token());
        assert_eq!(state, unchanged);
        state.delete_access_key(&alice, &key).unwrap();
        assert_eq!(state.admit(&key, key_use()).unwrap_err(), invalid_security_token());
    }

    #[test]
    fn a_recorded_use_stands_for_fifteen_minutes() {
        let (mut state, alice) = account_with_alice();
        let key = state.create_access_key(&alice, NOW).unwrap().id.clone();
        for (seconds, noted) in
            [(0, 0), (60, 0), (15 * 60 - 39, 0), (15 * 60, 15), (15 * 60 + 90, 15)]
        {
            let at = NOW + time::Duration::seconds(seconds);
            state.admit(&key, KeyUse { at, ..key_use() }).unwrap();
            let last_use = state.access_key(&key).unwrap().last_use.clone().unwrap();
            assert_eq!(last_use.at, MINUTE + time::Duration::minutes(noted), "{seconds}");
        }
    }

    #[test]
    fn the_bootstrap_key_is_the_roots_and_leaves_no_trace() {
        let (mut state, _) = account_with_alice();
        let unchanged = state.clone();
        assert_eq!(state.admit("test", key_use()).unwrap().principal, Principal::Root);
        assert_eq!(state, unchanged);
    }

    #[test]
    fn every_refusal_leaves_the_state_as_it_was() {
        let (mut state, alice) = account_with_alice();
        let bob = user(&mut state, "Bob").unwrap();
        let key = state.create_access_key(&alice, NOW).unwrap().id.clone();
        state.create_access_key(&alice, NOW).unwrap();
        let rename =
            |name: &str| Change { name: Some(name.to_owned()), path: Some("/x/".to_owned()) };
        let unchanged = state.clone();
        let refusals = [
            user(&mut state, "ALICE").map(drop),
            state.update_user("alice", rename("BOB")),
            state.update_user("alice", rename("Alice")),
            state.update_user("carol", rename("dave")),
            state.delete_user("alice"),
            state.delete_user("carol"),
            state.create_access_key(&alice, NOW).map(drop),
            state.set_access_key_status(&bob, &key, KeyStatus::Inactive),
            state.delete_access_key(&bob, &key),
            state.delete_access_key(&Principal::Root, &key),
        ];
        for refusal in refusals {
            assert!(refusal.is_err());
        }
        // This compares what draws ids, too.
        assert_eq!(state, unchanged);
    }

    #[test]
    fn nothing_is_left_of_a_deleted_user() {
        let (mut state, alice) = account_with_alice();
        let key = state.create_access_key(&alice, NOW).unwrap().id.clone();
        state.delete_access_key(&alice, &key).unwrap();
        state.delete_user("ALICE").unwrap();
        assert!(state.users.is_empty());
        assert!(state.access_keys.is_empty());
        assert!(state.create_access_key(&alice, NOW).is_err());
        assert_ne!(user(&mut state, "alice").unwrap(), alice, "a new user, a new id");
    }
}
