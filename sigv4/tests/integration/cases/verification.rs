//! Signed requests with what a verifier must accept and refuse.

use serde::Deserialize;
use sigv4::Timestamp;
use toml::{Table, Value};

use super::server::Server;
use super::signing::Case;
use super::{read, resolve, take};
use crate::verifier::Received;

/// One verification: what is received, by whom and when.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// The names of the case and of the check.
    pub(crate) name: String,
    pub(crate) received: Received,
    pub(crate) server: Server,
    pub(crate) now: Timestamp,
    /// The `Debug` text of the innermost error; nothing if the request is
    /// accepted.
    pub(crate) reason: Option<String>,
}

/// Every check of `verify.toml`.
pub(crate) fn load_all() -> Vec<Check> {
    let file = read("verify.toml");
    file.case
        .iter()
        .flat_map(|table| checks_of(table.clone(), &file.context, &file.server))
        .collect()
}

fn checks_of(mut table: Table, context: &Table, server: &Table) -> Vec<Check> {
    let mut own = take(&mut table, &["server", "check"]);
    let server = over(server, own.remove("server"));
    let case = Case::resolve(table, context, "verify.toml");
    let Some(Value::Array(checks)) = own.remove("check") else {
        panic!("{} has no checks", case.name);
    };
    let checks = checks.into_iter().map(|check| {
        let Value::Table(mut check) = check else {
            panic!("a check of {} is no table", case.name);
        };
        let server = over(&server, check.remove("server"));
        let check: CheckTable = resolve(check, &case.name);
        check.over(&case, resolve(server, &case.name))
    });
    checks.collect()
}

/// The default values with a case's or check's own over them.
fn over(defaults: &Table, own: Option<Value>) -> Table {
    let mut table = defaults.clone();
    match own {
        Some(Value::Table(own)) => table.extend(own),
        Some(other) => panic!("{other:?} is no table"),
        None => {}
    }
    table
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckTable {
    name: String,
    rule: String,
    now: Option<String>,
    edit: Option<Edit>,
    verdict: Verdict,
    reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Accept,
    Reject,
}

impl CheckTable {
    fn over(self, case: &Case, server: Server) -> Check {
        let name = format!("{}, {}", case.name, self.name);
        assert!(!self.rule.is_empty(), "{name} lacks its rule");
        let is_refused = self.verdict == Verdict::Reject;
        assert_eq!(is_refused, self.reason.is_some(), "{name}: a refusal has a reason");
        let authorization = case.expected.authorization.as_deref();
        let mut received =
            Received::new(&case.input, authorization, case.expected.signed_target.as_deref());
        if let Some(edit) = self.edit {
            edit.apply(&mut received, &name);
        }
        let now = self.now.as_ref().unwrap_or(&case.input.timestamp);
        let now = Timestamp::parse(now.as_bytes()).expect("`now` is a timestamp");
        let server = server.or_credentials_of(&case.input);
        Check { name, received, server, now, reason: self.reason }
    }
}

/// One change to a request on its way.
#[derive(Deserialize)]
#[serde(untagged)]
enum Edit {
    Replace(Replace),
    Add(Add),
    Remove(Remove),
}

/// Replaces the first occurrence in the method, target, body or a header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replace {
    r#in: String,
    find: String,
    replace: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    add_header: (String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remove {
    remove_header: String,
}

impl Edit {
    /// Applies the change, which must be one.
    fn apply(self, request: &mut Received, name: &str) {
        match self {
            Self::Add(Add { add_header: (header, value) }) => {
                request.headers.push((header, value.into_bytes()));
            }
            Self::Remove(Remove { remove_header }) => {
                let before = request.headers.len();
                request.headers.retain(|(header, _)| !header.eq_ignore_ascii_case(&remove_header));
                assert_eq!(request.headers.len() + 1, before, "{name}: no such header");
            }
            Self::Replace(replace) => replace.apply(request, name),
        }
    }
}

impl Replace {
    fn apply(self, request: &mut Received, name: &str) {
        let place = match self.r#in.as_str() {
            "method" => &mut request.method,
            "target" => &mut request.target,
            "body" => &mut request.body,
            header => {
                let mut headers = request.headers.iter_mut();
                let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(header));
                &mut found.unwrap_or_else(|| panic!("{name}: no such header")).1
            }
        };
        let text = String::from_utf8(place.clone()).expect("what is edited is text");
        assert!(text.contains(&self.find), "{name}: {:?} is not in {text:?}", self.find);
        let edited = text.replacen(&self.find, &self.replace, 1);
        assert_ne!(edited, text, "{name}: the edit changes nothing");
        *place = edited.into_bytes();
    }
}
