//! The signing key: a private key that is derived from id and secret.

use core::fmt;

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::PrimeField;
use p256::{NonZeroScalar, Scalar, ecdsa};
use zeroize::Zeroize;

use crate::bytes::sink::Sink;
use crate::bytes::wipe::wipe;
use crate::credentials::Credentials;
use crate::error::KeyError;
use crate::key::derived::{EncodedToken, check_access_key_id, check_credentials, check_secret};
use crate::names::SessionTokenName;
use crate::scope::{ServiceName, service_name};
use crate::sha256::hmac::HmacKey;
use crate::sigv4a::instant::SigningInstant;
use crate::sigv4a::public_key::VerifyingKey;
use crate::sigv4a::region_set::RegionSet;
use crate::sigv4a::scope::ALGORITHM;
use crate::sigv4a::signature::Signature;
use crate::time::Timestamp;

/// The private key with its public one; zeroed on drop.
pub(crate) type PrivateKey = ecdsa::SigningKey;

/// A key derived from [`Credentials`] for a service and a set of regions, good
/// for every day.
///
/// Deriving takes a point multiplication, which is most of what a signing
/// takes: keep it for as long as the credentials are good. The private key is
/// zeroed on drop; `Debug` shows id, regions and service.
#[derive(Clone)]
pub struct SigningKey<'a> {
    access_key_id: &'a str,
    session_token: &'a str,
    region_set: RegionSet<'a>,
    pub(crate) service: ServiceName,
    pub(crate) encoded_token: EncodedToken,
    pub(crate) session_token_name: SessionTokenName,
    key: PrivateKey,
}

impl<'a> SigningKey<'a> {
    /// Derives the key. The secret may have any length.
    ///
    /// # Errors
    ///
    /// One [`KeyError`] for each way in which the id, the secret, the token or the
    /// service cannot be used.
    pub fn derive(
        credentials: &Credentials<'a>,
        region_set: RegionSet<'a>,
        service: &str,
    ) -> Result<Self, KeyError> {
        check_credentials(credentials)?;
        let key = private_key(credentials.access_key_id(), credentials.secret_access_key())?;
        Self::of(credentials, region_set, service, key)
    }

    /// The key of credentials that were checked, and whose private key is known.
    pub(crate) fn of(
        credentials: &Credentials<'a>,
        region_set: RegionSet<'a>,
        service: &str,
        key: PrivateKey,
    ) -> Result<Self, KeyError> {
        let session_token = credentials.session_token().unwrap_or_default();
        Ok(Self {
            access_key_id: credentials.access_key_id(),
            session_token,
            region_set,
            service: service_name(service)?,
            encoded_token: EncodedToken::new(session_token),
            session_token_name: credentials.session_token_name(),
            key,
        })
    }

    /// Fixes the second to sign in.
    #[must_use]
    pub fn at(&self, timestamp: Timestamp) -> SigningInstant<'_> {
        SigningInstant::new(self, timestamp)
    }

    /// The public key, which verifies what this one signs. Costs nothing.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey::new(*self.key.verifying_key())
    }

    /// The id of the access key that this key was derived from.
    #[must_use]
    pub const fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    /// The regions that signatures are good in.
    #[must_use]
    pub const fn region_set(&self) -> RegionSet<'a> {
        self.region_set
    }

    /// The service's signing name.
    #[must_use]
    pub fn service(&self) -> &str {
        self.service.as_str()
    }

    /// The session token of the credentials, if there is one.
    pub(crate) const fn session_token(&self) -> Option<&'a str> {
        if self.session_token.is_empty() { None } else { Some(self.session_token) }
    }

    pub(crate) const fn private_key(&self) -> &PrivateKey {
        &self.key
    }

    /// Signs a string to sign of the given SHA-256.
    pub(crate) fn signature(&self, string_to_sign: &[u8; 32]) -> Signature {
        sign(&self.key, string_to_sign)
    }
}

impl fmt::Debug for SigningKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("access_key_id", &self.access_key_id())
            .field("region_set", &self.region_set)
            .field("service", &self.service())
            .finish_non_exhaustive()
    }
}

