//! Every way in which a signature can fail, which one comes first, and the
//! neighbours that are accepted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderName, HeaderValue, Request};
use iam_emulator::{Configuration, Emulator, RegionCheck};
use sha2::{Digest as _, Sha256};
use sigv4::Payload;
use time::Duration;

use crate::client::{Answer, Client, HOST, form_request};

const INVALID: &str = "The security token included in the request is invalid.";
const MISMATCH: &str = "The request signature we calculated does not match the signature you \
    provided. Check your AWS Secret Access Key and signing method. Consult the service \
    documentation for details.";
const MISSING: &str = "Request is missing Authentication Token";
const REGION: &str = "Credential should be scoped to a valid region. ";
const SERVICE: &str = "Credential should be scoped to correct service: 'iam'. ";
const TERMINATOR: &str = "Credential should be scoped with a valid terminator: 'aws4_request'. ";

/// A call that alice may make, in a target.
const GET_USER: &str = "/?Action=GetUser&Version=2010-05-08";

/// A call that alice may make.
fn call() -> Request<Vec<u8>> {
    form_request("GetUser", "2010-05-08", &[])
}

fn alice() -> Client {
    Client::root().user("alice")
}

/// The root of an account that looks at regions.
fn strict() -> Client {
    let configuration =
        Configuration { region_check: RegionCheck::Strict, ..Configuration::default() };
    let emulator = Emulator::with_seed(configuration, 1).unwrap();
    Client::root_of(emulator.into())
}

fn with_header(mut request: Request<Vec<u8>>, name: &'static str, value: &str) -> Request<Vec<u8>> {
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    request.headers_mut().insert(HeaderName::from_static(name), value);
    request
}

fn without_header(mut request: Request<Vec<u8>>, name: &str) -> Request<Vec<u8>> {
    request.headers_mut().remove(name).unwrap();
    request
}

fn authorization(request: &Request<Vec<u8>>) -> String {
    let value = &request.headers()["authorization"];
    value.to_str().unwrap().to_owned()
}

/// Replaces a piece of the authorization header, which must be there.
fn altered(request: Request<Vec<u8>>, from: &str, to: &str) -> Request<Vec<u8>> {
    let value = authorization(&request);
    assert!(value.contains(from), "{value} holds {from}");
    let value = value.replacen(from, to, 1);
    with_header(request, "authorization", &value)
}

/// Replaces a piece of the target, which must be there.
fn retargeted(mut request: Request<Vec<u8>>, from: &str, to: &str) -> Request<Vec<u8>> {
    let target = request.uri().to_string();
    assert!(target.contains(from), "{target} holds {from}");
    *request.uri_mut() = target.replacen(from, to, 1).parse().unwrap();
    request
}

fn hash_of_authorization(request: &Request<Vec<u8>>) -> String {
    STANDARD.encode(Sha256::digest(authorization(request)))
}

/// What every refusal says, beside its message.
#[track_caller]
fn refused(answer: &Answer, code: &str, message: &str) {
    let status = match code {
        "IncompleteSignature" => 400,
        _ => 403,
    };
    answer.refused(status, code, Some(message));
}

#[test]
fn no_signature_is_a_missing_token() {
    let alice = alice();
    refused(&alice.send(call()), "MissingAuthenticationToken", MISSING);
    for scheme in ["Bearer x", "Basic YTpi", "", "x"] {
        let request = with_header(call(), "authorization", scheme);
        refused(&alice.send(request), "MissingAuthenticationToken", MISSING);
    }
    let presigned = alice.presign(GET_USER, "iam", None);
    for algorithm in ["AWS4-ECDSA-P256-SHA256", "AWS5-HMAC-SHA256", ""] {
        let request = retargeted(presigned.clone(), "AWS4-HMAC-SHA256", algorithm);
        refused(&alice.send(request), "MissingAuthenticationToken", MISSING);
    }
}

#[test]
fn two_signatures_are_refused_without_a_word() {
    let alice = alice();
    let signed = alice.sign(call(), "iam");
    let mut both = alice.presign(GET_USER, "iam", None);
    let value = signed.headers()["authorization"].clone();
    both.headers_mut().insert("authorization", value);
    alice.send(both).refused(403, "SignatureDoesNotMatch", None);
}

