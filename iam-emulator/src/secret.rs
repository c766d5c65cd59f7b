//! A secret access key in memory.

use std::fmt;

use zeroize::Zeroizing;

/// A secret access key: wiped when dropped, never shown by `Debug`.
///
/// Equality is for comparing whole states in tests; nothing that a client
/// sends is compared with a secret. Clients prove that they know it by a
/// signature.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself. Name the reason wherever this is called.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
