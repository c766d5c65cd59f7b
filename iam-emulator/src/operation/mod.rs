//! The operations: what each reads, asks for, does and answers.

mod access_key;
mod access_key_last_used;
mod account_alias;
mod identity;
mod input;
mod list_access_keys;
mod list_users;
mod listing;
mod model;
mod resource;
mod table;
mod timestamp;
mod user;

use time::OffsetDateTime;

pub(crate) use self::{
    access_key::CreateAccessKey,
    input::Input,
    model::is_known_to_aws,
    resource::Resources,
    table::{find, is_read, service},
    user::CreateUser,
};
use crate::{
    authorize::{Ask, authorize},
    error::{ApiError, ErrorCode},
    protocol::{MarkerKey, Parameters, Writer},
    service::Service,
    state::{Caller, State},
};

/// An operation with its parameters: one value from request to answer.
pub(crate) trait Operation: Sized + 'static {
    /// Its name, in the table, permissions, envelopes, markers and records.
    const NAME: &'static str;
    /// Whether it changes nothing.
    const READ_ONLY: bool;
    /// What it answers.
    type Answer: Answer;

    /// Reads the parameters: all of them, then it is built. What was wrong is in the input, which
    /// the dispatcher finishes.
    fn read(input: &mut Input<'_>) -> Option<Self>;

    /// On what the caller must be allowed to do this; all of it.
    fn asks(&self, about: &Resources<'_>) -> Vec<Ask>;

    /// Does it. A refusal leaves the state as it was.
    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<Self::Answer, ApiError>;
}

/// What an operation answers.
pub(crate) trait Answer: 'static {
    /// Whether there is a result element at all.
    const HAS_RESULT: bool = true;

    /// Writes what stands inside it.
    fn write(&self, writer: &mut Writer);
}

/// Some operations answer that they are done, and no more.
impl Answer for () {
    const HAS_RESULT: bool = false;

    fn write(&self, _: &mut Writer) {}
}

/// Who calls, and when.
pub(crate) struct Call<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) now: OffsetDateTime,
    pub(crate) markers: &'a MarkerKey,
}

/// Writes the inside of a result element.
pub(crate) type ResultContent = Box<dyn FnOnce(&mut Writer)>;

/// An operation of whatever type, read and not yet authorized.
pub(crate) trait Pending {
    /// Authorizes and applies it, under one look at the state, and says what to answer.
    fn perform(
        self: Box<Self>,
        action: &str,
        state: &mut State,
        call: &Call<'_>,
    ) -> Result<Option<ResultContent>, ApiError>;
}

impl<O: Operation> Pending for O {
    fn perform(
        self: Box<Self>,
        action: &str,
        state: &mut State,
        call: &Call<'_>,
    ) -> Result<Option<ResultContent>, ApiError> {
        let asks = self.asks(&Resources::new(state, call.caller));
        authorize(call.caller, action, &asks)?;
        let answer = self.apply(state, call)?;
        let content: ResultContent = Box::new(move |writer| answer.write(writer));
        Ok(O::Answer::HAS_RESULT.then_some(content))
    }
}

/// Reads an operation from its parameters.
pub(crate) fn read<O: Operation>(parameters: &Parameters<'_>) -> Result<O, ApiError> {
    let mut input = Input::of(parameters);
    let operation = O::read(&mut input);
    input.finish()?;
    // What is not there was told of, and refused above.
    operation.ok_or_else(|| ApiError::without_message(ErrorCode::MalformedInput))
}

/// The refusal of an operation that there is none of.
pub(crate) fn not_found(action: &str, version: Option<&str>) -> ApiError {
    let version = version.unwrap_or("NO_VERSION_SPECIFIED");
    ApiError::new(
        ErrorCode::InvalidAction,
        format!("Could not find operation {action} for version {version}"),
    )
}

impl Service {
    /// An action as policies and refusals name it.
    pub(crate) fn action(self, name: &str) -> String {
        format!("{}:{name}", self.signing_name())
    }
}
