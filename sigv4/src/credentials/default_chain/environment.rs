//! What the chain may look at, passed in: the core reads neither variables nor files.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::vec::Vec;

use super::SHARED_FILE_LEN_MAX;

/// Environment variables and files.
///
/// [`ProcessEnvironment`] has those of the process; a test brings its own and
/// needs no state that others share. What the functions return is overwritten with
/// zeroes once it has been read.
pub trait Environment {
    /// The value of an environment variable, if there is one.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// What is in a file.
    ///
    /// # Errors
    ///
    /// Of the kind [`NotFound`](io::ErrorKind::NotFound) if there is no such
    /// file, which is no mistake; any other refuses the credentials.
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The user's directory as the system has it, asked for where no variable
    /// names it. Unless an implementation says otherwise it is not known.
    fn home_directory(&self) -> Option<PathBuf> {
        None
    }
}

/// The environment variables of the process, and the files that it can read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        env::var_os(name)
    }

    /// Reads no more than the first [`SHARED_FILE_LEN_MAX`] bytes and one. What
    /// is not a regular file is not there, as for the AWS CLI.
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let len_max = u64::try_from(SHARED_FILE_LEN_MAX).unwrap_or(u64::MAX) + 1;
        // Large enough from the start: growing would leave a copy of secrets behind.
        let len = usize::try_from(metadata.len().min(len_max)).unwrap_or(SHARED_FILE_LEN_MAX + 1);
        let mut contents = Vec::with_capacity(len + 1);
        File::open(path)?.take(len_max).read_to_end(&mut contents)?;
        Ok(contents)
    }

    /// On Unix from the list of users.
    fn home_directory(&self) -> Option<PathBuf> {
        env::home_dir()
    }
}

impl<E: Environment + ?Sized> Environment for &E {
    fn variable(&self, name: &str) -> Option<OsString> {
        (**self).variable(name)
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        (**self).read_file(path)
    }

    fn home_directory(&self) -> Option<PathBuf> {
        (**self).home_directory()
    }
}
