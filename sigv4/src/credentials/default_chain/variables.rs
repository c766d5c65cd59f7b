//! What the environment variables say.

use std::ffi::OsString;
use std::path::PathBuf;
use std::string::String;
use std::vec::Vec;

use zeroize::Zeroizing;

use super::environment::Environment;
use super::error::{CredentialsError, Setting, UnsupportedSource, ValueFault};
use super::expiration;
use super::value::check_value;
use crate::credentials::owned::OwnedCredentials;

/// The credentials of the environment, if there is an access key id.
pub(crate) fn credentials(
    environment: &impl Environment,
) -> Result<Option<OwnedCredentials>, CredentialsError> {
    let Some(id) = value(environment, ACCESS_KEY_ID)? else {
        return Ok(None);
    };
    let Some(mut secret) = value(environment, SECRET_ACCESS_KEY)? else {
        let access_key_id = Setting::Variable { name: ACCESS_KEY_ID };
        return Err(CredentialsError::MissingSecret { access_key_id });
    };
    let mut credentials = OwnedCredentials::new(id.as_str(), core::mem::take(&mut *secret));
    if let Some(mut token) = first(environment, SESSION_TOKENS)? {
        credentials = credentials.with_session_token(core::mem::take(&mut *token));
    }
    if let Some(time) = text(environment, EXPIRATION)? {
        let expiration = expiration::parse(&time);
        let expiration = expiration.ok_or(invalid(EXPIRATION, ValueFault::NotATime))?;
        credentials = credentials.with_expiration(expiration);
    }
    Ok(Some(credentials))
}

/// The profile that is asked for, if one is.
pub(crate) fn profile(environment: &impl Environment) -> Result<Option<String>, CredentialsError> {
    for name in PROFILES {
        // Its name may hold anything.
        if let Some(mut profile) = text(environment, name)? {
            return Ok(Some(core::mem::take(&mut *profile)));
        }
    }
    Ok(None)
}

/// The region, if one is set.
pub(crate) fn region(environment: &impl Environment) -> Result<Option<String>, CredentialsError> {
    let region = first(environment, REGIONS)?;
    Ok(region.map(|mut region| core::mem::take(&mut *region)))
}

/// A file that a variable names, or else one in the folder `.aws` of the user's
/// directory. Nothing if neither is known.
pub(crate) fn shared_file(
    environment: &impl Environment,
    variable: &'static str,
    name: &str,
) -> Option<PathBuf> {
    let home = home(environment);
    let Some(path) = environment.variable(variable).filter(|path| !path.is_empty()) else {
        return Some(home?.join(".aws").join(name));
    };
    let path = PathBuf::from(path);
    // `~user` stays as it is: there is no looking up of users.
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => Some(home.join(rest)),
        _ => Some(path),
    }
}

/// The user's directory: `HOME`, or what the system says without it.
fn home(environment: &impl Environment) -> Option<PathBuf> {
    let home = environment.variable(HOME).filter(|home| !home.is_empty()).map(PathBuf::from);
    let of_system = || environment.home_directory().filter(|home| !home.as_os_str().is_empty());
    home.or_else(of_system)
}

/// What the environment asks for that would come before a profile's keys.
pub(crate) fn check_web_identity(environment: &impl Environment) -> Result<(), CredentialsError> {
    refuse(environment, &[WEB_IDENTITY_TOKEN_FILE], UnsupportedSource::WebIdentity)
}

/// What the environment asks for that would come behind a profile's keys.
pub(crate) fn check_container(environment: &impl Environment) -> Result<(), CredentialsError> {
    refuse(environment, CONTAINER_URIS, UnsupportedSource::Container)
}

/// What is left to ask where nothing else has credentials: the metadata of an
/// instance, unless that is switched off.
pub(crate) fn unasked(environment: &impl Environment) -> Option<UnsupportedSource> {
    let disabled = environment.variable(METADATA_DISABLED);
    let is_disabled = disabled.is_some_and(|value| value.eq_ignore_ascii_case("true"));
    (!is_disabled).then_some(UnsupportedSource::Instance)
}

fn refuse(
    environment: &impl Environment,
    names: &[&'static str],
    source: UnsupportedSource,
) -> Result<(), CredentialsError> {
    let is_set = |name: &&&'static str| environment.variable(name).is_some_and(|v| !v.is_empty());
    match names.iter().find(is_set) {
        Some(name) => {
            let setting = Setting::Variable { name };
            Err(CredentialsError::Unsupported { setting, source })
        }
        None => Ok(()),
    }
}

/// The first of several variables that holds anything.
fn first(
    environment: &impl Environment,
    names: &[&'static str],
) -> Result<Option<Zeroizing<String>>, CredentialsError> {
    for name in names {
        if let Some(value) = value(environment, name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// A variable's value, if it means what it says.
fn value(
    environment: &impl Environment,
    name: &'static str,
) -> Result<Option<Zeroizing<String>>, CredentialsError> {
    let value = text(environment, name)?;
    if let Some(value) = &value {
        check_value(value).map_err(|fault| invalid(name, fault))?;
    }
    Ok(value)
}

/// A variable's value; an empty one counts as none.
fn text(
    environment: &impl Environment,
    name: &'static str,
) -> Result<Option<Zeroizing<String>>, CredentialsError> {
    let Some(value) = environment.variable(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    unicode(value).map(Some).ok_or(invalid(name, ValueFault::NotUnicode))
}

const fn invalid(name: &'static str, fault: ValueFault) -> CredentialsError {
    CredentialsError::InvalidValue { setting: Setting::Variable { name }, fault }
}

/// The value in its own memory, which is wiped if it is not Unicode.
fn unicode(value: OsString) -> Option<Zeroizing<String>> {
    let wiped = |value: OsString| drop(Zeroizing::<Vec<u8>>::new(value.into_encoded_bytes()));
    value.into_string().map(Zeroizing::new).map_err(wiped).ok()
}

pub(crate) const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
pub(crate) const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// The first is the older name, which botocore looks at first.
const SESSION_TOKENS: &[&str] = &["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];
const EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";
/// In botocore's order.
const PROFILES: &[&str] = &["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];
/// In the order of the AWS CLI; botocore alone knows the second only.
const REGIONS: &[&str] = &["AWS_REGION", "AWS_DEFAULT_REGION"];
const WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const CONTAINER_URIS: &[&str] =
    &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
const METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
/// The home directory, as Python finds it.
pub(crate) const HOME: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
