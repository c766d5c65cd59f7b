//! HTTP answers: envelopes and headers.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::{FrontEndRefusal, Writer, json::JsonWriter, xml::XmlWriter};
use crate::{
    error::{ApiError, ErrorCode},
    id::RequestId,
    service::Service,
};

/// Errors of the dispatcher, which come before any service, have their own.
const DISPATCH_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// The body of the answer to what is no Query request at all.
const UNKNOWN_OPERATION: &str = "<UnknownOperationException/>\n";

const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    /// On request, by STS alone.
    Json,
}

impl Format {
    /// What a client that sends these headers is answered in.
    pub(crate) fn of(headers: &HeaderMap, service: Service) -> Self {
        let asks_for_json = || {
            let accept = headers.get(header::ACCEPT)?.as_bytes().trim_ascii();
            Some(accept.eq_ignore_ascii_case(b"application/json"))
        };
        match service {
            Service::Sts if asks_for_json() == Some(true) => Self::Json,
            Service::Sts | Service::Iam => Self::Xml,
        }
    }
}

/// Makes the answers to one request.
pub(crate) struct Answers {
    pub(crate) request_id: RequestId,
    pub(crate) now: OffsetDateTime,
}

impl Answers {
    /// The answer to a request that was carried out.
    ///
    /// `result` is what the operation returns, or nothing for one that
    /// returns nothing.
    pub(crate) fn success<F: FnOnce(&mut Writer)>(
        &self,
        service: Service,
        format: Format,
        action: &str,
        result: Option<F>,
    ) -> Response<Bytes> {
        let response = format!("{action}Response");
        let body = document(format, &response, service.namespace(), |writer| {
            if let Some(result) = result {
                writer.element(&format!("{action}Result"), result);
            }
            writer.element("ResponseMetadata", |writer| self.write_request_id(writer));
        });
        self.service(service, StatusCode::OK, format, body)
    }

    /// The answer to a request that was refused.
    pub(crate) fn failure(
        &self,
        service: Service,
        format: Format,
        error: &ApiError,
    ) -> Response<Bytes> {
        let code = error.code();
        let namespace = match code {
            ErrorCode::InvalidAction => DISPATCH_NAMESPACE,
            _ => service.namespace(),
        };
        let body = document(format, "ErrorResponse", namespace, |writer| {
            writer.element("Error", |writer| {
                writer.text("Type", code.fault());
                writer.text("Code", code.as_str());
                if let Some(message) = error.message() {
                    writer.text("Message", message);
                }
            });
            self.write_request_id(writer);
        });
        let status = StatusCode::from_u16(code.status());
        self.service(service, status.unwrap_or(StatusCode::BAD_REQUEST), format, body)
    }

    /// The answer to a request that reaches no service.
    ///
    /// `service` speaks only where an error has an envelope.
    pub(crate) fn front_end(
        &self,
        service: Service,
        format: Format,
        refusal: &FrontEndRefusal,
    ) -> Response<Bytes> {
        match refusal {
            FrontEndRefusal::BodyTooLarge => self.plain(StatusCode::PAYLOAD_TOO_LARGE, ""),
            FrontEndRefusal::MalformedPath => self.plain(StatusCode::BAD_REQUEST, ""),
            FrontEndRefusal::MalformedParameters(error) => self.failure(service, format, error),
            FrontEndRefusal::UnknownOperation => {
                self.identified(self.plain(StatusCode::NOT_FOUND, UNKNOWN_OPERATION))
            }
            FrontEndRefusal::Redirect(location) => {
                let mut response = self.plain(StatusCode::FOUND, "");
                // A target that `http` has read is fit for a header.
                if let Ok(location) = HeaderValue::try_from(location) {
                    response.headers_mut().insert(header::LOCATION, location);
                }
                self.identified(response)
            }
        }
    }

    fn service(
        &self,
        service: Service,
        status: StatusCode,
        format: Format,
        body: String,
    ) -> Response<Bytes> {
        let mut response = self.plain(status, body);
        let headers = response.headers_mut();
        let content_type = match format {
            Format::Xml => "text/xml",
            Format::Json => "application/json",
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        if service == Service::Sts
            && let Ok(extended) = HeaderValue::try_from(&self.request_id.extended)
        {
            headers.insert("x-amz-sts-extended-request-id", extended);
        }
        self.identified(response)
    }

    /// SDKs set their clocks by `Date` when a request was refused as too old.
    pub(super) fn plain(&self, status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
        let body = body.into();
        let length = HeaderValue::from(body.len());
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LENGTH, length);
        if let Ok(date) = self.now.format(HTTP_DATE)
            && let Ok(date) = HeaderValue::try_from(date)
        {
            headers.insert(header::DATE, date);
        }
        response
    }

    pub(super) fn identified(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        if let Ok(id) = HeaderValue::try_from(self.request_id.uuid.to_string()) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }

    fn write_request_id(&self, writer: &mut Writer) {
        writer.text("RequestId", &self.request_id.uuid.to_string());
    }
}

/// A whole document. In JSON an error has no element around it, and nothing has a namespace.
fn document(
    format: Format,
    root: &str,
    namespace: &str,
    content: impl FnOnce(&mut Writer),
) -> String {
    match format {
        Format::Xml => {
            let mut xml = XmlWriter::default();
            xml.open_root(root, namespace);
            let mut writer = Writer::Xml(xml);
            content(&mut writer);
            writer.close(root);
            writer.into_string()
        }
        Format::Json => {
            let mut writer = Writer::Json(JsonWriter::default());
            match root {
                "ErrorResponse" => content(&mut writer),
                _ => writer.element(root, content),
            }
            writer.into_string()
        }
    }
}
