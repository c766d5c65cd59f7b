//! Decides whether a caller may do what it asks for.
//!
//! Today there is one rule: every principal of the account may do in it what
//! its root may. Identity policies, boundaries and session policies are
//! further grounds for the same decision, taken from the same
//! [`Permission`]s; they change this folder and nothing before or after it.

mod permission;

pub(crate) use self::permission::{Permission, Resource};

use crate::{
    error::{ApiError, ErrorCode},
    state::Caller,
};

/// Refuses with AWS's text unless the caller has the permission.
pub(crate) fn authorize(caller: &Caller, permission: &Permission) -> Result<(), ApiError> {
    match permission.resource.account() {
        Some(account) if account == caller.account.to_string() => Ok(()),
        _ => Err(denied(caller, permission)),
    }
}

/// The refusal of a permission that the caller does not have.
pub(crate) fn denied(caller: &Caller, permission: &Permission) -> ApiError {
    ApiError::new(ErrorCode::AccessDenied, denial(caller, permission))
}

/// Existing entities go by name, those to be made by ARN. A key that is
/// nobody's goes without the colon and without a reason.
fn denial(caller: &Caller, permission: &Permission) -> String {
    let Permission { action, resource } = permission;
    let who = &caller.arn;
    let resource = match resource {
        Resource::UnknownAccessKey(id) => {
            return format!(
                "User: {who} is not authorized to perform {action} on resource: access key {id}"
            );
        }
        Resource::User { name, .. } => format!("user {name}"),
        Resource::Arn(arn) => arn.clone(),
    };
    format!(
        "User: {who} is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{AccountId, Principal};

    const OWN: &str = "arn:aws:iam::123456789012:user/x/alice";
    const FOREIGN: &str = "arn:aws:iam::999999999999:user/x/alice";

    fn check(resource: Resource) -> Result<(), ApiError> {
        let account = AccountId::parse("123456789012").unwrap();
        let caller = Caller { principal: Principal::Root, arn: account.root_arn(), account };
        authorize(&caller, &Permission::new("iam:GetUser", resource))
    }

    fn user(arn: &str) -> Resource {
        Resource::User { arn: arn.to_owned(), name: "alice".to_owned() }
    }

    #[test]
    fn a_principal_may_act_in_its_own_account() {
        assert_eq!(check(user(OWN)), Ok(()));
        assert_eq!(check(Resource::Arn(OWN.to_owned())), Ok(()));
    }

    #[test]
    fn nobody_may_act_in_another_account() {
        let refused = check(user(FOREIGN)).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::AccessDenied);
        assert_eq!(
            refused.message().unwrap(),
            "User: arn:aws:iam::123456789012:root is not authorized to perform: iam:GetUser on \
             resource: user alice because no identity-based policy allows the iam:GetUser action"
        );
        let refused = check(Resource::Arn(FOREIGN.to_owned())).unwrap_err();
        assert!(refused.message().unwrap().contains(FOREIGN));
    }

    #[test]
    fn a_key_that_is_nobodys_has_its_own_text() {
        let key = Resource::UnknownAccessKey("AKIAIOSFODNN7EXAMPLE".to_owned());
        assert_eq!(
            check(key).unwrap_err().message().unwrap(),
            "User: arn:aws:iam::123456789012:root is not authorized to perform iam:GetUser on \
             resource: access key AKIAIOSFODNN7EXAMPLE"
        );
    }
}
