//! The default chain, against what botocore reads.
//!
//! The cases are `testdata/credentials/*.toml`.

mod case_file;
mod environment;
mod files;
mod limits;
mod redaction;

use sigv4::default_chain::{
    CredentialsError, CredentialsSource, LoadedCredentials, default_chain, load_profile,
};
use sigv4::{OwnedCredentials, Payload, Request, SigningKey, SigningRules, Timestamp};

use case_file::{Case, Reading, all_cases};

#[test]
fn every_case_is_read_as_it_says() {
    let mut failed = Vec::new();
    for (file, case) in all_cases() {
        if let Err(difference) = check(&case) {
            failed.push(format!("{file}: {}: {}\n    {difference}", case.name, case.rule));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What is different from the case, if anything is.
fn check(case: &Case) -> Result<(), String> {
    let found = load(case);
    match (&case.error, found) {
        (Some(expected), Err(error)) if *expected == error.to_string() => Ok(()),
        (Some(expected), Err(error)) => {
            Err(format!("not {expected:?} but {:?}", error.to_string()))
        }
        (Some(expected), Ok(_)) => Err(format!("{expected:?} was expected")),
        (None, Err(error)) => Err(format!("{error} ({error:?})")),
        (None, Ok(found)) => compare(case, &found),
    }
}

fn load(case: &Case) -> Result<LoadedCredentials, CredentialsError> {
    let environment = case.environment();
    match &case.profile {
        Some(profile) => load_profile(&environment, profile),
        None => default_chain(&environment),
    }
}

fn compare(case: &Case, found: &LoadedCredentials) -> Result<(), String> {
    let expected = case.reading();
    let credentials = &found.credentials;
    let read = Reading {
        access_key_id: credentials.access_key_id().to_owned(),
        session_token: credentials.session_token().map(str::to_owned),
        expiration: credentials.expiration().map(|time| time.as_str().to_owned()),
        region: found.region.clone(),
        // It cannot be had, so what it signs is compared.
        secret_access_key: expected.secret_access_key.clone(),
    };
    if read != expected {
        return Err(format!("{read:?}"));
    }
    let secret = OwnedCredentials::new(read.access_key_id, expected.secret_access_key);
    if signature(credentials) != signature(&secret) {
        return Err("another secret".to_owned());
    }
    compare_source(case, &found.source)
}

/// Where botocore says that the credentials are from.
fn compare_source(case: &Case, source: &CredentialsSource) -> Result<(), String> {
    let method = match source {
        CredentialsSource::Environment => "env",
        CredentialsSource::CredentialsFile { .. } => "shared-credentials-file",
        CredentialsSource::ConfigFile { .. } => "config-file",
        other => return Err(format!("{other:?}")),
    };
    if case.ours.is_none() && method != case.botocore {
        return Err(format!("from {source}"));
    }
    Ok(())
}

/// A signature by the secret, whatever the token.
fn signature(credentials: &OwnedCredentials) -> String {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let long_term = credentials.as_credentials().with_session_token("");
    let key = SigningKey::derive(&long_term, now.date(), "us-east-1", "iam").unwrap();
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let mut buffer = [0; 512];
    let instant = key.at(now).unwrap();
    let signed = instant.sign(&request, Payload::EMPTY, &SigningRules::STANDARD, &mut buffer);
    signed.unwrap().signature().to_string()
}
