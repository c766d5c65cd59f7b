//! Users.

use time::OffsetDateTime;

use super::{
    Principal, State,
    directory::{Change, Entity, EntityId, Kind, Name},
    tag::{Tag, check_tags},
};
use crate::error::{ApiError, ErrorCode};

/// The most users an account can have.
pub const USERS_PER_ACCOUNT_MAX: usize = 5000;

/// A user of the account.
pub(crate) type User = Entity<UserParts>;

/// What is a user's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserParts {
    pub(crate) tags: Vec<Tag>,
    /// Oldest first; active and inactive ones.
    pub(super) access_key_ids: Vec<String>,
}

/// What a new user starts with.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) tags: Vec<Tag>,
}

impl Kind for UserParts {
    const QUOTA: (&'static str, usize) = ("UsersPerAccount", USERS_PER_ACCOUNT_MAX);

    fn missing(name: &str) -> String {
        format!("The user with name {name} cannot be found.")
    }

    fn exists(name: &str) -> String {
        format!("User with name {name} already exists.")
    }
}

impl State {
    pub(crate) fn create_user(
        &mut self,
        new: NewUser,
        now: OffsetDateTime,
    ) -> Result<&User, ApiError> {
        check_tags(&new.tags)?;
        self.users.check_new(&new.name)?;
        let id = self.unused_user_id();
        let own = UserParts { tags: new.tags, access_key_ids: Vec::new() };
        let name = Name::new(&new.name);
        Ok(self.users.insert(Entity { id, name, path: new.path, created: now, own }))
    }

    /// Renames or moves a user, whose id, keys and tags stay.
    pub(crate) fn update_user(&mut self, name: &str, change: Change) -> Result<(), ApiError> {
        self.users.update(name, change)
    }

    /// Deletes a user that nothing hangs on any more.
    pub(crate) fn delete_user(&mut self, name: &str) -> Result<(), ApiError> {
        if !self.users.get(name)?.own.access_key_ids.is_empty() {
            return Err(ApiError::new(
                ErrorCode::DeleteConflict,
                "Cannot delete entity, must delete access keys first.",
            ));
        }
        self.users.remove(name).map(drop)
    }

    /// The ids of a principal's access keys, oldest first; none for a user
    /// that no longer exists.
    pub(super) fn access_key_ids(&self, owner: &Principal) -> Option<&[String]> {
        match owner {
            Principal::Root => Some(&self.root_access_key_ids),
            Principal::User(id) => Some(&self.users.with_id(id)?.own.access_key_ids),
        }
    }

    /// The ids of a principal's access keys, to change them.
    pub(super) fn access_key_ids_mut(&mut self, owner: &Principal) -> Option<&mut Vec<String>> {
        match owner {
            Principal::Root => Some(&mut self.root_access_key_ids),
            Principal::User(id) => Some(&mut self.users.with_id_mut(id)?.own.access_key_ids),
        }
    }

    fn unused_user_id(&mut self) -> EntityId {
        loop {
            let id = EntityId::new(self.ids.user_id(self.account));
            if !self.users.has_id(&id) {
                return id;
            }
        }
    }
}
