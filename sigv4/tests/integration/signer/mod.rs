//! The crate under test, called with a case's input.

use std::fmt::Debug;

use sigv4::{
    ContentSha256, Credentials, Expires, FoldedLines, PathEncoding, PathRules, Payload,
    PayloadLiteral, Request, SessionToken, SessionTokenName, SigningInstant, SigningKey,
    SigningRules, Timestamp,
};

use crate::reference::{Encoding, Form, Input, TokenName};

/// What the crate makes of an input.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) canonical_request: Vec<u8>,
    pub(crate) string_to_sign: String,
    pub(crate) signature: String,
    /// In header form.
    pub(crate) authorization: Option<String>,
    /// In header form: the headers to send besides those of the input.
    pub(crate) added_headers: Vec<(String, Vec<u8>)>,
    /// In query form.
    pub(crate) signed_target: Option<Vec<u8>>,
}

/// Signs, or says in which way the crate refuses to: the `Debug` text of the
/// innermost error.
pub(crate) fn sign(input: &Input, lines: FoldedLines) -> Result<Made, String> {
    with_instant(input, |instant| match input.form {
        Form::Header => sign_headers(input, instant, &rules(input, lines)),
        Form::Query => sign_query(input, instant, &rules(input, lines)),
    })?
}

/// Derives the key of an input, at its second.
pub(crate) fn with_instant<R>(
    input: &Input,
    then: impl FnOnce(&SigningInstant<'_>) -> R,
) -> Result<R, String> {
    let timestamp = Timestamp::parse(input.timestamp.as_bytes()).map_err(text)?;
    let credentials = credentials(input);
    let day = timestamp.date();
    let key = SigningKey::derive(&credentials, day, &input.region, &input.service).map_err(text)?;
    Ok(then(&key.at(timestamp).map_err(text)?))
}

/// Prepares the request of an input in header form and signs `payloads` with it,
/// each of which must come out as if it had been signed alone: `None` then, and
/// the first one that does not otherwise.
pub(crate) fn misprepared<'p>(
    input: &Input,
    lines: FoldedLines,
    payloads: &[Payload<'p>],
) -> Result<Option<Payload<'p>>, String> {
    let timestamp = Timestamp::parse(input.timestamp.as_bytes()).map_err(text)?;
    let credentials = credentials(input);
    let day = timestamp.date();
    let key = SigningKey::derive(&credentials, day, &input.region, &input.service).map_err(text)?;
    let (instant, rules) = (key.at(timestamp).map_err(text)?, rules(input, lines));
    let request = Request::new(&input.method, &input.target, input.headers.as_slice());
    let needed = instant.prepared_len(&request, &rules).map_err(text)?;
    let (mut buffer, mut out) = (vec![0; needed], vec![0; BUFFER_LEN]);
    let mut prepared = instant.prepare(&request, &rules, &mut buffer).map_err(text)?;
    for &payload in payloads {
        let alone = instant.sign(&request, payload, &rules, &mut out).map_err(text)?;
        let signed = prepared.sign(payload);
        if signed.signature() != alone.signature() || !signed.headers().eq(alone.headers()) {
            return Ok(Some(payload));
        }
    }
    Ok(None)
}

/// The front door, with the credentials, scope and rules of an input.
#[cfg(feature = "signer")]
pub(crate) fn front_door(input: &Input, lines: FoldedLines) -> sigv4::Signer {
    let signer = sigv4::Signer::new(credentials(input), &input.region, &input.service);
    signer.expect("valid credentials").with_rules(rules(input, lines))
}

/// When an input is signed.
#[cfg(feature = "signer")]
pub(crate) fn now(input: &Input) -> Timestamp {
    Timestamp::parse(input.timestamp.as_bytes()).expect("a valid time")
}

pub(crate) fn credentials(input: &Input) -> Credentials<'_> {
    let credentials = Credentials::new(&input.access_key_id, &input.secret_access_key);
    let token = input.session_token.as_deref().unwrap_or_default();
    match input.token_name {
        TokenName::Ordinary => credentials.with_session_token(token),
        TokenName::S3Express => credentials.with_s3_session_token(token),
    }
}

