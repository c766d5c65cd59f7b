//! Answers to requests that are signed for a service which is not here, in that service's manner:
//! what a client of it cannot read makes it crash, and says nothing to anybody.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::{answer::Answers, xml::XmlWriter};

/// The most bytes of a service's name that are repeated.
const NAME_BYTES_MAX: usize = 64;

/// How a service is spoken to, as far as a request tells.
enum Manner {
    /// A target in a header, JSON in the body.
    Json,
    /// S3's own XML.
    S3,
    /// EC2's variant of the Query protocol.
    Ec2,
    /// An action among the parameters.
    Query,
    /// Anything else.
    Rest,
}

/// What a request that is signed for `service`, neither IAM nor STS, is answered.
pub(crate) fn foreign(
    answers: &Answers,
    service: &str,
    headers: &HeaderMap,
    has_action: bool,
) -> Response<Bytes> {
    let message = message(service);
    let (status, content_type, body) = match manner(service, headers, has_action) {
        Manner::Json => {
            let body = json(&[("__type", "UnknownOperationException"), ("message", &message)]);
            (StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", body)
        }
        Manner::Rest => (StatusCode::NOT_FOUND, "application/json", json(&[("message", &message)])),
        Manner::S3 => {
            let parents = ["Error"];
            let body = xml(&parents, ("NotImplemented", &message), "RequestId", answers);
            (StatusCode::NOT_IMPLEMENTED, "application/xml", body)
        }
        Manner::Ec2 => {
            let parents = ["Response", "Errors", "Error"];
            let body = xml(&parents, ("InvalidAction", &message), "RequestID", answers);
            (StatusCode::BAD_REQUEST, "text/xml", body)
        }
        Manner::Query => {
            let parents = ["ErrorResponse", "Error"];
            let body = xml(&parents, ("InvalidAction", &message), "RequestId", answers);
            (StatusCode::BAD_REQUEST, "text/xml", body)
        }
    };
    let mut response = answers.plain(status, body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert("x-amzn-errortype", HeaderValue::from_static("UnknownOperationException"));
    answers.identified(response)
}

/// What this is, and what points a client here by accident.
pub(crate) fn message(service: &str) -> String {
    let name = service.get(..NAME_BYTES_MAX).unwrap_or(service);
    format!(
        "This is iam-emulator, which answers for IAM and STS. The request is signed for {name}: \
         AWS_ENDPOINT_URL sends every service here, AWS_ENDPOINT_URL_IAM and AWS_ENDPOINT_URL_STS \
         only those two."
    )
}

fn manner(service: &str, headers: &HeaderMap, has_action: bool) -> Manner {
    match service {
        _ if headers.contains_key("x-amz-target") => Manner::Json,
        "s3" | "s3express" | "s3-object-lambda" | "s3-outposts" => Manner::S3,
        "ec2" => Manner::Ec2,
        _ if has_action => Manner::Query,
        _ => Manner::Rest,
    }
}

fn json(members: &[(&str, &str)]) -> String {
    let members: std::collections::BTreeMap<_, _> = members.iter().copied().collect();
    // Texts in memory cannot fail to be written.
    serde_json::to_string(&members).unwrap_or_default()
}

/// Code and message inside the last of `parents`, and the request's id inside the first.
fn xml(
    parents: &[&str],
    (code, message): (&str, &str),
    request_id: &str,
    answers: &Answers,
) -> String {
    let mut xml = XmlWriter::default();
    for parent in parents {
        xml.open(parent);
    }
    xml.text("Code", code);
    xml.text("Message", message);
    let id = answers.request_id.uuid.to_string();
    for (depth, parent) in parents.iter().enumerate().rev() {
        if depth == 0 {
            xml.text(request_id, &id);
        }
        xml.close(parent);
    }
    xml.into_string()
}
