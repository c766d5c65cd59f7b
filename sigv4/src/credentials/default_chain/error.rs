//! Why there are no credentials: what is wrong, where, and what to do about it.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use super::SHARED_FILE_LEN_MAX;
use super::ini::{SHARED_FILE_LINE_LEN_MAX, SHARED_FILE_SECTIONS_MAX};
use super::variables::HOME;

/// Why the default chain or a profile gives no credentials.
///
/// Names variables, files, lines and the keys that the chain reads; never a
/// value, nor a key that it does not know, since in a file that is broken a
/// piece of a secret may stand anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// Neither the environment nor the profile holds any.
    NotFound {
        /// The profile that was looked at.
        profile: String,
        /// Where it was looked for.
        searched: Vec<SearchedPlace>,
        /// What might have some, and is not asked here: the metadata of an instance,
        /// unless `AWS_EC2_METADATA_DISABLED` is `true`.
        unasked: Option<UnsupportedSource>,
    },
    /// The profile that was asked for is there, and holds none.
    ProfileWithoutCredentials {
        /// Its name.
        profile: String,
        /// Where it was looked for.
        searched: Vec<SearchedPlace>,
    },
    /// There is no such profile.
    ProfileNotFound {
        /// Its name.
        profile: String,
        /// Where it was looked for.
        searched: Vec<SearchedPlace>,
        /// A section that may have been meant for it.
        misnamed: Option<MisnamedSection>,
    },
    /// Two sections of the config file are for the same profile, under
    /// different names. The AWS CLI takes the last, some SDKs another.
    AmbiguousProfile {
        /// The profile.
        profile: String,
        /// The file.
        path: PathBuf,
        /// The lines of the two, counted from one.
        lines: [usize; 2],
    },
    /// A file is there and cannot be read.
    UnreadableFile {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        kind: io::ErrorKind,
    },
    /// A file has more than [`SHARED_FILE_LEN_MAX`] bytes.
    FileTooLong {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read by the AWS CLI either.
    MalformedFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        fault: FileFault,
    },
    /// A value cannot be what it should be.
    InvalidValue {
        /// Where it stands.
        setting: Setting,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// There is an access key id, and no secret beside it.
    MissingSecret {
        /// Where the id stands.
        access_key_id: Setting,
    },
    /// The credentials have to be asked for, which takes requests or processes
    /// that this crate does not start.
    Unsupported {
        /// What asks for it.
        setting: Setting,
        /// What it asks for.
        source: UnsupportedSource,
    },
}

/// Where a profile was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SearchedPlace {
    /// A shared file, whether or not it is there.
    File {
        /// Where it is or would be.
        path: PathBuf,
    },
    /// A shared file in the folder `.aws` of the user's directory, which neither
    /// `HOME` (on Windows `USERPROFILE`) nor the system names.
    UnknownHome {
        /// What it is called there.
        file: &'static str,
    },
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// An environment variable.
    Variable {
        /// Its name.
        name: &'static str,
    },
    /// A key of a shared file.
    Property {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// The key, in lower case.
        key: &'static str,
    },
}

/// A section whose name is nearly that of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisnamedSection {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: usize,
    /// What the file would have to call it.
    pub expected: String,
}

/// What is wrong with a line of a shared file, or with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileFault {
    /// It is not UTF-8.
    NotUtf8,
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// The line has more than [`SHARED_FILE_LINE_LEN_MAX`] bytes.
    LineTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The file has more than [`SHARED_FILE_SECTIONS_MAX`] sections.
    TooManySections,
    /// The line stands before the first section.
    OutsideSections,
    /// The line is neither a section nor a key with a value.
    NotASetting,
    /// The line goes on with a value that began empty, and so has to hold a
    /// setting of its own.
    NestedNotASetting,
    /// The section is there already.
    DuplicateSection {
        /// The line of the first.
        first: usize,
    },
    /// The section has the key already.
    DuplicateKey {
        /// The line of the first.
        first: usize,
    },
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueFault {
    /// There is nothing.
    Empty,
    /// It is not Unicode text.
    NotUnicode,
    /// It goes on in another line, because that is indented deeper.
    Continued {
        /// The line, counted from one.
        line: usize,
    },
    /// It stands between quotes, which the AWS CLI takes for a part of it.
    Quoted,
    /// It holds white space and then `#` or `;`: for the AWS CLI a part of the
    /// value, for some SDKs a comment.
    InlineComment,
    /// It is not a time of RFC 3339.
    NotATime,
}

