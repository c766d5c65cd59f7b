//! Lists of parameters by AWS's grammar, and the order in which what is wrong is told.

use crate::client::Client;

/// What CreateUser answers to these tags, whose names and values are as given.
fn refusal(parameters: &[(&str, &str)]) -> (String, Option<String>) {
    let mut all = vec![("UserName", "alice")];
    all.extend(parameters);
    let answer = Client::root().iam("CreateUser", &all);
    (answer.text("Code").unwrap_or_default(), answer.text("Message"))
}

fn validation(parts: &[&str]) -> (String, Option<String>) {
    let errors = match parts.len() {
        1 => "1 validation error".to_owned(),
        count => format!("{count} validation errors"),
    };
    let parts: Vec<_> = parts
        .iter()
        .map(|field| {
            format!("Value at '{field}' failed to satisfy constraint: Member must not be null")
        })
        .collect();
    ("ValidationError".to_owned(), Some(format!("{errors} detected: {}", parts.join("; "))))
}

fn malformed(message: &str) -> (String, Option<String>) {
    ("MalformedInput".to_owned(), Some(message.to_owned()))
}

#[test]
fn what_is_skipped_is_null() {
    let both = ["tags.1.member.value", "tags.1.member.key"];
    let second = ("Tags.member.2.Key", "k");
    let second_value = ("Tags.member.2.Value", "v");
    assert_eq!(refusal(&[second, second_value]), validation(&both));
    assert_eq!(refusal(&[("Tags.member.1.Key", "k")]), validation(&["tags.1.member.value"]));
    assert_eq!(refusal(&[("Tags.member.1.Foo", "k")]), validation(&both));
    assert_eq!(refusal(&[("Tags.member.+1.Key", "k")]), validation(&both));
    // The name of an element may begin with zeros, and one may be spelled in two ways.
    let spelled = [("Tags.member.01.Key", "k"), ("Tags.member.1.Value", "")];
    assert_eq!(refusal(&spelled), (String::new(), None));
    assert_eq!(refusal(&[("Tags", "")]), (String::new(), None));
}

#[test]
fn ten_violations_are_told_and_no_more() {
    let fields: Vec<_> = (1..=5)
        .flat_map(|n| [format!("tags.{n}.member.value"), format!("tags.{n}.member.key")])
        .collect();
    let fields: Vec<_> = fields.iter().map(String::as_str).collect();
    let eighth = [("Tags.member.8.Key", "k"), ("Tags.member.8.Value", "v")];
    assert_eq!(refusal(&eighth), validation(&fields));
}

#[test]
fn an_index_that_is_none_comes_before_everything() {
    for (name, message) in [
        ("Tags.member.0.Key", "0 is not a valid index"),
        ("Tags.member.-1.Key", "Key -1 may not have a leading '-'"),
        ("Tags.member.1.0.Key", "Two index elements may not occur back to back"),
        ("Tags.member.12.Key", "Excessively sparse input would skip 11 list elements"),
    ] {
        // The path breaks the schema, too.
        assert_eq!(refusal(&[("Path", ""), (name, "k")]), malformed(message), "{name}");
    }
}

#[test]
fn reserved_keys_are_refused_after_the_schema_and_before_duplicates() {
    let tags = |tags: &[(&str, &str)]| {
        let mut parameters = Vec::new();
        for (index, (key, value)) in tags.iter().enumerate() {
            parameters.push((format!("Tags.member.{}.Key", index + 1), (*key).to_owned()));
            parameters.push((format!("Tags.member.{}.Value", index + 1), (*value).to_owned()));
        }
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        refusal(&parameters)
    };
    assert_eq!(tags(&[("team", "aws:x"), ("x", "AWS:y")]), (String::new(), None));
    let reserved = "Tag keys beginning with aws: are reserved for system use.";
    for key in ["aws:x", "AWS:x", "Aws:"] {
        let refused = tags(&[("a", ""), ("A", ""), (key, "")]);
        assert_eq!(refused, ("InvalidInput".to_owned(), Some(reserved.to_owned())), "{key}");
    }
    let (code, _) = tags(&[("aws:x", "a,b")]);
    assert_eq!(code, "ValidationError", "the comma breaks the schema");
}
