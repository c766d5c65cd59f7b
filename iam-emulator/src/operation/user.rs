//! CreateUser, GetUser, UpdateUser and DeleteUser.

use time::OffsetDateTime;

use super::{
    Answer, Call, Input, Operation, Resources,
    input::{ExistingUserName, NewUserName, Path, PolicyArn},
    timestamp::iso_8601,
};
use crate::{
    account::AccountId,
    authorize::Ask,
    error::{ApiError, ErrorCode},
    protocol::Writer,
    state::{Change, NewUser, Principal, State, Tag, User, invalid_security_token},
};

/// Makes a user.
///
/// A permissions boundary is a managed policy. There are none in the account,
/// so that each one named is refused as one that does not exist.
pub(crate) struct CreateUser {
    new: NewUser,
    permissions_boundary: Option<PolicyArn>,
}

impl Operation for CreateUser {
    const NAME: &'static str = "CreateUser";
    const READ_ONLY: bool = false;
    type Answer = UserDescription;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let path = input.optional("Path");
        let name = input.required("UserName");
        let permissions_boundary = input.optional("PermissionsBoundary");
        let tags = input.tags();
        let path = path?.map_or("/".to_owned(), |Path(path)| path);
        let NewUserName(name) = name?;
        let new = NewUser { name, path, tags: tags?.unwrap_or_default() };
        Some(Self { new, permissions_boundary: permissions_boundary? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.user_to_be(&self.new.path, &self.new.name)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<UserDescription, ApiError> {
        if let Some(PolicyArn(arn)) = self.permissions_boundary {
            return Err(ApiError::new(
                ErrorCode::NoSuchEntity,
                format!("Scope ARN: {arn} does not exist or is not attachable."),
            ));
        }
        let id = state.create_user(self.new, call.now)?.id.clone();
        let user = state.users.with_id(&id).ok_or_else(invalid_security_token)?;
        Ok(UserDescription::with_tags(user, state))
    }
}

/// Shows a user, or the caller.
pub(super) struct GetUser {
    name: Option<ExistingUserName>,
}

impl Operation for GetUser {
    const NAME: &'static str = "GetUser";
    const READ_ONLY: bool = true;
    type Answer = UserDescription;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { name: input.optional("UserName")? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.user_or_caller(self.name.as_ref().map(|ExistingUserName(name)| name.as_str()))]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<UserDescription, ApiError> {
        let user = match (&self.name, &call.caller.principal) {
            (Some(ExistingUserName(name)), _) => state.users.get(name)?,
            (None, Principal::User(id)) => {
                state.users.with_id(id).ok_or_else(invalid_security_token)?
            }
            (None, Principal::Root) => return Ok(UserDescription::of_root(state)),
        };
        Ok(UserDescription::with_tags(user, state))
    }
}

/// Renames a user, or moves it to another path.
pub(super) struct UpdateUser {
    name: ExistingUserName,
    change: Change,
}

impl Operation for UpdateUser {
    const NAME: &'static str = "UpdateUser";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let name = input.required("UserName");
        let path = input.optional("NewPath");
        let new_name = input.optional("NewUserName");
        let change = Change {
            name: new_name?.map(|NewUserName(name)| name),
            path: path?.map(|Path(path)| path),
        };
        Some(Self { name: name?, change })
    }

    /// Renaming takes a permission on the old name and one on the new.
    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        let names = [Some(&self.name.0), self.change.name.as_ref()];
        names.into_iter().flatten().map(|name| about.user(name)).collect()
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.update_user(&self.name.0, self.change)
    }
}

/// Deletes a user that has no access keys left.
pub(super) struct DeleteUser {
    name: ExistingUserName,
}

impl Operation for DeleteUser {
    const NAME: &'static str = "DeleteUser";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { name: input.required("UserName")? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.user(&self.name.0)]
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.delete_user(&self.name.0)
    }
}

/// A user as answers show it.
pub(crate) struct UserDescription {
    place: Place,
    id: String,
    arn: String,
    created: OffsetDateTime,
    tags: Vec<Tag>,
}

enum Place {
    User {
        path: String,
        name: String,
    },
    /// The root is nowhere, and goes by the account's alias if there is one.
    Root {
        alias: Option<String>,
    },
}

impl UserDescription {
    /// Listings leave the tags out.
    pub(super) fn without_tags(user: &User, state: &State) -> Self {
        Self {
            place: Place::User { path: user.path.clone(), name: user.name.as_str().to_owned() },
            id: user.id.to_string(),
            arn: state.user_arn(user),
            created: user.created,
            tags: Vec::new(),
        }
    }

    fn with_tags(user: &User, state: &State) -> Self {
        Self { tags: user.own.tags.clone(), ..Self::without_tags(user, state) }
    }

    fn of_root(state: &State) -> Self {
        let account = state.account();
        Self {
            place: Place::Root { alias: state.alias().map(str::to_owned) },
            id: account.to_string(),
            arn: account.root_arn(),
            created: AccountId::CREATED,
            tags: Vec::new(),
        }
    }

    /// What stands inside an element for a user. The root's ARN comes before its id.
    pub(super) fn write_inside(&self, writer: &mut Writer) {
        match &self.place {
            Place::User { path, name } => {
                writer.text("Path", path);
                writer.text("UserName", name);
                writer.text("UserId", &self.id);
                writer.text("Arn", &self.arn);
            }
            Place::Root { alias } => {
                if let Some(alias) = alias {
                    writer.text("UserName", alias);
                }
                writer.text("Arn", &self.arn);
                writer.text("UserId", &self.id);
            }
        }
        writer.text("CreateDate", &iso_8601(self.created));
        if !self.tags.is_empty() {
            writer.list("Tags", &self.tags, |tag, writer| {
                writer.text("Key", &tag.key);
                writer.text("Value", &tag.value);
            });
        }
    }
}

impl Answer for UserDescription {
    fn write(&self, writer: &mut Writer) {
        writer.element("User", |writer| self.write_inside(writer));
    }
}
