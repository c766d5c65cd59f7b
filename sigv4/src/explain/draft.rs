//! What a client may have signed: a canonical request, a string to sign and a
//! key, each of which can be another than the verifier's.

use alloc::rc::Rc;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::bytes::encode;
use crate::explain::canonical_text::{CanonicalText, Layout};
use crate::names::ALGORITHM;
use crate::sha256;
use crate::sha256::hmac::HmacKey;
use crate::signature::Signature;

/// A guess at everything that a signature was made from.
#[derive(Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) text: CanonicalText,
    pub(crate) layout: Layout,
    pub(crate) string_to_sign: StringToSign,
    pub(crate) key: Rc<Key>,
}

/// The string to sign but for the request, and how that stands in it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StringToSign {
    pub(crate) timestamp: Vec<u8>,
    pub(crate) scope: Vec<u8>,
    pub(crate) request: RequestLine,
    pub(crate) end: &'static str,
}

/// What the last line of a string to sign holds. Only the first is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestLine {
    Sha256,
    UpperCaseSha256,
    Verbatim,
}

impl Draft {
    pub(crate) fn canonical_request(&self) -> Vec<u8> {
        self.layout.write(&self.text)
    }

    pub(crate) fn signature(&self) -> Signature {
        self.signature_over(&self.canonical_request())
    }

    /// The signature with another canonical request than the draft's own.
    pub(crate) fn signature_over(&self, canonical_request: &[u8]) -> Signature {
        self.key.sign(&self.string_to_sign.write(canonical_request))
    }
}

impl StringToSign {
    pub(crate) fn write(&self, canonical_request: &[u8]) -> Vec<u8> {
        let hex = encode::hex(&sha256::digest(canonical_request));
        let request = match self.request {
            RequestLine::Sha256 => hex.to_vec(),
            RequestLine::UpperCaseSha256 => hex.to_ascii_uppercase(),
            RequestLine::Verbatim => canonical_request.to_vec(),
        };
        let lines = [ALGORITHM.as_bytes(), &self.timestamp, &self.scope, &request];
        [lines.join(&b'\n').as_slice(), self.end.as_bytes()].concat()
    }
}

/// A signing key with what it was derived from. It has no `Debug`, and all of it
/// that is secret is zeroed when it is dropped.
pub(crate) struct Key {
    pub(crate) secret: Zeroizing<Vec<u8>>,
    /// Date, region, service and terminator, as far as they took part.
    pub(crate) parts: Vec<Vec<u8>>,
    derivation: Derivation,
    signing: Zeroizing<Vec<u8>>,
}

/// How a key is derived. Only the first is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Derivation {
    Standard,
    /// Without `AWS4` before the secret.
    WithoutPrefix,
    /// Each step's result as hexadecimal digits.
    HexadecimalSteps,
    /// The last result as hexadecimal digits.
    HexadecimalKey,
    /// In each step the message as key and the key as message.
    Swapped,
}

impl Key {
    pub(crate) fn derive(secret: &[u8], parts: Vec<Vec<u8>>, derivation: Derivation) -> Self {
        let secret = Zeroizing::new(secret.to_vec());
        let prefix: &[u8] = if derivation == Derivation::WithoutPrefix { b"" } else { b"AWS4" };
        let mut signing = Zeroizing::new([prefix, &secret].concat());
        for (step, part) in parts.iter().enumerate() {
            let mut mac = match derivation {
                Derivation::Swapped => HmacKey::new(&[part]).mac(&signing),
                _ => HmacKey::new(&[&signing]).mac(part),
            };
            let is_hexadecimal = match derivation {
                Derivation::HexadecimalSteps => true,
                Derivation::HexadecimalKey => step + 1 == parts.len(),
                _ => false,
            };
            signing = Zeroizing::new(if is_hexadecimal {
                Zeroizing::new(encode::hex(&mac)).to_vec()
            } else {
                mac.to_vec()
            });
            crate::bytes::wipe::wipe(&mut mac);
        }
        Self { secret, parts, derivation, signing }
    }

    /// The key that follows from the same, but for the secret.
    pub(crate) fn with_secret(&self, secret: &[u8]) -> Rc<Self> {
        Rc::new(Self::derive(secret, self.parts.clone(), self.derivation))
    }

    /// The key that follows from the same, but for the scope.
    pub(crate) fn with_parts(&self, parts: Vec<Vec<u8>>) -> Rc<Self> {
        Rc::new(Self::derive(&self.secret, parts, self.derivation))
    }

    /// The key that follows from the same, otherwise derived.
    pub(crate) fn with_derivation(&self, derivation: Derivation) -> Rc<Self> {
        Rc::new(Self::derive(&self.secret, self.parts.clone(), derivation))
    }

    pub(crate) fn sign(&self, string_to_sign: &[u8]) -> Signature {
        Signature::new(match self.derivation {
            Derivation::Swapped => HmacKey::new(&[string_to_sign]).mac(&self.signing),
            _ => HmacKey::new(&[&self.signing]).mac(string_to_sign),
        })
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        // Made of the same, two keys are the same; the rest is never compared.
        self.secret == other.secret
            && self.parts == other.parts
            && self.derivation == other.derivation
    }
}
