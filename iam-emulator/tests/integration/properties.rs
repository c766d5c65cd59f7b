//! Whatever the bytes: no panic, and no trace of what was refused.

use http::{HeaderName, HeaderValue, Method, Request, Uri};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::client::{self, Answer, Client, form_request};

/// An account with two users, one of whom has a key.
fn account() -> (Client, Client) {
    let root = Client::root();
    let alice = root.user("alice");
    let tagged = [
        ("UserName", "Bob"),
        ("Path", "/team/"),
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "IAM"),
    ];
    root.iam("CreateUser", &tagged).succeeded();
    (root, alice)
}

/// All that the account tells of itself, but for when its keys were used.
fn snapshot(root: &Client) -> Vec<String> {
    let users = root.iam("ListUsers", &[("MaxItems", "1000")]).succeeded();
    let mut answers = vec![root.iam("ListAccessKeys", &[])];
    for name in users.texts("UserName") {
        let name = [("UserName", name.as_str())];
        answers.push(root.iam("GetUser", &name));
        answers.push(root.iam("ListAccessKeys", &name));
    }
    answers.push(users);
    answers.into_iter().map(without_request_id).collect()
}

fn without_request_id(answer: Answer) -> String {
    let id = answer.text("RequestId").unwrap();
    answer.succeeded().body.replace(&id, "")
}

/// Sends a request, and looks for traces if it was refused.
fn check(root: &Client, client: &Client, request: Request<Vec<u8>>) -> Result<(), TestCaseError> {
    let before = snapshot(root);
    let answer = client.send(request);
    if !answer.status.is_success() {
        prop_assert_eq!(before, snapshot(root));
    }
    if answer.body.starts_with('<') {
        prop_assert!(roxmltree::Document::parse(&answer.body).is_ok());
    }
    Ok(())
}

/// A request of what HTTP lets through, which is not signed.
fn any_request() -> impl Strategy<Value = Request<Vec<u8>>> {
    let method = select(vec!["GET", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "X"]);
    let piece = select(vec![
        "Action=ListUsers",
        "Version=2010-05-08",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "X-Amz-Credential=test%2F20260211%2Fus-east-1%2Fiam%2Faws4_request",
        "X-Amz-Date=20260211T104038Z",
        "X-Amz-SignedHeaders=host",
        "X-Amz-Signature=00",
        "%",
        "%zz",
        "=",
        "+",
        "a%00b",
    ]);
    let query = vec(piece, 0..10).prop_map(|pieces| pieces.join("&"));
    let target = prop_oneof![
        any::<Vec<u8>>(),
        "[ -~]{0,40}".prop_map(String::into_bytes),
        query.clone().prop_map(|query| format!("/?{query}").into_bytes()),
        Just(b"*".to_vec()),
        Just(b"/".to_vec()),
    ];
    let name = prop_oneof![
        select(vec![
            "authorization",
            "host",
            "x-amz-date",
            "date",
            "content-type",
            "x-amz-security-token",
            "x-amz-content-sha256",
        ])
        .prop_map(str::to_owned),
        "[a-z-]{1,12}",
    ];
    let value = prop_oneof![
        any::<Vec<u8>>(),
        any_authorization().prop_map(String::into_bytes),
        Just(b"application/x-www-form-urlencoded".to_vec()),
        Just(b"20260211T104038Z".to_vec()),
    ];
    let body = prop_oneof![any::<Vec<u8>>(), query.prop_map(String::into_bytes)];
    (method, target, vec((name, value), 0..6), body).prop_filter_map(
        "HTTP lets it through",
        |(method, target, headers, body)| {
            let mut request = Request::new(body);
            *request.method_mut() = Method::from_bytes(method.as_bytes()).ok()?;
            *request.uri_mut() = Uri::try_from(target).ok()?;
            for (name, value) in headers {
                let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                let value = HeaderValue::from_bytes(&value).ok()?;
                request.headers_mut().append(name, value);
            }
            Some(request)
        },
    )
}

