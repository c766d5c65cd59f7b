//! The public key: all that a verifier needs.

use core::fmt;

use p256::ecdsa;
use p256::ecdsa::signature::hazmat::PrehashVerifier;

use crate::error::KeyError;
use crate::sigv4a::key;
use crate::sigv4a::signature::Signature;

/// The public key of an access key: it verifies and can sign nothing.
///
/// It is good for every day, region and service, for as long as the secret is.
/// `Debug` shows it: it is no secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ecdsa::VerifyingKey);

impl VerifyingKey {
    /// Length of a point of SEC 1 that is not compressed, in bytes.
    pub const SEC1_LEN: usize = 65;

    pub(crate) const fn new(key: ecdsa::VerifyingKey) -> Self {
        Self(key)
    }

    /// Derives the key from the id and the secret, for those who have the secret
    /// and want to pass on what cannot sign. Deriving costs some ten thousand
    /// times as much as copying: keep it.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the id or the secret cannot be used.
    pub fn derive(access_key_id: &str, secret_access_key: &str) -> Result<Self, KeyError> {
        key::check(access_key_id, secret_access_key)?;
        Ok(Self(*key::private_key(access_key_id, secret_access_key)?.verifying_key()))
    }

    /// Reads the key as SEC 1 has it: 65 bytes that begin with 4, or compressed
    /// to 33 that begin with 2 or 3.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if this is no point on the curve P-256.
    pub fn from_sec1_bytes(bytes: &[u8]) -> Result<Self, PublicKeyError> {
        ecdsa::VerifyingKey::from_sec1_bytes(bytes).map(Self).map_err(|_| PublicKeyError)
    }

    /// Makes the key of its two coordinates, big-endian.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if this is no point on the curve P-256.
    pub fn from_coordinates(x: &[u8; 32], y: &[u8; 32]) -> Result<Self, PublicKeyError> {
        let mut bytes = [UNCOMPRESSED; Self::SEC1_LEN];
        bytes[1..33].copy_from_slice(x);
        bytes[33..].copy_from_slice(y);
        Self::from_sec1_bytes(&bytes)
    }

    /// The point of SEC 1, not compressed: the byte 4 and the two coordinates.
    #[must_use]
    pub fn to_sec1_bytes(&self) -> [u8; Self::SEC1_LEN] {
        let mut bytes = [UNCOMPRESSED; Self::SEC1_LEN];
        // A point that is not compressed has just this length.
        for (byte, other) in bytes.iter_mut().zip(self.0.to_sec1_point(false).as_bytes()) {
            *byte = *other;
        }
        bytes
    }

    /// Whether the signature is one of this key's, over a string to sign of the
    /// given SHA-256.
    pub(crate) fn has_signed(&self, string_to_sign: &[u8; 32], signature: &Signature) -> bool {
        let signature = signature.numbers();
        signature.is_some_and(|numbers| self.0.verify_prehash(string_to_sign, &numbers).is_ok())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(")?;
        self.to_sec1_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// The bytes are no point on the curve P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKeyError;

impl fmt::Display for PublicKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the public key is no point on the curve P-256")
    }
}

impl core::error::Error for PublicKeyError {}

/// What an uncompressed point begins with (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;
