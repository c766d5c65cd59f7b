//! Each limit, and the last that lies within it.

use std::fmt::Write;

use sigv4::default_chain::{
    CredentialsError, FileFault, LoadedCredentials, SHARED_FILE_LEN_MAX, SHARED_FILE_LINE_LEN_MAX,
    SHARED_FILE_SECTIONS_MAX, default_chain,
};

use super::environment::{HOME, TestEnvironment};

const PROFILE: &str =
    "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";

fn load(text: String) -> Result<LoadedCredentials, CredentialsError> {
    let path = format!("{HOME}/.aws/credentials");
    default_chain(&TestEnvironment::default().with_file(&path, text))
}

fn fault(line: usize, fault: FileFault) -> CredentialsError {
    let path = format!("{HOME}/.aws/credentials").into();
    CredentialsError::MalformedFile { path, line, fault }
}

#[test]
fn a_file_has_a_length() {
    let comment = "# comment\n";
    let mut text = PROFILE.to_owned();
    while text.len() + comment.len() <= SHARED_FILE_LEN_MAX {
        text.push_str(comment);
    }
    text.push_str(&"\n".repeat(SHARED_FILE_LEN_MAX - text.len()));
    assert_eq!(text.len(), SHARED_FILE_LEN_MAX);
    assert_eq!(load(text.clone()).unwrap().credentials.access_key_id(), "AKIDEXAMPLE");
    text.push('\n');
    let path = format!("{HOME}/.aws/credentials").into();
    assert_eq!(load(text).unwrap_err(), CredentialsError::FileTooLong { path });
}

#[test]
fn a_line_has_a_length() {
    let token = |len| format!("aws_session_token = {}\n", "t".repeat(len));
    let longest = SHARED_FILE_LINE_LEN_MAX - token(0).len() + 1;
    let found = load(format!("{PROFILE}{}", token(longest))).unwrap();
    assert_eq!(found.credentials.session_token().map(str::len), Some(longest));
    let len = SHARED_FILE_LINE_LEN_MAX + 1;
    let refused = load(format!("{PROFILE}{}", token(longest + 1))).unwrap_err();
    assert_eq!(refused, fault(4, FileFault::LineTooLong { len }));
}

#[test]
fn a_file_has_so_many_sections() {
    let mut text = PROFILE.to_owned();
    for number in 1..SHARED_FILE_SECTIONS_MAX {
        writeln!(text, "[{number}]").unwrap();
    }
    assert!(load(text.clone()).is_ok());
    text.push_str("[one more]\n");
    let line = SHARED_FILE_SECTIONS_MAX + 3;
    assert_eq!(load(text).unwrap_err(), fault(line, FileFault::TooManySections));
}
