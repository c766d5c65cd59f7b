//! The requests that are signed: six that stand for what clients of AWS send.

use sigv4::{
    CredentialScope, Credentials, Date, Expires, Payload, Request, SigningInstant, SigningKey,
    SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

/// The access key of all workloads.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";

/// The secret of all workloads.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The region of all workloads.
pub const REGION: &str = "us-east-1";

/// The bucket of those that go to S3.
pub const BUCKET: &str = "examplebucket";

/// The object of those that go to S3: a key of forty characters.
pub const OBJECT: &str = "photos/2026/11/21/duck-in-the-harbor.jpg";

/// When all workloads are signed: 2026-11-21T12:00:00Z.
pub const UNIX_SECONDS: i64 = 1_795_262_400;

/// Seconds for which presigned URLs are good.
pub const EXPIRES_SECONDS: u32 = 900;

/// Characters in a session token.
pub const TOKEN_LEN: usize = 700;

/// One request as an application has it before signing.
///
/// All is made at run time, and nearly all owned, so that no compiler can work
/// a part of the signature out beforehand.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `W1` and so on.
    pub name: &'static str,
    /// What is done.
    pub title: &'static str,
    /// Whether the signature goes into the headers or into the query.
    pub form: Form,
    /// The method.
    pub method: String,
    /// The host, as it stands among the headers too.
    pub host: String,
    /// Path and query, as on the wire.
    pub target: String,
    /// The headers, in mixed case and unsorted.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The service's name in the credential scope.
    pub service: &'static str,
    /// The session token, or an empty text.
    pub session_token: String,
    /// SHA-256 blocks that one signing with a known key cannot avoid.
    pub blocks: usize,
}

/// Where the signature goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Into headers.
    Header,
    /// Into the query.
    Query,
}

/// All workloads, in the order of the table.
#[must_use]
pub fn all() -> Vec<Workload> {
    vec![
        put_item("W1", String::new(), 15),
        put_item("W1t", token(), 26),
        get_object("W2", Form::Query, String::new(), 9),
        get_object("W2t", Form::Query, token(), 21),
        list_access_keys("W3", 10),
        get_object("W4", Form::Header, token(), 20),
    ]
}

impl Workload {
    /// Whether the service is S3, which reads paths and payloads its own way.
    #[must_use]
    pub fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    /// How the service wants its requests signed.
    #[must_use]
    pub fn rules(&self) -> SigningRules<'static> {
        if self.is_s3() { SigningRules::S3 } else { SigningRules::STANDARD }
    }

    /// What a server of the service accepts.
    #[must_use]
    pub fn verify_rules(&self) -> VerifyRules<'static> {
        if self.is_s3() {
            VerifyRules::s3(REGION)
        } else {
            VerifyRules::strict(REGION, self.service)
        }
    }

    /// The body, hashed with every signing; S3 leaves it out.
    #[must_use]
    pub fn payload(&self) -> Payload<'_> {
        if self.is_s3() { Payload::UNSIGNED } else { Payload::Bytes(&self.body) }
    }

    /// The request as the signer takes it.
    #[must_use]
    pub fn request(&self) -> Request<'_, [(String, String)]> {
        Request::new(&self.method, &self.target, self.headers.as_slice())
    }

    /// The workload with header names that no table of common ones holds, each as
    /// long as before; none if there is nothing to rename.
    #[must_use]
    pub fn with_uncommon_names(&self) -> Option<Self> {
        let renamed = |name: &str| match name {
            "Content-Type" => "Contour-Tint".to_owned(),
            "X-Amz-Target" => "X-Our-Tinsel".to_owned(),
            _ => name.to_owned(),
        };
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (renamed(name), value.clone())).collect();
        (headers != self.headers).then(|| Self { headers, ..self.clone() })
    }

    /// So many requests like this one, but for the length of the object's key
    /// or of the body: from a half to one and a half of this one's.
    #[must_use]
    pub fn of_mixed_lengths(&self, count: usize) -> Vec<Self> {
        let usual = if self.is_s3() { OBJECT.len() } else { self.body.len() };
        // A prime that does not divide the count: every length once, in no order.
        let len = |n: usize| usual / 2 + n * 7_919 % count * usual / count;
        let request = |n: usize| {
            let mut request = self.clone();
            if self.is_s3() {
                let letters =
                    "photos/2026/11/21/".bytes().chain(b"a-duck-in-the-harbor-".repeat(4));
                let object: Vec<_> = letters.take(len(n)).collect();
                request.target = format!("/{}", String::from_utf8_lossy(&object));
            } else {
                request.body = self.body.iter().copied().cycle().take(len(n)).collect();
            }
            request
        };
        (0..count).map(request).collect()
    }

    /// The whole URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.target)
    }

    /// The request as an application holds it that uses the `http` crate.
    #[must_use]
    pub fn http_request(&self) -> http::Request<Vec<u8>> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(self.url());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(self.body.clone()).expect("the workload is a valid request")
    }

    /// The access key, with its session token if there is one.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY).with_session_token(&self.session_token)
    }

    /// The session token, if there is one.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        Some(self.session_token.as_str()).filter(|token| !token.is_empty())
    }

    /// The key of the day.
    #[must_use]
    pub fn key(&self) -> SigningKey<'_> {
        SigningKey::derive(&self.credentials(), date(), REGION, self.service)
            .expect("the credentials are valid")
    }

    /// The key of the day, as a server has it.
    #[must_use]
    pub fn verifying_key(&self, scope: &CredentialScope) -> VerifyingKey {
        VerifyingKey::derive(SECRET_ACCESS_KEY, scope).expect("the secret is valid")
    }

    /// The canonical request: what is hashed and needs not be there as a whole.
    #[must_use]
    pub fn canonical_request(&self, instant: &SigningInstant<'_>) -> Vec<u8> {
        let (request, payload, rules) = (self.request(), self.payload(), self.rules());
        let mut out = vec![0; 4_096];
        let len = match self.form {
            Form::Header => instant.canonical_request(&request, payload, &rules, &mut out),
            Form::Query => instant.presigned_canonical_request(
                &request,
                payload,
                Some(expires()),
                &rules,
                &mut out,
            ),
        }
        .expect("the workload can be signed")
        .len();
        out.truncate(len);
        out
    }
}

