//! The parameters of one request, read by type; what is wrong with them is told together.
//!
//! First comes what cannot be parsed, then everything that breaks the schema, then what the service
//! checks by hand and words in its own way. IAM does not repeat the refused value.

mod constraint;
mod description;
mod name;
mod number;
mod tag;
mod text;

pub(crate) use self::{
    constraint::{Constraint, MAX_ITEMS_DEFAULT},
    description::{Described, Description},
    name::{ExistingUserName, NewUserName, Path, PathPrefix},
    number::MaxItems,
    text::{AccessKeyId, AccountAlias, Marker, PolicyArn, RequestedStatus},
};
use crate::{
    error::{ApiError, ErrorCode},
    protocol::Parameters,
};

/// The most violations that a message tells of.
const VIOLATIONS_MAX: usize = 10;

/// A parameter's type: its constraint, and how the service words what the schema lets pass.
pub(crate) trait Parameter: Sized {
    /// What the schema says of it.
    const CONSTRAINT: Constraint;

    /// Takes a text that keeps the constraint.
    ///
    /// # Errors
    ///
    /// What the service checks by hand, of the parameter that messages call `field`.
    fn take(field: &str, text: String) -> Result<Self, ApiError>;
}

/// Reads the parameters of one request and collects what is wrong with them.
pub(crate) struct Input<'a> {
    source: Source<'a>,
    /// What cannot be parsed; the first.
    malformed: Option<ApiError>,
    violations: Vec<String>,
    /// What was checked by hand; the first.
    by_hand: Option<ApiError>,
}

enum Source<'a> {
    Request(&'a Parameters<'a>),
    /// Nobody's: what an operation reads is written down.
    Description(&'a mut Description),
}

impl<'a> Input<'a> {
    pub(crate) fn of(parameters: &'a Parameters<'a>) -> Self {
        Self::from_source(Source::Request(parameters))
    }

    /// Writes down what is read in place of reading it.
    pub(crate) fn describing(description: &'a mut Description) -> Self {
        Self::from_source(Source::Description(description))
    }

    fn from_source(source: Source<'a>) -> Self {
        Self { source, malformed: None, violations: Vec::new(), by_hand: None }
    }

    /// A parameter that may not be left out. Nothing if it was, or is wrong: read all before
    /// anything is made of them, so that all is told.
    pub(crate) fn required<T: Parameter>(&mut self, name: &'static str) -> Option<T> {
        let field = field(name);
        match self.value(name, T::CONSTRAINT, true)? {
            Some(value) => self.take(&field, value),
            None => {
                self.violation(&field, "Member must not be null");
                None
            }
        }
    }

    /// A parameter that may be left out: `Some(None)` if it was.
    #[expect(clippy::option_option, reason = "wrong, left out, or there")]
    pub(crate) fn optional<T: Parameter>(&mut self, name: &'static str) -> Option<Option<T>> {
        match self.value(name, T::CONSTRAINT, false)? {
            Some(value) => self.take(&field(name), value).map(Some),
            None => Some(None),
        }
    }

    /// Refuses if anything was wrong.
    ///
    /// # Errors
    ///
    /// The gravest kind of it.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if let Some(malformed) = self.malformed {
            return Err(malformed);
        }
        if !self.violations.is_empty() {
            let told = self.violations.len().min(VIOLATIONS_MAX);
            let errors = match told {
                1 => "1 validation error".to_owned(),
                count => format!("{count} validation errors"),
            };
            let violations = self.violations[..told].join("; ");
            return Err(ApiError::validation(format!("{errors} detected: {violations}")));
        }
        self.by_hand.map_or(Ok(()), Err)
    }

    /// The text of a parameter; nothing while a description is made.
    #[expect(clippy::option_option, reason = "nobody's, left out, or there")]
    fn value(
        &mut self,
        name: &'static str,
        constraint: Constraint,
        is_required: bool,
    ) -> Option<Option<String>> {
        match &mut self.source {
            Source::Request(parameters) => Some(parameters.get(name).map(Into::into)),
            Source::Description(description) => {
                description.parameters.push(Described { name, constraint, is_required });
                None
            }
        }
    }

    /// Checks a text against its constraint, and takes it.
    fn take<T: Parameter>(&mut self, field: &str, text: String) -> Option<T> {
        if let Err(malformed) = T::CONSTRAINT.parse(&text) {
            self.malformed.get_or_insert(malformed);
            return None;
        }
        let before = self.violations.len();
        T::CONSTRAINT.check(&text, |violation| self.violation(field, &violation));
        if self.violations.len() > before {
            return None;
        }
        match T::take(field, text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.by_hand.get_or_insert(error);
                None
            }
        }
    }

    /// Notes that `field` breaks a constraint.
    fn violation(&mut self, field: &str, constraint: &str) {
        self.violations
            .push(format!("Value at '{field}' failed to satisfy constraint: {constraint}"));
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

/// The refusal of a value that is none of its type.
fn malformed() -> ApiError {
    ApiError::without_message(ErrorCode::MalformedInput)
}
