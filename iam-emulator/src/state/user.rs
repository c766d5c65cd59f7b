//! Users and the rules of their names.

use std::{cmp::Ordering, ops::Bound};

use time::OffsetDateTime;

use super::{Principal, State};
use crate::error::{ApiError, ErrorCode};

/// The most users an account can have.
pub const USERS_PER_ACCOUNT_MAX: usize = 5000;

/// A user of the account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) name: UserName,
    pub(crate) path: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) tags: Vec<Tag>,
    /// Oldest first; active and inactive ones.
    pub(super) access_key_ids: Vec<String>,
}

/// A user's unique id. It outlives renaming and is never used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UserId(String);

impl UserId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A user name: keeps its case, compares without it.
#[derive(Clone, Debug)]
pub(crate) struct UserName(String);

impl UserName {
    pub(crate) fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is the same for all spellings of the name.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Names are ASCII, so that folding is by byte.
    fn folded_bytes(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl Ord for UserName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded_bytes().cmp(other.folded_bytes())
    }
}

impl PartialOrd for UserName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for UserName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for UserName {}

/// A key and a value that somebody put on a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What a new user starts with.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) tags: Vec<Tag>,
}

/// What UpdateUser changes; `None` stays as it is.
#[derive(Clone, Debug)]
pub(crate) struct UserChange {
    pub(crate) name: Option<String>,
    pub(crate) path: Option<String>,
}

impl State {
    /// The user with this name, in whatever case.
    pub(crate) fn user(&self, name: &str) -> Result<&User, ApiError> {
        self.users.get(&UserName::new(name)).ok_or_else(|| no_such_user(name))
    }

    pub(crate) fn user_with_id(&self, id: &UserId) -> Option<&User> {
        self.users.get(self.user_names.get(id)?)
    }

    /// The users whose names follow `last`, or all, in the order of names.
    pub(crate) fn users_after(&self, last: Option<&str>) -> impl Iterator<Item = &User> {
        let last = last.map(UserName::new);
        let start = last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        self.users.range((start, Bound::Unbounded)).map(|(_, user)| user)
    }

    pub(crate) fn create_user(
        &mut self,
        new: NewUser,
        now: OffsetDateTime,
    ) -> Result<&User, ApiError> {
        let name = UserName::new(&new.name);
        if self.users.contains_key(&name) {
            return Err(user_exists(&new.name));
        }
        if self.users.len() >= USERS_PER_ACCOUNT_MAX {
            return Err(ApiError::new(
                ErrorCode::LimitExceeded,
                format!("Cannot exceed quota for UsersPerAccount: {USERS_PER_ACCOUNT_MAX}"),
            ));
        }
        let id = self.unused_user_id();
        let user = User {
            id: id.clone(),
            name: name.clone(),
            path: new.path,
            created: now,
            tags: new.tags,
            access_key_ids: Vec::new(),
        };
        self.user_names.insert(id, name.clone());
        Ok(self.users.entry(name).or_insert(user))
    }

    /// Renames or moves a user, whose id, keys and tags stay.
    pub(crate) fn update_user(&mut self, name: &str, change: UserChange) -> Result<(), ApiError> {
        let old_name = self.user(name)?.name.clone();
        let new_name = match change.name {
            Some(new_name) => {
                let new_name_key = UserName::new(&new_name);
                // Its own name in another case is the user's to take.
                if new_name_key != old_name && self.users.contains_key(&new_name_key) {
                    return Err(user_exists(&new_name));
                }
                new_name_key
            }
            None => old_name.clone(),
        };
        let Some(mut user) = self.users.remove(&old_name) else {
            return Err(no_such_user(name));
        };
        user.name = new_name.clone();
        if let Some(path) = change.path {
            user.path = path;
        }
        self.user_names.insert(user.id.clone(), new_name.clone());
        self.users.insert(new_name, user);
        Ok(())
    }

    /// Deletes a user that nothing hangs on any more.
    pub(crate) fn delete_user(&mut self, name: &str) -> Result<(), ApiError> {
        let user = self.user(name)?;
        if !user.access_key_ids.is_empty() {
            return Err(ApiError::new(
                ErrorCode::DeleteConflict,
                "Cannot delete entity, must delete access keys first.",
            ));
        }
        let id = user.id.clone();
        self.user_names.remove(&id);
        self.users.remove(&UserName::new(name));
        Ok(())
    }

    /// The ids of a principal's access keys, oldest first; none for a user
    /// that no longer exists.
    pub(super) fn access_key_ids(&self, owner: &Principal) -> Option<&[String]> {
        match owner {
            Principal::Root => Some(&self.root_access_key_ids),
            Principal::User(id) => Some(&self.user_with_id(id)?.access_key_ids),
        }
    }

    /// The ids of a principal's access keys, to change them.
    pub(super) fn access_key_ids_mut(&mut self, owner: &Principal) -> Option<&mut Vec<String>> {
        match owner {
            Principal::Root => Some(&mut self.root_access_key_ids),
            Principal::User(id) => {
                let user = self.users.get_mut(self.user_names.get(id)?)?;
                Some(&mut user.access_key_ids)
            }
        }
    }

    fn unused_user_id(&mut self) -> UserId {
        loop {
            let id = UserId(self.ids.user_id());
            if !self.user_names.contains_key(&id) {
                return id;
            }
        }
    }
}

/// The name is shown as the request gave it.
fn no_such_user(name: &str) -> ApiError {
    ApiError::new(ErrorCode::NoSuchEntity, format!("The user with name {name} cannot be found."))
}

fn user_exists(name: &str) -> ApiError {
    ApiError::new(ErrorCode::EntityAlreadyExists, format!("User with name {name} already exists."))
}
