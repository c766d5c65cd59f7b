//! Names and paths, whose characters the service checks by hand and words in its own way.

use super::{
    Constraint, Parameter,
    constraint::{EXISTING_USER_NAME, NEW_USER_NAME, PATH, PATH_PREFIX, is_word_character},
};
use crate::error::ApiError;

/// A name that a user is to have.
#[derive(Clone, Debug)]
pub(crate) struct NewUserName(pub(crate) String);

/// A name by which a user is looked for.
#[derive(Clone, Debug)]
pub(crate) struct ExistingUserName(pub(crate) String);

/// A path that an entity is to have.
#[derive(Clone, Debug)]
pub(crate) struct Path(pub(crate) String);

/// The start of the paths to list.
#[derive(Clone, Debug)]
pub(crate) struct PathPrefix(pub(crate) String);

impl Parameter for NewUserName {
    const CONSTRAINT: Constraint = Constraint::Text(NEW_USER_NAME);

    fn take(field: &str, text: String) -> Result<Self, ApiError> {
        check_user_name(field, &text).map(|()| Self(text))
    }
}

impl Parameter for ExistingUserName {
    const CONSTRAINT: Constraint = Constraint::Text(EXISTING_USER_NAME);

    fn take(field: &str, text: String) -> Result<Self, ApiError> {
        check_user_name(field, &text).map(|()| Self(text))
    }
}

impl Parameter for Path {
    const CONSTRAINT: Constraint = Constraint::Text(PATH);

    fn take(field: &str, text: String) -> Result<Self, ApiError> {
        check_path(field, &text).map(|()| Self(text))
    }
}

impl Parameter for PathPrefix {
    const CONSTRAINT: Constraint = Constraint::Text(PATH_PREFIX);

    fn take(field: &str, text: String) -> Result<Self, ApiError> {
        check_path_prefix(field, &text).map(|()| Self(text))
    }
}

/// Refuses a user name with other characters than names have.
fn check_user_name(field: &str, name: &str) -> Result<(), ApiError> {
    if name.chars().all(|character| is_word_character(character) || "+=,.@-".contains(character)) {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "The specified value for {field} is invalid. It must contain only alphanumeric \
         characters and/or the following: +=,.@_-"
    )))
}

/// Refuses a path that is neither `/` nor `/…/` of visible ASCII.
fn check_path(field: &str, path: &str) -> Result<(), ApiError> {
    let inside = match path {
        "/" => Some("/"),
        _ => path
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
            .filter(|inside| !inside.is_empty()),
    };
    if inside.is_some_and(|inside| inside.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "The specified value for {field} is invalid. It must begin and end with / and contain \
         only alphanumeric characters and/or / characters."
    )))
}

/// Refuses a prefix that no path can have.
fn check_path_prefix(field: &str, prefix: &str) -> Result<(), ApiError> {
    let is_prefix =
        prefix.starts_with('/') && prefix.bytes().all(|byte| matches!(byte, b'\x21'..=b'\x7f'));
    if is_prefix {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "The specified value for {field} is invalid. It must begin with the / character and \
         contain only alphanumeric characters and/or / characters."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_and_end_with_a_slash() {
        for path in ["/", "/a/", "/a/b/", "/!~/", "///"] {
            assert!(check_path("path", path).is_ok(), "{path}");
        }
        for path in ["", "//", "a", "/a", "a/", "/a b/", "/\u{e9}/", "/\x7f/"] {
            assert!(check_path("path", path).is_err(), "{path}");
        }
    }

    #[test]
    fn prefixes_begin_with_a_slash() {
        for prefix in ["/", "/a", "/a/b", "//"] {
            assert!(check_path_prefix("pathPrefix", prefix).is_ok(), "{prefix}");
        }
        for prefix in ["", "a/", "/ ", "/\u{e9}"] {
            assert!(check_path_prefix("pathPrefix", prefix).is_err(), "{prefix}");
        }
    }
}
