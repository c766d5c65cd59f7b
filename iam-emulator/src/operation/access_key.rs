//! CreateAccessKey, UpdateAccessKey and DeleteAccessKey.

use time::OffsetDateTime;

use super::{
    Call, Operation, ResultContent,
    constraint::{ACCESS_KEY_ID, EXISTING_USER_NAME},
    schema::Schema,
    timestamp::iso_8601,
    user_name::{check_user_name, user_resource},
};
use crate::{
    error::{ApiError, ErrorCode},
    policy::Permission,
    protocol::Parameters,
    secret::Secret,
    state::{Caller, KeyStatus, State},
};

/// Makes an access key for a user, or for the caller.
pub(crate) struct CreateAccessKey {
    user_name: Option<String>,
}

/// A new access key: the one time that its secret is shown.
pub(crate) struct NewAccessKey {
    user_name: Option<String>,
    pub(crate) id: String,
    pub(crate) secret: Secret,
    created: OffsetDateTime,
}

impl Operation for CreateAccessKey {
    type Output = NewAccessKey;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.optional("UserName", EXISTING_USER_NAME);
        schema.finish()?;
        check_user_name("userName", user_name.as_deref().unwrap_or_default())?;
        Ok(Self { user_name })
    }

    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission> {
        let resource = user_resource(self.user_name.as_deref(), state, caller);
        vec![Permission::new("iam:CreateAccessKey", resource)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<NewAccessKey, ApiError> {
        let owner = state.named_or_caller(self.user_name.as_deref(), call.caller)?;
        let user_name = state.shown_name(&owner);
        let key = state.create_access_key(&owner, call.now)?;
        Ok(NewAccessKey {
            user_name,
            id: key.id.clone(),
            secret: key.secret.clone(),
            created: key.created,
        })
    }

    fn respond(key: NewAccessKey) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            xml.element("AccessKey", |xml| {
                if let Some(name) = &key.user_name {
                    xml.text("UserName", name);
                }
                xml.text("AccessKeyId", &key.id);
                xml.text("Status", KeyStatus::Active.as_str());
                // Creating a key is how its owner learns the secret.
                xml.text("SecretAccessKey", key.secret.expose());
                xml.text("CreateDate", &iso_8601(key.created));
            });
        }))
    }
}

/// Activates or deactivates an access key.
pub(super) struct UpdateAccessKey {
    user_name: Option<String>,
    access_key_id: String,
    status: KeyStatus,
}

impl Operation for UpdateAccessKey {
    type Output = ();

    /// `Expired` is in the model's set of words, but it is not for clients
    /// to give.
    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.optional("UserName", EXISTING_USER_NAME);
        let access_key_id = schema.required("AccessKeyId", ACCESS_KEY_ID);
        let status = schema.required_choice("Status", |status| match status {
            "Active" => Some(Some(KeyStatus::Active)),
            "Inactive" => Some(Some(KeyStatus::Inactive)),
            "Expired" => Some(None),
            _ => None,
        });
        schema.finish()?;
        check_user_name("userName", user_name.as_deref().unwrap_or_default())?;
        let Some(Some(status)) = status else {
            return Err(ApiError::new(
                ErrorCode::InvalidInput,
                "The status of an access key can be set to Active or Inactive only.",
            ));
        };
        Ok(Self { user_name, access_key_id, status })
    }

    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission> {
        let resource = user_resource(self.user_name.as_deref(), state, caller);
        vec![Permission::new("iam:UpdateAccessKey", resource)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<(), ApiError> {
        let owner = state.named_or_caller(self.user_name.as_deref(), call.caller)?;
        state.set_access_key_status(&owner, &self.access_key_id, self.status)
    }

    fn respond((): ()) -> Option<ResultContent> {
        None
    }
}

/// Deletes an access key, active or not, also the one that signed.
pub(super) struct DeleteAccessKey {
    user_name: Option<String>,
    access_key_id: String,
}

impl Operation for DeleteAccessKey {
    type Output = ();

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.optional("UserName", EXISTING_USER_NAME);
        let access_key_id = schema.required("AccessKeyId", ACCESS_KEY_ID);
        schema.finish()?;
        check_user_name("userName", user_name.as_deref().unwrap_or_default())?;
        Ok(Self { user_name, access_key_id })
    }

    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission> {
        let resource = user_resource(self.user_name.as_deref(), state, caller);
        vec![Permission::new("iam:DeleteAccessKey", resource)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<(), ApiError> {
        let owner = state.named_or_caller(self.user_name.as_deref(), call.caller)?;
        state.delete_access_key(&owner, &self.access_key_id)
    }

    fn respond((): ()) -> Option<ResultContent> {
        None
    }
}