#[test]
fn another_algorithm_of_aws_is_named() {
    let alice = alice();
    for algorithm in ["AWS5-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "AWS"] {
        let request = altered(alice.sign(call(), "iam"), "AWS4-HMAC-SHA256", algorithm);
        let message = format!("Unsupported AWS 'algorithm': '{algorithm}'.");
        refused(&alice.send(request), "IncompleteSignature", &message);
    }
}

#[test]
fn a_part_without_an_equal_sign_is_told_by_the_hash_of_the_header() {
    let alice = alice();
    let request = altered(alice.sign(call(), "iam"), "Signature=", "Signature");
    let message = format!(
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with \
         SHA-256 and encoded with Base64): '{}'.",
        hash_of_authorization(&request)
    );
    refused(&alice.send(request), "IncompleteSignature", &message);
}

#[test]
fn all_missing_parts_of_a_header_are_named_in_order() {
    let alice = alice();
    let credential = "Authorization header requires 'Credential' parameter. ";
    let signature = "Authorization header requires 'Signature' parameter. ";
    let signed_headers = "Authorization header requires 'SignedHeaders' parameter. ";
    let date = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' \
        header. ";
    let check = |request: Request<Vec<u8>>, sentences: &[&str]| {
        let message = format!(
            "{}(Hashed with SHA-256 and encoded with Base64) Authorization={}",
            sentences.concat(),
            hash_of_authorization(&request)
        );
        refused(&alice.send(request), "IncompleteSignature", &message);
    };
    let signed = || alice.sign(call(), "iam");
    check(altered(signed(), "Credential", "X"), &[credential]);
    check(altered(signed(), "Signature=", "X="), &[signature]);
    check(altered(signed(), "SignedHeaders", "X"), &[signed_headers]);
    check(without_header(signed(), "x-amz-date"), &[date]);
    let bare = with_header(call(), "authorization", "AWS4-HMAC-SHA256 X=y");
    check(bare, &[credential, signature, signed_headers, date]);
    let bare = with_header(signed(), "authorization", "AWS4-HMAC-SHA256");
    check(bare, &[credential, signature, signed_headers]);
}

#[test]
fn all_missing_parts_of_a_query_are_named_in_order() {
    let alice = alice();
    let target = GET_USER;
    let names = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];
    let message = |names: &[&str]| {
        let sentences: String = names
            .iter()
            .map(|name| format!("AWS query-string parameters must include '{name}'. "))
            .collect();
        format!("{sentences}Re-examine the query-string parameters.")
    };
    for name in names {
        let request = retargeted(alice.presign(target, "iam", None), name, "X");
        let expected = message(&[name]);
        refused(&alice.send(request), "IncompleteSignature", &expected);
    }
    let bare = format!("{target}&X-Amz-Algorithm=AWS4-HMAC-SHA256");
    let bare = Request::get(bare).header("host", HOST);
    let answer = alice.send(bare.body(Vec::new()).unwrap());
    refused(&answer, "IncompleteSignature", &message(&names));
}

