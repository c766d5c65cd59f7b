//! CreateAccountAlias, DeleteAccountAlias and ListAccountAliases.

use super::{
    Answer, Call, Input, Operation, Resources,
    input::AccountAlias,
    listing::{Page, PageRequest},
};
use crate::{
    authorize::Ask,
    error::ApiError,
    protocol::{Listing, Writer},
    state::State,
};

/// Gives the account a name for people; an account has one at most, and a new one takes the
/// place of the old.
pub(super) struct CreateAccountAlias {
    alias: AccountAlias,
}

impl Operation for CreateAccountAlias {
    const NAME: &'static str = "CreateAccountAlias";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { alias: input.required("AccountAlias")? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.any()]
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.set_alias(self.alias.0)
    }
}

/// Takes the account's alias away.
pub(super) struct DeleteAccountAlias {
    alias: AccountAlias,
}

impl Operation for DeleteAccountAlias {
    const NAME: &'static str = "DeleteAccountAlias";
    const READ_ONLY: bool = false;
    type Answer = ();

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { alias: input.required("AccountAlias")? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.any()]
    }

    fn apply(self, state: &mut State, _: &Call<'_>) -> Result<(), ApiError> {
        state.remove_alias(&self.alias.0)
    }
}

/// Lists the account's alias, if it has one.
pub(super) struct ListAccountAliases {
    page: PageRequest,
}

pub(super) struct AliasPage(Page<String>);

impl Operation for ListAccountAliases {
    const NAME: &'static str = "ListAccountAliases";
    const READ_ONLY: bool = true;
    type Answer = AliasPage;

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { page: PageRequest::read(input)? })
    }

    fn asks(&self, about: &Resources<'_>) -> Vec<Ask> {
        vec![about.any()]
    }

    fn apply(self, state: &mut State, call: &Call<'_>) -> Result<AliasPage, ApiError> {
        let listing = Listing { operation: Self::NAME, filter: "" };
        // Behind the one that there can be, there is none.
        let is_behind = self.page.place(listing, call.markers)?.is_some();
        let aliases = state.alias().filter(|_| !is_behind).into_iter();
        let seal = |alias: &str| call.markers.seal(listing, alias);
        Ok(AliasPage(self.page.take(aliases, str::to_owned, seal)))
    }
}

impl Answer for AliasPage {
    fn write(&self, writer: &mut Writer) {
        self.0.write_texts("AccountAliases", writer);
    }
}
