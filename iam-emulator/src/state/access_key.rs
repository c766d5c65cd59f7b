//! Access keys and the rules of their life.

use time::{Duration, OffsetDateTime};

use super::{Principal, State};
use crate::{
    error::{ApiError, ErrorCode},
    secret::Secret,
};

/// The most access keys a user, or the root, can have: active and inactive
/// ones count alike.
pub const ACCESS_KEYS_PER_OWNER_MAX: usize = 2;

/// An access key of a user or of the root.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    pub(crate) owner: Principal,
    pub(crate) status: KeyStatus,
    pub(crate) created: OffsetDateTime,
    /// Which creation of the account this was: the order of listings.
    pub(crate) sequence: u64,
    pub(crate) last_use: Option<KeyUse>,
}

/// Whether a key can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyStatus {
    Active,
    Inactive,
}

impl KeyStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

/// For how long a recorded use stands: what comes within it is not recorded.
const USE_STANDS: Duration = Duration::minutes(15);

/// When and for what a key was last used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyUse {
    pub(crate) at: OffsetDateTime,
    pub(crate) service: &'static str,
    pub(crate) region: String,
}

impl AccessKey {
    /// Notes a use, to the minute, unless one stands already.
    pub(super) fn note(&mut self, mut key_use: KeyUse) {
        let stands = |last: &KeyUse| (key_use.at - last.at).abs() < USE_STANDS;
        if self.last_use.as_ref().is_some_and(stands) {
            return;
        }
        key_use.at -= Duration::seconds(key_use.at.second().into());
        self.last_use = Some(key_use);
    }
}

impl State {
    pub(crate) fn access_key(&self, id: &str) -> Option<&AccessKey> {
        self.access_keys.get(id)
    }

    /// The keys of an owner that were created after `sequence`, oldest first.
    pub(crate) fn access_keys_after(
        &self,
        owner: &Principal,
        sequence: Option<u64>,
    ) -> impl Iterator<Item = &AccessKey> {
        self.access_key_ids(owner)
            .unwrap_or_default()
            .iter()
            .filter_map(|id| self.access_keys.get(id))
            .filter(move |key| sequence.is_none_or(|last| key.sequence > last))
    }

    pub(crate) fn create_access_key(
        &mut self,
        owner: &Principal,
        now: OffsetDateTime,
    ) -> Result<&AccessKey, ApiError> {
        let owned =
            self.access_key_ids(owner).ok_or_else(super::principal::invalid_security_token)?;
        if owned.len() >= ACCESS_KEYS_PER_OWNER_MAX {
            return Err(ApiError::new(
                ErrorCode::LimitExceeded,
                format!("Cannot exceed quota for AccessKeysPerUser: {ACCESS_KEYS_PER_OWNER_MAX}"),
            ));
        }
        let id = self.unused_access_key_id();
        let secret = self.ids.secret_access_key();
        if let Some(owned) = self.access_key_ids_mut(owner) {
            owned.push(id.clone());
        }
        self.access_keys_created += 1;
        let key = AccessKey {
            id: id.clone(),
            secret,
            owner: owner.clone(),
            status: KeyStatus::Active,
            created: now,
            sequence: self.access_keys_created,
            last_use: None,
        };
        Ok(self.access_keys.entry(id).or_insert(key))
    }

    /// Sets the status; setting the one it has changes nothing.
    pub(crate) fn set_access_key_status(
        &mut self,
        owner: &Principal,
        id: &str,
        status: KeyStatus,
    ) -> Result<(), ApiError> {
        let key = self
            .access_keys
            .get_mut(id)
            .filter(|key| key.owner == *owner)
            .ok_or_else(|| no_such_access_key(id))?;
        key.status = status;
        Ok(())
    }

    pub(crate) fn delete_access_key(
        &mut self,
        owner: &Principal,
        id: &str,
    ) -> Result<(), ApiError> {
        if self.access_keys.get(id).is_none_or(|key| key.owner != *owner) {
            return Err(no_such_access_key(id));
        }
        self.access_keys.remove(id);
        if let Some(owned) = self.access_key_ids_mut(owner) {
            owned.retain(|owned| owned != id);
        }
        Ok(())
    }

    fn unused_access_key_id(&mut self) -> String {
        loop {
            let id = self.ids.access_key_id(self.account);
            if !self.access_keys.contains_key(&id) && id != self.bootstrap.id {
                return id;
            }
        }
    }
}

fn no_such_access_key(id: &str) -> ApiError {
    ApiError::new(ErrorCode::NoSuchEntity, format!("The Access Key with id {id} cannot be found."))
}
