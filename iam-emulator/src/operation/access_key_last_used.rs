//! GetAccessKeyLastUsed.

use super::{Answer, Call, Input, Operation, Resources, input::AccessKeyId, timestamp::iso_8601};
use crate::{
    authorize::Ask,
    error::ApiError,
    protocol::Writer,
    state::{KeyUse, State, invalid_security_token},
};

/// Says whose key it is, and when and for what it was last used. It is asked for on the key's
/// owner, so that nobody may ask it of a key that is nobody's.
pub(super) struct GetAccessKeyLastUsed {
    id: AccessKeyId,
}

pub(super) struct LastUsed {
    user_name: Option<String>,
    last_use: Option<KeyUse>,
}

impl Operation for GetAccessKeyLastUsed {
    const NAME: &'static str = "GetAccessKeyLastUsed";
    const READ_ONLY: bool = true;
    type Answer = LastUsed;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { id: input.required("AccessKeyId")? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.owner_of_access_key(&self.id.0)]
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<LastUsed, ApiError> {
        // Without one nobody was allowed to ask.
        let key = state.access_key(&self.id.0).ok_or_else(invalid_security_token)?;
        let owner = state.caller(key.owner.clone())?;
        Ok(LastUsed { user_name: owner.name, last_use: key.last_use.clone() })
    }
}

impl Answer for LastUsed {
    fn write(&self, writer: &mut Writer) {
        if let Some(name) = &self.user_name {
            writer.text("UserName", name);
        }
        writer.element("AccessKeyLastUsed", |writer| match &self.last_use {
            Some(last_use) => {
                writer.text("LastUsedDate", &iso_8601(last_use.at));
                writer.text("ServiceName", last_use.service);
                writer.text("Region", &last_use.region);
            }
            None => {
                writer.text("ServiceName", "N/A");
                writer.text("Region", "N/A");
            }
        });
    }
}