#[test]
fn the_host_must_be_signed() {
    let alice = alice();
    let request = altered(alice.sign(call(), "iam"), ";host", "");
    refused(
        &alice.send(request),
        "SignatureDoesNotMatch",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
}

#[test]
fn a_date_must_be_one() {
    let alice = alice();
    for date in ["yesterday", "20260231T000000Z", "1770806438", ""] {
        let request = with_header(alice.sign(call(), "iam"), "x-amz-date", date);
        let message = format!(
            "Date must be in ISO-8601 'basic format'. Got '{date}'. \
             See http://en.wikipedia.org/wiki/ISO_8601"
        );
        refused(&alice.send(request), "IncompleteSignature", &message);
    }
}

#[test]
fn the_clocks_may_differ_by_fifteen_minutes() {
    let alice = alice();
    let skewed = |seconds| {
        let client = Client { clock: alice.now + Duration::seconds(seconds), ..alice.clone() };
        let in_header = client.iam("GetUser", &[]);
        let presigned = client.presign(GET_USER, "iam", None);
        [in_header, client.send(presigned)]
    };
    for seconds in [-900, 0, 900] {
        for answer in skewed(seconds) {
            answer.succeeded();
        }
    }
    for answer in skewed(-901) {
        refused(
            &answer,
            "SignatureDoesNotMatch",
            "Signature expired: 20260211T102537Z is now earlier than 20260211T102538Z \
             (20260211T104038Z - 15 min.)",
        );
    }
    for answer in skewed(901) {
        refused(
            &answer,
            "SignatureDoesNotMatch",
            "Signature not yet current: 20260211T105539Z is still later than 20260211T105538Z \
             (20260211T104038Z + 15 min.)",
        );
        // By which SDKs set their clocks.
        assert_eq!(answer.headers["date"], "Wed, 11 Feb 2026 10:40:38 GMT");
    }
}

#[test]
fn expires_is_neither_needed_nor_enforced() {
    let alice = alice();
    let late = alice.after(Duration::minutes(15));
    let too_late = alice.after(Duration::minutes(15) + Duration::seconds(1));
    for expires in [None, Some(1), Some(604_800)] {
        let presigned = alice.presign(GET_USER, "iam", expires);
        late.send(presigned.clone()).succeeded();
        let answer = too_late.send(presigned);
        assert_eq!(answer.text("Code").unwrap(), "SignatureDoesNotMatch");
        assert!(answer.text("Message").unwrap().starts_with("Signature expired: "));
    }
}

#[test]
fn a_credential_has_five_parts() {
    let alice = alice();
    let id = alice.access_key_id.as_str();
    for credential in
        ["", "x", "x/20260211/us-east-1/iam", "a/b/20260211/us-east-1/iam/aws4_request"]
    {
        let whole = format!("{id}/20260211/us-east-1/iam/aws4_request");
        let request = altered(alice.sign(call(), "iam"), &whole, credential);
        let message = format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. \
             keyid/date/region/service/term, got '{credential}'"
        );
        refused(&alice.send(request), "IncompleteSignature", &message);
    }
    for id_of_nobody in ["", &"A".repeat(129)] {
        let request = altered(alice.sign(call(), "iam"), id, id_of_nobody);
        refused(&alice.send(request), "InvalidClientTokenId", INVALID);
    }
}

#[test]
fn all_that_is_wrong_with_a_scope_is_told_at_once() {
    let root = strict();
    let date = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
        from HTTP: '20000101' != '20260211', from '20260211T104038Z'.";
    let scope = "20260211/us-east-1/iam/aws4_request";
    for (presented, sentences) in [
        ("20260211/us-west-1/iam/aws4_request", &[REGION][..]),
        ("20260211//iam/aws4_request", &[REGION]),
        ("20260211/us-east-1/sts/aws4_request", &[SERVICE]),
        ("20260211/us-east-1/IAM/aws4_request", &[SERVICE]),
        ("20260211/us-east-1/iam/aws5_request", &[TERMINATOR]),
        ("20000101/us-east-1/iam/aws4_request", &[date]),
        ("20260211/us-west-1/s3/aws4_request", &[REGION, SERVICE]),
        ("20000101/x/y/z", &[REGION, SERVICE, TERMINATOR, date]),
    ] {
        let request = altered(root.sign(call(), "iam"), scope, presented);
        let message = sentences.concat();
        refused(&root.send(request), "SignatureDoesNotMatch", &message);
    }
    let wrong = root.send(root.sign(form_request("GetCallerIdentity", "2011-06-15", &[]), "iam"));
    let message = "Credential should be scoped to correct service: 'sts'. ";
    refused(&wrong, "SignatureDoesNotMatch", message);
}

