//! Shared files are read as a naive reader of Python's dialect reads them, and what
//! is found, written plainly and read again is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::Path;

use sigv4::default_chain::{
    CredentialsError, Environment, LoadedCredentials, ValueFault, load_profile,
};
use sigv4::{Credentials, KeyError, SigningKey, Timestamp};

use super::naive_shared_file::{Section, is_space, sections, words};

/// Reads the input as a credentials file and, behind a line `---`, a config file.
pub fn check(input: &[u8]) {
    let at = input.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
    let (credentials, config) = match at {
        Some(at) => (&input[..at], &input[at + SEPARATOR.len()..]),
        None => (input, b"".as_slice()),
    };
    let files = Files { credentials, config };
    let naive = Naive::read(credentials, config);
    let mut names = BTreeSet::from(["default".to_owned(), "dev".to_owned()]);
    names.extend(naive.iter().flat_map(Naive::names));
    for name in names.iter().take(NAMES_MAX) {
        let found = load_profile(&files, name);
        let expected = naive.as_ref().map_or(Reading::Malformed, |naive| naive.profile(name));
        assert_eq!(Reading::of(&found), expected, "{name:?}: {found:?}");
        if let Reading::Found(keys) = expected {
            // A name of a file alone, so that any may stand there.
            let plain = keys.write();
            let files = Files { credentials: plain.as_bytes(), config: b"" };
            assert_eq!(Reading::of(&load_profile(&files, "plain")), Reading::Found(keys));
        }
    }
}

const SEPARATOR: &[u8] = b"\n---\n";

/// Profiles that are read: each reads both files anew.
const NAMES_MAX: usize = 16;

struct Files<'a> {
    credentials: &'a [u8],
    config: &'a [u8],
}

impl Environment for Files<'_> {
    fn variable(&self, name: &str) -> Option<OsString> {
        match name {
            "AWS_SHARED_CREDENTIALS_FILE" => Some("credentials".into()),
            "AWS_CONFIG_FILE" => Some("config".into()),
            _ => None,
        }
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let is_config = path == Path::new("config");
        Ok(if is_config { self.config } else { self.credentials }.to_vec())
    }
}

