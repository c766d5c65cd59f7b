//! Every operation there is, by service and name.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Operation, Pending,
    access_key::{CreateAccessKey, DeleteAccessKey, UpdateAccessKey},
    access_key_last_used::GetAccessKeyLastUsed,
    account_alias::{CreateAccountAlias, DeleteAccountAlias, ListAccountAliases},
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
    row::<CreateAccountAlias>(),
    row::<CreateUser>(),
    row::<DeleteAccessKey>(),
    row::<DeleteAccountAlias>(),
    row::<DeleteUser>(),
    row::<GetAccessKeyLastUsed>(),
    row::<GetUser>(),
    row::<ListAccessKeys>(),
    row::<ListAccountAliases>(),
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
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::super::input::{Constraint, Described};
    use super::*;

    #[test]
    fn both_tables_are_sorted() {
        for service in Service::ALL {
            assert!(rows(service).is_sorted_by(|a, b| a.name < b.name), "{service}");
        }
    }

    /// Who asks for nothing is named here: forgetting to ask would let everybody in.
    #[test]
    fn every_operation_but_one_asks_for_permission() {
        let source = [
            include_str!("access_key.rs"),
            include_str!("access_key_last_used.rs"),
            include_str!("account_alias.rs"),
            include_str!("identity.rs"),
            include_str!("list_access_keys.rs"),
            include_str!("list_users.rs"),
            include_str!("user.rs"),
        ]
        .concat();
        let asking_nothing: Vec<_> = source
            .split("impl Operation for ")
            .skip(1)
            .filter(|operation| {
                let asks = operation.split("fn asks").nth(1).unwrap();
                asks.split("fn apply").next().unwrap().contains("Vec::new()")
            })
            .map(|operation| operation.split(' ').next().unwrap())
            .collect();
        assert_eq!(asking_nothing, ["GetCallerIdentity"]);
        let count: usize = Service::ALL.into_iter().map(|service| rows(service).len()).sum();
        assert_eq!(source.matches("impl Operation for ").count(), count, "no file is left out");
    }

    /// What operations read, as data that the client checks hold against the model that AWS's own
    /// clients ship. `UPDATE_GOLDEN=1` writes it anew.
    #[test]
    fn the_description_of_the_operations_is_up_to_date() {
        let described = |service: Service| {
            let operations = rows(service).iter().map(|row| {
                let mut description = Description::default();
                (row.describe)(&mut description);
                let parameters: Vec<_> = description.parameters.iter().map(as_json).collect();
                (row.name, json!({ "read_only": row.read_only, "parameters": parameters }))
            });
            let at_aws = super::super::model::operations_at_aws(service);
            let operations: BTreeMap<_, _> = operations.collect();
            (service.signing_name(), json!({ "at_aws": at_aws, "operations": operations }))
        };
        let described: BTreeMap<_, _> = Service::ALL.into_iter().map(described).collect();
        let described = serde_json::to_string_pretty(&described).unwrap() + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/iam/operations.json");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &described).unwrap();
        }
        assert!(described == std::fs::read_to_string(path).unwrap(), "{described}");
    }

    fn as_json(parameter: &Described) -> Value {
        let constraint = match parameter.constraint {
            Constraint::Text(text) => json!({
                "min": text.length_min,
                "max": text.length_max,
                "pattern": text.pattern.map(|pattern| pattern.shown),
            }),
            Constraint::Integer { min, max } => {
                json!({ "type": "integer", "min": min, "max": max })
            }
            Constraint::Choice(words) => json!({ "enum": words }),
            Constraint::List { len_max } => json!({ "type": "list", "max": len_max }),
        };
        json!({ "name": parameter.name, "required": parameter.is_required, "constraint": constraint })
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
