//! Feature `credentials`: the default chain, from the environment and the shared
//! files; what asks the network or starts a process is not part of it.
//!
//! Reads what the AWS CLI reads, as it reads it: the AWS document is "Configuration
//! and credential file settings in the AWS CLI", the reference for all that it
//! leaves open is botocore.

mod environment;
mod error;
mod expiration;
mod ini;
mod profile;
mod section_name;
mod shared_files;
mod value;
mod variables;

use core::fmt;
use std::path::PathBuf;
use std::string::{String, ToString};

pub use environment::{Environment, ProcessEnvironment};
pub use error::{
    CredentialsError, FileFault, MisnamedSection, SearchedPlace, Setting, UnsupportedSource,
    ValueFault,
};
pub use ini::{SHARED_FILE_LINE_LEN_MAX, SHARED_FILE_SECTIONS_MAX};

use self::profile::{FoundIn, Profile, Profiles};
use self::shared_files::SharedFiles;
use crate::credentials::owned::OwnedCredentials;

/// Longest shared file in bytes: 1 MiB, some five thousand profiles.
pub const SHARED_FILE_LEN_MAX: usize = 1 << 20;

/// What the chain found.
#[derive(Clone, Debug)]
pub struct LoadedCredentials {
    /// What to sign with.
    pub credentials: OwnedCredentials,
    /// The region, if one is set.
    pub region: Option<String>,
    /// Where the credentials are from.
    pub source: CredentialsSource,
}

/// Where credentials are from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsSource {
    /// Environment variables.
    Environment,
    /// The shared credentials file.
    CredentialsFile {
        /// Where it is.
        path: PathBuf,
        /// The profile.
        profile: String,
    },
    /// The shared config file.
    ConfigFile {
        /// Where it is.
        path: PathBuf,
        /// The profile.
        profile: String,
    },
}

impl fmt::Display for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::CredentialsFile { path, profile } | Self::ConfigFile { path, profile } => {
                write!(f, "profile `{profile}` of {}", path.display())
            }
        }
    }
}

/// Finds credentials where the AWS CLI does: in the environment, else in the
/// shared files.
///
/// The variables are `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and
/// `AWS_CREDENTIAL_EXPIRATION` (a time of RFC 3339). Without an id the profile counts that
/// `AWS_PROFILE` names, or `default`: in `~/.aws/credentials` and `~/.aws/config`,
/// unless `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` name others. The region is
/// `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's. `~` is `HOME`, on Windows `USERPROFILE`, or without it
/// what the system says ([`Environment::home_directory`]). The
/// older `AWS_SECURITY_TOKEN` and `AWS_DEFAULT_PROFILE` come before their successors, as in botocore. An
/// empty variable counts as unset; where the environment says everything, no file is read.
///
/// Reads files, which blocks, and keeps nothing: call it once, and again when what it
/// found expires. What a file holds is wiped from memory afterwards.
///
/// ```
/// use std::{collections::HashMap, ffi::OsString, io, path::Path};
/// use sigv4::default_chain::{Environment, default_chain};
///
/// // In an application this is `sigv4::default_chain::ProcessEnvironment`.
/// struct Fixed(HashMap<&'static str, &'static str>);
///
/// impl Environment for Fixed {
///     fn variable(&self, name: &str) -> Option<OsString> {
///         self.0.get(name).map(OsString::from)
///     }
///     fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
///         assert_eq!(path, Path::new("/home/alice/.aws/credentials"));
///         Ok(b"[dev]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = wJalr\n".into())
///     }
/// }
///
/// let environment = Fixed(HashMap::from([
///     ("HOME", "/home/alice"),
///     ("USERPROFILE", "/home/alice"),
///     ("AWS_CONFIG_FILE", "/home/alice/.aws/credentials"),
///     ("AWS_PROFILE", "dev"),
///     ("AWS_REGION", "eu-central-1"),
/// ]));
/// let found = default_chain(&environment)?;
/// assert_eq!(found.credentials.access_key_id(), "AKIDEXAMPLE");
/// assert_eq!(found.region.as_deref(), Some("eu-central-1"));
/// println!("credentials of {}", found.source);
/// # Ok::<(), sigv4::default_chain::CredentialsError>(())
/// ```
///
/// # Errors
///
/// One [`CredentialsError`] for each way in which there are none. Refused is
/// also what the AWS CLI takes and hardly anybody means: quotes around a value, a
/// comment behind it, two sections for one profile, a file that cannot be read. Roles,
/// IAM Identity Center and `credential_process` are not followed; the error names
/// the key and the line that ask for them. Where there is nothing, it names the places that
/// were looked at, and, as for containers, the feature that asks an instance.
pub fn default_chain(
    environment: &impl Environment,
) -> Result<LoadedCredentials, CredentialsError> {
    let named = variables::profile(environment)?;
    if let Some(credentials) = variables::credentials(environment)? {
        let region = match variables::region(environment)? {
            Some(region) => Some(region),
            None => region_of_profile(environment, named.as_deref())?,
        };
        let source = CredentialsSource::Environment;
        return Ok(LoadedCredentials { credentials, region, source });
    }
    let files = SharedFiles::read(environment)?;
    let profiles = Profiles::parse(&files)?;
    let name = named.as_deref().unwrap_or(DEFAULT_PROFILE);
    let profile = match named {
        Some(_) => Some(profiles.get(name)?),
        None => profiles.find(name)?,
    };
    profile.as_ref().map_or(Ok(()), Profile::check_role)?;
    variables::check_web_identity(environment)?;
    let found = profile.map(|profile| load(environment, &files, &profile, name)).transpose()?;
    match found.flatten() {
        Some(found) => Ok(found),
        None => {
            variables::check_container(environment)?;
            let (profile, searched) = (name.to_string(), profiles.places());
            let unasked = variables::unasked(environment);
            Err(CredentialsError::NotFound { profile, searched, unasked })
        }
    }
}

