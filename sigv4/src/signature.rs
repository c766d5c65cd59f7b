//! The 32 bytes everything else is for; what makes them is `key`.

use core::fmt;

use subtle::ConstantTimeEq;

use crate::bytes::encode;

/// A signature: HMAC-SHA-256 of the string to sign.
///
/// `Display` writes the 64 lower-case hexadecimal digits that go on the wire.
/// Equality takes the same time wherever the difference lies. `Debug` shows
/// nothing: a signature that was expected but not presented is a secret.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    /// How many hexadecimal digits it has.
    pub const HEX_LEN: usize = 64;

    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes. Comparing them with `==` leaks, through time, how many
    /// agree: compare signatures instead.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> [u8; Self::HEX_LEN] {
        encode::hex(&self.0)
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        // One comparison of all differences, rather than one of each byte.
        let pairs = self.0.iter().zip(other.0);
        pairs.fold(0, |difference, (one, other)| difference | (one ^ other)).ct_eq(&0).into()
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Hexadecimal digits are always valid text.
        f.pad(core::str::from_utf8(&self.to_hex()).unwrap_or_default())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