/// The second in which all workloads are signed.
#[must_use]
pub fn timestamp() -> Timestamp {
    Timestamp::from_unix_seconds(UNIX_SECONDS).expect("the second has a four-digit year")
}

/// The day in which all workloads are signed.
#[must_use]
pub fn date() -> Date {
    timestamp().date()
}

/// How long presigned URLs are good for.
#[must_use]
pub fn expires() -> Expires {
    Expires::from_seconds(EXPIRES_SECONDS).expect("the expiry is in range")
}

/// DynamoDB's PutItem: JSON in a POST, the body hashed.
fn put_item(name: &'static str, session_token: String, blocks: usize) -> Workload {
    let host = format!("dynamodb.{REGION}.amazonaws.com");
    let body = r#"{"TableName":"orders","Item":{"order_id":{"S":"01JD7Z3Q8N5V0K2M4R6T8W9XYA"},"customer":{"S":"alice.miller@example.com"},"placed_at":{"N":"1795262400"},"status":{"S":"paid"},"lines":{"L":[{"M":{"sku":{"S":"DUCK-YELLOW-L"},"count":{"N":"3"}}},{"M":{"sku":{"S":"DUCK-BLUE-S"},"count":{"N":"12"}}}]}},"ConditionExpression":"attribute_not_exists(order_id)"}"#;
    Workload {
        name,
        title: "DynamoDB PutItem",
        form: Form::Header,
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: owned(&[
            ("X-Amz-Target", "DynamoDB_20120810.PutItem"),
            ("Host", &host),
            ("Content-Type", "application/x-amz-json-1.0"),
        ]),
        host,
        body: body.as_bytes().to_vec(),
        service: "dynamodb",
        session_token,
        blocks,
    }
}

/// S3's GetObject, its payload not signed.
fn get_object(name: &'static str, form: Form, session_token: String, blocks: usize) -> Workload {
    let host = format!("{BUCKET}.s3.{REGION}.amazonaws.com");
    Workload {
        name,
        title: if form == Form::Query {
            "S3 GetObject, presigned"
        } else {
            "S3 GetObject, headers"
        },
        form,
        method: "GET".to_owned(),
        target: format!("/{OBJECT}"),
        headers: owned(&[("Host", &host)]),
        host,
        body: Vec::new(),
        service: "s3",
        session_token,
        blocks,
    }
}

/// IAM's ListAccessKeys: a form in a POST, the body hashed.
fn list_access_keys(name: &'static str, blocks: usize) -> Workload {
    let host = "iam.amazonaws.com".to_owned();
    Workload {
        name,
        title: "IAM ListAccessKeys",
        form: Form::Header,
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: owned(&[
            ("Host", &host),
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ]),
        host,
        body: b"Action=ListAccessKeys&Version=2010-05-08&UserName=deploy-robot-7".to_vec(),
        service: "iam",
        session_token: String::new(),
        blocks,
    }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A text like a session token: base64, with its share of `+` and `/`.
fn token() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // A congruential generator (Knuth's MMIX): any spread of letters will do,
    // but it must be the same in every run.
    let mut state = 20_261_121_u64;
    let mut letter = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(ALPHABET[usize::try_from(state >> 58).unwrap_or_default()])
    };
    (0..TOKEN_LEN).map(|_| letter()).collect()
}