/// The credentials of a profile of the shared files, whatever `AWS_ACCESS_KEY_ID`
/// and `AWS_PROFILE` say, as with the AWS CLI's `--profile`.
///
/// Reads the same files as [`default_chain`], in the same way; a region of the environment
/// comes before the profile's.
///
/// ```no_run
/// let found = sigv4::default_chain::load_profile(&sigv4::default_chain::ProcessEnvironment, "dev")?;
/// # Ok::<(), sigv4::default_chain::CredentialsError>(())
/// ```
///
/// # Errors
///
/// As [`default_chain`].
pub fn load_profile(
    environment: &impl Environment,
    profile: &str,
) -> Result<LoadedCredentials, CredentialsError> {
    let files = SharedFiles::read(environment)?;
    let profiles = Profiles::parse(&files)?;
    let found = profiles.get(profile)?;
    found.check_role()?;
    load(environment, &files, &found, profile)?.ok_or_else(|| {
        let (profile, searched) = (profile.to_string(), profiles.places());
        CredentialsError::ProfileWithoutCredentials { profile, searched }
    })
}

fn load(
    environment: &impl Environment,
    files: &SharedFiles,
    profile: &Profile<'_>,
    name: &str,
) -> Result<Option<LoadedCredentials>, CredentialsError> {
    let Some((credentials, found_in)) = profile.credentials()? else {
        return Ok(None);
    };
    let region = match variables::region(environment)? {
        Some(region) => Some(region),
        None => profile.region()?,
    };
    let profile = name.to_string();
    let source = match found_in {
        FoundIn::Credentials => {
            CredentialsSource::CredentialsFile { path: files.credentials.path(), profile }
        }
        FoundIn::Config => CredentialsSource::ConfigFile { path: files.config.path(), profile },
    };
    Ok(Some(LoadedCredentials { credentials, region, source }))
}

fn region_of_profile(
    environment: &impl Environment,
    named: Option<&str>,
) -> Result<Option<String>, CredentialsError> {
    let files = SharedFiles::read(environment)?;
    let profiles = Profiles::parse(&files)?;
    match named {
        Some(name) => profiles.get(name)?.region(),
        None => profiles.find(DEFAULT_PROFILE)?.map_or(Ok(None), |profile| profile.region()),
    }
}

/// The profile that counts where none is named.
const DEFAULT_PROFILE: &str = "default";
