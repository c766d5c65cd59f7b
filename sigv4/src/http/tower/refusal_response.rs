//! What a client is answered whose request is refused.

use std::string::{String, ToString};

use ::http::Response;
use ::http::header::{CONTENT_TYPE, HeaderValue};
use bytes::Bytes;

use crate::http::tower::refusal::Refusal;

/// Answers to requests that are refused.
///
/// A closure that takes the [`Refusal`] is one.
pub trait RefusalResponse<B>: Send + Sync {
    /// The response; its body is of the kind that the inner service answers with.
    fn response(&self, refusal: &Refusal) -> Response<B>;
}

impl<F, B> RefusalResponse<B> for F
where
    F: Fn(&Refusal) -> Response<B> + Send + Sync,
{
    fn response(&self, refusal: &Refusal) -> Response<B> {
        self(refusal)
    }
}

/// Answers as S3 does: status, code and message, in XML. What the message says is
/// [`Refusal`]'s `Display`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XmlRefusals;

impl<B: From<Bytes>> RefusalResponse<B> for XmlRefusals {
    fn response(&self, refusal: &Refusal) -> Response<B> {
        let mut response = Response::new(B::from(Bytes::from(document(refusal))));
        *response.status_mut() = refusal.status();
        let xml = HeaderValue::from_static("application/xml");
        response.headers_mut().insert(CONTENT_TYPE, xml);
        response
    }
}

fn document(refusal: &Refusal) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>");
    text.push_str(refusal.code());
    text.push_str("</Code><Message>");
    for character in refusal.to_string().chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            other => text.push(other),
        }
    }
    text.push_str("</Message></Error>");
    text
}
