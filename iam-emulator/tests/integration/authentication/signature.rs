//! The signature itself: what it covers, and where it is looked for.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Request;
use sha2::{Digest as _, Sha256};
use sigv4::Payload;
use time::Duration;

use super::{
    GET_USER, MISMATCH, alice, altered, authorization, call, refused, retargeted, with_header,
    without_header,
};
use crate::client::{Client, HOST};

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

/// Signs [`call`] as the specification spells it out, with a date header of
/// which `sigv4` makes none.
pub(super) fn signed_by_hand(
    client: &Client,
    date_header: &'static str,
    date: &str,
) -> Request<Vec<u8>> {
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
