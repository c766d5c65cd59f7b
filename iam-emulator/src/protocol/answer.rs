//! HTTP answers: envelopes and headers.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::{FrontEndRefusal, Writer};
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
        action: &str,
        result: Option<F>,
    ) -> Response<Bytes> {
        let mut xml = Writer::default();
        let response = format!("{action}Response");
        xml.root(&response, service.namespace(), |xml| {
            if let Some(result) = result {
                xml.element(&format!("{action}Result"), result);
            }
            xml.element("ResponseMetadata", |xml| self.request_id_element(xml));
        });
        self.service(service, StatusCode::OK, xml)
    }

    /// The answer to a request that was refused.
    pub(crate) fn failure(&self, service: Service, error: &ApiError) -> Response<Bytes> {
        let code = error.code();
        let namespace = match code {
            ErrorCode::InvalidAction => DISPATCH_NAMESPACE,
            _ => service.namespace(),
        };
        let mut xml = Writer::default();
        xml.root("ErrorResponse", namespace, |xml| {
            xml.element("Error", |xml| {
                xml.text("Type", code.fault());
                xml.text("Code", code.as_str());
                if let Some(message) = error.message() {
                    xml.text("Message", message);
                }
            });
            self.request_id_element(xml);
        });
        let status = StatusCode::from_u16(code.status());
        self.service(service, status.unwrap_or(StatusCode::BAD_REQUEST), xml)
    }

    /// The answer to a request that reaches no service.
    ///
    /// `service` speaks only where an error has an envelope.
    pub(crate) fn front_end(&self, service: Service, refusal: &FrontEndRefusal) -> Response<Bytes> {
        match refusal {
            FrontEndRefusal::BodyTooLarge => self.plain(StatusCode::PAYLOAD_TOO_LARGE, ""),
            FrontEndRefusal::MalformedPath => self.plain(StatusCode::BAD_REQUEST, ""),
            FrontEndRefusal::MalformedParameters(error) => self.failure(service, error),
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

    fn service(&self, service: Service, status: StatusCode, xml: Writer) -> Response<Bytes> {
        let mut response = self.plain(status, xml.into_string());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        if service == Service::Sts
            && let Ok(extended) = HeaderValue::try_from(&self.request_id.extended)
        {
            headers.insert("x-amz-sts-extended-request-id", extended);
        }
        self.identified(response)
    }

    /// SDKs set their clocks by `Date` when a request was refused as too old.
    fn plain(&self, status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
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

    fn identified(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        if let Ok(id) = HeaderValue::try_from(self.request_id.uuid.to_string()) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }

    fn request_id_element(&self, xml: &mut Writer) {
        xml.text("RequestId", &self.request_id.uuid.to_string());
    }
}
