//! Requests that are signed for a service which is not here, and paths that are not what they become.

use http::Request;

use crate::client::{Client, HOST, form_request};

fn to(path: &str, headers: &[(&str, &str)]) -> Request<Vec<u8>> {
    let mut request = Request::post(path).header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(b"{}".to_vec()).unwrap()
}

#[test]
fn each_service_is_answered_in_its_own_manner() {
    let root = Client::root();
    let target = [("x-amz-target", "DynamoDB_20120810.ListTables")];
    let describe = || form_request("DescribeInstances", "2016-11-15", &[]);
    for (request, service, status, content_type, begin) in [
        (
            to("/", &target),
            "dynamodb",
            400,
            "application/x-amz-json-1.0",
            r#"{"__type":"UnknownOperationException","message":"This is iam-emulator"#,
        ),
        (
            to("/bucket/key", &[]),
            "s3",
            501,
            "application/xml",
            "<Error>\n  <Code>NotImplemented</Code>\n  <Message>This is iam-emulator",
        ),
        (
            describe(),
            "ec2",
            400,
            "text/xml",
            "<Response>\n  <Errors>\n    <Error>\n      <Code>InvalidAction</Code>",
        ),
        (describe(), "sqs", 400, "text/xml", "<ErrorResponse>\n  <Error>\n    <Code>Invalid"),
        (to("/2015-03-31/functions", &[]), "lambda", 404, "application/json", r#"{"message":"#),
    ] {
        let answer = root.send(root.sign(request, service));
        assert_eq!(answer.status.as_u16(), status, "{service}");
        assert_eq!(answer.headers["content-type"], content_type, "{service}");
        assert!(answer.body.starts_with(begin), "{service}: {}", answer.body);
        assert!(answer.body.contains(&format!("is signed for {service}: ")), "{}", answer.body);
    }
}

#[test]
fn what_iam_and_sts_are_asked_is_theirs_to_refuse() {
    let root = Client::root();
    for (request, message) in [
        (form_request("ListUsers", "2010-05-08", &[]), "'iam'"),
        (form_request("GetCallerIdentity", "2011-06-15", &[]), "'sts'"),
    ] {
        let answer = root.send(root.sign(request, "s3"));
        let message = format!("Credential should be scoped to correct service: {message}. ");
        answer.refused(403, "SignatureDoesNotMatch", Some(&message));
    }
    let redirected = root.send(root.sign(to("/", &[]), "iam"));
    assert_eq!(redirected.status.as_u16(), 302);
}

#[test]
fn a_path_that_only_becomes_the_root_is_not_the_root() {
    let root = Client::root();
    let signed = |path: &str| {
        let mut request = form_request("ListUsers", "2010-05-08", &[]);
        *request.uri_mut() = path.parse().unwrap();
        root.send(root.sign(request, "iam"))
    };
    signed("/").succeeded();
    signed("/?x=/../").succeeded();
    for path in ["/_emulator/../", "/./", "//", "/a/..", "/a//b", "/."] {
        let answer = signed(path);
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.body, "<UnknownOperationException/>\n", "{path}");
    }
}

#[test]
fn sts_speaks_json_to_who_asks_for_it_and_iam_does_not() {
    let root = Client::root();
    let asking = |action, version, accept: &str| {
        let mut request = form_request(action, version, &[]);
        request.headers_mut().insert("accept", accept.parse().unwrap());
        request
    };
    let identity = asking("GetCallerIdentity", "2011-06-15", "application/json");
    let answer = root.send(root.sign(identity, "sts")).succeeded();
    assert_eq!(answer.headers["content-type"], "application/json");
    let id = answer.headers["x-amzn-requestid"].to_str().unwrap();
    assert_eq!(
        answer.body,
        format!(
            r#"{{"GetCallerIdentityResponse":{{"GetCallerIdentityResult":{{"Account":"123456789012","Arn":"arn:aws:iam::123456789012:root","UserId":"123456789012"}},"ResponseMetadata":{{"RequestId":"{id}"}}}}}}"#
        )
    );
    let unsigned = root.send(asking("GetCallerIdentity", "2011-06-15", "application/json"));
    let id = unsigned.headers["x-amzn-requestid"].to_str().unwrap();
    assert_eq!(
        unsigned.body,
        format!(
            r#"{{"Error":{{"Code":"MissingAuthenticationToken","Message":"Request is missing Authentication Token","Type":"Sender"}},"RequestId":"{id}"}}"#
        )
    );
    for accept in ["*/*", "application/xml", "text/xml, application/json"] {
        let identity = asking("GetCallerIdentity", "2011-06-15", accept);
        let answer = root.send(root.sign(identity, "sts")).succeeded();
        assert_eq!(answer.headers["content-type"], "text/xml", "{accept}");
    }
    let users = root.sign(asking("ListUsers", "2010-05-08", "application/json"), "iam");
    assert_eq!(root.send(users).succeeded().headers["content-type"], "text/xml");
}
