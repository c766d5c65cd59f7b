//! The rules of names and paths that the service words in its own way.

use super::constraint::is_word_character;
use crate::{
    error::ApiError,
    policy::Resource,
    state::{Caller, Principal, State},
};

/// Refuses a user name with other characters than names have.
pub(super) fn check_user_name(field: &str, name: &str) -> Result<(), ApiError> {
    if name.chars().all(|character| is_word_character(character) || "+=,.@-".contains(character)) {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "The specified value for {field} is invalid. It must contain only alphanumeric \
         characters and/or the following: +=,.@_-"
    )))
}

/// Refuses a path that is neither `/` nor `/…/` of visible ASCII.
pub(super) fn check_path(field: &str, path: &str) -> Result<(), ApiError> {
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
pub(super) fn check_path_prefix(field: &str, prefix: &str) -> Result<(), ApiError> {
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

/// What an action on `user_name`, or else on the caller, is done to.
pub(super) fn user_resource(user_name: Option<&str>, state: &State, caller: &Caller) -> Resource {
    match user_name {
        Some(name) => named_user_resource(name, state),
        None => principal_resource(&caller.principal, state),
    }
}

/// What an action on a principal is done to.
pub(super) fn principal_resource(principal: &Principal, state: &State) -> Resource {
    let arn = state.arn(principal);
    match state.shown_name(principal) {
        Some(name) => Resource::User { arn, name },
        None => Resource::Arn(arn),
    }
}

/// A user that is there has the path it has, any other has none.
pub(super) fn named_user_resource(name: &str, state: &State) -> Resource {
    let arn = match state.user(name) {
        Ok(user) => state.account().user_arn(&user.path, user.name.as_str()),
        Err(_) => state.account().user_arn("/", name),
    };
    Resource::User { arn, name: name.to_owned() }
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
