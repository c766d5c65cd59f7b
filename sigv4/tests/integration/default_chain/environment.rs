//! An environment of a test's own.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use sigv4::default_chain::Environment;

pub(crate) const HOME: &str = "/home/alice";

/// Variables and files in memory; the home directory is [`HOME`], and there is no
/// instance to ask.
pub(crate) struct TestEnvironment {
    variables: HashMap<String, OsString>,
    files: HashMap<PathBuf, Result<Vec<u8>, io::ErrorKind>>,
    home_directory: Option<PathBuf>,
}

impl Default for TestEnvironment {
    fn default() -> Self {
        let empty = Self { variables: HashMap::new(), files: HashMap::new(), home_directory: None };
        let with_home = empty.with_variable("HOME", HOME).with_variable("USERPROFILE", HOME);
        with_home.with_variable("AWS_EC2_METADATA_DISABLED", "true")
    }
}

impl TestEnvironment {
    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn without_variable(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// Without a variable that names a home directory; the system may know one.
    pub(crate) fn with_home_of_system(self, home: Option<&str>) -> Self {
        let without = self.without_variable("HOME").without_variable("USERPROFILE");
        Self { home_directory: home.map(PathBuf::from), ..without }
    }

    pub(crate) fn with_file(mut self, path: &str, contents: impl Into<Vec<u8>>) -> Self {
        self.files.insert(PathBuf::from(path), Ok(contents.into()));
        self
    }

    /// A file that cannot be read.
    pub(crate) fn with_error(mut self, path: &str, kind: io::ErrorKind) -> Self {
        self.files.insert(PathBuf::from(path), Err(kind));
        self
    }
}

impl Environment for TestEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).cloned()
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = self.files.get(path).cloned();
        file.unwrap_or(Err(io::ErrorKind::NotFound)).map_err(io::Error::from)
    }

    fn home_directory(&self) -> Option<PathBuf> {
        self.home_directory.clone()
    }
}
