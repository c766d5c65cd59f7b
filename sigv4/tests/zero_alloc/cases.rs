//! Requests to sign and to verify, and the constants of all tests.

use sigv4::verify_rules::UnnormalizedPath;
use sigv4::{
    Credentials, Expires, HEADERS_MAX, PATH_SEGMENTS_MAX, Payload, QUERY_PARAMETERS_MAX, Request,
    SigningKey, SigningRules, Timestamp, VerifyRules,
};

/// A request, what it is an example of, and whether the signer accepts it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) token: String,
    pub(crate) is_accepted: bool,
}

impl Case {
    pub(crate) fn few() -> Self {
        let case = Self {
            name: "few headers",
            target: "/a/../b%20c/?b=2&a=1&a=%7e".to_owned(),
            headers: Vec::new(),
            token: String::new(),
            is_accepted: true,
        };
        case.with("Host", "example.amazonaws.com").with("X-Spaces", "  a   b  ")
    }

    /// `count` headers, in an order that has to be sorted.
    pub(crate) fn with_headers(count: usize) -> Self {
        let mut case = Self { name: "as many headers as can be", ..Self::few() };
        for number in (case.headers.len()..count).rev() {
            case = case.with(&format!("X-Number-{number}"), "value");
        }
        case
    }

    /// `count` parameters, in an order that has to be sorted.
    pub(crate) fn with_parameters(count: usize) -> Self {
        let pieces: Vec<_> = (0..count).rev().map(|n| format!("parameter%2d{n}=a+b")).collect();
        let target = format!("/?{}", pieces.join("&"));
        Self { name: "as many parameters as can be", target, ..Self::few() }
    }

    pub(crate) fn with_token(self) -> Self {
        Self { name: "a token of 4 KB", token: token(), ..self }
    }

    pub(crate) fn refused(self, name: &'static str) -> Self {
        Self { name, is_accepted: false, ..self }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn targeting(self, target: &str) -> Self {
        Self { target: target.to_owned(), ..self }
    }

    pub(crate) fn request(&self) -> Request<'_, [(String, String)]> {
        Request::new("POST", &self.target, self.headers.as_slice())
    }

    /// The request with the headers of a signature, `authorization` last.
    pub(crate) fn signed(self) -> Self {
        let (mut out, mut signed) = (vec![0; OUT_LEN], self.clone());
        let credentials = CREDENTIALS.with_session_token(&self.token);
        let key = key(&credentials);
        let instant = key.at(now()).unwrap();
        let payload = Payload::Bytes(BODY);
        let made = instant.sign(&self.request(), payload, &RULES[0], &mut out).unwrap();
        for (name, value) in made.headers() {
            signed = signed.with(name, value);
        }
        signed
    }

    /// The request with a target that carries its signature.
    pub(crate) fn presigned(self) -> Self {
        let mut out = vec![0; OUT_LEN];
        let credentials = CREDENTIALS.with_session_token(&self.token);
        let key = key(&credentials);
        let instant = key.at(now()).unwrap();
        let (payload, rules) = (Payload::Bytes(BODY), &RULES[0]);
        let made = instant.presign(&self.request(), payload, EXPIRES, rules, &mut out).unwrap();
        let target = made.to_str().unwrap().to_owned();
        Self { target, ..self }
    }
}

pub(crate) fn signing_cases() -> Vec<Case> {
    vec![
        Case::few(),
        Case::few().with_token(),
        Case::with_headers(HEADERS_MAX),
        Case::with_parameters(QUERY_PARAMETERS_MAX),
        Case::few().targeting(&format!("{}/.", "/a".repeat(PATH_SEGMENTS_MAX))),
        Case::with_headers(HEADERS_MAX + 1).refused("a header too many"),
        Case::with_headers(10_000).refused("ten thousand headers"),
        Case::few().with("X-Spoilt", "a\nb").refused("a line break in a value"),
        Case::few().with("X Spoilt", "a").refused("a space in a name"),
        Case::few().with("Host", "other").refused("two hosts"),
        Case::few().with("X-Amz-Date", "").refused("a header that signing makes"),
    ]
}

/// Signed requests of both forms, up to the limits of the verifier.
pub(crate) fn presented_cases() -> Vec<Case> {
    // Signing adds a date and an authorization; presigning six parameters.
    vec![
        Case::few().signed(),
        Case::few().presigned(),
        Case::few().with_token().signed(),
        Case::few().with_token().presigned(),
        Case::with_headers(HEADERS_MAX - 2).signed(),
        Case::with_headers(HEADERS_MAX).presigned(),
        Case::with_parameters(QUERY_PARAMETERS_MAX).signed(),
        Case::with_parameters(QUERY_PARAMETERS_MAX - 6).presigned(),
    ]
}

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const CREDENTIALS: Credentials<'static> = Credentials::new("AKIDEXAMPLE", SECRET);
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const SERVICE: &str = "service";
pub(crate) const BODY: &[u8] = b"Action=ListUsers&Version=2010-05-08";
pub(crate) const EXPIRES: Option<Expires> = Some(Expires::MAX);
pub(crate) const RULES: [SigningRules<'static>; 2] = [SigningRules::STANDARD, SigningRules::S3];

/// Room for any output of the cases.
pub(crate) const OUT_LEN: usize = 1 << 17;

/// Strict, but for paths, which would otherwise never be normalised here.
pub(crate) fn strict() -> VerifyRules<'static> {
    let unnormalized_path = UnnormalizedPath::Accept;
    VerifyRules { unnormalized_path, ..VerifyRules::strict(REGION, SERVICE) }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160).unwrap()
}

pub(crate) fn key<'a>(credentials: &Credentials<'a>) -> SigningKey<'a> {
    SigningKey::derive(credentials, now().date(), REGION, SERVICE).unwrap()
}

pub(crate) fn token() -> String {
    "IQoJb3JpZ2luX2VjE+/=".repeat(205)
}
