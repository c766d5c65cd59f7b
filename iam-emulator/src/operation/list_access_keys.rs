//! ListAccessKeys.

use time::OffsetDateTime;

use super::{
    Call, Operation, ResultContent,
    constraint::EXISTING_USER_NAME,
    page::{Page, PageRequest},
    schema::Schema,
    timestamp::iso_8601,
    user_name::{check_user_name, user_resource},
};
use crate::{
    error::ApiError,
    policy::Permission,
    protocol::{Listing, Parameters, Writer},
    state::{Caller, KeyStatus, State},
};

/// Lists the access keys of a user, or of the caller, oldest first.
pub(super) struct ListAccessKeys {
    user_name: Option<String>,
    page: PageRequest,
}

/// An access key without its secret.
pub(super) struct AccessKeyMetadata {
    user_name: Option<String>,
    id: String,
    status: KeyStatus,
    created: OffsetDateTime,
}

impl AccessKeyMetadata {
    fn write(&self, xml: &mut Writer) {
        if let Some(name) = &self.user_name {
            xml.text("UserName", name);
        }
        xml.text("AccessKeyId", &self.id);
        xml.text("Status", self.status.as_str());
        xml.text("CreateDate", &iso_8601(self.created));
    }
}

impl Operation for ListAccessKeys {
    type Output = Page<AccessKeyMetadata>;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let user_name = schema.optional("UserName", EXISTING_USER_NAME);
        let page = PageRequest::parse(&mut schema)?;
        schema.finish()?;
        check_user_name("userName", user_name.as_deref().unwrap_or_default())?;
        Ok(Self { user_name, page })
    }

    fn permissions(&self, state: &State, caller: &Caller) -> Vec<Permission> {
        let resource = user_resource(self.user_name.as_deref(), state, caller);
        vec![Permission::new("iam:ListAccessKeys", resource)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<Self::Output, ApiError> {
        let owner = state.named_or_caller(self.user_name.as_deref(), call.caller)?;
        let owner_id = state.shown_id(&owner);
        let listing = Listing { operation: "ListAccessKeys", filter: &owner_id };
        let place = self.page.place(listing, call.markers)?;
        // A place that opens is one that was sealed below.
        let last = place.and_then(|place| place.parse().ok());
        let user_name = state.shown_name(&owner);
        Ok(self.page.take(
            state.access_keys_after(&owner, last),
            |key| AccessKeyMetadata {
                user_name: user_name.clone(),
                id: key.id.clone(),
                status: key.status,
                created: key.created,
            },
            |key| call.markers.seal(listing, &key.sequence.to_string()),
        ))
    }

    fn respond(page: Self::Output) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            page.write("AccessKeyMetadata", xml, AccessKeyMetadata::write);
        }))
    }
}
