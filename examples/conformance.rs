//! Answers conformance cases, so that anything outside the crate can check it.
//!
//! Reads one JSON case per line on standard input, prints one JSON answer per
//! line on standard output, in order, until the input ends. A case that cannot
//! be processed answers `{"error": "…"}`. Answers the kinds `sigv4`, `sigv4a`,
//! `verify`, `chunked`, `chunked-v4a`, `events`, `s3-post` and those of service
//! tokens.
//!
//! Run with `cargo run --release -p examples --example conformance < cases.jsonl`.

#[path = "conformance/chunked.rs"]
mod chunked;
#[path = "conformance/chunked_multi_region.rs"]
mod chunked_multi_region;
#[path = "conformance/events.rs"]
mod events;
#[path = "conformance/multi_region.rs"]
mod multi_region;
#[path = "conformance/posts.rs"]
mod posts;
#[path = "conformance/tokens.rs"]
mod tokens;

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};
use sigv4::verify_rules::{
    ContentSha256Rule, DeclaredPayload, PayloadLiterals, PayloadRule, PresignedPayload,
    UnnormalizedPath, Unsigned,
};
use sigv4::{
    Body, ContentSha256, Credentials, Evidence, Expires, FoldedLines, Headers, PathEncoding,
    PathRules, Payload, PayloadLiteral, PresentedSignature, Request, SessionToken, SignError,
    SigningInstant, SigningKey, SigningRules, Timestamp, VerifyError, VerifyRules, VerifyingKey,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = answer(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(output, "{answer}")?;
        // Whoever feeds cases may wait for each answer.
        output.flush()?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<Value> {
    let case: Value = serde_json::from_str(line)?;
    match case["kind"].as_str().ok_or("the case has no kind")? {
        "sigv4" => sign(&serde_json::from_value(case)?),
        "sigv4a" => multi_region::sign(&serde_json::from_value(case)?),
        "chunked" => chunked::sign(&serde_json::from_value(case)?),
        "chunked-v4a" => chunked_multi_region::sign(&serde_json::from_value(case)?),
        "events" => events::sign(&serde_json::from_value(case)?),
        "verify" => verify(&serde_json::from_value(case)?),
        "s3-post" => posts::sign(&serde_json::from_value(case)?),
        "rds" | "dsql" | "eks" | "elasticache" | "memorydb" | "iot-wss" | "transcribe-wss" => {
            tokens::sign(&serde_json::from_value(case)?)
        }
        kind => Err(format!("cases of kind {kind} are not supported").into()),
    }
}

/// A case of kind `sigv4` or `sigv4a`.
#[derive(Deserialize)]
struct SignCase {
    form: Form,
    ctx: Context,
    req: HttpRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Header,
    Query,
}

#[derive(Deserialize)]
struct Context {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    region: String,
    service: String,
    timestamp: String,
    #[serde(flatten)]
    path: PathSwitches,
    sign_body: bool,
    payload: String,
    omit_session_token: bool,
    expires: Option<u32>,
}

/// The protocol's switches of the path.
#[derive(Deserialize)]
struct PathSwitches {
    normalize: bool,
    double_encode: bool,
    s3: bool,
}

impl PathSwitches {
    fn rules(&self) -> PathRules {
        let encoding = match (self.s3, self.double_encode) {
            (true, _) => PathEncoding::Once,
            (false, true) => PathEncoding::Twice,
            (false, false) => PathEncoding::AsSent,
        };
        PathRules { normalize: self.normalize, encoding }
    }
}

impl Context {
    fn timestamp(&self) -> Result<Timestamp> {
        Ok(Timestamp::parse(self.timestamp.as_bytes())?)
    }

    /// The key for the day of `timestamp`.
    fn key(&self, timestamp: Timestamp) -> Result<SigningKey<'_>> {
        let (day, credentials) = (timestamp.date(), self.credentials());
        Ok(SigningKey::derive(&credentials, day, &self.region, &self.service)?)
    }

    fn credentials(&self) -> Credentials<'_> {
        let token = self.session_token.as_deref().unwrap_or_default();
        Credentials::new(&self.access_key_id, &self.secret_access_key).with_session_token(token)
    }

    fn payload<'b>(&self, body: &'b [u8]) -> Result<Payload<'b>> {
        Ok(match self.payload.as_str() {
            "sha256" => Payload::Bytes(body),
            known => match PayloadLiteral::parse(known.as_bytes()) {
                Some(literal) => Payload::Literal(literal),
                None => Payload::Sha256(known_hash(known)?),
            },
        })
    }

    fn rules(&self) -> SigningRules<'static> {
        SigningRules {
            path: self.path.rules(),
            content_sha256: if self.sign_body { ContentSha256::Add } else { ContentSha256::Omit },
            session_token: if self.omit_session_token {
                SessionToken::Unsigned
            } else {
                SessionToken::Signed
            },
            folded_lines: FoldedLines::Unfold,
            ..SigningRules::STANDARD
        }
    }
}

