//! ListUsers.

use super::{
    Answer, Call, Input, Operation, Resources,
    input::PathPrefix,
    listing::{Page, PageRequest},
    user::UserDescription,
};
use crate::{
    authorize::Ask,
    error::ApiError,
    protocol::{Listing, Writer},
    state::State,
};

/// Lists users by name, case aside, over all paths with a prefix.
///
/// A page starts at its marker without passing what came before. A prefix
/// that few paths have makes a page look at more users than it shows, at
/// most at all that an account can have.
pub(super) struct ListUsers {
    path_prefix: String,
    page: PageRequest,
}

pub(super) struct UserPage(Page<UserDescription>);

impl Operation for ListUsers {
    const NAME: &'static str = "ListUsers";
    const READ_ONLY: bool = true;
    type Answer = UserPage;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let (path_prefix, page) = (input.optional("PathPrefix"), PageRequest::read(input));
        let path_prefix = path_prefix?.map_or("/".to_owned(), |PathPrefix(prefix)| prefix);
        Some(Self { path_prefix, page: page? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.user_to_be(&self.path_prefix, "")]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<UserPage, ApiError> {
        let listing = Listing { operation: Self::NAME, filter: &self.path_prefix };
        let last = self.page.place(listing, call.markers)?;
        let users = state
            .users
            .after(last.as_deref())
            .filter(|user| user.path.starts_with(&self.path_prefix));
        Ok(UserPage(self.page.take(
            users,
            |user| UserDescription::without_tags(user, state),
            |user| call.markers.seal(listing, &user.name.folded()),
        )))
    }
}

impl Answer for UserPage {
    fn write(&self, writer: &mut Writer) {
        self.0.write("Users", writer, UserDescription::write_inside);
    }
}