/// Signs with a nonce that is made of key and digest (RFC 6979).
pub(crate) fn sign(key: &PrivateKey, string_to_sign: &[u8; 32]) -> Signature {
    let signed: Result<ecdsa::Signature, _> = key.sign_prehash(string_to_sign);
    // Nonces are tried until one fits; only a digest of less than sixteen bytes
    // would be refused.
    Signature::new(&signed.expect("a digest of 32 bytes is long enough"))
}

/// Fails for an id or a secret that no key is derived from.
pub(crate) fn check(access_key_id: &str, secret_access_key: &str) -> Result<(), KeyError> {
    check_access_key_id(access_key_id)?;
    check_secret(secret_access_key)
}

/// Most candidates for a private key: their number is one byte, and never 255.
const CANDIDATES_MAX: u8 = 254;

/// Derives the private key: the first candidate that fits the curve.
///
/// A counter-mode KDF (NIST SP 800-108r1 §4.1) of one HMAC for each candidate.
/// Constant in time but for the number of candidates, of which all but one in
/// four thousand million keys need one.
pub(crate) fn private_key(
    access_key_id: &str,
    secret_access_key: &str,
) -> Result<PrivateKey, KeyError> {
    let hmac = HmacKey::new(&[b"AWS4A", secret_access_key.as_bytes()]);
    let found = (1..=CANDIDATES_MAX).find_map(|number| {
        let mut candidate = candidate(&hmac, access_key_id, number);
        let key = increment(&candidate);
        wipe(&mut candidate);
        key
    });
    let mut scalar = found.ok_or(KeyError::NoPrivateKey)?;
    let key = ecdsa::SigningKey::from(scalar);
    scalar.zeroize();
    Ok(key)
}

/// The output of the KDF: a counter of blocks, of which there is one, the label,
/// the context and the length of the output in bits.
fn candidate(hmac: &HmacKey, access_key_id: &str, number: u8) -> [u8; 32] {
    let mut mac = hmac.start();
    mac.write(&1_u32.to_be_bytes());
    mac.write(ALGORITHM.as_bytes());
    mac.write(&[0]);
    mac.write(access_key_id.as_bytes());
    mac.write(&[number]);
    mac.write(&256_u32.to_be_bytes());
    mac.finalize()
}

/// The private key for a candidate: one more, unless that is not less than the
/// order of the curve.
fn increment(candidate: &[u8; 32]) -> Option<NonZeroScalar> {
    // The greatest scalar wraps around to zero, which is no key.
    let mut scalar: Scalar = Option::from(Scalar::from_repr((*candidate).into()))?;
    let mut next = scalar + Scalar::ONE;
    let key = NonZeroScalar::new(next).into_option();
    scalar.zeroize();
    next.zeroize();
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    fn incremented(candidate: &str) -> Option<std::string::String> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(candidate, &mut bytes).unwrap();
        increment(&bytes).map(|key| hex::encode(key.to_repr()))
    }

    #[test]
    fn candidates_up_to_two_less_than_the_order_are_incremented() {
        let order_less =
            |by: u8| ORDER.replace("551", &std::format!("{:03x}", 0x551 - u16::from(by)));
        assert_eq!(incremented(&"00".repeat(32)), Some("00".repeat(31) + "01"));
        assert_eq!(incremented(&order_less(2)), Some(order_less(1)));
        assert_eq!(incremented(&order_less(1)), None);
        assert_eq!(incremented(ORDER), None);
        assert_eq!(incremented(&"ff".repeat(32)), None);
    }

    /// The private keys themselves, which no public interface shows; recomputed
    /// from the derivation that AWS documents with another implementation of
    /// HMAC, and with the public keys of aws-c-auth's tests for the first one.
    #[test]
    fn keys_are_derived_as_documented() {
        let cases = [
            (
                "AKISORANDOMAASORANDOM",
                "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom",
                "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd",
            ),
            (
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c",
            ),
            (
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "04c4d39191ae06f37a86b873d2f9951f7c37621d69e0eb834fb622c368f360c3",
            ),
        ];
        for (id, secret, expected) in cases {
            let key = private_key(id, secret).unwrap();
            assert_eq!(hex::encode(key.to_bytes()), expected, "{id}");
        }
    }
}
