//! What botocore has no say in: files that cannot be read, variables that are
//! not text, containers, and the process's own environment.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sigv4::default_chain::{
    CredentialsError, CredentialsSource, Environment, ProcessEnvironment, SHARED_FILE_LEN_MAX,
    SearchedPlace, Setting, UnsupportedSource, ValueFault, default_chain, load_profile,
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
fn without_a_variable_the_system_names_the_home_directory() {
    let path = PathBuf::from(format!("{HOME}/.aws/credentials"));
    let expected = CredentialsSource::CredentialsFile { path, profile: "default".to_owned() };
    let found = default_chain(&with_keys().with_home_of_system(Some(HOME))).unwrap();
    assert_eq!(found.source, expected);
    // As an empty one counts as unset.
    let empty = with_keys().with_home_of_system(Some(HOME)).with_variable("HOME", "");
    let found = default_chain(&empty.with_variable("USERPROFILE", "")).unwrap();
    assert_eq!(found.source, expected);
    // The variable comes first, whatever it names.
    let other = with_keys().with_home_of_system(Some(HOME)).with_variable("HOME", "/root");
    assert!(default_chain(&other.with_variable("USERPROFILE", "/root")).is_err());
    let tilde = TestEnvironment::default()
        .with_file(&format!("{HOME}/keys"), format!("[default]\n{KEYS}"))
        .with_variable("AWS_SHARED_CREDENTIALS_FILE", "~/keys")
        .with_home_of_system(Some(HOME));
    assert!(default_chain(&tilde).is_ok());
}

#[test]
fn without_a_home_directory_there_are_no_files() {
    for home in [None, Some("")] {
        let environment = with_keys().with_home_of_system(home);
        let refused = default_chain(&environment).unwrap_err();
        let searched = ["credentials", "config"].map(|file| SearchedPlace::UnknownHome { file });
        let (profile, searched) = ("default".to_owned(), searched.to_vec());
        let expected = CredentialsError::NotFound { profile, searched, unasked: None };
        assert_eq!(refused, expected);
        let text = refused.to_string();
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let unknown = format!("(neither {home} nor the system names a home directory)");
        let places = format!("in ~/.aws/credentials {unknown} or ~/.aws/config {unknown}");
        assert!(text.ends_with(&places), "{text}");
    }
    let environment = with_keys().with_home_of_system(None);
    let named = environment.with_variable("AWS_CONFIG_FILE", format!("{HOME}/.aws/credentials"));
    let found = default_chain(&named).unwrap();
    let path = PathBuf::from(format!("{HOME}/.aws/credentials"));
    assert_eq!(found.source, CredentialsSource::ConfigFile { path, profile: "default".to_owned() });
}

#[test]
fn what_an_instance_may_have_is_told_and_not_asked() {
    const METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
    let nothing = || TestEnvironment::default().without_variable(METADATA_DISABLED);
    for environment in [nothing(), nothing().with_variable(METADATA_DISABLED, "false")] {
        let refused = default_chain(&environment).unwrap_err();
        let is_instance = |error: &_| {
            matches!(
                error,
                CredentialsError::NotFound { unasked: Some(UnsupportedSource::Instance), .. }
            )
        };
        assert!(is_instance(&refused), "{refused:?}");
        let text = refused.to_string();
        for told in ["/.aws/config; ", "of an instance", "feature `aws-credential-types`"] {
            assert!(text.contains(told), "{text}");
        }
    }
    for disabled in ["true", "True"] {
        let environment = nothing().with_variable(METADATA_DISABLED, disabled);
        let refused = default_chain(&environment).unwrap_err();
        assert!(matches!(refused, CredentialsError::NotFound { unasked: None, .. }), "{refused:?}");
        assert!(!refused.to_string().contains("instance"), "{refused}");
    }
}

#[test]
fn a_container_is_asked_last() {
    for name in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
        assert!(default_chain(&with_keys().with_variable(name, "/get")).is_ok());
        let container = TestEnvironment::default().with_variable(name, "/get");
        let (setting, source) = (Setting::Variable { name }, UnsupportedSource::Container);
        let refused = default_chain(&container).unwrap_err();
        assert!(refused.to_string().contains("feature `aws-credential-types`"), "{refused}");
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
    assert_eq!(ProcessEnvironment.home_directory(), std::env::home_dir());
}

#[test]
fn a_profile_that_is_asked_for_has_to_be_there() {
    let refused = load_profile(&with_keys(), "Default").unwrap_err();
    assert!(
        matches!(refused, CredentialsError::ProfileNotFound { misnamed: None, .. }),
        "{refused}"
    );
}
