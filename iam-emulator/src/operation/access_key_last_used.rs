//! GetAccessKeyLastUsed.

use super::{
    Call, Operation, ResultContent, constraint::ACCESS_KEY_ID, schema::Schema, timestamp::iso_8601,
    user_name::principal_resource,
};
use crate::{
    error::ApiError,
    policy::{Permission, Resource, denied},
    protocol::Parameters,
    state::{Caller, KeyUse, State},
};

const ACTION: &str = "iam:GetAccessKeyLastUsed";

/// Says whose key it is, and when and for what it was last used.
pub(super) struct GetAccessKeyLastUsed {
    access_key_id: String,
}

pub(super) struct LastUsed {
    user_name: Option<String>,
    last_use: Option<KeyUse>,
}

impl Operation for GetAccessKeyLastUsed {
    type Output = LastUsed;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let access_key_id = schema.required("AccessKeyId", ACCESS_KEY_ID);
        schema.finish()?;
        Ok(Self { access_key_id })
    }

    /// On the key's owner; nobody has a permission on a key that is nobody's.
    fn permissions(&self, state: &State, _: &Caller) -> Vec<Permission> {
        vec![match state.access_key(&self.access_key_id) {
            Some(key) => Permission::new(ACTION, principal_resource(&key.owner, state)),
            None => unknown_key(&self.access_key_id),
        }]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<LastUsed, ApiError> {
        let key = state
            .access_key(&self.access_key_id)
            .ok_or_else(|| denied(call.caller, &unknown_key(&self.access_key_id)))?;
        Ok(LastUsed { user_name: state.shown_name(&key.owner), last_use: key.last_use.clone() })
    }

    fn respond(last_used: LastUsed) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            if let Some(name) = &last_used.user_name {
                xml.text("UserName", name);
            }
            xml.element("AccessKeyLastUsed", |xml| match &last_used.last_use {
                Some(last_use) => {
                    xml.text("LastUsedDate", &iso_8601(last_use.at));
                    xml.text("ServiceName", last_use.service);
                    xml.text("Region", &last_use.region);
                }
                None => {
                    xml.text("ServiceName", "N/A");
                    xml.text("Region", "N/A");
                }
            });
        }))
    }
}

fn unknown_key(id: &str) -> Permission {
    Permission::new(ACTION, Resource::UnknownAccessKey(id.to_owned()))
}
