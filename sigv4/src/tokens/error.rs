//! Why no token can be made.

use core::fmt;

use crate::bytes::sink::BufferTooSmall;
use crate::error::{KeyError, SignError};
use crate::tokens::presigning::ServiceToken;

/// Why no token can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// The credentials or the region cannot be used.
    Key(KeyError),
    /// A host, or what stands for one, is empty, is longer than 253 bytes, or
    /// holds something other than ASCII letters, digits, `-`, `_`, `.` and, in
    /// brackets, an IPv6 address.
    InvalidHost,
    /// A name is empty, or holds a byte that cannot stand in a header.
    InvalidName {
        /// What it names.
        what: &'static str,
    },
    /// The names and options make a request target of more than
    /// [`ServiceToken::TARGET_LEN_MAX`] bytes.
    TargetTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The service does not accept a token for so long.
    ExpiresTooLong {
        /// The seconds asked for.
        seconds: u32,
        /// The seconds it accepts.
        max: u32,
    },
    /// The request could not be signed.
    Sign(SignError),
    /// The token does not fit into the caller's buffer, which was zeroed as far as
    /// it had been written.
    BufferTooSmall {
        /// Bytes the token needs.
        needed: usize,
        /// Bytes the buffer has.
        available: usize,
    },
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::InvalidHost => f.write_str("the host is not the name or address of one"),
            Self::InvalidName { what } => {
                write!(f, "the {what} is empty or holds a byte that cannot stand in a header")
            }
            Self::TargetTooLong { len } => {
                write!(f, "the target has {len} bytes, more than {}", ServiceToken::TARGET_LEN_MAX)
            }
            Self::ExpiresTooLong { seconds, max } => {
                write!(f, "an expiry of {seconds} seconds is longer than {max}")
            }
            Self::Sign(error) => error.fmt(f),
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the token needs {needed} bytes, the buffer has {available}")
            }
        }
    }
}

impl core::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Sign(error) => Some(error),
            _ => None,
        }
    }
}

impl From<KeyError> for TokenError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<SignError> for TokenError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<BufferTooSmall> for TokenError {
    fn from(BufferTooSmall { needed, available }: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed, available }
    }
}