/// What comes of asking for a profile.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    Malformed,
    NoProfile,
    Ambiguous,
    /// The key that asks for a request or a process.
    Unsupported(String),
    NoSecret,
    Invalid(&'static str),
    NoCredentials,
    Found(Keys),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Keys {
    id: String,
    /// What it derives, since the secret itself cannot be had.
    key: Result<String, KeyError>,
    secret: Secret,
    token: Option<String>,
    region: Option<String>,
}

/// Known to the naive reader alone.
#[derive(Clone, Debug)]
struct Secret(String);

impl PartialEq for Secret {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Secret {}

impl Keys {
    fn write(&self) -> String {
        let mut text = format!("[plain]\nAWS_ACCESS_KEY_ID={}\n", self.id);
        text += &format!("  # comment\naws_secret_access_key:{}\n", self.secret.0);
        for (name, value) in [("aws_session_token", &self.token), ("region", &self.region)] {
            text += &value.as_ref().map_or(String::new(), |value| format!("{name}={value}\n"));
        }
        text
    }
}

impl Reading {
    fn of(found: &Result<LoadedCredentials, CredentialsError>) -> Self {
        match found {
            Ok(LoadedCredentials { credentials, region, .. }) => {
                let without_token = credentials.as_credentials().with_session_token("");
                Self::Found(Keys {
                    id: credentials.access_key_id().to_owned(),
                    key: derived(&without_token),
                    secret: Secret(String::new()),
                    token: credentials.session_token().map(str::to_owned),
                    region: region.clone(),
                })
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                Self::of_error(error)
            }
        }
    }

    fn of_error(error: &CredentialsError) -> Self {
        match error {
            CredentialsError::MalformedFile { .. } | CredentialsError::FileTooLong { .. } => {
                Self::Malformed
            }
            CredentialsError::ProfileNotFound { .. } => Self::NoProfile,
            CredentialsError::AmbiguousProfile { .. } => Self::Ambiguous,
            CredentialsError::Unsupported { setting, .. } => {
                let setting = setting.to_string();
                Self::Unsupported(setting.rsplit(' ').next().unwrap_or_default().to_owned())
            }
            CredentialsError::MissingSecret { .. } => Self::NoSecret,
            CredentialsError::InvalidValue { fault, .. } => Self::Invalid(match fault {
                ValueFault::Empty => "empty",
                ValueFault::Continued { .. } => "continued",
                ValueFault::Quoted => "quoted",
                ValueFault::InlineComment => "comment",
                other => panic!("{other:?} in a file"),
            }),
            CredentialsError::ProfileWithoutCredentials { .. } => Self::NoCredentials,
            other => panic!("{other:?}"),
        }
    }
}

/// What a signature by the key shows of the secret.
fn derived(credentials: &Credentials<'_>) -> Result<String, KeyError> {
    let now = Timestamp::from_unix_seconds(0).expect("a valid time");
    let key = SigningKey::derive(credentials, now.date(), "r", "s")?;
    let headers = [("host", "h")];
    let request = sigv4::Request::new("GET", "/", &headers);
    let mut buffer = [0; 512];
    let instant = key.at(now).expect("the day of the key");
    let (payload, rules) = (sigv4::Payload::EMPTY, sigv4::SigningRules::STANDARD);
    let signed = instant.sign(&request, payload, &rules, &mut buffer).expect("a valid request");
    Ok(signed.signature().to_string())
}

/// Both files, whole, in maps of text.
struct Naive {
    credentials: BTreeMap<String, Section>,
    config: BTreeMap<String, Vec<Section>>,
}

impl Naive {
    fn read(credentials: &[u8], config: &[u8]) -> Option<Self> {
        let credentials = sections(credentials)?.into_iter().collect();
        let mut profiles: BTreeMap<String, Vec<Section>> = BTreeMap::new();
        for (name, section) in sections(config)? {
            let words = name.starts_with("profile").then(|| words(&name)).flatten();
            let profile = match words.as_deref() {
                Some([_, profile]) => Some(profile.clone()),
                _ => (name == "default").then_some(name),
            };
            if let Some(profile) = profile {
                profiles.entry(profile).or_default().push(section);
            }
        }
        Some(Self { credentials, config: profiles })
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.credentials.keys().chain(self.config.keys()).cloned()
    }

    fn profile(&self, name: &str) -> Reading {
        let (credentials, config) = (self.credentials.get(name), self.config.get(name));
        if config.is_some_and(|sections| sections.len() > 1) {
            return Reading::Ambiguous;
        }
        let config = config.and_then(|sections| sections.first());
        if credentials.is_none() && config.is_none() {
            return Reading::NoProfile;
        }
        let mut merged = config.cloned().unwrap_or_default();
        merged.extend(credentials.cloned().unwrap_or_default());
        let asked = |keys: &[&str]| {
            let key = keys.iter().find(|key| merged.contains_key(**key))?;
            Some(Reading::Unsupported((*key).to_owned()))
        };
        let region = merged.get("region").map(String::as_str).unwrap_or_default();
        let keys = |section: Option<&Section>| {
            let section = section.filter(|section| section.contains_key("aws_access_key_id"))?;
            Some(found(section, region).unwrap_or_else(|reading| reading))
        };
        asked(&["web_identity_token_file", "role_arn", "sso_role_name", "sso_account_id"])
            .or_else(|| keys(credentials))
            .or_else(|| asked(&["login_session", "credential_process"]))
            .or_else(|| keys(config))
            .unwrap_or(Reading::NoCredentials)
    }
}

/// The keys of a section that has an id.
fn found(section: &Section, region: &str) -> Result<Reading, Reading> {
    let id = required(&section["aws_access_key_id"])?;
    let secret = section.get("aws_secret_access_key").ok_or(Reading::NoSecret)?;
    let secret = required(secret)?;
    let tokens = ["aws_security_token", "aws_session_token"];
    let token = tokens.into_iter().find_map(|name| section.get(name));
    let token = valid(token.map(String::as_str).unwrap_or_default())?;
    let region = valid(region)?;
    Ok(Reading::Found(Keys {
        id: id.to_owned(),
        key: derived(&Credentials::new(id, secret)),
        secret: Secret(secret.to_owned()),
        token: (!token.is_empty()).then(|| token.to_owned()),
        region: (!region.is_empty()).then(|| region.to_owned()),
    }))
}

fn required(value: &str) -> Result<&str, Reading> {
    valid(value)
        .and_then(|value| if value.is_empty() { Err(Reading::Invalid("empty")) } else { Ok(value) })
}

fn valid(value: &str) -> Result<&str, Reading> {
    let is_quoted =
        |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    let characters: Vec<char> = value.chars().collect();
    if value.contains('\n') {
        Err(Reading::Invalid("continued"))
    } else if is_quoted('"') || is_quoted('\'') {
        Err(Reading::Invalid("quoted"))
    } else if characters.windows(2).any(|pair| is_space(pair[0]) && "#;".contains(pair[1])) {
        Err(Reading::Invalid("comment"))
    } else {
        Ok(value)
    }
}
