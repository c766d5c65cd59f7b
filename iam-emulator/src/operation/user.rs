//! CreateUser, GetUser, UpdateUser and DeleteUser.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::{
    Call, Operation, ResultContent,
    constraint::{
        EXISTING_USER_NAME, NEW_USER_NAME, PATH, POLICY_ARN, TAG_KEY, TAG_VALUE, TAGS_MAX,
    },
    schema::Schema,
    timestamp::iso_8601,
    user_name::{check_path, check_user_name, named_user_resource, user_resource},
};
use crate::{
    error::{ApiError, ErrorCode},
    policy::{Permission, Resource},
    protocol::{Parameters, Writer},
    state::{AccountId, Caller, NewUser, Principal, State, Tag, User, UserChange},
};

/// Makes a user.
///
/// A permissions boundary is a managed policy. There are none in the account,
/// so that each one named is refused as one that does not exist.
pub(crate) struct CreateUser {
    new: NewUser,
    permissions_boundary: Option<String>,
}

impl Operation for CreateUser {
    type Output = UserDescription;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let path = schema.optional("Path", PATH);
        let name = schema.required("UserName", NEW_USER_NAME);
        let permissions_boundary = schema.optional("PermissionsBoundary", POLICY_ARN);
        let tags = parse_tags(parameters, &mut schema);
        schema.finish()?;
        let path = path.unwrap_or_else(|| "/".to_owned());
        check_path("path", &path)?;
        check_user_name("userName", &name)?;
        check_duplicates(&tags)?;
        Ok(Self { new: NewUser { name, path, tags }, permissions_boundary })
    }

    fn permissions(&self, state: &State, _: &Caller) -> Vec<Permission> {
        let NewUser { name, path, .. } = &self.new;
        let arn = state.account().user_arn(path, name);
        vec![Permission::new("iam:CreateUser", Resource::Arn(arn))]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<UserDescription, ApiError> {
        if let Some(arn) = self.permissions_boundary {
            return Err(ApiError::new(
                ErrorCode::NoSuchEntity,
                format!("Scope ARN: {arn} does not exist or is not attachable."),
            ));
        }
        let account = state.account();
        let user = state.create_user(self.new, call.now)?;
        Ok(UserDescription::with_tags(user, account))
    }

    fn respond(user: UserDescription) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            xml.element("User", |xml| user.write(xml));
        }))
    }
}

/// Shows a user, or the caller.
pub(super) struct GetUser {
    user_name: Option<String>,
}

impl Operation for GetUser {
    type Output = UserDescription;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.optional("UserName", EXISTING_USER_NAME);
        schema.finish()?;
        check_user_name("userName", user_name.as_deref().unwrap_or_default())?;
        Ok(Self { user_name })
    }

    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission> {
        let resource = user_resource(self.user_name.as_deref(), state, caller);
        vec![Permission::new("iam:GetUser", resource)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<UserDescription, ApiError> {
        let account = state.account();
        match state.named_or_caller(self.user_name.as_deref(), call.caller)? {
            Principal::Root => Ok(UserDescription::of_root(account)),
            Principal::User(id) => match state.user_with_id(&id) {
                Some(user) => Ok(UserDescription::with_tags(user, account)),
                None => Err(crate::state::invalid_security_token()),
            },
        }
    }

    fn respond(user: UserDescription) -> Option<ResultContent> {
        CreateUser::respond(user)
    }
}

/// Renames a user, or moves it to another path.
pub(super) struct UpdateUser {
    user_name: String,
    change: UserChange,
}

impl Operation for UpdateUser {
    type Output = ();

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.required("UserName", EXISTING_USER_NAME);
        let path = schema.optional("NewPath", PATH);
        let name = schema.optional("NewUserName", NEW_USER_NAME);
        schema.finish()?;
        check_user_name("userName", &user_name)?;
        if let Some(path) = &path {
            check_path("newPath", path)?;
        }
        if let Some(name) = &name {
            check_user_name("newUserName", name)?;
        }
        let change = UserChange { name, path };
        Ok(Self { user_name, change })
    }

    /// Renaming takes a permission on the old name and one on the new.
    fn permissions(&self, state: &State, _: &Caller) -> Vec<Permission> {
        let names = [Some(&self.user_name), self.change.name.as_ref()];
        names
            .into_iter()
            .flatten()
            .map(|name| Permission::new("iam:UpdateUser", named_user_resource(name, state)))
            .collect()
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.update_user(&self.user_name, self.change)
    }

    fn respond((): ()) -> Option<ResultContent> {
        None
    }
}

