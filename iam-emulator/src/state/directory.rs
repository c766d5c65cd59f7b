//! Entities of one kind, found by name or id: what users, groups, roles and policies share.
//!
//! Names keep their case and compare without it; ids outlive renaming and are never used again.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Bound,
};

use time::OffsetDateTime;

use crate::error::{ApiError, ErrorCode};

/// What is particular to a kind of entity.
pub(crate) trait Kind {
    /// The quota's name in messages, and how many there may be.
    const QUOTA: (&'static str, usize);

    /// The refusal of a name that nobody has, shown as the request gave it.
    fn missing(name: &str) -> String;

    /// The refusal of a name that is taken.
    fn exists(name: &str) -> String;
}

/// An entity of some kind: what all have, and what is its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entity<K> {
    pub(crate) id: EntityId,
    pub(crate) name: Name,
    pub(crate) path: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) own: K,
}

/// An entity's unique id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EntityId(String);

/// A name: keeps its case, compares without it.
#[derive(Clone, Debug)]
pub(crate) struct Name(String);

/// The entities of one kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Directory<K> {
    /// In the order in which listings show them.
    entities: BTreeMap<Name, Entity<K>>,
    names: HashMap<EntityId, Name>,
}

/// What changes of an entity; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub(crate) name: Option<String>,
    pub(crate) path: Option<String>,
}

impl<K: Kind> Directory<K> {
    pub(crate) fn new() -> Self {
        Self { entities: BTreeMap::new(), names: HashMap::new() }
    }

    /// The entity with this name, in whatever case.
    pub(crate) fn get(&self, name: &str) -> Result<&Entity<K>, ApiError> {
        self.entities.get(&Name::new(name)).ok_or_else(|| missing::<K>(name))
    }

    pub(crate) fn with_id(&self, id: &EntityId) -> Option<&Entity<K>> {
        self.entities.get(self.names.get(id)?)
    }

    pub(crate) fn with_id_mut(&mut self, id: &EntityId) -> Option<&mut Entity<K>> {
        self.entities.get_mut(self.names.get(id)?)
    }

    pub(crate) fn has_id(&self, id: &EntityId) -> bool {
        self.names.contains_key(id)
    }

    /// The entities whose names follow `last`, or all, in the order of names.
    pub(crate) fn after(&self, last: Option<&str>) -> impl Iterator<Item = &Entity<K>> {
        let last = last.map(Name::new);
        let start = last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        self.entities.range((start, Bound::Unbounded)).map(|(_, entity)| entity)
    }

    /// Fails if the name is taken, or there are too many.
    pub(crate) fn check_new(&self, name: &str) -> Result<(), ApiError> {
        let (quota, max) = K::QUOTA;
        if self.entities.contains_key(&Name::new(name)) {
            return Err(exists::<K>(name));
        }
        if self.entities.len() >= max {
            return Err(ApiError::new(
                ErrorCode::LimitExceeded,
                format!("Cannot exceed quota for {quota}: {max}"),
            ));
        }
        Ok(())
    }

    /// Adds an entity that [`check_new`](Self::check_new) let pass.
    pub(crate) fn insert(&mut self, entity: Entity<K>) -> &Entity<K> {
        self.names.insert(entity.id.clone(), entity.name.clone());
        self.entities.entry(entity.name.clone()).or_insert(entity)
    }

    /// Renames or moves an entity; its id and all that is its own stay. Not even its own name
    /// in another case can be taken.
    pub(crate) fn update(&mut self, name: &str, change: Change) -> Result<(), ApiError> {
        let old_name = self.get(name)?.name.clone();
        if let Some(new_name) = &change.name {
            let is_same = new_name == old_name.as_str();
            if !is_same && self.entities.contains_key(&Name::new(new_name)) {
                return Err(exists::<K>(new_name));
            }
        }
        let Some(mut entity) = self.entities.remove(&old_name) else {
            return Err(missing::<K>(name));
        };
        if let Some(new_name) = change.name {
            entity.name = Name(new_name);
        }
        if let Some(path) = change.path {
            entity.path = path;
        }
        self.insert(entity);
        Ok(())
    }

    pub(crate) fn remove(&mut self, name: &str) -> Result<Entity<K>, ApiError> {
        let entity = self.entities.remove(&Name::new(name)).ok_or_else(|| missing::<K>(name))?;
        self.names.remove(&entity.id);
        Ok(entity)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.names.is_empty()
    }
}

impl EntityId {
    pub(crate) fn new(id: String) -> Self {
        Self(id)
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Name {
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

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded_bytes().cmp(other.folded_bytes())
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

fn missing<K: Kind>(name: &str) -> ApiError {
    ApiError::new(ErrorCode::NoSuchEntity, K::missing(name))
}

fn exists<K: Kind>(name: &str) -> ApiError {
    ApiError::new(ErrorCode::EntityAlreadyExists, K::exists(name))
}