#[test]
fn any_region_will_do_unless_told_otherwise() {
    let lenient = Client::root();
    for region in ["us-east-1", "eu-central-1", "auto"] {
        let client = Client { region: region.to_owned(), ..lenient.clone() };
        client.iam("GetUser", &[]).succeeded();
        client.sts("GetCallerIdentity").succeeded();
    }
    let elsewhere = Client { region: "eu-central-1".to_owned(), ..strict() };
    for answer in [elsewhere.iam("GetUser", &[]), elsewhere.sts("GetCallerIdentity")] {
        refused(&answer, "SignatureDoesNotMatch", REGION);
    }
    strict().iam("GetUser", &[]).succeeded();
    strict().sts("GetCallerIdentity").succeeded();
}

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
            refused(&client.sts("GetCallerIdentity"), "InvalidClientTokenId", INVALID);
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
fn whatever_was_altered_after_signing_does_not_match() {
    let alice = alice();
    let signed = || alice.sign(call(), "iam");
    let mut body = signed();
    *body.body_mut() = b"Action=GetUser&Version=2010-05-08&UserName=bob".to_vec();
    let mut method = signed();
    *method.uri_mut() = "/?Action=GetUser&Version=2010-05-08".parse().unwrap();
    *method.method_mut() = http::Method::GET;
    let later = alice.after(Duration::seconds(1)).sign(call(), "iam");
    let date = later.headers()["x-amz-date"].to_str().unwrap();
    let last = authorization(&signed()).pop().unwrap();
    let other = if last == '0' { "1" } else { "0" };
    let mut flipped = authorization(&signed());
    flipped.replace_range(flipped.len() - 1.., other);
    for request in [
        body,
        method,
        with_header(signed(), "host", "example.com"),
        with_header(signed(), "content-type", "application/x-www-form-urlencoded"),
        with_header(signed(), "x-amz-date", date),
        without_header(signed(), "host"),
        with_header(signed(), "authorization", &flipped),
        altered(signed(), "content-type;host", "host"),
        altered(signed(), "content-type;host", "host;content-type"),
        altered(signed(), "Signature=", "Signature=0"),
    ] {
        let answer = alice.send(request);
        refused(&answer, "SignatureDoesNotMatch", MISMATCH);
    }
    let presigned = || alice.presign(GET_USER, "iam", None);
    let mut posted = presigned();
    *posted.body_mut() = b"x".to_vec();
    for request in [posted, retargeted(presigned(), "Version", "x=y&Version")] {
        let answer = alice.send(request);
        refused(&answer, "SignatureDoesNotMatch", MISMATCH);
    }
    let wrong = alice.with_key(&alice.access_key_id, "wrong");
    refused(&wrong.iam("GetUser", &[]), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn the_bootstrap_key_is_verified_like_any_other() {
    let root = Client::root();
    root.iam("GetUser", &[]).succeeded();
    let wrong = root.with_key(&root.access_key_id, "wrong");
    refused(&wrong.iam("GetUser", &[]), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn what_is_not_signed_may_change_and_a_declared_hash_is_ignored() {
    let alice = alice();
    let mut request = alice.sign(call(), "iam");
    for (name, value) in [
        ("user-agent", "proxy"),
        ("x-amz-content-sha256", "bogus"),
        ("x-amz-meta", "unsigned"),
        ("amz-sdk-request", "attempt=2"),
    ] {
        request = with_header(request, name, value);
    }
    alice.send(request).succeeded();
    let declared = with_header(call(), "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let declared = alice.sign_payload(declared, "iam", Payload::UNSIGNED).unwrap();
    refused(&alice.send(declared), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn of_parts_that_are_repeated_the_last_counts_in_a_header_and_the_first_in_a_query() {
    let alice = alice();
    let signed = || alice.sign(call(), "iam");
    let zeros = "0".repeat(64);
    let before = format!("Signature={zeros}, Signature=");
    alice.send(altered(signed(), "Signature=", &before)).succeeded();
    let behind = format!("{}, Signature={zeros}", authorization(&signed()));
    let behind = with_header(signed(), "authorization", &behind);
    refused(&alice.send(behind), "SignatureDoesNotMatch", MISMATCH);

    let presigned = alice.presign(GET_USER, "iam", None);
    let target = presigned.uri().to_string();
    let with_target = |target: String| {
        let request = Request::get(target).header("host", HOST);
        request.body(Vec::new()).unwrap()
    };
    let behind = format!("{target}&X-Amz-Signature={zeros}");
    alice.send(with_target(behind)).succeeded();
    let before = target.replacen("/?", &format!("/?X-Amz-Signature={zeros}&"), 1);
    refused(&alice.send(with_target(before)), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn two_authorization_headers_are_refused() {
    let alice = alice();
    let mut request = alice.sign(call(), "iam");
    let value = request.headers()["authorization"].clone();
    request.headers_mut().append("authorization", value);
    refused(&alice.send(request), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn the_date_may_come_in_other_forms_and_headers() {
    let alice = alice();
    for (header, date) in [
        ("x-amz-date", "20260211T104038Z"),
        ("x-amz-date", "2026-02-11T10:40:38Z"),
        ("date", "20260211T104038Z"),
        ("date", "Wed, 11 Feb 2026 10:40:38 GMT"),
    ] {
        alice.send(signed_by_hand(&alice, header, date)).succeeded();
    }
    // A `Date` that is far off does not count beside `X-Amz-Date`.
    let far_off = with_header(call(), "date", "Wed, 11 Feb 2015 10:40:38 GMT");
    alice.send(alice.sign(far_off, "iam")).succeeded();
}

#[test]
fn a_region_may_be_empty() {
    let nowhere = Client { region: String::new(), ..alice() };
    let request = signed_by_hand(&nowhere, "x-amz-date", "20260211T104038Z");
    nowhere.send(request).succeeded();
}

#[test]
fn in_http_2_the_authority_is_the_host() {
    let alice = alice();
    let mut request = without_header(alice.sign(call(), "iam"), "host");
    *request.uri_mut() = format!("http://{HOST}/").parse().unwrap();
    alice.send(request.clone()).succeeded();
    *request.uri_mut() = "http://example.com/".parse().unwrap();
    refused(&alice.send(request), "SignatureDoesNotMatch", MISMATCH);
}

#[test]
fn a_target_with_another_authority_than_the_host_is_refused() {
    let alice = alice();
    let mut request = alice.sign(call(), "iam");
    for same in [format!("http://{HOST}/"), format!("https://user@{}/", HOST.to_uppercase())] {
        *request.uri_mut() = same.parse().unwrap();
        alice.send(request.clone()).succeeded();
    }
    for version in [http::Version::HTTP_11, http::Version::HTTP_2] {
        *request.version_mut() = version;
        *request.uri_mut() = "http://example.com/".parse().unwrap();
        refused(&alice.send(request.clone()), "SignatureDoesNotMatch", MISMATCH);
    }
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
    for (seconds, action) in [(2, "MakeCoffee"), (3, "DeleteUser"), (4, "UpdateAccessKey")] {
        assert!(at(seconds).iam(action, &[]).status.is_client_error());
        let expected = format!("2026-02-11T10:40:{}Z", 38 + seconds);
        assert_eq!(last_use(seconds), Some(expected), "{action}");
    }
    let unknown = [("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")];
    let denied = at(5).iam("GetAccessKeyLastUsed", &unknown);
    assert_eq!(denied.text("Code").unwrap(), "AccessDenied");
    assert_eq!(last_use(5).unwrap(), "2026-02-11T10:40:43Z");
}

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

/// Signs [`call`] as the specification spells it out, with a date header of
/// which `sigv4` makes none.
fn signed_by_hand(client: &Client, date_header: &'static str, date: &str) -> Request<Vec<u8>> {
    let mut headers = [("host", HOST), (date_header, date)];
    headers.sort();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = headers.map(|(name, _)| name).join(";");
    let request = with_header(call(), date_header, date);
    let body = hex(&Sha256::digest(request.body()));
    let canonical = hex(&Sha256::digest(format!("POST\n/\n\n{lines}\n{names}\n{body}")));
    let scope = format!("20260211/{}/iam/aws4_request", client.region);
    let string = format!("AWS4-HMAC-SHA256\n20260211T104038Z\n{scope}\n{canonical}");
    let first = format!("AWS4{}", client.secret_access_key).into_bytes();
    let key = scope.split('/').fold(first, |key, part| hmac(&key, part));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
        client.access_key_id,
        hex(&hmac(&key, &string))
    );
    with_header(request, "authorization", &authorization)
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
