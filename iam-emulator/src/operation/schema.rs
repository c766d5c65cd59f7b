//! Checks parameters against their constraints and words what is wrong.
//!
//! All violations of a request are told at once, in the order in which the
//! operation reads its parameters. IAM does not repeat the refused value.

use std::{borrow::Cow, ops::RangeInclusive};

use super::constraint::TextConstraint;
use crate::{
    error::{ApiError, ErrorCode},
    protocol::Parameters,
};

/// Reads the parameters of one request and collects what is wrong with them.
pub(super) struct Schema<'a> {
    parameters: &'a Parameters<'a>,
    violations: Vec<String>,
}

impl<'a> Schema<'a> {
    pub(super) fn of(parameters: &'a Parameters<'a>) -> Self {
        Self { parameters, violations: Vec::new() }
    }

    /// A text that may be left out.
    pub(super) fn optional(&mut self, name: &str, constraint: TextConstraint) -> Option<String> {
        let value = self.parameters.get(name)?;
        self.check_text(&field(name), &value, constraint);
        Some(value.into_owned())
    }

    /// A text that may not; [`finish`](Self::finish) refuses if it was.
    pub(super) fn required(&mut self, name: &str, constraint: TextConstraint) -> String {
        let value = self.parameters.get(name);
        self.required_value(&field(name), value, constraint)
    }

    /// A text that may not be missing, of a value that is not a parameter by itself.
    pub(super) fn required_value(
        &mut self,
        field: &str,
        value: Option<Cow<'_, str>>,
        constraint: TextConstraint,
    ) -> String {
        match value {
            Some(value) => {
                self.check_text(field, &value, constraint);
                value.into_owned()
            }
            None => {
                self.violation(field, "Member must not be null");
                String::new()
            }
        }
    }

    /// One of a set of words; `None` is refused by [`finish`](Self::finish).
    pub(super) fn required_choice<T>(
        &mut self,
        name: &str,
        choose: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let field = field(name);
        match self.parameters.get(name) {
            Some(value) => {
                let choice = choose(&value);
                if choice.is_none() {
                    self.violation(&field, "Member must satisfy enum value set");
                }
                choice
            }
            None => {
                self.violation(&field, "Member must not be null");
                None
            }
        }
    }

    /// A signed number of 32 bits, in decimal.
    ///
    /// # Errors
    ///
    /// What is no number is refused before anything else is.
    pub(super) fn integer(
        &mut self,
        name: &str,
        range: RangeInclusive<i32>,
    ) -> Result<Option<i32>, ApiError> {
        let Some(value) = self.parameters.get(name) else {
            return Ok(None);
        };
        if value.is_empty() {
            return Err(ApiError::new(ErrorCode::MalformedInput, "missing value for decimal type"));
        }
        let Ok(value) = value.parse::<i32>() else {
            return Err(ApiError::without_message(ErrorCode::MalformedInput));
        };
        let (min, max) = (range.start(), range.end());
        if value > *max {
            let text = format!("Member must have value less than or equal to {max}");
            self.violation(&field(name), &text);
        }
        if value < *min {
            let text = format!("Member must have value greater than or equal to {min}");
            self.violation(&field(name), &text);
        }
        Ok(Some(value))
    }

    /// Notes that `field` breaks a constraint.
    pub(super) fn violation(&mut self, field: &str, constraint: &str) {
        self.violations
            .push(format!("Value at '{field}' failed to satisfy constraint: {constraint}"));
    }

    /// Notes that `field` is longer than it may be.
    pub(super) fn too_long(&mut self, field: &str, length_max: usize) {
        let text = format!("Member must have length less than or equal to {length_max}");
        self.violation(field, &text);
    }

    /// Refuses if anything was noted.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        let errors = match self.violations.len() {
            0 => return Ok(()),
            1 => "1 validation error".to_owned(),
            count => format!("{count} validation errors"),
        };
        let violations = self.violations.join("; ");
        Err(ApiError::validation(format!("{errors} detected: {violations}")))
    }

    fn check_text(&mut self, field: &str, value: &str, constraint: TextConstraint) {
        let length = value.chars().count();
        if length > constraint.length_max {
            self.too_long(field, constraint.length_max);
        }
        if length < constraint.length_min {
            let min = constraint.length_min;
            let text = format!("Member must have length greater than or equal to {min}");
            self.violation(field, &text);
        }
        if let Some(pattern) = constraint.pattern
            && !pattern.matches(value)
        {
            let shown = pattern.shown;
            let text = format!("Member must satisfy regular expression pattern: {shown}");
            self.violation(field, &text);
        }
    }
}

/// A parameter as messages name it: with a lower-case first letter.
fn field(name: &str) -> String {
    let mut field = name.to_owned();
    if let Some(first) = field.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    field
}
