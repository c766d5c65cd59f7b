//! What a case signs: the keys that cases of every kind share.

use serde::Deserialize;
use sigv4::FoldedLines;
use toml::Table;

use super::{bytes, resolve, take, unhex};
use crate::reference::{Encoding, Form, Input, TokenName};

/// The keys of a case that say what is signed.
const KEYS: [&str; 9] = [
    "form",
    "context",
    "method",
    "target",
    "target_hex",
    "headers",
    "headers_hex",
    "body",
    "body_hex",
];

/// Takes the input out of a case's table, the file's context under the case's own.
pub(super) fn take_from(case: &mut Table, defaults: &Table, name: &str) -> (Input, FoldedLines) {
    let table: InputTable = resolve(take(case, &KEYS), name);
    let mut context = defaults.clone();
    context.extend(table.context.clone());
    let context: Context = resolve(context, name);
    let lines = if context.obs_fold { FoldedLines::Unfold } else { FoldedLines::Refuse };
    // S3 is a matter of the switches beside this one; it must not contradict them.
    assert!(!context.s3 || !(context.normalize || context.double_encode), "{name} is no S3 case");
    (table.over(context), lines)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputTable {
    form: FormName,
    #[serde(default)]
    context: Table,
    method: String,
    target: Option<String>,
    target_hex: Option<String>,
    headers: Vec<(String, String)>,
    #[serde(default)]
    headers_hex: Vec<(String, String)>,
    body: Option<String>,
    body_hex: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormName {
    Header,
    Query,
}

/// Credentials, scope, time and switches.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    session_token_name: Option<String>,
    region: String,
    service: String,
    timestamp: String,
    normalize: bool,
    double_encode: bool,
    sign_body: bool,
    payload: String,
    omit_session_token: bool,
    expires: Option<u32>,
    s3: bool,
    #[serde(default)]
    obs_fold: bool,
}

impl Context {
    fn encoding(&self) -> Encoding {
        match (self.s3, self.double_encode) {
            (true, _) => Encoding::Once,
            (false, true) => Encoding::Twice,
            (false, false) => Encoding::AsSent,
        }
    }

    fn token_name(&self) -> TokenName {
        let Some(header) = &self.session_token_name else {
            return TokenName::Ordinary;
        };
        let names = [TokenName::Ordinary, TokenName::S3Express];
        names.into_iter().find(|name| name.header() == header).expect("a name of a session token")
    }
}

impl InputTable {
    fn over(self, context: Context) -> Input {
        let headers = self.headers.into_iter().map(|(name, value)| (name, value.into_bytes()));
        let headers_hex = self.headers_hex.into_iter().map(|(name, value)| (name, unhex(&value)));
        Input {
            encoding: context.encoding(),
            token_name: context.token_name(),
            access_key_id: context.access_key_id,
            secret_access_key: context.secret_access_key,
            session_token: context.session_token,
            region: context.region,
            service: context.service,
            timestamp: context.timestamp,
            normalize: context.normalize,
            sign_body: context.sign_body,
            payload: Some(context.payload).filter(|payload| payload != "sha256"),
            omit_session_token: context.omit_session_token,
            expires: context.expires,
            form: match self.form {
                FormName::Header => Form::Header,
                FormName::Query => Form::Query,
            },
            method: self.method,
            target: bytes(self.target, self.target_hex),
            headers: headers.chain(headers_hex).collect(),
            body: bytes(self.body, self.body_hex),
        }
    }
}
