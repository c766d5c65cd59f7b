//! What botocore has no say in: files that cannot be read, variables that are
//! not text, containers, and the process's own environment.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sigv4::default_chain::{
    CredentialsError, CredentialsSource, Environment, ProcessEnvironment, SHARED_FILE_LEN_MAX,
    Setting, UnsupportedSource, ValueFault, default_chain, load_profile,
};

use super::environment::{HOME, TestEnvironment};

const KEYS: &str = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";

fn with_keys() -> TestEnvironment {
    TestEnvironment::default()
        .with_file(&format!("{HOME}/.aws/credentials"), format!("[default]\n{KEYS}"))
}

/// botocore passes over a file that it may not read, and then finds nothing, or
/// something else.
#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let path = format!("{HOME}/.aws/config");
    let refused =
        default_chain(&with_keys().with_error(&path, io::ErrorKind::PermissionDenied)).unwrap_err();
    assert_eq!(refused.to_string(), format!("{path} cannot be read: permission denied"));
    let absent = with_keys().with_error(&path, io::ErrorKind::NotADirectory);
    assert!(default_chain(&absent).is_ok());
}

#[test]
fn without_a_home_directory_there_are_no_files() {
    let environment = with_keys().without_variable("HOME").without_variable("USERPROFILE");
    let refused = default_chain(&environment).unwrap_err();
    let (profile, searched) = ("default".to_owned(), Vec::new());
    assert_eq!(refused, CredentialsError::NotFound { profile, searched });
    let named = environment.with_variable("AWS_CONFIG_FILE", format!("{HOME}/.aws/credentials"));
    let found = default_chain(&named).unwrap();
    let path = PathBuf::from(format!("{HOME}/.aws/credentials"));
    assert_eq!(found.source, CredentialsSource::ConfigFile { path, profile: "default".to_owned() });
}

#[test]
fn a_container_is_asked_last() {
    for name in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
        assert!(default_chain(&with_keys().with_variable(name, "/get")).is_ok());
        let container = TestEnvironment::default().with_variable(name, "/get");
        let (setting, source) = (Setting::Variable { name }, UnsupportedSource::Container);
        let refused = default_chain(&container).unwrap_err();
        assert_eq!(refused, CredentialsError::Unsupported { setting, source });
    }
}

#[cfg(unix)]
#[test]
fn a_variable_has_to_be_text() {
    use std::os::unix::ffi::OsStringExt;

    let value = || OsString::from_vec(b"\xff".to_vec());
    for name in ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION"] {
        let refused = default_chain(&with_keys().with_variable(name, value())).unwrap_err();
        let (setting, fault) = (Setting::Variable { name }, ValueFault::NotUnicode);
        assert_eq!(refused, CredentialsError::InvalidValue { setting, fault });
    }
    // Names of files are bytes on Unix.
    let path = value();
    assert!(default_chain(&with_keys().with_variable("AWS_CONFIG_FILE", path)).is_ok());
}

#[test]
fn the_process_reads_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials");
    fs::write(&path, KEYS).unwrap();
    assert_eq!(ProcessEnvironment.read_file(&path).unwrap(), KEYS.as_bytes());

    let too_long = vec![b'\n'; SHARED_FILE_LEN_MAX + 100];
    fs::write(&path, too_long).unwrap();
    assert_eq!(ProcessEnvironment.read_file(&path).unwrap().len(), SHARED_FILE_LEN_MAX + 1);

    for absent in [folder.path(), &folder.path().join("nothing"), Path::new("/dev/null")] {
        let error = ProcessEnvironment.read_file(absent).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "{}", absent.display());
    }
}

#[test]
fn the_process_has_variables() {
    // Set by cargo, as long as the test runs.
    let set = ProcessEnvironment.variable("CARGO_MANIFEST_DIR");
    assert_eq!(set, Some(OsString::from(env!("CARGO_MANIFEST_DIR"))));
    assert_eq!(ProcessEnvironment.variable("SIGV4_IS_NOT_SET"), None);
}

#[test]
fn a_profile_that_is_asked_for_has_to_be_there() {
    let refused = load_profile(&with_keys(), "Default").unwrap_err();
    assert!(
        matches!(refused, CredentialsError::ProfileNotFound { misnamed: None, .. }),
        "{refused}"
    );
}
