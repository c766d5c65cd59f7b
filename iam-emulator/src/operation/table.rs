//! Every operation there is, by service and name.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Operation, Pending,
    access_key::{CreateAccessKey, DeleteAccessKey, UpdateAccessKey},
    access_key_last_used::GetAccessKeyLastUsed,
    identity::GetCallerIdentity,
    input::{Description, Input},
    list_access_keys::ListAccessKeys,
    list_users::ListUsers,
    read,
    user::{CreateUser, DeleteUser, GetUser, UpdateUser},
};
use crate::{error::ApiError, protocol::Parameters, service::Service};

/// Sorted by name, as a test checks.
const IAM: &[Row] = &[
    row::<CreateAccessKey>(),
    row::<CreateUser>(),
    row::<DeleteAccessKey>(),
    row::<DeleteUser>(),
    row::<GetAccessKeyLastUsed>(),
    row::<GetUser>(),
    row::<ListAccessKeys>(),
    row::<ListUsers>(),
    row::<UpdateAccessKey>(),
    row::<UpdateUser>(),
];

/// Sorted by name, as a test checks.
const STS: &[Row] = &[row::<GetCallerIdentity>()];

/// An operation in the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) read_only: bool,
    /// Reads it from a request.
    pub(crate) read: fn(&Parameters<'_>) -> Result<Box<dyn Pending>, ApiError>,
    /// Writes down what it reads.
    describe: fn(&mut Description),
}

const fn row<O: Operation>() -> Row {
    Row {
        name: O::NAME,
        read_only: O::READ_ONLY,
        read: |parameters| Ok(Box::new(read::<O>(parameters)?)),
        describe: |description| drop(O::read(&mut Input::describing(description))),
    }
}

/// The operation of this name.
pub(crate) fn find(service: Service, name: &str) -> Option<&'static Row> {
    let rows = rows(service);
    rows.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &rows[index])
}

/// The service that a request without a version is meant for: the one that has its action.
pub(crate) fn service(action: &str) -> Option<Service> {
    Service::ALL.into_iter().find(|service| find(*service, action).is_some())
}

/// Whether some operation reads a parameter of this name; of a list it is the name before the
/// first dot.
pub(crate) fn is_read(name: &str) -> bool {
    static READ: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let mut description = Description::default();
        for row in Service::ALL.into_iter().flat_map(rows) {
            (row.describe)(&mut description);
        }
        let first = |name: &'static str| name.split('.').next().unwrap_or_default();
        let read = description.parameters.iter().map(|parameter| first(parameter.name));
        read.chain(["Action", "Version"]).collect()
    });
    READ.contains(name)
}

const fn rows(service: Service) -> &'static [Row] {
    match service {
        Service::Iam => IAM,
        Service::Sts => STS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_are_sorted() {
        for service in Service::ALL {
            assert!(rows(service).is_sorted_by(|a, b| a.name < b.name), "{service}");
        }
    }

    #[test]
    fn what_operations_read_is_known() {
        for name in ["Action", "Version", "UserName", "Tags", "MaxItems", "NewPath", "Status"] {
            assert!(is_read(name), "{name}");
        }
        for name in ["", "action", "Tags.member.Key", "PolicyDocument", "X-Amz-Signature"] {
            assert!(!is_read(name), "{name}");
        }
    }
}