/// Something like the value of an authorization header.
fn any_authorization() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        select(vec![
            "Credential=test/20260211/us-east-1/iam/aws4_request",
            "Credential=test/20260211//sts/aws4_request",
            "Credential=////",
            "SignedHeaders=host;x-amz-date",
            "SignedHeaders=;;host",
            "Signature=0000000000000000000000000000000000000000000000000000000000000000",
            "Signature",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,30}",
    ];
    let algorithm = select(vec!["AWS4-HMAC-SHA256", "AWS4", "Bearer", ""]);
    (algorithm, vec(part, 0..5))
        .prop_map(|(algorithm, parts)| format!("{algorithm} {}", parts.join(", ")))
}

/// An action with parameters, some of which make sense.
fn any_call() -> impl Strategy<Value = (String, Vec<(String, String)>)> {
    let action = prop_oneof![
        9 => select(vec![
            "CreateAccessKey", "CreateUser", "DeleteAccessKey", "DeleteUser",
            "GetAccessKeyLastUsed", "GetUser", "ListAccessKeys", "ListUsers",
            "UpdateAccessKey", "UpdateUser",
        ])
        .prop_map(str::to_owned),
        1 => "[A-Za-z]{0,20}",
    ];
    let name = select(vec![
        "UserName",
        "NewUserName",
        "Path",
        "NewPath",
        "PathPrefix",
        "AccessKeyId",
        "Status",
        "Marker",
        "MaxItems",
        "PermissionsBoundary",
        "Tags.member.1.Key",
        "Tags.member.1.Value",
        "Tags.member.2.Key",
        "Tags.member.9999999999.Key",
        "Tags",
    ]);
    let value = prop_oneof![
        6 => select(vec![
            "alice", "ALICE", "bob", "carol", "/", "/team/", "/te", "Active", "Inactive",
            "Expired", "{key}", "AKIAIOSFODNN7EXAMPLE", "1", "0", "-1", "1001", "", "x y",
            "99999999999", "\u{0}", "\u{fffd}",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "x{0,700}",
    ];
    let parameter = (name.prop_map(str::to_owned), value);
    (action, vec(parameter, 0..6))
}

proptest! {
    #[test]
    fn no_unsigned_bytes_panic_or_leave_a_trace(request in any_request()) {
        let (root, _) = account();
        check(&root, &root, request)?;
    }

    #[test]
    fn no_signed_bytes_panic_or_leave_a_trace(request in any_request()) {
        let (root, alice) = account();
        let mut request = request;
        for name in ["authorization", "x-amz-date", "x-amz-security-token"] {
            request.headers_mut().remove(name);
        }
        request.headers_mut().insert("host", HeaderValue::from_static(client::HOST));
        if let Some(signed) = alice.try_sign(request, "iam") {
            check(&root, &alice, signed)?;
        }
    }

    #[test]
    fn no_refused_call_leaves_a_trace(
        (action, parameters) in any_call(),
        version in option::weighted(0.1, "[0-9-]{0,12}"),
    ) {
        let (root, alice) = account();
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), match value.as_str() {
                "{key}" => alice.access_key_id.as_str(),
                value => value,
            }))
            .collect();
        let version = version.as_deref().unwrap_or("2010-05-08");
        let request = form_request(&action, version, &parameters);
        check(&root, &alice, alice.sign(request, "iam"))?;
    }

    #[test]
    fn no_altered_signature_leaves_a_trace(
        position in any::<prop::sample::Index>(),
        byte in b'!'..=b'~',
    ) {
        let (root, alice) = account();
        let call = form_request("CreateUser", "2010-05-08", &[("UserName", "carol")]);
        let mut request = alice.sign(call, "iam");
        let value = request.headers()["authorization"].as_bytes();
        let mut altered = value.to_vec();
        altered[position.index(value.len())] = byte;
        let is_same = altered == value;
        let altered = HeaderValue::from_bytes(&altered).unwrap();
        request.headers_mut().insert("authorization", altered);
        let before = snapshot(&root);
        let answer = alice.send(request);
        prop_assert_eq!(answer.status.is_success(), is_same);
        prop_assert_eq!(before == snapshot(&root), !is_same);
    }
}
