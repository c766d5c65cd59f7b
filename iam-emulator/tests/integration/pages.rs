//! Listings page by page, also while the account changes between pages.

use crate::client::{Answer, Client};

/// More than any listing here has: what goes in circles ends.
const PAGES_MAX: usize = 20;

/// Asks for one page; `marker` continues another.
fn page(client: &Client, action: &str, filter: &[(&str, &str)], marker: Option<&str>) -> Answer {
    let mut parameters = filter.to_vec();
    if let Some(marker) = marker {
        parameters.push(("Marker", marker));
    }
    client.iam(action, &parameters)
}

/// The names on all pages, with something done between any two.
fn names_on_pages(
    client: &Client,
    filter: &[(&str, &str)],
    mut between: impl FnMut(usize),
) -> Vec<String> {
    let mut names = Vec::new();
    let mut marker = None;
    for number in 0..PAGES_MAX {
        let answer = page(client, "ListUsers", filter, marker.as_deref()).succeeded();
        names.extend(answer.texts("UserName"));
        marker = answer.text("Marker");
        let is_truncated = answer.text("IsTruncated").unwrap();
        assert_eq!(is_truncated, marker.is_some().to_string());
        if marker.is_none() {
            return names;
        }
        between(number);
    }
    panic!("more than {PAGES_MAX} pages");
}

fn create_users(client: &Client, names: &[&str]) {
    for name in names {
        client.iam("CreateUser", &[("UserName", name)]).succeeded();
    }
}

#[test]
fn pages_of_any_size_make_up_the_whole() {
    let root = Client::root();
    create_users(&root, &["d", "A", "c", "B", "e"]);
    for size in ["1", "2", "3", "4", "5", "6", "1000"] {
        let names = names_on_pages(&root, &[("MaxItems", size)], |_| {});
        assert_eq!(names, ["A", "B", "c", "d", "e"], "pages of {size}");
    }
}

#[test]
fn a_hundred_is_the_page_that_nobody_asked_for() {
    let root = Client::root();
    for number in 0..101 {
        create_users(&root, &[&format!("u{number:03}")]);
    }
    let first = page(&root, "ListUsers", &[], None).succeeded();
    assert_eq!(first.texts("UserName").len(), 100);
    let last = page(&root, "ListUsers", &[], first.text("Marker").as_deref()).succeeded();
    assert_eq!(last.texts("UserName"), ["u100"]);
}

#[test]
fn changes_between_pages_neither_repeat_nor_lose_others() {
    let root = Client::root();
    create_users(&root, &["b", "d", "f", "h", "j"]);
    let delete = |name| root.iam("DeleteUser", &[("UserName", name)]).succeeded();
    let names = names_on_pages(&root, &[("MaxItems", "2")], |number| match number {
        // Behind the marker, before it, and the very user that it names.
        0 => {
            create_users(&root, &["a", "e", "z"]);
            delete("d");
            delete("b");
        }
        // The first of the next page, and one of the pages that are done.
        1 => {
            create_users(&root, &["c"]);
            delete("h");
        }
        _ => {}
    });
    assert_eq!(names, ["b", "d", "e", "f", "j", "z"]);
}

#[test]
fn a_prefix_is_kept_from_page_to_page() {
    let root = Client::root();
    for (name, path) in [("a", "/x/"), ("b", "/y/"), ("c", "/x/z/"), ("d", "/"), ("e", "/x/")] {
        let parameters = [("UserName", name), ("Path", path)];
        root.iam("CreateUser", &parameters).succeeded();
    }
    let filter = [("PathPrefix", "/x/"), ("MaxItems", "1")];
    assert_eq!(names_on_pages(&root, &filter, |_| {}), ["a", "c", "e"]);
}

#[test]
fn a_marker_belongs_to_its_operation_and_filter() {
    let root = Client::root();
    create_users(&root, &["alice", "bob"]);
    for name in ["alice", "alice", "bob", "bob"] {
        root.create_key(&[("UserName", name)]);
    }
    let first = |action, filter: &[(&str, &str)]| {
        let mut filter = filter.to_vec();
        filter.push(("MaxItems", "1"));
        let answer = page(&root, action, &filter, None).succeeded();
        answer.text("Marker").unwrap()
    };
    let of_users = first("ListUsers", &[]);
    let of_alice = first("ListAccessKeys", &[("UserName", "alice")]);
    for (action, filter, marker) in [
        ("ListUsers", [("PathPrefix", "/x/")], &of_users),
        ("ListUsers", [("PathPrefix", "/")], &of_alice),
        ("ListAccessKeys", [("UserName", "alice")], &of_users),
        ("ListAccessKeys", [("UserName", "bob")], &of_alice),
    ] {
        let answer = page(&root, action, &filter, Some(marker));
        answer.refused(400, "ValidationError", Some("Invalid Marker."));
    }
    // The default prefix is a prefix like any other, a name may change its
    // case, and the size of a page is no filter.
    let filter = [("PathPrefix", "/"), ("MaxItems", "9")];
    page(&root, "ListUsers", &filter, Some(&of_users)).succeeded();
    let filter = [("UserName", "ALICE")];
    page(&root, "ListAccessKeys", &filter, Some(&of_alice)).succeeded();
}

#[test]
fn a_marker_of_another_emulator_does_not_open() {
    let seeded = |seed| {
        let emulator = iam_emulator::Emulator::with_seed(Default::default(), seed).unwrap();
        let root = Client::root_of(emulator.into());
        create_users(&root, &["a", "b"]);
        root
    };
    let answer = page(&seeded(1), "ListUsers", &[("MaxItems", "1")], None);
    let marker = answer.text("Marker").unwrap();
    page(&seeded(2), "ListUsers", &[], Some(&marker)).refused(
        400,
        "ValidationError",
        Some("Invalid Marker."),
    );
}

#[test]
fn keys_come_oldest_first_and_deleting_the_marked_one_loses_none() {
    let root = Client::root();
    let alice = root.user("alice");
    let second = alice.create_key(&[]);
    let filter = [("UserName", "alice"), ("MaxItems", "1")];
    let first_page = page(&root, "ListAccessKeys", &filter, None).succeeded();
    assert_eq!(first_page.text("AccessKeyId"), Some(alice.access_key_id.clone()));
    let deleted = [("UserName", "alice"), ("AccessKeyId", &alice.access_key_id)];
    root.iam("DeleteAccessKey", &deleted).succeeded();
    let third = root.create_key(&[("UserName", "alice")]);
    let mut keys = Vec::new();
    let mut marker = first_page.text("Marker");
    for _ in 0..PAGES_MAX {
        if marker.is_none() {
            break;
        }
        let next = page(&root, "ListAccessKeys", &filter, marker.as_deref()).succeeded();
        keys.extend(next.texts("AccessKeyId"));
        marker = next.text("Marker");
    }
    assert_eq!(keys, [second.access_key_id, third.access_key_id]);
}
