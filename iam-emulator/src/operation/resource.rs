//! What an operation asks for permission on.

use crate::{
    authorize::{Ask, Resource},
    state::{Caller, Principal, State},
};

/// The account as one who asks for permission sees it.
pub(crate) struct Resources<'a> {
    state: &'a State,
    caller: &'a Caller,
}

impl<'a> Resources<'a> {
    pub(super) fn new(state: &'a State, caller: &'a Caller) -> Self {
        Self { state, caller }
    }

    /// The user of this name: one that is there has the path it has, any other has none.
    pub(super) fn user(&self, name: &str) -> Ask {
        let arn = match self.state.users.get(name) {
            Ok(user) => self.state.user_arn(user),
            Err(_) => self.state.account().user_arn("/", name),
        };
        Ask { resource: Resource::User { arn, name: name.to_owned() } }
    }

    /// The user of this name, or else the caller.
    pub(super) fn user_or_caller(&self, name: Option<&str>) -> Ask {
        match name {
            Some(name) => self.user(name),
            None => principal(self.caller),
        }
    }

    /// The owner of an access key; nobody has a permission on a key that is nobody's.
    pub(super) fn owner_of_access_key(&self, id: &str) -> Ask {
        let owner = self.state.access_key(id).and_then(|key| {
            let owner: Principal = key.owner.clone();
            self.state.caller(owner).ok()
        });
        match owner {
            Some(owner) => principal(&owner),
            None => Ask { resource: Resource::UnknownAccessKey(id.to_owned()) },
        }
    }

    /// The account as a whole, for what is about no resource.
    pub(super) fn any(&self) -> Ask {
        Ask { resource: Resource::Any }
    }

    /// A user that is yet to be made, or the start of the paths of many.
    pub(super) fn user_to_be(&self, path: &str, name: &str) -> Ask {
        Ask { resource: Resource::Arn(self.state.account().user_arn(path, name)) }
    }
}

fn principal(principal: &Caller) -> Ask {
    let arn = principal.arn.clone();
    Ask {
        resource: match &principal.name {
            Some(name) => Resource::User { arn, name: name.clone() },
            None => Resource::Arn(arn),
        },
    }
}