#[derive(Deserialize)]
struct HttpRequest {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body_hex: String,
}

impl HttpRequest {
    /// The protocol counts `authorization` among the headers to skip; the
    /// signer refuses it, because it makes one.
    fn signed_headers(&self) -> Vec<(String, String)> {
        let is_authorization = |name: &str| name.eq_ignore_ascii_case("authorization");
        self.headers.iter().filter(|(name, _)| !is_authorization(name)).cloned().collect()
    }
}

fn sign(case: &SignCase) -> Result<Value> {
    let context = &case.ctx;
    let timestamp = context.timestamp()?;
    let key = context.key(timestamp)?;
    let rules = context.rules();
    let headers = case.req.signed_headers();
    let request = Request::new(&case.req.method, &case.req.target, &headers);
    let body = hex::decode(&case.req.body_hex)?;
    let payload = context.payload(&body)?;
    let instant = key.at(timestamp)?;
    match case.form {
        Form::Header => sign_headers(&instant, &request, payload, &rules),
        Form::Query => {
            let expires = context.expires.map(Expires::from_seconds).transpose()?;
            sign_query(&instant, &request, payload, expires, &rules)
        }
    }
}

fn known_hash(digits: &str) -> Result<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(digits, &mut hash).map_err(|_| "the payload literal is unknown")?;
    Ok(hash)
}

fn sign_headers<H: Headers + ?Sized>(
    instant: &SigningInstant<'_>,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    rules: &SigningRules<'_>,
) -> Result<Value> {
    let canonical =
        grown(|buffer| Ok(instant.canonical_request(request, payload, rules, buffer)?.len()))?;
    let mut buffer = vec![0; instant.authorization_len(request, payload, rules)?];
    let signed = instant.sign(request, payload, rules, &mut buffer)?;
    Ok(json!({
        "canonical_request": String::from_utf8_lossy(&canonical),
        "string_to_sign": string_to_sign(instant, &canonical)?,
        "signature": signed.signature().to_string(),
        "authorization": signed.authorization(),
    }))
}

fn sign_query<H: Headers + ?Sized>(
    instant: &SigningInstant<'_>,
    request: &Request<'_, H>,
    payload: Payload<'_>,
    expires: Option<Expires>,
    rules: &SigningRules<'_>,
) -> Result<Value> {
    let canonical = grown(|buffer| {
        let written =
            instant.presigned_canonical_request(request, payload, expires, rules, buffer)?;
        Ok(written.len())
    })?;
    let mut buffer = vec![0; instant.presigned_len(request, payload, expires, rules)?];
    let presigned = instant.presign(request, payload, expires, rules, &mut buffer)?;
    Ok(json!({
        "canonical_request": String::from_utf8_lossy(&canonical),
        "string_to_sign": string_to_sign(instant, &canonical)?,
        "signature": presigned.signature().to_string(),
        "signed_target": String::from_utf8_lossy(presigned.target()),
    }))
}

