//! The case files, read.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use super::environment::{HOME, TestEnvironment};

/// All cases, each with the name of its file.
pub(crate) fn all_cases() -> Vec<(String, Case)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/credentials");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let file: CaseFile = toml::from_str(&fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!file.about.is_empty(), "{name}");
            cases.extend(file.case.into_iter().map(|case| (name.clone(), case)));
        }
    }
    assert!(cases.len() > 100, "{} cases", cases.len());
    cases
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) rule: String,
    /// Why botocore reads otherwise; the generator sees that it does.
    #[serde(default, rename = "differs")]
    _differs: Option<String>,
    #[serde(default)]
    environment: Vec<(String, String)>,
    pub(crate) profile: Option<String>,
    credentials: Option<String>,
    credentials_hex: Option<String>,
    config: Option<String>,
    config_hex: Option<String>,
    other: Option<String>,
    pub(crate) botocore: String,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Option<String>,
    region: Option<String>,
    pub(crate) ours: Option<Reading>,
    pub(crate) error: Option<String>,
}

/// What an environment and its files say.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) expiration: Option<String>,
    pub(crate) region: Option<String>,
}

impl Case {
    /// Ours where it is another, else botocore's.
    pub(crate) fn reading(&self) -> Reading {
        self.ours.clone().unwrap_or_else(|| Reading {
            access_key_id: self.access_key_id.clone().unwrap_or_default(),
            secret_access_key: self.secret_access_key.clone().unwrap_or_default(),
            session_token: self.session_token.clone(),
            expiration: self.expiration.clone(),
            region: self.region.clone(),
        })
    }

    pub(crate) fn environment(&self) -> TestEnvironment {
        let mut environment = TestEnvironment::default();
        for (name, value) in &self.environment {
            environment = environment.with_variable(name, value);
        }
        for (path, text, bytes) in [
            (".aws/credentials", &self.credentials, &self.credentials_hex),
            (".aws/config", &self.config, &self.config_hex),
            ("other", &self.other, &None),
        ] {
            let bytes = bytes.as_ref().map(|bytes| hex::decode(bytes).unwrap());
            let contents = bytes.or_else(|| text.clone().map(String::into_bytes));
            if let Some(contents) = contents {
                environment = environment.with_file(&format!("{HOME}/{path}"), contents);
            }
        }
        environment
    }
}
