//! The account's alias: the name that people sign in under.

use super::State;
use crate::error::{ApiError, ErrorCode};

impl State {
    /// The alias, if the account has one.
    pub(crate) fn alias(&self) -> Option<&str> {
        self.alias.as_deref()
    }

    /// Takes the place of the alias that there was.
    pub(crate) fn set_alias(&mut self, alias: String) -> Result<(), ApiError> {
        if self.alias.as_ref() == Some(&alias) {
            let message = format!("The account alias {alias} already exists.");
            return Err(ApiError::new(ErrorCode::EntityAlreadyExists, message));
        }
        self.alias = Some(alias);
        Ok(())
    }

    pub(crate) fn remove_alias(&mut self, alias: &str) -> Result<(), ApiError> {
        if self.alias.as_deref() != Some(alias) {
            let message = format!("The account alias {alias} cannot be found.");
            return Err(ApiError::new(ErrorCode::NoSuchEntity, message));
        }
        self.alias = None;
        Ok(())
    }
}
