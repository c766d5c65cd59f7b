//! The key that a request names.

use time::Duration;

use super::{GET_USER, INVALID, MISMATCH, call, refused, with_header};
use crate::client::Client;

#[test]
fn a_key_that_cannot_sign_is_invalid_whatever_the_reason() {
    let root = Client::root();
    let alice = root.user("alice");
    let key = [("UserName", "alice"), ("AccessKeyId", &alice.access_key_id)];
    let status = |status| {
        let parameters = [key[0], key[1], ("Status", status)];
        root.iam("UpdateAccessKey", &parameters).succeeded();
    };
    let check = |client: &Client| {
        for client in [client.clone(), client.with_key(&client.access_key_id, "guess")] {
            refused(&client.iam("GetUser", &[]), "InvalidClientTokenId", INVALID);
            refused(&client.sts("GetCallerIdentity", &[]), "InvalidClientTokenId", INVALID);
        }
    };
    alice.iam("GetUser", &[]).succeeded();
    status("Inactive");
    check(&alice);
    status("Active");
    alice.iam("GetUser", &[]).succeeded();
    root.iam("DeleteAccessKey", &key).succeeded();
    check(&alice);
    check(&alice.with_key("AKIAIOSFODNN7EXAMPLE", &alice.secret_access_key));
    check(&alice.with_key("TEST", "test"));
}

#[test]
fn no_key_has_a_session_token() {
    let root = Client::root();
    let alice = root.user("alice");
    for client in [&root, &alice] {
        let with_token = Client { session_token: "token".to_owned(), ..client.clone() };
        let answer = with_token.iam("GetUser", &[]);
        refused(&answer, "InvalidClientTokenId", INVALID);
        let presigned = with_token.presign(GET_USER, "iam", None);
        refused(&client.send(presigned), "InvalidClientTokenId", INVALID);
        let unsigned = client.sign(call(), "iam");
        let unsigned = with_header(unsigned, "x-amz-security-token", "token");
        refused(&client.send(unsigned), "InvalidClientTokenId", INVALID);
    }
}

#[test]
fn the_bootstrap_key_is_verified_like_any_other() {
    let root = Client::root();
    root.iam("GetUser", &[]).succeeded();
    let wrong = root.with_key(&root.access_key_id, "wrong");
    refused(&wrong.iam("GetUser", &[]), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn refused_calls_use_their_key_if_they_prove_to_have_it() {
    let root = Client::root();
    let alice = root.user("alice");
    let last_use = |seconds| {
        let later = root.after(Duration::seconds(seconds));
        let key = [("AccessKeyId", alice.access_key_id.as_str())];
        later.iam("GetAccessKeyLastUsed", &key).text("LastUsedDate")
    };
    let at = |seconds| alice.after(Duration::seconds(seconds));
    let forged = at(1).with_key(&alice.access_key_id, "guess");
    forged.iam("GetUser", &[]);
    assert_eq!(last_use(1), None);
    // Far enough apart that each is recorded: a use stands for a quarter of an hour.
    for (minutes, action) in [(2, "MakeCoffee"), (18, "DeleteUser"), (34, "UpdateAccessKey")] {
        assert!(at(minutes * 60).iam(action, &[]).status.is_client_error());
        let expected =
            format!("2026-02-11T{}:{:02}:00Z", 10 + (40 + minutes) / 60, (40 + minutes) % 60);
        assert_eq!(last_use(minutes * 60), Some(expected), "{action}");
    }
    let unknown = [("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")];
    let denied = at(50 * 60).iam("GetAccessKeyLastUsed", &unknown);
    assert_eq!(denied.text("Code").unwrap(), "AccessDenied");
    assert_eq!(last_use(50 * 60).unwrap(), "2026-02-11T11:30:00Z");
}
