//! No error and no `Debug` shows a value, wherever in a file it stands.

use sigv4::default_chain::{default_chain, load_profile};

use super::environment::{HOME, TestEnvironment};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Each with a secret at another place.
const BROKEN: &[&str] = &[
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\naws_access_key_id = a\naws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\"",
    "[default]\naws_access_key_id = a\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY # b",
    "[default]\naws_access_key_id = a\naws_secret_access_key = b\n  wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\naws_secret_access_key =\n  wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=",
    "[wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY]\n[wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY]",
    "[ default ]\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY =",
    "[default]\naws_access_key_id = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\ncredential_process = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "[default]\naws_access_key_id = a\naws_secret_access_key = b\nregion = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY ;",
];

fn assert_silent(shown: &str) {
    for piece in SECRET.as_bytes().windows(8) {
        let piece = String::from_utf8_lossy(piece);
        assert!(!shown.contains(&*piece), "{piece} in {shown}");
    }
    assert!(!shown.is_empty());
}

#[test]
fn errors_show_no_value() {
    for text in BROKEN {
        assert!(text.contains(SECRET));
        let environment =
            TestEnvironment::default().with_file(&format!("{HOME}/.aws/credentials"), *text);
        for refused in [default_chain(&environment), load_profile(&environment, "default")] {
            let error = refused.expect_err(text);
            assert_silent(&format!("{error} {error:?}"));
        }
    }
}

#[test]
fn errors_show_no_variable() {
    let environment =
        || TestEnvironment::default().with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    for (name, value) in [
        ("AWS_SECRET_ACCESS_KEY", format!("'{SECRET}'")),
        ("AWS_SECRET_ACCESS_KEY", format!("{SECRET} # mine")),
        ("AWS_SESSION_TOKEN", SECRET.to_owned()),
    ] {
        let error = default_chain(&environment().with_variable(name, value)).unwrap_err();
        assert_silent(&format!("{error} {error:?}"));
    }
    let expiring = environment()
        .with_variable("AWS_SECRET_ACCESS_KEY", "secret")
        .with_variable("AWS_CREDENTIAL_EXPIRATION", SECRET);
    let error = default_chain(&expiring).unwrap_err();
    assert_silent(&format!("{error} {error:?}"));
}

#[test]
fn what_is_found_shows_no_secret() {
    let text = format!(
        "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\naws_session_token = {SECRET}\n"
    );
    let environment =
        TestEnvironment::default().with_file(&format!("{HOME}/.aws/credentials"), text);
    let found = default_chain(&environment).unwrap();
    assert_silent(&format!("{found:?} {}", found.source));
    assert!(format!("{found:?}").contains("AKIDEXAMPLE"));
}
