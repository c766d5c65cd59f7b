//! How the key of an object becomes the path of a URL.

use core::fmt;

use crate::bytes::encode;
use crate::bytes::sink::{Buffer, Count, Measure as _, Sink};
use crate::canonical::path;
use crate::error::SignError;

/// The path of an object: a slash, and its key with every byte escaped but `A-Z a-z 0-9 - . _ ~`
/// and the slash.
///
/// A key is a text like any other: a `/` at its start or two in a row are as good as letters, and so
/// are `.` and `..` between slashes. S3 keeps them apart. Browsers and the `Url` types of many
/// clients do not: they resolve dot segments, so that `a/../b` arrives as `b`, under a
/// signature that is not good for it.
///
/// ```
/// use sigv4::objects::ObjectPath;
///
/// assert_eq!(ObjectPath::new("rübe+1.jpg").to_string(), "/r%C3%BCbe%2B1.jpg");
/// assert_eq!(ObjectPath::new("/a//b?c=100%").to_string(), "//a//b%3Fc%3D100%25");
///
/// // Without a heap:
/// let mut buffer = [0; 32];
/// assert_eq!(ObjectPath::new("a b").write_to(&mut buffer)?, "/a%20b");
/// # Ok::<(), sigv4::SignError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectPath<'a> {
    key: &'a str,
}

impl<'a> ObjectPath<'a> {
    /// The path of the object with this key.
    #[must_use]
    pub const fn new(key: &'a str) -> Self {
        Self { key }
    }

    /// Length of the path in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut count = Count::default();
        self.write(&mut count);
        count.len()
    }

    /// Writes the path into a buffer of at least [`encoded_len`](Self::encoded_len) bytes.
    ///
    /// # Errors
    ///
    /// [`SignError::BufferTooSmall`], which says how much is needed.
    pub fn write_to<'b>(&self, out: &'b mut [u8]) -> Result<&'b str, SignError> {
        let mut buffer = Buffer::new(out);
        self.write(&mut buffer);
        // What is not ASCII was escaped.
        Ok(core::str::from_utf8(buffer.finish()?).unwrap_or_default())
    }

    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.write(b"/");
        path::write_key(sink, self.key.as_bytes());
    }
}

impl fmt::Display for ObjectPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        f.write_char('/')?;
        for byte in self.key.bytes() {
            if byte == b'/' || encode::is_unreserved(byte) {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}