fn string_to_sign(instant: &SigningInstant<'_>, canonical_request: &[u8]) -> Result<String> {
    let text = grown(|buffer| Ok(instant.string_to_sign(canonical_request, buffer)?.len()))?;
    Ok(String::from_utf8(text)?)
}

/// What `write` writes, in a buffer of the size it asks for.
fn grown(
    write: impl Fn(&mut [u8]) -> std::result::Result<usize, SignError>,
) -> std::result::Result<Vec<u8>, SignError> {
    let mut buffer = Vec::new();
    loop {
        match write(&mut buffer) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            Err(SignError::BufferTooSmall { needed, .. }) => buffer.resize(needed, 0),
            Err(error) => return Err(error),
        }
    }
}

/// A case of kind `verify`.
#[derive(Deserialize)]
struct VerifyCase {
    server: Server,
    req: HttpRequest,
    now_epoch: i64,
    max_skew: u32,
}

#[derive(Deserialize)]
struct Server {
    region: String,
    service: String,
    #[serde(flatten)]
    path: PathSwitches,
    require_signed_x_amz: bool,
    keys: HashMap<String, Key>,
}

#[derive(Deserialize)]
struct Key {
    secret: String,
    token: Option<String>,
}

fn verify(case: &VerifyCase) -> Result<Value> {
    let body = hex::decode(&case.req.body_hex)?;
    let now = Timestamp::from_unix_seconds(case.now_epoch)?;
    let request = Request::new(&case.req.method, &case.req.target, &case.req.headers);
    let reason = match decide(&case.server, &request, &body, case.max_skew, now) {
        Ok(()) => return Ok(json!({ "verdict": "accept" })),
        Err(Refusal::UnknownAccessKey) => "UnknownAccessKey".to_owned(),
        Err(Refusal::Verify(VerifyError::Request(error))) => variant(&error),
        Err(Refusal::Verify(error)) => variant(&error),
    };
    Ok(json!({ "verdict": "reject", "reason": reason }))
}

/// The name of an error's variant.
fn variant(error: &impl std::fmt::Debug) -> String {
    let debug = format!("{error:?}");
    debug.chars().take_while(char::is_ascii_alphanumeric).collect()
}

enum Refusal {
    UnknownAccessKey,
    Verify(VerifyError),
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

fn decide(
    server: &Server,
    request: &Request<'_, Vec<(String, String)>>,
    body: &[u8],
    clock_skew_seconds: u32,
    now: Timestamp,
) -> std::result::Result<(), Refusal> {
    let rules = rules(server, clock_skew_seconds);
    let presented = PresentedSignature::parse(request)?;
    let id = presented.credential(&rules)?.access_key_id.to_string();
    let on_file = server.keys.get(&id).ok_or(Refusal::UnknownAccessKey)?;
    let key = VerifyingKey::derive(&on_file.secret, &presented.scope(&rules)?)
        .map_err(|_| Refusal::UnknownAccessKey)?;
    let session_token = on_file.token.as_deref().filter(|token| !token.is_empty());
    let evidence = Evidence { key: &key, session_token, body: Body::Bytes(body), now };
    presented.verify(request, &evidence, &rules)?;
    Ok(())
}

/// The protocol's server, as rules.
fn rules(server: &Server, clock_skew_seconds: u32) -> VerifyRules<'_> {
    VerifyRules {
        path: server.path.rules(),
        // The protocol's server routes by the path that was signed.
        unnormalized_path: UnnormalizedPath::Accept,
        clock_skew_seconds,
        unsigned_amz_headers: if server.require_signed_x_amz {
            Unsigned::Refuse
        } else {
            Unsigned::Allow
        },
        payload: PayloadRule::Declared(DeclaredPayload {
            literals: PayloadLiterals::Allow,
            presigned_default: if server.path.s3 {
                PresignedPayload::Unsigned
            } else {
                PresignedPayload::Hashed
            },
            header: ContentSha256Rule::Optional,
        }),
        ..VerifyRules::strict(&server.region, &server.service)
    }
}
