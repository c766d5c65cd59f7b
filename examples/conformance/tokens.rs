//! Cases of service tokens: what stands in the inputs, or in the request, goes
//! to the function for the service.

use serde::Deserialize;
use serde_json::{Value, json};
use sigv4::tokens::{
    CacheKind, DsqlRole, DsqlToken, EksToken, ElastiCacheToken, IotUrl, MemoryDbToken, RdsToken,
    ServiceToken, TokenError, TranscribeUrl,
};
use sigv4::{Credentials, Expires, Payload, Request, SigningKey, SigningRules, Timestamp};

use crate::{Context, HttpRequest, Result};

/// A case of a kind of token.
#[derive(Deserialize)]
pub(crate) struct TokenCase {
    kind: String,
    ctx: Context,
    req: HttpRequest,
    #[serde(default)]
    inputs: Inputs,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inputs {
    host: String,
    port: u16,
    user: String,
    admin: bool,
    cluster: String,
    serverless: bool,
    token_unsigned: bool,
}

pub(crate) fn sign(case: &TokenCase) -> Result<Value> {
    if !case.is_what_the_service_wants() {
        return case.presign();
    }
    let mut buffer = Vec::new();
    let (token, signature) = loop {
        match case.sign(&mut buffer)? {
            Ok(token) => break (token.as_str().to_owned(), token.signature().to_string()),
            Err(TokenError::BufferTooSmall { needed, .. }) => buffer.resize(needed, 0),
            Err(error) => return Err(error.into()),
        }
    };
    Ok(json!({ "signature": signature, "token": token }))
}

impl TokenCase {
    fn sign<'b>(
        &self,
        out: &'b mut [u8],
    ) -> Result<std::result::Result<ServiceToken<'b>, TokenError>> {
        let Inputs { host, port, user, admin, cluster, serverless, .. } = &self.inputs;
        let (region, now, credentials) = (&*self.ctx.region, self.now()?, &self.credentials());
        let expires = self.expires()?;
        Ok(match &*self.kind {
            "rds" => RdsToken { region, host, port: *port, user }.sign(credentials, now, out),
            "dsql" => {
                let role = if *admin { DsqlRole::Admin } else { DsqlRole::Custom };
                DsqlToken { region, host, role, expires }.sign(credentials, now, out)
            }
            "elasticache" => {
                let kind = if *serverless { CacheKind::Serverless } else { CacheKind::NodeBased };
                let (cache, user) = (self.host()?, &self.parameter("User")?);
                ElastiCacheToken { region, cache, kind, user }.sign(credentials, now, out)
            }
            "memorydb" => {
                let (cluster, user) = (self.host()?, &self.parameter("User")?);
                MemoryDbToken { region, cluster, user }.sign(credentials, now, out)
            }
            "eks" => {
                let sts_host = Some(self.host()?);
                EksToken { region, cluster, sts_host }.sign(credentials, now, out)
            }
            "iot-wss" => IotUrl { region, host: self.host()?, expires }.sign(credentials, now, out),
            _ => self.transcribe(out)?,
        })
    }

    fn transcribe<'b>(
        &self,
        out: &'b mut [u8],
    ) -> Result<std::result::Result<ServiceToken<'b>, TokenError>> {
        const NAMED: [&str; 3] = ["language-code", "media-encoding", "sample-rate"];
        let parameters = self.parameters()?;
        let options: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .filter(|(name, _)| !NAMED.contains(name))
            .collect();
        let language_code = self.parameter("language-code").ok();
        let url = TranscribeUrl {
            region: &self.ctx.region,
            language_code: language_code.as_deref(),
            media_encoding: &self.parameter("media-encoding")?,
            sample_rate: self.parameter("sample-rate")?.parse()?,
            options: &options,
            expires: self.expires()?,
        };
        Ok(url.sign(&self.credentials(), self.now()?, out))
    }

    /// Whether the function for the service signs it so. It would not make a
    /// token that the service refuses.
    fn is_what_the_service_wants(&self) -> bool {
        let is_for = |seconds| self.ctx.expires == Some(seconds);
        match &*self.kind {
            "rds" | "elasticache" => is_for(900),
            "memorydb" => is_for(900) && !self.inputs.serverless,
            "eks" => is_for(60),
            "iot-wss" => self.inputs.token_unsigned,
            "transcribe-wss" => {
                let end = format!(".{}.amazonaws.com:8443", self.ctx.region);
                self.ctx.expires.is_none_or(|seconds| seconds <= 300)
                    && self.host().ok() == Some(&*format!("transcribestreaming{end}"))
            }
            _ => true,
        }
    }

    /// Presigns the request as it is, and makes a token of it.
    fn presign(&self) -> Result<Value> {
        let (now, credentials) = (self.now()?, self.credentials());
        let context = &self.ctx;
        let key = SigningKey::derive(&credentials, now.date(), &context.region, &context.service)?;
        let request = Request::new(&self.req.method, &self.req.target, &self.req.headers);
        let (payload, rules) = (Payload::EMPTY, SigningRules::STANDARD);
        let instant = key.at(now)?;
        let mut buffer =
            vec![0; instant.presigned_len(&request, payload, self.expires()?, &rules)?];
        let presigned = instant.presign(&request, payload, self.expires()?, &rules, &mut buffer)?;
        let url = format!("{}{}", self.host()?, presigned.to_str()?);
        let token = match &*self.kind {
            "iot-wss" | "transcribe-wss" => format!("wss://{url}"),
            "eks" => format!("k8s-aws-v1.{}", base64_url(format!("https://{url}").as_bytes())),
            _ => url,
        };
        Ok(json!({ "signature": presigned.signature().to_string(), "token": token }))
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials::new(&self.ctx.access_key_id, &self.ctx.secret_access_key)
            .with_session_token(self.ctx.session_token.as_deref().unwrap_or_default())
    }

    fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::parse(self.ctx.timestamp.as_bytes())?)
    }

    fn expires(&self) -> Result<Option<Expires>> {
        Ok(self.ctx.expires.map(Expires::from_seconds).transpose()?)
    }

    fn host(&self) -> Result<&str> {
        let mut headers = self.req.headers.iter();
        let host = headers.find(|(name, _)| name.eq_ignore_ascii_case("host"));
        Ok(&host.ok_or("the request has no host")?.1)
    }

    fn parameter(&self, name: &str) -> Result<String> {
        let found = self.parameters()?.into_iter().find(|(other, _)| other == name);
        Ok(found.ok_or_else(|| format!("the request has no parameter {name}"))?.1)
    }

    fn parameters(&self) -> Result<Vec<(String, String)>> {
        let query = self.req.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter(|piece| !piece.is_empty()).map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok((decoded(name)?, decoded(value)?))
        });
        pairs.collect()
    }
}

/// The text, its `%XX` resolved.
fn decoded(text: &str) -> Result<String> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or("an escape is malformed")?;
        bytes.extend(hex::decode(digits)?);
        bytes.extend(rest.bytes());
    }
    Ok(String::from_utf8(bytes)?)
}

fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
