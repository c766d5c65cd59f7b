//! Service tokens, against the clients that make them for their users.
//!
//! The cases are `testdata/sigv4/service_tokens/cases.toml`.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sigv4::tokens::{
    CacheKind, DsqlRole, DsqlToken, EksToken, ElastiCacheToken, IotUrl, MemoryDbToken, MskToken,
    RdsToken, ServiceToken, TokenError, TranscribeUrl,
};
use sigv4::{Credentials, Expires, KeyError, Timestamp};

static FILE: LazyLock<CaseFile> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../testdata/sigv4/service_tokens/cases.toml");
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    context: Context,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    access_key_id: String,
    secret_access_key: String,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    source: String,
    kind: String,
    region: String,
    #[serde(default)]
    session_token: String,
    inputs: toml::Table,
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RdsInputs {
    host: String,
    port: u16,
    user: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DsqlInputs {
    host: String,
    admin: bool,
    expires: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElastiCacheInputs {
    cache: String,
    user: String,
    serverless: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemoryDbInputs {
    cluster: String,
    user: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MskInputs {
    user_agent: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EksInputs {
    cluster: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IotInputs {
    host: String,
    expires: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TranscribeInputs {
    language_code: Option<String>,
    media_encoding: String,
    sample_rate: u32,
    #[serde(default)]
    options: Vec<(String, String)>,
    expires: Option<u32>,
}

impl Case {
    fn inputs<T: serde::de::DeserializeOwned>(&self) -> T {
        let inputs = self.inputs.clone().try_into();
        inputs.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn credentials(&self) -> Credentials<'_> {
        let Context { access_key_id, secret_access_key, .. } = &FILE.context;
        Credentials::new(access_key_id, secret_access_key).with_session_token(&self.session_token)
    }

    /// What the crate makes of it.
    fn sign<'b>(&self, out: &'b mut [u8]) -> Result<ServiceToken<'b>, TokenError> {
        let (region, now, key) = (&*self.region, now(), &self.credentials());
        match &*self.kind {
            "rds" => {
                let RdsInputs { host, port, user } = &self.inputs();
                RdsToken { region, host, port: *port, user }.sign(key, now, out)
            }
            "dsql" => {
                let DsqlInputs { host, admin, expires } = &self.inputs();
                let role = if *admin { DsqlRole::Admin } else { DsqlRole::Custom };
                DsqlToken { region, host, role, expires: seconds(*expires) }.sign(key, now, out)
            }
            "elasticache" => {
                let ElastiCacheInputs { cache, user, serverless } = &self.inputs();
                let kind = if *serverless { CacheKind::Serverless } else { CacheKind::NodeBased };
                ElastiCacheToken { region, cache, kind, user }.sign(key, now, out)
            }
            "memorydb" => {
                let MemoryDbInputs { cluster, user } = &self.inputs();
                MemoryDbToken { region, cluster, user }.sign(key, now, out)
            }
            "msk" => {
                let MskInputs { user_agent } = &self.inputs();
                MskToken { region, user_agent: Some(user_agent) }.sign(key, now, out)
            }
            "eks" => {
                let EksInputs { cluster } = &self.inputs();
                EksToken { region, cluster, sts_host: None }.sign(key, now, out)
            }
            "iot" => {
                let IotInputs { host, expires } = &self.inputs();
                IotUrl { region, host, expires: seconds(*expires) }.sign(key, now, out)
            }
            "transcribe" => {
                let inputs: &TranscribeInputs = &self.inputs();
                let options: Vec<_> = inputs.options.iter().map(|(n, v)| (&**n, &**v)).collect();
                let url = TranscribeUrl {
                    region,
                    language_code: inputs.language_code.as_deref(),
                    media_encoding: &inputs.media_encoding,
                    sample_rate: inputs.sample_rate,
                    options: &options,
                    expires: seconds(inputs.expires),
                };
                url.sign(key, now, out)
            }
            kind => panic!("{}: the kind {kind} is not known", self.name),
        }
    }
}

fn now() -> Timestamp {
    Timestamp::parse(FILE.context.timestamp.as_bytes()).unwrap()
}

fn seconds(seconds: Option<u32>) -> Option<Expires> {
    seconds.map(|seconds| Expires::from_seconds(seconds).unwrap())
}

/// The URL inside a token without its parameters, and these in order: the order
/// in which a signer writes them is free.
fn parts(token: &str) -> (String, Vec<String>) {
    let (prefix, url) = match token.strip_prefix("k8s-aws-v1.") {
        Some(encoded) => ("k8s-aws-v1.", decoded(encoded)),
        None if token.contains('?') => ("", token.to_owned()),
        None => ("", decoded(token)),
    };
    let (address, query) = url.split_once('?').expect("a query");
    let mut parameters: Vec<_> = query.split('&').map(str::to_owned).collect();
    parameters.sort();
    (format!("{prefix}{address}"), parameters)
}

fn decoded(token: &str) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap()
}

#[test]
fn equal_those_of_the_clients() {
    assert!(!FILE.about.is_empty() && FILE.case.len() >= 30);
    for case in &FILE.case {
        let mut out = [0; 4096];
        let token = case.sign(&mut out).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let mut expected = parts(&case.token);
        // botocore signs a host in lower case and writes it as it was given.
        expected.0.make_ascii_lowercase();
        let (address, parameters) = parts(token.as_str());
        let what = format!("{} ({}): {}", case.name, case.source, case.rule);
        assert_eq!((address, &parameters), (expected.0, &expected.1), "{what}");
        let signature = format!("X-Amz-Signature={}", token.signature());
        assert!(parameters.contains(&signature), "{what}");
    }
}

/// Clusters take a token for fifteen minutes, whatever is in it.
#[test]
fn say_when_they_expire() {
    for case in &FILE.case {
        let mut out = [0; 4096];
        let token = case.sign(&mut out).unwrap();
        let (_, parameters) = parts(&case.token);
        let expires = parameters.iter().find_map(|text| text.strip_prefix("X-Amz-Expires="));
        let seconds = match (&*case.kind, expires) {
            ("eks", Some("60")) => Some(900),
            (_, Some(seconds)) => Some(seconds.parse::<i64>().unwrap()),
            (_, None) => None,
        };
        let signed = Timestamp::parse(FILE.context.timestamp.as_bytes()).unwrap();
        let expected = seconds.map(|seconds| signed.unix_seconds() + seconds);
        let expiration = token.expiration().map(|expiration| expiration.unix_seconds());
        assert_eq!(expiration, expected, "{}", case.name);
    }
}

#[test]
fn the_last_second_of_all_is_late_enough() {
    let end = Timestamp::parse(b"99991231T235959Z").unwrap();
    let rds = RdsToken { region: "us-east-1", host: "db", port: 5432, user: "app" };
    let mut out = [0; 4096];
    let token = rds.sign(&Credentials::new("AKIDEXAMPLE", "secret"), end, &mut out).unwrap();
    assert_eq!(token.expiration(), Some(end));
}

#[test]
fn an_unsigned_parameter_comes_last() {
    for case in &FILE.case {
        let mut out = [0; 4096];
        let token = case.sign(&mut out).unwrap().as_str().to_owned();
        let last = match &*case.kind {
            "msk" => "User-Agent",
            "iot" if !case.session_token.is_empty() => "X-Amz-Security-Token",
            _ => "X-Amz-Signature",
        };
        let url = token.strip_prefix("k8s-aws-v1.").unwrap_or(&token);
        let url = if url.contains('?') { url.to_owned() } else { decoded(url) };
        assert!(url.rsplit_once('&').unwrap().1.starts_with(last), "{}: {url}", case.name);
    }
}

#[test]
fn a_buffer_that_is_too_short_says_what_is_needed_and_shows_nothing() {
    for case in &FILE.case {
        let mut out = [0; 4096];
        let needed = case.sign(&mut out).unwrap().as_str().len();
        for available in [0, 1, 100, needed / 2, needed - 1] {
            let mut short = vec![7; available];
            let error = case.sign(&mut short).unwrap_err();
            assert_eq!(error, TokenError::BufferTooSmall { needed, available }, "{}", case.name);
            let is_silent = short.iter().all(|byte| [0, 7].contains(byte));
            assert!(is_silent, "{}: {}", case.name, short.escape_ascii());
        }
        assert!(case.sign(&mut vec![0; needed]).is_ok(), "{}", case.name);
    }
}

#[test]
fn what_cannot_be_part_of_a_token_is_refused() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let rds = RdsToken { region: "us-east-1", host: "db", port: 5432, user: "app" };
    let sign = |token: RdsToken<'_>| {
        token.sign(&credentials, now(), &mut [0; 4096]).map(|token| token.as_str().len())
    };
    assert!(sign(rds).is_ok());
    let label = "a".repeat(254);
    for host in ["", "a b", "a/b", "a?b", "a@b", "a:1", "a\r\nb", "é", "[]", "[::g]", &label] {
        assert_eq!(sign(RdsToken { host, ..rds }), Err(TokenError::InvalidHost), "{host:?}");
    }
    for host in ["[::1]", "127.0.0.1", &label[1..], "a_b-c.D"] {
        assert!(sign(RdsToken { host, ..rds }).is_ok(), "{host}");
    }
    let no_user = TokenError::InvalidName { what: "database user" };
    assert_eq!(sign(RdsToken { user: "", ..rds }), Err(no_user));
    let user = "é".repeat(400);
    let too_long = TokenError::TargetTooLong { len: "/?Action=connect&DBUser=".len() + 2_400 };
    assert_eq!(sign(RdsToken { user: &user, ..rds }), Err(too_long));
    let no_region = TokenError::Key(KeyError::EmptyRegion);
    assert_eq!(sign(RdsToken { region: "", ..rds }), Err(no_region));

    let eks = |region, cluster, sts_host| {
        let token = EksToken { region, cluster, sts_host };
        token.sign(&credentials, now(), &mut [0; 4096]).map(|token| token.as_str().len())
    };
    assert!(eks("us-east-1", "a", Some("sts.amazonaws.com")).is_ok());
    let no_cluster = TokenError::InvalidName { what: "name of the cluster" };
    for cluster in ["", "a b", "a\nb", "é"] {
        assert_eq!(eks("us-east-1", cluster, None), Err(no_cluster), "{cluster:?}");
    }
    assert_eq!(eks("us east", "a", None), Err(TokenError::InvalidHost));

    let transcribe = TranscribeUrl {
        region: "us-west-2",
        language_code: None,
        media_encoding: "pcm",
        sample_rate: 0,
        options: &[],
        expires: Some(Expires::MAX),
    };
    let refused = transcribe.sign(&credentials, now(), &mut [0; 4096]).unwrap_err();
    assert_eq!(refused, TokenError::ExpiresTooLong { seconds: 604_800, max: 300 });
}

#[test]
fn errors_say_what_is_wrong() {
    let errors = [
        (TokenError::InvalidHost, "the host is not the name or address of one"),
        (
            TokenError::InvalidName { what: "user" },
            "the user is empty or holds a byte that cannot stand in a header",
        ),
        (TokenError::TargetTooLong { len: 2_049 }, "the target has 2049 bytes, more than 2048"),
        (
            TokenError::ExpiresTooLong { seconds: 301, max: 300 },
            "an expiry of 301 seconds is longer than 300",
        ),
        (
            TokenError::BufferTooSmall { needed: 2, available: 1 },
            "the token needs 2 bytes, the buffer has 1",
        ),
    ];
    for (error, text) in errors {
        assert_eq!(error.to_string(), text);
    }
}
