//! The two shared files, read and parsed.

use std::io;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use zeroize::{Zeroize, Zeroizing};

use super::SHARED_FILE_LEN_MAX;
use super::environment::Environment;
use super::error::{CredentialsError, FileFault, SearchedPlace, Setting, ValueFault};
use super::ini::{Ini, Property, Section};
use super::value::check_value;
use super::variables;

/// The texts of both files, wiped when they are dropped.
pub(crate) struct SharedFiles {
    pub(crate) credentials: SharedFile,
    pub(crate) config: SharedFile,
}

impl SharedFiles {
    pub(crate) fn read(environment: &impl Environment) -> Result<Self, CredentialsError> {
        let read = |variable, name| {
            SharedFile::read(environment, variables::shared_file(environment, variable, name), name)
        };
        Ok(Self {
            credentials: read("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            config: read("AWS_CONFIG_FILE", "config")?,
        })
    }

    /// Where they are or would be.
    pub(crate) fn places(&self) -> Vec<SearchedPlace> {
        [&self.credentials, &self.config].map(SharedFile::place).into()
    }
}

/// A file that may not be there, and then has no text.
pub(crate) struct SharedFile {
    path: Option<PathBuf>,
    /// What it is called in the folder `.aws`.
    name: &'static str,
    text: Zeroizing<String>,
}

impl SharedFile {
    fn read(
        environment: &impl Environment,
        path: Option<PathBuf>,
        name: &'static str,
    ) -> Result<Self, CredentialsError> {
        let Some(path) = path else {
            return Ok(Self { path, name, text: Zeroizing::default() });
        };
        let contents = match environment.read_file(&path) {
            Ok(contents) => Zeroizing::new(contents),
            // A path such as `file/credentials` is not there either.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Zeroizing::default()
            }
            Err(error) => {
                return Err(CredentialsError::UnreadableFile { path, kind: error.kind() });
            }
        };
        let text = text(&path, contents)?;
        Ok(Self { path: Some(path), name, text })
    }

    fn place(&self) -> SearchedPlace {
        match &self.path {
            Some(path) => SearchedPlace::File { path: path.clone() },
            None => SearchedPlace::UnknownHome { file: self.name },
        }
    }

    /// Where it is; nothing if it has no text.
    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone().unwrap_or_default()
    }

    pub(crate) fn parse(&self) -> Result<ParsedFile<'_>, CredentialsError> {
        // Without a path there is no text, and no line to find fault with.
        let path = self.path.as_deref().unwrap_or(Path::new(""));
        let malformed = |(line, fault)| malformed(path, line, fault);
        Ok(ParsedFile { path, ini: Ini::parse(&self.text).map_err(malformed)? })
    }
}

/// What a file holds as text, in the same memory.
fn text(
    path: &Path,
    mut contents: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<String>, CredentialsError> {
    if contents.len() > SHARED_FILE_LEN_MAX {
        return Err(CredentialsError::FileTooLong { path: path.to_path_buf() });
    }
    if contents.starts_with(BYTE_ORDER_MARK) {
        return Err(malformed(path, 1, FileFault::ByteOrderMark));
    }
    String::from_utf8(core::mem::take(&mut *contents)).map(Zeroizing::new).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let mut contents = error.into_bytes();
        let line = 1 + contents[..valid].iter().filter(|byte| **byte == b'\n').count();
        contents.zeroize();
        malformed(path, line, FileFault::NotUtf8)
    })
}

fn malformed(path: &Path, line: usize, fault: FileFault) -> CredentialsError {
    CredentialsError::MalformedFile { path: path.to_path_buf(), line, fault }
}

pub(crate) struct ParsedFile<'t> {
    pub(crate) path: &'t Path,
    pub(crate) ini: Ini<'t>,
}

impl<'t> ParsedFile<'t> {
    /// The value of a key, wherever the file may have it for the section.
    pub(crate) fn value<'a>(
        &'a self,
        section: &'a Section<'t>,
        key: &'static str,
    ) -> Option<Value<'a>> {
        let property = self.ini.property(section, key)?;
        Some(Value { path: self.path, key, property })
    }
}

/// A value that stands in a file.
#[derive(Clone, Copy)]
pub(crate) struct Value<'f> {
    path: &'f Path,
    key: &'static str,
    property: &'f Property<'f>,
}

impl<'f> Value<'f> {
    /// The value, if it means what it says. It may be empty.
    pub(crate) fn text(&self) -> Result<&'f str, CredentialsError> {
        if let Some(line) = self.property.continued {
            return Err(self.invalid(ValueFault::Continued { line }));
        }
        check_value(self.property.value).map_err(|fault| self.invalid(fault))?;
        Ok(self.property.value)
    }

    /// The value, which must not be empty.
    pub(crate) fn required(&self) -> Result<&'f str, CredentialsError> {
        match self.text()? {
            "" => Err(self.invalid(ValueFault::Empty)),
            text => Ok(text),
        }
    }

    pub(crate) fn setting(&self) -> Setting {
        Setting::property(self.path, self.property.line, self.key)
    }

    fn invalid(&self, fault: ValueFault) -> CredentialsError {
        CredentialsError::InvalidValue { setting: self.setting(), fault }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
