//! What a request presents of a signature, and what is missing from it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Request;
use sha2::{Digest as _, Sha256};

use super::{
    GET_USER, INVALID, MISSING, alice, altered, authorization, call, refused, retargeted,
    with_header, without_header,
};
use crate::client::HOST;

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

fn hash_of_authorization(request: &Request<Vec<u8>>) -> String {
    STANDARD.encode(Sha256::digest(authorization(request)))
}