/// Under which name a verifier wants the token.
pub(crate) fn token_name(input: &Input) -> SessionTokenName {
    match input.token_name {
        TokenName::Ordinary => SessionTokenName::SecurityToken,
        TokenName::S3Express => SessionTokenName::S3Session,
    }
}

fn sign_headers(
    input: &Input,
    instant: &SigningInstant<'_>,
    rules: &SigningRules<'_>,
) -> Result<Made, String> {
    let request = Request::new(&input.method, &input.target, input.headers.as_slice());
    let (payload, mut canonical) = (payload(input), vec![0; BUFFER_LEN]);
    let canonical_request =
        instant.canonical_request(&request, payload, rules, &mut canonical).map_err(text)?;
    let needed = instant.authorization_len(&request, payload, rules).map_err(text)?;
    let mut out = vec![0; needed];
    let made = instant.sign(&request, payload, rules, &mut out).map_err(text)?;
    let headers = made.headers().map(|(name, value)| (name.to_owned(), value.into()));
    Ok(Made {
        canonical_request: canonical_request.to_vec(),
        string_to_sign: string_to_sign(instant, canonical_request)?,
        signature: made.signature().to_string(),
        authorization: Some(made.authorization().to_owned()),
        added_headers: headers.collect(),
        signed_target: None,
    })
}

fn sign_query(
    input: &Input,
    instant: &SigningInstant<'_>,
    rules: &SigningRules<'_>,
) -> Result<Made, String> {
    let request = Request::new(&input.method, &input.target, input.headers.as_slice());
    let expires = input.expires.map(Expires::from_seconds).transpose().map_err(text)?;
    let (payload, mut canonical) = (payload(input), vec![0; BUFFER_LEN]);
    let canonical_request = instant
        .presigned_canonical_request(&request, payload, expires, rules, &mut canonical)
        .map_err(text)?;
    let needed = instant.presigned_len(&request, payload, expires, rules).map_err(text)?;
    let mut out = vec![0; needed];
    let made = instant.presign(&request, payload, expires, rules, &mut out).map_err(text)?;
    Ok(Made {
        canonical_request: canonical_request.to_vec(),
        string_to_sign: string_to_sign(instant, canonical_request)?,
        signature: made.signature().to_string(),
        authorization: None,
        added_headers: Vec::new(),
        signed_target: Some(made.target().to_vec()),
    })
}

fn string_to_sign(
    instant: &SigningInstant<'_>,
    canonical_request: &[u8],
) -> Result<String, String> {
    let mut out = [0; 512];
    let written = instant.string_to_sign(canonical_request, &mut out).map_err(text)?;
    Ok(String::from_utf8_lossy(written).into_owned())
}

/// Room for any canonical request of the tests.
const BUFFER_LEN: usize = 1 << 17;

/// The `Debug` text of an error, without the error around it.
fn text(error: impl Debug) -> String {
    let text = format!("{error:?}");
    match text.strip_prefix("Request(") {
        Some(inner) => inner.strip_suffix(')').unwrap_or(inner).to_owned(),
        None => text,
    }
}

pub(crate) fn payload(input: &Input) -> Payload<'_> {
    let Some(line) = &input.payload else {
        return Payload::Bytes(&input.body);
    };
    match PayloadLiteral::parse(line.as_bytes()) {
        Some(literal) => Payload::Literal(literal),
        None => {
            let mut digest = [0; 32];
            hex::decode_to_slice(line, &mut digest).expect("a payload line is a literal or a hash");
            Payload::Sha256(digest)
        }
    }
}

pub(crate) fn rules(input: &Input, folded_lines: FoldedLines) -> SigningRules<'static> {
    SigningRules {
        path: path_rules(input),
        content_sha256: if input.sign_body { ContentSha256::Add } else { ContentSha256::Omit },
        session_token: if input.omit_session_token {
            SessionToken::Unsigned
        } else {
            SessionToken::Signed
        },
        folded_lines,
        ..SigningRules::STANDARD
    }
}

pub(crate) fn path_rules(input: &Input) -> PathRules {
    let encoding = match input.encoding {
        Encoding::Twice => PathEncoding::Twice,
        Encoding::Once => PathEncoding::Once,
        Encoding::AsSent => PathEncoding::AsSent,
    };
    PathRules { normalize: input.normalize, encoding }
}
