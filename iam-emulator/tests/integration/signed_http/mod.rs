//! Signed Query requests as bytes, made with `sigv4` and nothing else.

use std::net::SocketAddr;

use sigv4::{Credentials, Payload, Request, SigningKey, SigningRules, Timestamp};
use time::OffsetDateTime;

/// Who signs, for whom to read and when.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) host: SocketAddr,
    pub(crate) now: OffsetDateTime,
}

impl Signer<'_> {
    /// A POST of `Action=…&Version=…` and more parameters, in form encoding already.
    pub(crate) fn post(&self, action: &str, parameters: &str) -> String {
        let (service, version) = match action {
            "GetCallerIdentity" => ("sts", "2011-06-15"),
            _ => ("iam", "2010-05-08"),
        };
        let body = format!("Action={action}&Version={version}{parameters}");
        let headers = [
            ("Host", self.host.to_string()),
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned()),
        ];
        let signed = self.sign("POST", "/", &headers, service, body.as_bytes());
        let head: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .chain(signed.iter().map(|(name, value)| format!("{name}: {value}\r\n")))
            .collect();
        format!("POST / HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// The headers that signing adds to a request.
    pub(crate) fn sign(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, String)],
        service: &str,
        body: &[u8],
    ) -> Vec<(&'static str, String)> {
        let timestamp = Timestamp::try_from(self.now).unwrap();
        let credentials = Credentials::new(self.access_key_id, self.secret_access_key);
        let key = SigningKey::derive(&credentials, timestamp.date(), "us-east-1", service).unwrap();
        let request = Request::new(method, target, headers);
        let mut authorization = [0; 512];
        key.at(timestamp)
            .unwrap()
            .sign(&request, Payload::Bytes(body), &SigningRules::STANDARD, &mut authorization)
            .unwrap()
            .headers()
            .map(|(name, value)| (name, value.to_owned()))
            .collect()
    }
}

/// The text of the first element with this name.
pub(crate) fn element(xml: &str, name: &str) -> Option<String> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = after.split_once(&format!("</{name}>"))?;
    Some(text.to_owned())
}
