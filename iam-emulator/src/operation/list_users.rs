//! ListUsers.

use super::{
    Call, Operation, ResultContent,
    constraint::PATH_PREFIX,
    page::{Page, PageRequest},
    schema::Schema,
    user::UserDescription,
    user_name::check_path_prefix,
};
use crate::{
    error::ApiError,
    policy::{Permission, Resource},
    protocol::{Listing, Parameters},
    state::{Caller, State},
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

impl Operation for ListUsers {
    type Output = Page<UserDescription>;

    fn parse(parameters: &Parameters<'_>) -> Result<Self, ApiError> {
        let mut schema = Schema::of(parameters);
        let path_prefix = schema.optional("PathPrefix", PATH_PREFIX);
        let page = PageRequest::parse(&mut schema)?;
        schema.finish()?;
        let path_prefix = path_prefix.unwrap_or_else(|| "/".to_owned());
        check_path_prefix("pathPrefix", &path_prefix)?;
        Ok(Self { path_prefix, page })
    }

    fn permissions(&self, state: &State, _: &Caller) -> Vec<Permission> {
        let arn = state.account().user_arn(&self.path_prefix, "");
        vec![Permission::new("iam:ListUsers", Resource::Arn(arn))]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<Self::Output, ApiError> {
        let listing = Listing { operation: "ListUsers", filter: &self.path_prefix };
        let last = self.page.place(listing, call.markers)?;
        let users = state
            .users_after(last.as_deref())
            .filter(|user| user.path.starts_with(&self.path_prefix));
        Ok(self.page.take(
            users,
            |user| UserDescription::without_tags(user, state.account()),
            |user| call.markers.seal(listing, &user.name.folded()),
        ))
    }

    fn respond(page: Self::Output) -> Option<ResultContent> {
        Some(Box::new(move |xml| {
            page.write("Users", xml, |user, xml| user.write(xml));
        }))
    }
}
