//! The environment variables that point AWS clients at an emulator.

use clap::{Args, ValueEnum};

use super::endpoint::Endpoint;

/// The region that clients are told to sign for: where IAM lives.
const REGION: &str = "us-east-1";

/// The bootstrap key, which signs as the root of the account.
// No `Debug`: it holds the secret. It is not wiped: the process's arguments or
// environment hold it as well, for as long as the process lives.
#[derive(Args, Clone)]
pub(super) struct RootCredentialsOptions {
    /// Access key id that signs as the account root
    #[arg(
        long,
        value_name = "ID",
        default_value = "test",
        env = "IAM_EMULATOR_ROOT_ACCESS_KEY_ID"
    )]
    pub(super) root_access_key_id: String,
    /// Secret access key that signs as the account root
    #[arg(
        long,
        value_name = "SECRET",
        default_value = "test",
        env = "IAM_EMULATOR_ROOT_SECRET_ACCESS_KEY",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub(super) root_secret_access_key: String,
}

/// Which services' calls are sent to the emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Services {
    /// Those that it answers: no call to another is sent to it by accident.
    IamAndSts,
    All,
}

/// How the variables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EnvironmentFormat {
    /// `export NAME=VALUE` lines for a POSIX shell
    Sh,
    /// One JSON object
    Json,
    /// `NAME=VALUE` lines
    Dotenv,
}

/// The variables as text, the root secret among them: print it only where a user asked for it.
pub(super) fn client_environment(
    endpoint: &Endpoint,
    root: &RootCredentialsOptions,
    services: Services,
    format: EnvironmentFormat,
) -> String {
    let endpoint = endpoint.to_string();
    let endpoints: &[_] = match services {
        Services::IamAndSts => &["AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_STS"],
        Services::All => &["AWS_ENDPOINT_URL"],
    };
    let endpoints = endpoints.iter().map(|name| (*name, endpoint.as_str()));
    let others = [
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", &root.root_access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &root.root_secret_access_key),
        // A token left over from another login would be sent along, and
        // refused with a key that has none. Empty means none to every SDK.
        ("AWS_SESSION_TOKEN", ""),
    ];
    let variables = endpoints.chain(others);
    match format {
        EnvironmentFormat::Sh => {
            variables.map(|(name, value)| format!("export {name}={}\n", sh_quote(value))).collect()
        }
        EnvironmentFormat::Dotenv => {
            variables.map(|(name, value)| format!("{name}={}\n", dotenv_quote(value))).collect()
        }
        EnvironmentFormat::Json => {
            let object: serde_json::Map<_, _> = variables
                .map(|(name, value)| (name.to_owned(), serde_json::Value::from(value)))
                .collect();
            format!("{:#}\n", serde_json::Value::Object(object))
        }
    }
}

fn sh_quote(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

fn dotenv_quote(value: &str) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    let mut quoted = String::from('"');
    for character in value.chars() {
        if matches!(character, '"' | '\\' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// Whether no shell and no dotenv reader sees anything special in `value`.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:+,@%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(secret: &str, format: EnvironmentFormat) -> String {
        let root = RootCredentialsOptions {
            root_access_key_id: "AKIAEXAMPLE".to_owned(),
            root_secret_access_key: secret.to_owned(),
        };
        let endpoint = Endpoint::DEFAULT.parse().unwrap();
        client_environment(&endpoint, &root, Services::IamAndSts, format)
    }

    #[test]
    fn sh_lines_export_every_variable() {
        assert_eq!(
            written("wJalr/+Key", EnvironmentFormat::Sh),
            "export AWS_ENDPOINT_URL_IAM=http://127.0.0.1:4566\n\
             export AWS_ENDPOINT_URL_STS=http://127.0.0.1:4566\n\
             export AWS_REGION=us-east-1\n\
             export AWS_DEFAULT_REGION=us-east-1\n\
             export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\n\
             export AWS_SECRET_ACCESS_KEY=wJalr/+Key\n\
             export AWS_SESSION_TOKEN=\n"
        );
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        let text = written("a'$(b)\"\\c", EnvironmentFormat::Sh);
        assert!(text.contains("AWS_SECRET_ACCESS_KEY='a'\\''$(b)\"\\c'\n"), "{text}");
        let text = written("a'$(b)\"\\c", EnvironmentFormat::Dotenv);
        assert!(text.contains("AWS_SECRET_ACCESS_KEY=\"a'\\$(b)\\\"\\\\c\"\n"), "{text}");
    }

    #[test]
    fn json_is_one_object_of_strings() {
        let text = written("a\"b", EnvironmentFormat::Json);
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(object["AWS_SECRET_ACCESS_KEY"], "a\"b");
        assert_eq!(object["AWS_ENDPOINT_URL_STS"], "http://127.0.0.1:4566");
        assert_eq!(object.as_object().unwrap().len(), 7);
    }
}
