//! A profile: what both files say under one name.

use std::string::{String, ToString};
use std::vec::Vec;

use super::error::{CredentialsError, MisnamedSection, SearchedPlace, UnsupportedSource};
use super::ini::Section;
use super::section_name::{profile_in_config, section_in_config};
use super::shared_files::{ParsedFile, SharedFiles, Value};
use crate::credentials::owned::OwnedCredentials;

/// The files, parsed.
pub(crate) struct Profiles<'t> {
    credentials: ParsedFile<'t>,
    config: ParsedFile<'t>,
    places: Vec<SearchedPlace>,
}

impl<'t> Profiles<'t> {
    pub(crate) fn parse(files: &'t SharedFiles) -> Result<Self, CredentialsError> {
        let (credentials, config) = (files.credentials.parse()?, files.config.parse()?);
        Ok(Self { credentials, config, places: files.places() })
    }

    /// The profile of this name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Profile<'_>>, CredentialsError> {
        let in_credentials = self.credentials.ini.section(name);
        let in_config = self.find_in_config(name)?;
        let is_there = in_credentials.is_some() || in_config.is_some();
        Ok(is_there.then_some(Profile { files: self, in_credentials, in_config }))
    }

    /// The profile of this name, which has to be there.
    pub(crate) fn get(&self, name: &str) -> Result<Profile<'_>, CredentialsError> {
        self.find(name)?.ok_or_else(|| CredentialsError::ProfileNotFound {
            profile: name.to_string(),
            searched: self.places(),
            misnamed: self.misnamed(name),
        })
    }

    /// Where the files are or would be.
    pub(crate) fn places(&self) -> Vec<SearchedPlace> {
        self.places.clone()
    }

    fn find_in_config(&self, name: &str) -> Result<Option<&Section<'t>>, CredentialsError> {
        let is_meant =
            |section: &&Section<'_>| profile_in_config(section.name).as_deref() == Some(name);
        let mut meant = self.config.ini.sections().filter(is_meant);
        let first = meant.next();
        if let (Some(first), Some(second)) = (first, meant.next()) {
            return Err(CredentialsError::AmbiguousProfile {
                profile: name.to_string(),
                path: self.config.path.to_path_buf(),
                lines: [first.line, second.line],
            });
        }
        Ok(first)
    }

    /// A section named as the other file would have it, with white space around
    /// its name, or with a name that lacks its quotes.
    fn misnamed(&self, name: &str) -> Option<MisnamedSection> {
        let is_meant = |section: &&Section<'_>| {
            let meant = section.name.trim();
            meant == name
                || profile_in_config(meant).as_deref() == Some(name)
                || meant.strip_prefix("profile ") == Some(name)
        };
        let find = |file: &ParsedFile<'_>, expected: String| {
            let section = file.ini.sections().find(is_meant)?;
            Some(MisnamedSection { path: file.path.to_path_buf(), line: section.line, expected })
        };
        find(&self.credentials, name.to_string())
            .or_else(|| find(&self.config, section_in_config(name)))
    }
}

/// What the files say under one name. The credentials file's keys stand over
/// those of the config file.
#[derive(Clone, Copy)]
pub(crate) struct Profile<'f> {
    files: &'f Profiles<'f>,
    in_credentials: Option<&'f Section<'f>>,
    in_config: Option<&'f Section<'f>>,
}

/// Which of the two files credentials were found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoundIn {
    Credentials,
    Config,
}

impl<'f> Profile<'f> {
    /// Refuses what the AWS CLI would follow before it looks for keys.
    pub(crate) fn check_role(&self) -> Result<(), CredentialsError> {
        match (self.value("web_identity_token_file"), self.value("role_arn")) {
            (Some(file), _) => Err(unsupported(&file, UnsupportedSource::WebIdentity)),
            (None, Some(role)) => Err(unsupported(&role, UnsupportedSource::AssumeRole)),
            (None, None) => Ok(()),
        }
    }

    /// The profile's own keys, if there are any, unless it asks for something
    /// that comes before them.
    pub(crate) fn credentials(
        &self,
    ) -> Result<Option<(OwnedCredentials, FoundIn)>, CredentialsError> {
        self.refuse(&["sso_role_name", "sso_account_id"], UnsupportedSource::SingleSignOn)?;
        if let Some(section) = self.in_credentials
            && let Some(found) = keys(&self.files.credentials, section)?
        {
            return Ok(Some((found, FoundIn::Credentials)));
        }
        self.refuse(&["login_session"], UnsupportedSource::Login)?;
        self.refuse(&["credential_process"], UnsupportedSource::Process)?;
        let found = self.in_config.map(|section| keys(&self.files.config, section)).transpose()?;
        Ok(found.flatten().map(|found| (found, FoundIn::Config)))
    }

    /// The region, if there is one.
    pub(crate) fn region(&self) -> Result<Option<String>, CredentialsError> {
        let region = self.value("region").map(|value| value.text()).transpose()?;
        Ok(region.filter(|region| !region.is_empty()).map(ToString::to_string))
    }

    fn refuse(
        &self,
        keys: &[&'static str],
        source: UnsupportedSource,
    ) -> Result<(), CredentialsError> {
        match keys.iter().find_map(|key| self.value(key)) {
            Some(value) => Err(unsupported(&value, source)),
            None => Ok(()),
        }
    }

    fn value(&self, key: &'static str) -> Option<Value<'f>> {
        let in_credentials = self.in_credentials;
        let value = in_credentials.and_then(|section| self.files.credentials.value(section, key));
        value.or_else(|| self.files.config.value(self.in_config?, key))
    }
}

fn unsupported(value: &Value<'_>, source: UnsupportedSource) -> CredentialsError {
    CredentialsError::Unsupported { setting: value.setting(), source }
}

/// The access key of a section.
fn keys<'t>(
    file: &ParsedFile<'t>,
    section: &Section<'t>,
) -> Result<Option<OwnedCredentials>, CredentialsError> {
    let Some(id) = file.value(section, "aws_access_key_id") else {
        return Ok(None);
    };
    // First, since a secret that is indented is a part of the id.
    let access_key_id = id.required()?;
    let Some(secret) = file.value(section, "aws_secret_access_key") else {
        return Err(CredentialsError::MissingSecret { access_key_id: id.setting() });
    };
    let credentials = OwnedCredentials::new(access_key_id, secret.required()?);
    // The first is the older name, which botocore looks at first.
    let token = ["aws_security_token", "aws_session_token"]
        .into_iter()
        .find_map(|key| file.value(section, key));
    Ok(Some(match token {
        Some(token) => credentials.with_session_token(token.text()?),
        None => credentials,
    }))
}
