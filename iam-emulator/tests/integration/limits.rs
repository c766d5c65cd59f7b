//! The quotas, one after the other and all at once.

use std::{sync::Barrier, thread};

use iam_emulator::{ACCESS_KEYS_PER_OWNER_MAX, BODY_BYTES_MAX, USERS_PER_ACCOUNT_MAX};

use crate::client::{self, Client};

#[test]
fn an_account_has_5000_users_and_not_one_more() {
    let root = Client::root();
    for number in 0..USERS_PER_ACCOUNT_MAX {
        let name = format!("user{number}");
        root.iam("CreateUser", &[("UserName", &name)]).succeeded();
    }
    assert_eq!(USERS_PER_ACCOUNT_MAX, 5000);
    let one_more = || root.iam("CreateUser", &[("UserName", "one_more")]);
    one_more().refused(409, "LimitExceeded", Some("Cannot exceed quota for UsersPerAccount: 5000"));
    // A name that is taken is the nearer reason.
    root.iam("CreateUser", &[("UserName", "USER1")]).refused(
        409,
        "EntityAlreadyExists",
        Some("User with name USER1 already exists."),
    );
    root.iam("DeleteUser", &[("UserName", "user7")]).succeeded();
    one_more().succeeded();
}

#[test]
fn of_a_hundred_keys_created_at_once_two_are() {
    const ATTEMPTS: usize = 100;
    let root = Client::root();
    root.iam("CreateUser", &[("UserName", "alice")]).succeeded();
    let start = Barrier::new(ATTEMPTS);
    let answers: Vec<_> = thread::scope(|scope| {
        let attempts: Vec<_> = (0..ATTEMPTS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    root.iam("CreateAccessKey", &[("UserName", "alice")])
                })
            })
            .collect();
        attempts.into_iter().map(|attempt| attempt.join().unwrap()).collect()
    });
    let (created, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status.is_success());
    assert_eq!(created.len(), ACCESS_KEYS_PER_OWNER_MAX);
    assert_eq!(refused.len(), ATTEMPTS - ACCESS_KEYS_PER_OWNER_MAX);
    for answer in refused {
        answer.refused(409, "LimitExceeded", Some("Cannot exceed quota for AccessKeysPerUser: 2"));
    }
    let mut ids: Vec<_> = created.iter().filter_map(|answer| answer.text("AccessKeyId")).collect();
    let listed = root.iam("ListAccessKeys", &[("UserName", "alice")]);
    let mut listed = listed.texts("AccessKeyId");
    ids.sort();
    listed.sort();
    assert_eq!(ids, listed);
}

#[test]
fn of_a_hundred_users_created_at_once_by_one_name_one_is() {
    let root = Client::root();
    let created = thread::scope(|scope| {
        let attempts: Vec<_> = (0..100)
            .map(|_| scope.spawn(|| root.emulator.create_user_with_key("alice", root.now)))
            .collect();
        attempts.into_iter().filter_map(|attempt| attempt.join().unwrap().ok()).count()
    });
    assert_eq!(created, 1);
}

#[test]
fn the_root_has_two_keys_beside_the_one_it_began_with() {
    let root = Client::root();
    for _ in 0..ACCESS_KEYS_PER_OWNER_MAX {
        root.create_key(&[]).sts("GetCallerIdentity", &[]).succeeded();
    }
    root.iam("CreateAccessKey", &[]).refused(
        409,
        "LimitExceeded",
        Some("Cannot exceed quota for AccessKeysPerUser: 2"),
    );
    let listed = root.iam("ListAccessKeys", &[]).succeeded();
    let ids = listed.texts("AccessKeyId");
    assert_eq!(ids.len(), ACCESS_KEYS_PER_OWNER_MAX);
    assert!(!ids.contains(&root.access_key_id));
}

#[test]
fn a_body_may_have_ten_million_bytes() {
    let root = Client::root();
    let of_length = |length: usize| {
        let mut request = client::form_request("ListUsers", "2010-05-08", &[("Padding", "")]);
        request.body_mut().resize(length, b'x');
        request
    };
    root.send(root.sign(of_length(BODY_BYTES_MAX), "iam")).succeeded();
    let answer = root.send(of_length(BODY_BYTES_MAX + 1));
    assert_eq!(answer.status.as_u16(), 413);
    assert_eq!(answer.body, "");
    assert!(!answer.headers.contains_key("x-amzn-requestid"));
}