/// Credentials that are not simply there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsupportedSource {
    /// A role, assumed by a request to AWS STS.
    AssumeRole,
    /// A role, assumed by a request to AWS STS with a token from a file.
    WebIdentity,
    /// IAM Identity Center.
    SingleSignOn,
    /// A session of `aws login`.
    Login,
    /// The output of a process.
    Process,
    /// The endpoint of a container.
    Container,
    /// The metadata of an instance.
    Instance,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { profile, searched, unasked } => {
                write!(
                    f,
                    "no credentials: AWS_ACCESS_KEY_ID is not set, and the profile `{profile}` has none"
                )?;
                write_searched(f, searched)?;
                match unasked {
                    Some(source) => write!(f, "; {source}"),
                    None => Ok(()),
                }
            }
            Self::ProfileWithoutCredentials { profile, searched } => {
                write!(f, "the profile `{profile}` has no credentials")?;
                write_searched(f, searched)
            }
            Self::ProfileNotFound { profile, searched, misnamed } => {
                write!(f, "no profile `{profile}`")?;
                write_searched(f, searched)?;
                match misnamed {
                    Some(section) => write!(f, "; {section}"),
                    None => Ok(()),
                }
            }
            Self::AmbiguousProfile { profile, path, lines: [first, second] } => write!(
                f,
                "{}: lines {first} and {second} both begin the profile `{profile}`; remove one",
                path.display()
            ),
            Self::UnreadableFile { path, kind } => {
                write!(f, "{} cannot be read: {kind}", path.display())
            }
            Self::FileTooLong { path } => {
                write!(f, "{} has more than {SHARED_FILE_LEN_MAX} bytes", path.display())
            }
            Self::MalformedFile { path, line, fault } => {
                write!(f, "{}, line {line}: {fault}", path.display())
            }
            Self::InvalidValue { setting, fault } => write!(f, "{setting}: {fault}"),
            Self::MissingSecret { access_key_id } => {
                write!(f, "{access_key_id}: there is no secret access key beside it")
            }
            Self::Unsupported { setting, source } => write!(f, "{setting}: {source}"),
        }
    }
}

impl core::error::Error for CredentialsError {}

fn write_searched(f: &mut fmt::Formatter<'_>, searched: &[SearchedPlace]) -> fmt::Result {
    for (index, place) in searched.iter().enumerate() {
        let before = if index == 0 { " in " } else { " or " };
        write!(f, "{before}{place}")?;
    }
    Ok(())
}

impl fmt::Display for SearchedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path } => path.display().fmt(f),
            Self::UnknownHome { file } => {
                write!(f, "~/.aws/{file} (neither {HOME} nor the system names a home directory)")
            }
        }
    }
}

impl Setting {
    pub(crate) fn property(path: &Path, line: usize, key: &'static str) -> Self {
        Self::Property { path: path.to_path_buf(), line, key }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable { name } => f.write_str(name),
            Self::Property { path, line, key } => {
                write!(f, "{}, line {line}, {key}", path.display())
            }
        }
    }
}

impl fmt::Display for MisnamedSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, expected } = self;
        write!(
            f,
            "the section in line {line} of {} would have to be `[{expected}]`",
            path.display()
        )
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("the file is not UTF-8"),
            Self::ByteOrderMark => {
                f.write_str("the file begins with a byte order mark; save it as UTF-8 without one")
            }
            Self::LineTooLong { len } => {
                write!(f, "the line has {len} bytes, more than {SHARED_FILE_LINE_LEN_MAX}")
            }
            Self::TooManySections => {
                write!(f, "the file has more than {SHARED_FILE_SECTIONS_MAX} sections")
            }
            Self::OutsideSections => {
                f.write_str("this stands before the first section, such as `[default]`")
            }
            Self::NotASetting => f.write_str(
                "this is neither a section nor a setting such as `region = eu-central-1`",
            ),
            Self::NestedNotASetting => f.write_str(
                "this is indented and so belongs to the empty setting above, but has no `=`",
            ),
            Self::DuplicateSection { first } => {
                write!(f, "this section is in line {first} already")
            }
            Self::DuplicateKey { first } => {
                write!(f, "this key is in line {first} of the section already")
            }
        }
    }
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the value is empty"),
            Self::NotUnicode => f.write_str("the value is not Unicode text"),
            Self::Continued { line } => {
                write!(f, "the value goes on in line {line}, because that is indented deeper")
            }
            Self::Quoted => f.write_str("the quotes would be a part of the value; remove them"),
            Self::InlineComment => f.write_str(
                "what looks like a comment behind the value would be a part of it; give the comment a line of its own",
            ),
            Self::NotATime => {
                f.write_str("the value is not a time such as 2015-08-30T13:36:00Z")
            }
        }
    }
}

impl fmt::Display for UnsupportedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AssumeRole => "this asks for a role to be assumed by a request to AWS STS",
            Self::WebIdentity => {
                "this asks for a role to be assumed by a request to AWS STS with a token from a file"
            }
            Self::SingleSignOn => "this asks for credentials of IAM Identity Center",
            Self::Login => "this asks for credentials of `aws login`",
            Self::Process => "this asks for credentials that a process writes",
            Self::Container => "this asks for credentials of a container's endpoint",
            Self::Instance => {
                "credentials of an instance would have to be asked for at its metadata endpoint"
            }
        })?;
        f.write_str(
            ", which is not done here: use the official provider chain with feature \
             `aws-credential-types`, or hand over what \
             `aws configure export-credentials --format env` prints",
        )
    }
}
