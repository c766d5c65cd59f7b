//! A secret is in the answer that creates it and nowhere else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iam_emulator::{Configuration, Emulator};

use crate::client::{Answer, Client};

const ROOT_SECRET: &str = "root+Secret/0123456789";

/// Plain, in base64 (at any offset of its bytes) and in either hex.
fn forms_of(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for skipped in 0..3 {
        // Whole groups of three bytes look the same wherever they begin.
        let bytes = &secret.as_bytes()[skipped..];
        let whole = bytes.len() / 3 * 3;
        forms.push(STANDARD.encode(&bytes[..whole]));
    }
    forms
}

#[track_caller]
fn assert_silent(text: &str, secrets: &[String]) {
    for form in secrets.iter().flat_map(|secret| forms_of(secret)) {
        assert!(!text.contains(&form), "a secret is in:\n{text}");
    }
}

fn whole(answer: &Answer) -> String {
    format!("{:?}\n{}", answer.headers, answer.body)
}

#[test]
fn no_answer_but_the_first_holds_a_secret() {
    let configuration = Configuration {
        root_secret_access_key: ROOT_SECRET.to_owned(),
        ..Configuration::default()
    };
    let emulator = Emulator::with_seed(configuration, 1).unwrap();
    let root = Client::root_of(emulator.into());
    let alice = root.user("alice");
    let created = root.iam("CreateAccessKey", &[("UserName", "alice")]);
    let second = created.succeeded().text("SecretAccessKey").unwrap();
    let of_root = root.create_key(&[]);
    let secrets = [
        ROOT_SECRET.to_owned(),
        alice.secret_access_key.clone(),
        of_root.secret_access_key.clone(),
        second,
    ];
    let key = alice.access_key_id.as_str();
    let own = ("UserName", "alice");
    let calls: &[(&str, &[(&str, &str)])] = &[
        ("CreateUser", &[("UserName", "bob")]),
        ("CreateUser", &[own]),
        ("CreateAccessKey", &[own]),
        ("CreateAccessKey", &[("UserName", "nobody")]),
        ("ListAccessKeys", &[own]),
        ("ListAccessKeys", &[]),
        ("ListAccessKeys", &[("Marker", "x")]),
        ("GetAccessKeyLastUsed", &[("AccessKeyId", key)]),
        ("GetAccessKeyLastUsed", &[("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]),
        ("GetUser", &[]),
        ("GetUser", &[("UserName", "nobody")]),
        ("ListUsers", &[]),
        ("ListUsers", &[("MaxItems", "x")]),
        ("UpdateUser", &[own, ("NewUserName", "Alice")]),
        ("UpdateUser", &[("UserName", "nobody")]),
        ("DeleteUser", &[own]),
        ("DeleteUser", &[("UserName", "bob")]),
        ("UpdateAccessKey", &[own, ("AccessKeyId", key), ("Status", "x")]),
        ("UpdateAccessKey", &[own, ("AccessKeyId", key), ("Status", "Inactive")]),
        ("DeleteAccessKey", &[own, ("AccessKeyId", key)]),
        ("DeleteAccessKey", &[own, ("AccessKeyId", key)]),
        ("MakeCoffee", &[]),
    ];
    for signer in [&alice, &root, &of_root] {
        for (action, parameters) in calls {
            assert_silent(&whole(&signer.iam(action, parameters)), &secrets);
        }
        assert_silent(&whole(&signer.sts("GetCallerIdentity", &[])), &secrets);
        let thief = signer.with_key(&signer.access_key_id, "guess");
        assert_silent(&whole(&thief.sts("GetCallerIdentity", &[])), &secrets);
    }
    let emulator = &root.emulator;
    assert_silent(&format!("{emulator:?}{emulator:#?}"), &secrets);
}

#[test]
fn debug_shows_ids_and_no_secrets() {
    let root = Client::root();
    let key = root.emulator.create_user_with_key("alice", root.now);
    let key = key.unwrap();
    let secrets = [key.secret_access_key().to_owned()];
    let shown = format!("{key:?}{key:#?}");
    assert!(shown.contains(key.access_key_id()));
    assert_silent(&shown, &secrets);
    let configuration = Configuration {
        root_secret_access_key: ROOT_SECRET.to_owned(),
        ..Configuration::default()
    };
    let shown = format!("{configuration:?}{configuration:#?}");
    assert!(shown.contains("123456789012"));
    assert_silent(&shown, &[ROOT_SECRET.to_owned()]);
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for form in forms_of(ROOT_SECRET) {
        let found = std::panic::catch_unwind(|| {
            assert_silent(&format!("x{form}y"), &[ROOT_SECRET.to_owned()]);
        });
        assert!(found.is_err(), "{form}");
    }
}
