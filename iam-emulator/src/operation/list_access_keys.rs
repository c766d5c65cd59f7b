//! ListAccessKeys.

use time::OffsetDateTime;

use super::{
    Answer, Call, Input, Operation, Resources,
    access_key::KeyOwner,
    listing::{Page, PageRequest},
    timestamp::iso_8601,
};
use crate::{
    authorize::Ask,
    error::ApiError,
    protocol::{Listing, Writer},
    state::{KeyStatus, Principal, State},
};

/// Lists the access keys of a user, or of the caller, oldest first.
pub(super) struct ListAccessKeys {
    owner: KeyOwner,
    page: PageRequest,
}

/// An access key without its secret.
pub(super) struct AccessKeyMetadata {
    user_name: Option<String>,
    id: String,
    status: KeyStatus,
    created: OffsetDateTime,
}

pub(super) struct AccessKeyPage(Page<AccessKeyMetadata>);

impl Operation for ListAccessKeys {
    const NAME: &'static str = "ListAccessKeys";
    const READ_ONLY: bool = true;
    type Answer = AccessKeyPage;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let (owner, page) = (KeyOwner::read(input), PageRequest::read(input));
        Some(Self { owner: owner?, page: page? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![self.owner.ask(about)]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<AccessKeyPage, ApiError> {
        let (owner, user_name) = self.owner.find(state, call.caller)?;
        let owner_id = match &owner {
            Principal::Root => state.account().to_string(),
            Principal::User(id) => id.to_string(),
        };
        let listing = Listing { operation: Self::NAME, filter: &owner_id };
        let place = self.page.place(listing, call.markers)?;
        // A place that opens is one that was sealed below.
        let last = place.and_then(|place| place.parse().ok());
        Ok(AccessKeyPage(self.page.take(
            state.access_keys_after(&owner, last),
            |key| AccessKeyMetadata {
                user_name: user_name.clone(),
                id: key.id.clone(),
                status: key.status,
                created: key.created,
            },
            |key| call.markers.seal(listing, &key.sequence.to_string()),
        )))
    }
}

impl Answer for AccessKeyPage {
    fn write(&self, writer: &mut Writer) {
        self.0.write("AccessKeyMetadata", writer, |key, writer| {
            if let Some(name) = &key.user_name {
                writer.text("UserName", name);
            }
            writer.text("AccessKeyId", &key.id);
            writer.text("Status", key.status.as_str());
            writer.text("CreateDate", &iso_8601(key.created));
        });
    }
}
