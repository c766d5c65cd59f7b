//! Which of several faults is told.

use time::Duration;

use super::{INVALID, MISMATCH, altered};
use crate::client::{Answer, Client, form_request};

/// Everything that can be wrong, in the order in which it is found.
const ORDER: [(&str, &str); 11] = [
    ("IncompleteSignature", "Unsupported AWS 'algorithm'"),
    ("IncompleteSignature", "Invalid key=value pair"),
    ("IncompleteSignature", "Authorization header requires 'Signature'"),
    ("SignatureDoesNotMatch", "'Host' or ':authority'"),
    ("SignatureDoesNotMatch", "Signature expired"),
    ("IncompleteSignature", "Credential must have exactly 5"),
    ("SignatureDoesNotMatch", "Credential should be scoped"),
    ("InvalidClientTokenId", INVALID),
    ("InvalidClientTokenId", INVALID),
    ("SignatureDoesNotMatch", MISMATCH),
    ("InvalidAction", "Could not find operation MakeCoffee"),
];

/// A request with which everything from the `first` point on is wrong.
fn wrong_from(first: usize) -> Answer {
    let root = Client::root();
    let mut client = root.user("alice");
    let is_wrong = |point: usize| first <= point;
    if is_wrong(4) {
        client.clock -= Duration::minutes(20);
    }
    if is_wrong(7) {
        let key = ("AccessKeyId", client.access_key_id.as_str());
        let parameters = [("UserName", "alice"), key, ("Status", "Inactive")];
        root.iam("UpdateAccessKey", &parameters).succeeded();
    }
    if is_wrong(8) {
        client.session_token = "token".to_owned();
    }
    if is_wrong(9) {
        client.secret_access_key = "wrong".to_owned();
    }
    let service = if is_wrong(6) { "s3" } else { "iam" };
    let call = form_request("MakeCoffee", "2010-05-08", &[]);
    let mut request = client.sign(call, service);
    for (point, from, to) in [
        (5, "/aws4_request", ""),
        (3, ";host", ""),
        (2, "Signature=", "X="),
        (1, "X=", "X"),
        (0, "AWS4-HMAC-SHA256", "AWS5-HMAC-SHA256"),
    ] {
        if is_wrong(point) {
            request = altered(request, from, to);
        }
    }
    client.send(request)
}

#[test]
fn what_is_checked_first_is_told_first() {
    for (point, (code, message)) in ORDER.into_iter().enumerate() {
        let answer = wrong_from(point);
        assert_eq!(answer.text("Code").as_deref(), Some(code), "point {point}");
        let told = answer.text("Message").unwrap();
        assert!(told.starts_with(message), "point {point}: {told}");
    }
}
