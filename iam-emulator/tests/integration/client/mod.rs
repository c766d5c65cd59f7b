//! A client of `Emulator::handle`: signs with `sigv4` and reads XML.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use iam_emulator::{Arrival, Configuration, Emulator};
use sha2::{Digest as _, Sha256};
use sigv4::{Credentials, Expires, Payload, SigningInstant, SigningKey, SigningRules, Timestamp};
use time::{Duration, OffsetDateTime, macros::datetime};

/// When every test begins.
pub(crate) const START: OffsetDateTime = datetime!(2026-02-11 10:40:38 UTC);

/// Somebody with an access key, at some time.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: String,
    pub(crate) region: String,
    /// What the client's clock shows.
    pub(crate) clock: OffsetDateTime,
    /// What the emulator is told.
    pub(crate) now: OffsetDateTime,
}

impl Client {
    /// The root of a fresh account whose ids are always the same.
    pub(crate) fn root() -> Self {
        let emulator = Emulator::with_seed(Configuration::default(), 1).unwrap();
        Self::root_of(Arc::new(emulator))
    }

    pub(crate) fn root_of(emulator: Arc<Emulator>) -> Self {
        let configuration = emulator.configuration();
        Self {
            access_key_id: configuration.root_access_key_id.clone(),
            secret_access_key: configuration.root_secret_access_key.clone(),
            session_token: String::new(),
            region: "us-east-1".to_owned(),
            clock: START,
            now: START,
            emulator,
        }
    }

    /// Creates a user with a key, and becomes it.
    pub(crate) fn user(&self, name: &str) -> Self {
        let key = self.emulator.create_user_with_key(name, self.now).unwrap();
        self.with_key(key.access_key_id(), key.secret_access_key())
    }

    pub(crate) fn with_key(&self, access_key_id: &str, secret_access_key: &str) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            ..self.clone()
        }
    }

    /// This client some time later.
    pub(crate) fn after(&self, time: Duration) -> Self {
        Self { clock: self.clock + time, now: self.now + time, ..self.clone() }
    }

    /// Calls an IAM operation by POST.
    pub(crate) fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        let request = form_request(action, "2010-05-08", parameters);
        self.send(self.sign(request, "iam"))
    }

    /// Calls an STS operation by POST.
    pub(crate) fn sts(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.send(self.sign(form_request(action, "2011-06-15", parameters), "sts"))
    }

    /// Creates a key for a user, or for the caller, and becomes its owner.
    pub(crate) fn create_key(&self, parameters: &[(&str, &str)]) -> Self {
        let answer = self.iam("CreateAccessKey", parameters).succeeded();
        self.with_key(
            &answer.text("AccessKeyId").unwrap(),
            &answer.text("SecretAccessKey").unwrap(),
        )
    }

    /// Adds the headers of a signature.
    pub(crate) fn sign(&self, request: Request<Vec<u8>>, service: &str) -> Request<Vec<u8>> {
        self.try_sign(request, service).unwrap()
    }

    /// Adds the headers of a signature, if the request is fit to be signed.
    pub(crate) fn try_sign(
        &self,
        request: Request<Vec<u8>>,
        service: &str,
    ) -> Option<Request<Vec<u8>>> {
        let payload = Payload::Sha256(Sha256::digest(request.body()).into());
        self.sign_payload(request, service, payload)
    }

    /// Adds the headers of a signature that says about the body what it is told.
    pub(crate) fn sign_payload(
        &self,
        mut request: Request<Vec<u8>>,
        service: &str,
        payload: Payload<'_>,
    ) -> Option<Request<Vec<u8>>> {
        let headers: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let target = request.uri().path_and_query()?.as_str();
        let unsigned = sigv4::Request::new(request.method().as_str(), target, &headers);
        let added: Vec<_> = self.with_key_of_the_day(service, |instant| {
            let rules = &SigningRules::STANDARD;
            let mut out = [0; 4096];
            let signed = instant.sign(&unsigned, payload, rules, &mut out).ok()?;
            let headers = signed.headers().map(|(name, value)| {
                let value = HeaderValue::from_str(value).unwrap();
                (HeaderName::from_static(name), value)
            });
            Some(headers.collect())
        })?;
        request.headers_mut().extend(added);
        Some(request)
    }

    /// A GET whose signature travels in the target.
    pub(crate) fn presign(
        &self,
        target: &str,
        service: &str,
        expires_seconds: Option<u32>,
    ) -> Request<Vec<u8>> {
        let headers = [("host", HOST)];
        let unsigned = sigv4::Request::new("GET", target, &headers);
        let expires = expires_seconds.map(|seconds| Expires::from_seconds(seconds).unwrap());
        let target = self.with_key_of_the_day(service, |instant| {
            let rules = &SigningRules::STANDARD;
            let mut out = [0; 4096];
            let signed = instant.presign(&unsigned, Payload::EMPTY, expires, rules, &mut out);
            signed.unwrap().to_str().unwrap().to_owned()
        });
        Request::get(target).header("host", HOST).body(Vec::new()).unwrap()
    }

    fn with_key_of_the_day<T>(
        &self,
        service: &str,
        sign: impl FnOnce(&SigningInstant<'_>) -> T,
    ) -> T {
        let timestamp = Timestamp::try_from(self.clock).unwrap();
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key)
            .with_session_token(&self.session_token);
        let key = SigningKey::derive(&credentials, timestamp.date(), &self.region, service);
        sign(&key.unwrap().at(timestamp).unwrap())
    }

    pub(crate) fn send(&self, request: Request<Vec<u8>>) -> Answer {
        Answer::from(self.emulator.handle(&request, Arrival::at(self.now)).response)
    }
}

/// The host that every request names.
pub(crate) const HOST: &str = "localhost:4566";

/// An unsigned call in the Query protocol.
pub(crate) fn form_request(
    action: &str,
    version: &str,
    parameters: &[(&str, &str)],
) -> Request<Vec<u8>> {
    let mut form = format!("Action={action}&Version={version}");
    for (name, value) in parameters {
        form.push_str(&format!("&{name}={}", escaped(value)));
    }
    Request::post("/")
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(form.into_bytes())
        .unwrap()
}

/// Percent-encodes all but letters and digits.
pub(crate) fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl From<Response<bytes::Bytes>> for Answer {
    fn from(response: Response<bytes::Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).expect("answers are text"),
        }
    }
}

impl Answer {
    /// The text of the first element of this name.
    pub(crate) fn text(&self, element: &str) -> Option<String> {
        self.texts(element).into_iter().next()
    }

    /// The texts of all elements of this name.
    pub(crate) fn texts(&self, element: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(&self.body).expect("answers are XML");
        document
            .descendants()
            .filter(|node| node.tag_name().name() == element)
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    /// Insists on success.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self
    }

    /// Insists on a refusal, whole: status, code and message.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, message: Option<&str>) {
        let refusal =
            (self.status.as_u16(), self.text("Code"), self.text("Message"), self.text("Type"));
        let expected =
            (status, Some(code.to_owned()), message.map(str::to_owned), Some("Sender".to_owned()));
        assert_eq!(refusal, expected, "{}", self.body);
    }
}
