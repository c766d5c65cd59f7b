//! Whether a caller may do what an operation asks for, in AWS's words.
//!
//! It stands above `policy`, which decides, and `state`, which knows who is who. An operation says
//! what it asks for; all of it must be allowed.

use crate::{
    error::{ApiError, ErrorCode},
    policy,
    state::Caller,
};

/// What an operation asks to be allowed: an action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) resource: Resource,
}

/// What an action is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// A user that is there, or the name of one that is not.
    ///
    /// The ARN of the latter has no path, so that somebody limited to a path
    /// does not learn which names exist.
    User { arn: String, name: String },
    /// What no resource can be named for.
    Any,
    /// Anything that goes by its ARN: the root, or what is yet to be made.
    Arn(String),
    /// An access key id that belongs to nobody in the account.
    UnknownAccessKey(String),
}

/// Refuses with AWS's text unless the caller may do `action`, written `service:Operation`, to all
/// that is asked for.
pub(crate) fn authorize(caller: &Caller, action: &str, asks: &[Ask]) -> Result<(), ApiError> {
    let account = caller.account.to_string();
    let is_allowed = |resource: &Resource| match resource {
        Resource::User { arn, .. } | Resource::Arn(arn) => policy::allows(&account, arn),
        // Of the caller's own account.
        Resource::Any => true,
        Resource::UnknownAccessKey(_) => false,
    };
    match asks.iter().find(|ask| !is_allowed(&ask.resource)) {
        Some(ask) => Err(denied(caller, action, &ask.resource)),
        None => Ok(()),
    }
}

/// Existing entities go by name, those to be made by ARN. A key that is
/// nobody's goes without the colon and without a reason.
fn denied(caller: &Caller, action: &str, resource: &Resource) -> ApiError {
    let who = &caller.arn;
    let resource = match resource {
        Resource::UnknownAccessKey(id) => {
            let message = format!(
                "User: {who} is not authorized to perform {action} on resource: access key {id}"
            );
            return ApiError::new(ErrorCode::AccessDenied, message);
        }
        Resource::User { name, .. } => format!("user {name}"),
        Resource::Any => "*".to_owned(),
        Resource::Arn(arn) => arn.clone(),
    };
    let message = format!(
        "User: {who} is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action"
    );
    ApiError::new(ErrorCode::AccessDenied, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::AccountId, state::Principal};

    fn check(resources: &[Resource]) -> Result<(), String> {
        let account = AccountId::parse("123456789012").unwrap();
        let caller = Caller {
            principal: Principal::Root,
            arn: account.root_arn(),
            user_id: account.to_string(),
            name: None,
            account,
        };
        let ask = |resource: &Resource| Ask { resource: resource.clone() };
        let asks: Vec<_> = resources.iter().map(ask).collect();
        let authorized = authorize(&caller, "iam:GetUser", &asks);
        authorized.map_err(|error| error.message().unwrap().to_owned())
    }

    fn user(account: &str) -> Resource {
        let arn = format!("arn:aws:iam::{account}:user/x/alice");
        Resource::User { arn, name: "alice".to_owned() }
    }

    #[test]
    fn all_that_is_asked_for_must_be_allowed() {
        let own = user("123456789012");
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[own.clone(), own.clone()]), Ok(()));
        assert_eq!(
            check(&[own, user("999999999999")]).unwrap_err(),
            "User: arn:aws:iam::123456789012:root is not authorized to perform: iam:GetUser on \
             resource: user alice because no identity-based policy allows the iam:GetUser action"
        );
        let foreign = "arn:aws:iam::999999999999:user/bob";
        assert!(check(&[Resource::Arn(foreign.to_owned())]).unwrap_err().contains(foreign));
    }

    #[test]
    fn a_key_that_is_nobodys_has_its_own_text() {
        let key = Resource::UnknownAccessKey("AKIAIOSFODNN7EXAMPLE".to_owned());
        assert_eq!(
            check(&[key]).unwrap_err(),
            "User: arn:aws:iam::123456789012:root is not authorized to perform iam:GetUser on \
             resource: access key AKIAIOSFODNN7EXAMPLE"
        );
    }
}
