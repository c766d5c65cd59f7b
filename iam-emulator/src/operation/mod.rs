//! The operations: what each reads, needs, does and returns.

mod access_key;
mod access_key_last_used;
mod constraint;
mod identity;
mod list_access_keys;
mod list_users;
mod page;
mod schema;
mod timestamp;
mod user;
mod user_name;

use time::OffsetDateTime;

pub(crate) use self::{access_key::CreateAccessKey, user::CreateUser};
use self::{
    access_key::{DeleteAccessKey, UpdateAccessKey},
    access_key_last_used::GetAccessKeyLastUsed,
    identity::GetCallerIdentity,
    list_access_keys::ListAccessKeys,
    list_users::ListUsers,
    user::{DeleteUser, GetUser, UpdateUser},
};
use crate::{
    error::{ApiError, ErrorCode},
    policy::{Permission, authorize},
    protocol::{MarkerKey, Parameters, Writer},
    service::Service,
    state::{Caller, State},
};

/// An operation with its parameters: one value from request to answer.
pub(crate) trait Operation: Sized + 'static {
    /// What the answer says.
    type Output: 'static;

    /// Reads and checks the parameters.
    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError>;

    /// What the caller must be allowed; all of it.
    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission>;

    /// Does it. A refusal leaves the state as it was.
    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<Self::Output, ApiError>;

    /// Writes what stands inside the result element, if there is one.
    fn respond(output: Self::Output) -> Option<ResultContent>;
}

/// Writes the inside of a result element.
pub(crate) type ResultContent = Box<dyn FnOnce(&mut Writer)>;

/// Who calls, and when.
pub(crate) struct Call<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) now: OffsetDateTime,
    pub(crate) markers: &'a MarkerKey,
}

/// An operation of whatever type, read and not yet authorized.
pub(crate) trait Parsed {
    /// Authorizes and applies it, and says what to answer.
    fn perform(
        self: Box<Self>,
        state: &mut State,
        call: &Call<'_>,
    ) -> Result<Option<ResultContent>, ApiError>;
}

impl<O: Operation> Parsed for O {
    fn perform(
        self: Box<Self>,
        state: &mut State,
        call: &Call<'_>,
    ) -> Result<Option<ResultContent>, ApiError> {
        for permission in self.permissions(state, call.caller) {
            authorize(call.caller, &permission)?;
        }
        Ok(O::respond(self.apply(state, call)?))
    }
}

/// Reads the operation that the parameters name.
pub(crate) fn parse(
    service: Service,
    parameters: &Parameters<'_>,
) -> Result<Box<dyn Parsed>, ApiError> {
    let action = parameters.get("Action").unwrap_or_default();
    let version = parameters.get("Version");
    match parser(service, &action) {
        Some(parse) if version.as_deref() == Some(service.version()) => parse(parameters),
        _ => {
            let version = version.as_deref().unwrap_or("NO_VERSION_SPECIFIED");
            Err(ApiError::new(
                ErrorCode::InvalidAction,
                format!("Could not find operation {action} for version {version}"),
            ))
        }
    }
}

/// The service that a request is meant for, as far as its parameters tell.
pub(crate) fn service(parameters: &Parameters<'_>) -> Option<Service> {
    if let Some(service) =
        parameters.get("Version").and_then(|version| Service::with_version(&version))
    {
        return Some(service);
    }
    let action = parameters.get("Action")?;
    Service::ALL.into_iter().find(|service| parser(*service, &action).is_some())
}

type Parser = fn(&Parameters<'_>) -> Result<Box<dyn Parsed>, ApiError>;

/// Every operation there is.
fn parser(service: Service, action: &str) -> Option<Parser> {
    Some(match (service, action) {
        (Service::Iam, "CreateAccessKey") => boxed::<CreateAccessKey>,
        (Service::Iam, "CreateUser") => boxed::<CreateUser>,
        (Service::Iam, "DeleteAccessKey") => boxed::<DeleteAccessKey>,
        (Service::Iam, "DeleteUser") => boxed::<DeleteUser>,
        (Service::Iam, "GetAccessKeyLastUsed") => boxed::<GetAccessKeyLastUsed>,
        (Service::Iam, "GetUser") => boxed::<GetUser>,
        (Service::Iam, "ListAccessKeys") => boxed::<ListAccessKeys>,
        (Service::Iam, "ListUsers") => boxed::<ListUsers>,
        (Service::Iam, "UpdateAccessKey") => boxed::<UpdateAccessKey>,
        (Service::Iam, "UpdateUser") => boxed::<UpdateUser>,
        (Service::Sts, "GetCallerIdentity") => boxed::<GetCallerIdentity>,
        _ => return None,
    })
}

fn boxed<O: Operation>(parameters: &Parameters<'_>) -> Result<Box<dyn Parsed>, ApiError> {
    Ok(Box::new(O::parse(parameters)?))
}
