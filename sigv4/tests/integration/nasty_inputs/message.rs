//! A request that a test signs, spoils and verifies.

use sigv4::{
    Body, CredentialScope, Credentials, Evidence, Expires, Payload, PresentedSignature, Request,
    SignError, SigningInstant, SigningKey, SigningRules, Timestamp, Verified, VerifyError,
    VerifyRules, VerifyingKey,
};

pub(crate) const RULES: SigningRules<'static> = SigningRules::STANDARD;
pub(crate) const CREDENTIALS: Credentials<'static> = Credentials::new("AKIDEXAMPLE", SECRET);
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const SERVICE: &str = "service";
/// 2015-08-30T12:36:00Z, when every message is signed.
pub(crate) const SIGNED_AT: i64 = 1_440_938_160;
/// For how long presigned messages are good.
pub(crate) const EXPIRES_SECONDS: u32 = 3_600;

/// The hash of every body here.
pub(crate) const EMPTY_SHA256: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A GET with its raw target and headers.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) target: Vec<u8>,
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Message {
    /// A message with a `host` and nothing else.
    pub(crate) fn to(target: impl AsRef<[u8]>) -> Self {
        Self { target: target.as_ref().to_vec(), headers: Vec::new() }
            .with("Host", "example.amazonaws.com")
    }

    pub(crate) fn with(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.as_ref().to_vec(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name.as_bytes()));
        self
    }

    /// The value of the first header with this name.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found =
            self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name.as_bytes()));
        let (_, value) = found.next().expect("the header is there");
        std::str::from_utf8(value).expect("the header is text")
    }

    /// The message with its `Authorization` header rewritten.
    pub(crate) fn reauthorized(self, rewrite: impl FnOnce(&str) -> String) -> Self {
        let value = rewrite(self.header("authorization"));
        self.without("authorization").with("authorization", value)
    }

    /// The message with its target rewritten.
    pub(crate) fn retargeted(mut self, rewrite: impl FnOnce(&str) -> String) -> Self {
        self.target =
            rewrite(std::str::from_utf8(&self.target).expect("the target is text")).into_bytes();
        self
    }

    pub(crate) fn request(&self) -> Request<'_, [(Vec<u8>, Vec<u8>)]> {
        Request::new("GET", &self.target, self.headers.as_slice())
    }

    /// The canonical request that header signing hashes.
    pub(crate) fn canonical_request(&self) -> Result<Vec<u8>, SignError> {
        let mut out = vec![0; 1 << 18];
        let key = signing_key(&CREDENTIALS);
        let instant = instant(&key);
        Ok(instant.canonical_request(&self.request(), Payload::EMPTY, &RULES, &mut out)?.to_vec())
    }

    pub(crate) fn signed(&self) -> Result<Self, SignError> {
        self.signed_with(&CREDENTIALS)
    }

    /// The message with the headers of a signature.
    pub(crate) fn signed_with(&self, credentials: &Credentials<'_>) -> Result<Self, SignError> {
        let key = signing_key(credentials);
        let instant = instant(&key);
        let mut out = vec![0; instant.authorization_len(&self.request(), Payload::EMPTY, &RULES)?];
        let made = instant.sign(&self.request(), Payload::EMPTY, &RULES, &mut out)?;
        let signed =
            made.headers().fold(self.clone(), |signed, (name, value)| signed.with(name, value));
        Ok(signed)
    }

    pub(crate) fn presigned(&self) -> Result<Self, SignError> {
        self.presigned_with(&CREDENTIALS)
    }

    /// The message with a target that carries its signature.
    pub(crate) fn presigned_with(&self, credentials: &Credentials<'_>) -> Result<Self, SignError> {
        let key = signing_key(credentials);
        let (instant, request) = (instant(&key), self.request());
        let expires = Some(Expires::from_seconds(EXPIRES_SECONDS).expect("a valid expiry"));
        let mut out = vec![0; instant.presigned_len(&request, Payload::EMPTY, expires, &RULES)?];
        let made = instant.presign(&request, Payload::EMPTY, expires, &RULES, &mut out)?;
        Ok(Self { target: made.target().to_vec(), ..self.clone() })
    }

    /// What signing in the headers and presigning are refused with.
    pub(crate) fn sign_errors(&self) -> [Option<SignError>; 2] {
        [self.signed().err(), self.presigned().err()]
    }

    /// Verifies strictly, in the second of signing.
    pub(crate) fn verified(&self) -> Result<Verified, VerifyError> {
        self.verified_at(SIGNED_AT)
    }

    pub(crate) fn verified_at(&self, unix_seconds: i64) -> Result<Verified, VerifyError> {
        let now = Timestamp::from_unix_seconds(unix_seconds).expect("a valid time");
        self.verified_with(None, now, &strict())
    }

    /// Verifies with the key for the scope that is presented; where that cannot
    /// be read, any key will do to find out why.
    pub(crate) fn verified_with(
        &self,
        session_token: Option<&str>,
        now: Timestamp,
        rules: &VerifyRules<'_>,
    ) -> Result<Verified, VerifyError> {
        let request = self.request();
        let presented = PresentedSignature::parse(&request)?;
        let own_scope = CredentialScope::new(signed_at().date(), REGION, SERVICE);
        let scope = presented.scope(rules).or(own_scope).expect("a valid scope");
        let key = VerifyingKey::derive(SECRET, &scope).expect("a valid secret");
        let evidence = Evidence { key: &key, session_token, body: Body::Bytes(b""), now };
        presented.verify(&request, &evidence, rules)
    }
}

pub(crate) fn strict() -> VerifyRules<'static> {
    VerifyRules::strict(REGION, SERVICE)
}

pub(crate) fn signed_at() -> Timestamp {
    Timestamp::from_unix_seconds(SIGNED_AT).expect("a valid time")
}

pub(crate) fn signing_key<'a>(credentials: &Credentials<'a>) -> SigningKey<'a> {
    SigningKey::derive(credentials, signed_at().date(), REGION, SERVICE).expect("a valid key")
}

pub(crate) fn instant<'k>(key: &'k SigningKey<'_>) -> SigningInstant<'k> {
    key.at(signed_at()).expect("the day of the key")
}
