//! Tags, and the rules of their keys.

use std::collections::HashSet;

use crate::error::{ApiError, ErrorCode};

/// A key and a value that somebody put on an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What no key may begin with, in whatever case; a value may.
const RESERVED_PREFIX: &str = "aws:";

/// Refuses tags that cannot be put on a user or a role, whose keys keep their case and compare
/// without it: first reserved keys, then those that come twice.
pub(super) fn check_tags(tags: &[Tag]) -> Result<(), ApiError> {
    let is_reserved = |tag: &Tag| {
        let prefix = tag.key.get(..RESERVED_PREFIX.len());
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(RESERVED_PREFIX))
    };
    if tags.iter().any(is_reserved) {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "Tag keys beginning with aws: are reserved for system use.",
        ));
    }
    let mut keys = HashSet::new();
    if tags.iter().all(|tag| keys.insert(tag.key.to_lowercase())) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::InvalidInput,
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tags: &[(&str, &str)]) -> Result<(), String> {
        let tag = |(key, value): &(&str, &str)| Tag { key: (*key).into(), value: (*value).into() };
        let tags: Vec<_> = tags.iter().map(tag).collect();
        check_tags(&tags).map_err(|error| error.message().unwrap().to_owned())
    }

    #[test]
    fn reserved_keys_come_before_duplicates_and_values_are_free() {
        assert_eq!(check(&[("a", "aws:x"), ("aws", "AWS:y"), ("xaws:", "")]), Ok(()));
        for key in ["aws:", "AWS:x", "aWs:createdBy"] {
            let refused = check(&[("k", ""), ("K", ""), (key, "")]).unwrap_err();
            assert_eq!(refused, "Tag keys beginning with aws: are reserved for system use.");
        }
        assert!(check(&[("Team", "a"), ("team", "b")]).unwrap_err().starts_with("Duplicate"));
    }
}
