//! GetCallerIdentity.

use super::{Answer, Call, Input, Operation, Resources};
use crate::{
    authorize::Ask,
    error::ApiError,
    protocol::Writer,
    state::{Caller, State},
};

/// Says who signed. It needs no permission, not even against a denial.
pub(super) struct GetCallerIdentity;

pub(super) struct CallerIdentity(Caller);

impl Operation for GetCallerIdentity {
    const NAME: &'static str = "GetCallerIdentity";
    const READ_ONLY: bool = true;
    type Answer = CallerIdentity;

    fn read(_: &mut Input<'_>) -> Option<Self> {
        Some(Self)
    }

    fn asks(&self, _: &Resources<'_>) -> Vec<Ask> {
        Vec::new()
    }

    fn apply(self, _: &mut State, call: &Call<'_>) -> Result<CallerIdentity, ApiError> {
        Ok(CallerIdentity(call.caller.clone()))
    }
}

/// In the order that STS sends, which is not its model's.
impl Answer for CallerIdentity {
    fn write(&self, writer: &mut Writer) {
        let Self(caller) = self;
        writer.text("Arn", &caller.arn);
        writer.text("UserId", &caller.user_id);
        writer.text("Account", &caller.account.to_string());
    }
}
