//! The port file: tells other programs which port was taken, for as long as it is served.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

/// A port file that this process has written and removes when it is dropped.
#[derive(Debug)]
pub(super) struct PortFile {
    path: PathBuf,
    content: String,
}

impl PortFile {
    /// Writes the port and a line end, in one step: whoever finds the file finds all of it.
    pub(super) fn write(path: PathBuf, port: u16) -> io::Result<Self> {
        let content = format!("{port}\n");
        let mut new = OsString::from(&path);
        new.push(format!(".{}", process::id()));
        let written = fs::write(&new, &content).and_then(|()| fs::rename(&new, &path));
        if let Err(error) = written {
            // It may not exist; the first error is the one to report.
            let _ = fs::remove_file(&new);
            return Err(error);
        }
        Ok(Self { path, content })
    }
}

impl Drop for PortFile {
    fn drop(&mut self) {
        // Another emulator may have been given the same path meanwhile.
        if fs::read_to_string(&self.path).is_ok_and(|content| content == self.content)
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "cannot remove the port file");
        }
    }
}

/// Reads the port that an emulator wrote to `path`.
pub(super) fn read(path: &Path) -> io::Result<u16> {
    let content = fs::read_to_string(path)?;
    content
        .trim_end()
        .parse()
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it holds no port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_the_port_and_goes_when_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("port");
        let file = PortFile::write(path.clone(), 4566).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "4566\n");
        assert_eq!(read(&path).unwrap(), 4566);
        drop(file);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_file_of_another_emulator_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("port");
        let first = PortFile::write(path.clone(), 4566).unwrap();
        let second = PortFile::write(path.clone(), 4567).unwrap();
        drop(first);
        assert_eq!(read(&path).unwrap(), 4567);
        drop(second);
        assert!(!path.exists());
    }

    #[test]
    fn a_path_that_cannot_be_written_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        assert!(PortFile::write(directory.path().join("missing/port"), 1).is_err());
        assert!(PortFile::write(directory.path().to_owned(), 1).is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_without_a_port_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("port");
        for content in ["", "http", "70000\n", "1 2"] {
            fs::write(&path, content).unwrap();
            assert_eq!(read(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
