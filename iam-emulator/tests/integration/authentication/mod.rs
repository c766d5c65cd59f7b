//! Every way in which a signature can fail, which one comes first, and the
//! neighbours that are accepted.

mod date;
mod key;
mod order;
mod presented;
mod scope;
mod signature;

use http::{HeaderName, HeaderValue, Request};

use crate::client::{Answer, Client, form_request};

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

/// What every refusal says, beside its message.
#[track_caller]
fn refused(answer: &Answer, code: &str, message: &str) {
    let status = match code {
        "IncompleteSignature" => 400,
        _ => 403,
    };
    answer.refused(status, code, Some(message));
}
