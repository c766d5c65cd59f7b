//! CreateAccessKey, UpdateAccessKey and DeleteAccessKey.

use time::OffsetDateTime;

use super::{
    Answer, Call, Input, Operation, Resources,
    input::{AccessKeyId, ExistingUserName, RequestedStatus},
    timestamp::iso_8601,
};
use crate::{
    authorize::Ask,
    error::{ApiError, ErrorCode},
    protocol::Writer,
    secret::Secret,
    state::{Caller, KeyStatus, Principal, State},
};

/// Whose access keys an operation is about: a user by name, or else the caller.
pub(super) struct KeyOwner(Option<ExistingUserName>);

impl KeyOwner {
    pub(super) fn read(input: &mut Input<'_>) -> Option<Self> {
        input.optional("UserName").map(Self)
    }

    pub(super) fn ask(&self, about: &Resources<'_>) -> Ask {
        about.user_or_caller(self.name())
    }

    /// Who it is, and the name that answers show for it; the root has none.
    pub(super) fn find(
        &self,
        state: &State,
        caller: &Caller,
    ) -> Result<(Principal, Option<String>), ApiError> {
        match self.name() {
            Some(name) => {
                let user = state.users.get(name)?;
                let name = user.name.as_str().to_owned();
                Ok((Principal::User(user.id.clone()), Some(name)))
            }
            None => Ok((caller.principal.clone(), caller.name.clone())),
        }
    }

    fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|ExistingUserName(name)| name.as_str())
    }
}

/// Makes an access key.
pub(crate) struct CreateAccessKey {
    owner: KeyOwner,
}

/// A new access key: the one time that its secret is shown.
pub(crate) struct NewAccessKey {
    user_name: Option<String>,
    pub(crate) id: String,
    pub(crate) secret: Secret,
    created: OffsetDateTime,
}

impl Operation for CreateAccessKey {
    const NAME: &'static str = "CreateAccessKey";
    const READ_ONLY: bool = false;
    type Answer = NewAccessKey;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { owner: KeyOwner::read(input)? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![self.owner.ask(about)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<NewAccessKey, ApiError> {
        let (owner, user_name) = self.owner.find(state, call.caller)?;
        let key = state.create_access_key(&owner, call.now)?;
        let (id, secret) = (key.id.clone(), key.secret.clone());
        Ok(NewAccessKey { user_name, id, secret, created: key.created })
    }
}

impl Answer for NewAccessKey {
    fn write(&self, writer: &mut Writer) {
        writer.element("AccessKey", |writer| {
            if let Some(name) = &self.user_name {
                writer.text("UserName", name);
            }
            writer.text("AccessKeyId", &self.id);
            writer.text("Status", KeyStatus::Active.as_str());
            // Creating a key is how its owner learns the secret.
            writer.text("SecretAccessKey", self.secret.expose());
            writer.text("CreateDate", &iso_8601(self.created));
        });
    }
}

/// Activates or deactivates an access key.
pub(super) struct UpdateAccessKey {
    owner: KeyOwner,
    id: AccessKeyId,
    status: RequestedStatus,
}

impl Operation for UpdateAccessKey {
    const NAME: &'static str = "UpdateAccessKey";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let owner = KeyOwner::read(input);
        let (id, status) = (input.required("AccessKeyId"), input.required("Status"));
        Some(Self { owner: owner?, id: id?, status: status? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![self.owner.ask(about)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<(), ApiError> {
        let RequestedStatus::Key(status) = self.status else {
            return Err(ApiError::new(
                ErrorCode::InvalidInput,
                "Operation does not support status Expired",
            ));
        };
        let (owner, _) = self.owner.find(state, call.caller)?;
        state.set_access_key_status(&owner, &self.id.0, status)
    }
}

/// Deletes an access key, active or not, also the one that signed.
pub(super) struct DeleteAccessKey {
    owner: KeyOwner,
    id: AccessKeyId,
}

impl Operation for DeleteAccessKey {
    const NAME: &'static str = "DeleteAccessKey";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let (owner, id) = (KeyOwner::read(input), input.required("AccessKeyId"));
        Some(Self { owner: owner?, id: id? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![self.owner.ask(about)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<(), ApiError> {
        let (owner, _) = self.owner.find(state, call.caller)?;
        state.delete_access_key(&owner, &self.id.0)
    }
}