/// Deletes a user that has no access keys left.
pub(super) struct DeleteUser {
    user_name: String,
}

impl Operation for DeleteUser {
    type Output = ();

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.required("UserName", EXISTING_USER_NAME);
        schema.finish()?;
        check_user_name("userName", &user_name)?;
        Ok(Self { user_name })
    }

    fn permissions(&self, state: &State, _: &Caller) -> Vec<Permission> {
        let resource = named_user_resource(&self.user_name, state);
        vec![Permission::new("iam:DeleteUser", resource)]
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.delete_user(&self.user_name)
    }

    fn respond((): ()) -> Option<ResultContent> {
        None
    }
}

/// A user as answers show it; the root has neither path nor name.
pub(crate) struct UserDescription {
    path: Option<String>,
    name: Option<String>,
    id: String,
    arn: String,
    created: OffsetDateTime,
    tags: Vec<Tag>,
}

impl UserDescription {
    /// Listings leave the tags out.
    pub(super) fn without_tags(user: &User, account: AccountId) -> Self {
        Self {
            path: Some(user.path.clone()),
            name: Some(user.name.as_str().to_owned()),
            id: user.id.as_str().to_owned(),
            arn: account.user_arn(&user.path, user.name.as_str()),
            created: user.created,
            tags: Vec::new(),
        }
    }

    pub(super) fn write(&self, xml: &mut Writer) {
        if let Some(path) = &self.path {
            xml.text("Path", path);
        }
        if let Some(name) = &self.name {
            xml.text("UserName", name);
        }
        xml.text("UserId", &self.id);
        xml.text("Arn", &self.arn);
        xml.text("CreateDate", &iso_8601(self.created));
        if self.tags.is_empty() {
            return;
        }
        xml.element("Tags", |xml| {
            for tag in &self.tags {
                xml.element("member", |xml| {
                    xml.text("Key", &tag.key);
                    xml.text("Value", &tag.value);
                });
            }
        });
    }

    fn with_tags(user: &User, account: AccountId) -> Self {
        Self { tags: user.tags.clone(), ..Self::without_tags(user, account) }
    }

    fn of_root(account: AccountId) -> Self {
        Self {
            path: None,
            name: None,
            id: account.to_string(),
            arn: account.root_arn(),
            created: AccountId::CREATED,
            tags: Vec::new(),
        }
    }
}

fn parse_tags(parameters: &Parameters<'_>, schema: &mut Schema<'_>) -> Vec<Tag> {
    let members = parameters.members("Tags", &["Key", "Value"], TAGS_MAX);
    if members.len() > TAGS_MAX {
        schema.too_long("tags", TAGS_MAX);
    }
    let mut number = 0;
    members
        .into_iter()
        .map(|mut member| {
            number += 1;
            let mut text = |name: &str, field: &str, constraint| {
                let field = format!("tags.{number}.member.{field}");
                schema.required_value(&field, member.remove(name), constraint)
            };
            Tag { key: text("Key", "key", TAG_KEY), value: text("Value", "value", TAG_VALUE) }
        })
        .collect()
}

/// Keys of users' tags keep their case and compare without it.
fn check_duplicates(tags: &[Tag]) -> Result<(), ApiError> {
    let mut keys = HashSet::new();
    if tags.iter().all(|tag| keys.insert(tag.key.to_lowercase())) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::InvalidInput,
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    ))
}
