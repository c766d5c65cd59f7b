//! GetCallerIdentity.

use super::{Call, Operation, ResultContent};
use crate::{
    error::ApiError,
    policy::Permission,
    protocol::Parameters,
    state::{Caller, State},
};

/// Says who signed. It needs no permission, not even against a denial.
pub(super) struct GetCallerIdentity;

pub(super) struct CallerIdentity {
    arn: String,
    user_id: String,
    account: String,
}

impl Operation for GetCallerIdentity {
    type Output = CallerIdentity;

    fn parse(_: &Parameters<'_>) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn permissions(&self, _: &State, _: &Caller) -> Vec<Permission> {
        Vec::new()
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<CallerIdentity, ApiError> {
        Ok(CallerIdentity {
            arn: call.caller.arn.clone(),
            user_id: state.shown_id(&call.caller.principal),
            account: call.caller.account.to_string(),
        })
    }

    /// In the order that STS sends, which is not its model's.
    fn respond(identity: CallerIdentity) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            xml.text("Arn", &identity.arn);
            xml.text("UserId", &identity.user_id);
            xml.text("Account", &identity.account);
        }))
    }
}
