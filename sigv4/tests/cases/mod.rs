//! Reads the signing cases of `testdata/sigv4`.
//!
//! A key that is not named here fails the test that reads it: data that is
//! silently ignored proves nothing.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Table;

use crate::reference::{Form, Input, Signed};

/// One case: what is signed, and what every stage must be.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) input: Input,
    /// Whether the service is S3.
    pub(crate) s3: bool,
    /// Whether a header value holds obsolete line folding.
    pub(crate) obs_fold: bool,
    pub(crate) expected: Signed,
    pub(crate) published: Option<Published>,
}

/// What AWS published about an example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    pub(crate) document: String,
    pub(crate) canonical_request_sha256: String,
    pub(crate) date_key: Option<String>,
    pub(crate) region_key: Option<String>,
    pub(crate) service_key: Option<String>,
    pub(crate) signing_key: Option<String>,
    pub(crate) signature: String,
}

/// Every case of every file, in the order of the file names.
pub(crate) fn load_all() -> Vec<Case> {
    let entries = fs::read_dir(directory()).expect("testdata/sigv4 is a directory");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("testdata/sigv4 is readable").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.retain(|path| !path.ends_with("reject.toml") && !path.ends_with("verify.toml"));
    paths.sort();
    paths.iter().flat_map(load).collect()
}

/// Where the data lies.
pub(crate) fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4")
}

fn load(path: &PathBuf) -> Vec<Case> {
    let text = fs::read_to_string(path).expect("a case file is readable text");
    let file: CaseFile =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(
        !file.about.is_empty(),
        "{} does not say what it is about",
        path.display()
    );
    let defaults = &file.context;
    file.case
        .into_iter()
        .map(|case| case.resolve(defaults))
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    context: Table,
    case: Vec<CaseTable>,
}

/// A `[[case]]` as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTable {
    name: String,
    rule: String,
    source: String,
    follows: Option<String>,
    published: Option<Published>,
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
    canonical_request: Option<String>,
    canonical_request_hex: Option<String>,
    string_to_sign: String,
    signed_headers: String,
    signature: String,
    authorization: Option<String>,
    signed_target: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormName {
    Header,
    Query,
}

/// The `[context]` of a file with a case's own values over it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) timestamp: String,
    pub(crate) normalize: bool,
    pub(crate) double_encode: bool,
    pub(crate) sign_body: bool,
    pub(crate) payload: String,
    pub(crate) omit_session_token: bool,
    pub(crate) expires: Option<u32>,
    pub(crate) s3: bool,
    #[serde(default)]
    pub(crate) obs_fold: bool,
}

impl Context {
    /// The file's context with `overrides` over it.
    pub(crate) fn resolve(defaults: &Table, overrides: Table, name: &str) -> Self {
        let mut table = defaults.clone();
        table.extend(overrides);
        table
            .try_into()
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

impl CaseTable {
    fn resolve(self, defaults: &Table) -> Case {
        let name = self.name;
        assert!(
            !self.rule.is_empty() && !self.source.is_empty(),
            "{name} lacks its rule or source"
        );
        assert!(
            self.follows.is_none_or(|follows| follows.contains(": ")),
            "{name} follows without a reason"
        );
        let context = Context::resolve(defaults, self.context, &name);
        let mut headers: Vec<_> = self
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect();
        headers.extend(
            self.headers_hex
                .into_iter()
                .map(|(name, value)| (name, unhex(&value))),
        );
        Case {
            s3: context.s3,
            obs_fold: context.obs_fold,
            input: Input {
                access_key_id: context.access_key_id,
                secret_access_key: context.secret_access_key,
                session_token: context.session_token,
                region: context.region,
                service: context.service,
                timestamp: context.timestamp,
                normalize: context.normalize,
                double_encode: context.double_encode,
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
                headers,
                body: bytes(self.body, self.body_hex),
            },
            expected: Signed {
                canonical_request: bytes(self.canonical_request, self.canonical_request_hex),
                string_to_sign: self.string_to_sign,
                signed_headers: self.signed_headers,
                signature: self.signature,
                authorization: self.authorization,
                signed_target: self.signed_target.map(String::into_bytes),
            },
            published: self.published,
            name,
        }
    }
}

/// Text, or bytes written in hexadecimal.
fn bytes(text: Option<String>, hexadecimal: Option<String>) -> Vec<u8> {
    match hexadecimal {
        Some(digits) => unhex(&digits),
        None => text.unwrap_or_default().into_bytes(),
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap_or_else(|error| panic!("{digits}: {error}"))
}
