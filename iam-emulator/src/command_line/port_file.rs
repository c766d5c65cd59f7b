//! The port file: tells other programs which port was taken, for as long as it is served.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Created anew under a name that nobody knows, and never through a link.
        let mut new = temporary_file().tempfile_in(folder.unwrap_or(Path::new(".")))?;
        new.write_all(content.as_bytes())?;
        new.persist(&path)?;
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

/// A file that others may read, as far as the process's mask lets them: a port is no secret.
fn temporary_file() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".iam-emulator-port");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    builder
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

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_never_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (target, path) = (directory.path().join("target"), directory.path().join("port"));
        fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let _file = PortFile::write(path.clone(), 4566).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
        assert_eq!(read(&path).unwrap(), 4566);
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
