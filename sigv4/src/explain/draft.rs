//! What a client may have signed: a canonical request, a string to sign and a
//! key, each of which can be another than the verifier's.

use alloc::rc::Rc;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::bytes::encode;
use crate::explain::budget::{steps_to_copy, steps_to_hash};
use crate::explain::canonical_text::{CanonicalText, Layout};
use crate::names::ALGORITHM;
use crate::sha256::hmac::HmacKey;
use crate::sha256::{BlockBuffer, DIGEST_LEN, Sha256};
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
        let mut text = Vec::new();
        self.layout.write_to(&self.text, &mut text);
        text
    }

    pub(crate) fn request_hash(&self) -> RequestHash {
        let mut blocks: BlockBuffer = BlockBuffer::new();
        let mut hash = Sha256::new(&mut blocks);
        self.layout.write_to(&self.text, &mut hash);
        RequestHash(hash.finalize())
    }

    pub(crate) fn signature(&self) -> Signature {
        self.signature_over(&self.request_hash())
    }

    /// The signature, its canonical request's hash being known.
    pub(crate) fn signature_over(&self, hash: &RequestHash) -> Signature {
        let line = match self.string_to_sign.request {
            RequestLine::Sha256 => hash.hex().to_vec(),
            RequestLine::UpperCaseSha256 => hash.hex().to_ascii_uppercase(),
            RequestLine::Verbatim => self.canonical_request(),
        };
        self.key.sign(&self.string_to_sign.write(&line))
    }

    /// Whether the canonical request is that of another draft.
    pub(crate) fn has_request_of(&self, other: &Self) -> bool {
        self.layout == other.layout && self.text == other.text
    }

    /// The steps that making this draft of another one takes, tried or not.
    pub(crate) fn steps_to_make(&self, other: &Self) -> usize {
        let is_derived = !Rc::ptr_eq(&self.key, &other.key);
        let steps_of_key = if is_derived { Key::STEPS_TO_DERIVE } else { 0 };
        steps_to_copy(self.layout.len(&self.text)) + steps_of_key
    }

    /// The steps that its signature takes, the hash aside.
    pub(crate) fn steps_to_sign(&self) -> usize {
        let StringToSign { timestamp, scope, request, .. } = &self.string_to_sign;
        let request = match request {
            RequestLine::Sha256 | RequestLine::UpperCaseSha256 => Signature::HEX_LEN,
            RequestLine::Verbatim => self.layout.len(&self.text),
        };
        let len = ALGORITHM.len() + timestamp.len() + scope.len() + request;
        steps_to_copy(len) + steps_to_hash(len) + 2
    }

    /// The steps that hashing its canonical request takes.
    pub(crate) fn steps_to_hash(&self) -> usize {
        steps_to_hash(self.layout.len(&self.text))
    }
}

/// The hash of a canonical request.
#[derive(Clone, Copy)]
pub(crate) struct RequestHash([u8; DIGEST_LEN]);

impl RequestHash {
    pub(crate) fn of(canonical_request: &[u8]) -> Self {
        Self(crate::sha256::digest(canonical_request))
    }

    pub(crate) fn hex(&self) -> [u8; Signature::HEX_LEN] {
        encode::hex(&self.0)
    }
}

impl StringToSign {
    /// Writes it with what stands in its last line.
    pub(crate) fn write(&self, request: &[u8]) -> Vec<u8> {
        let lines = [ALGORITHM.as_bytes(), &self.timestamp, &self.scope, request];
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
    /// What signs with it.
    mac: HmacKey,
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
    /// Five keys of two compressions each, four of which sign a message of one
    /// block, and what is allocated for them.
    const STEPS_TO_DERIVE: usize = 24;

    pub(crate) fn derive(secret: &[u8], parts: Vec<Vec<u8>>, derivation: Derivation) -> Self {
        let secret = Zeroizing::new(secret.to_vec());
        let prefix: &[u8] = if derivation.has_prefix() { b"AWS4" } else { b"" };
        let mut signing = Zeroizing::new([prefix, &secret].concat());
        for (step, part) in parts.iter().enumerate() {
            let mut mac = derivation.mac(&HmacKey::new(&[&signing]), &signing, part);
            signing = Zeroizing::new(if derivation.is_hexadecimal(step + 1 == parts.len()) {
                Zeroizing::new(encode::hex(&mac)).to_vec()
            } else {
                mac.to_vec()
            });
            crate::bytes::wipe::wipe(&mut mac);
        }
        let mac = HmacKey::new(&[&signing]);
        Self { secret, parts, derivation, signing, mac }
    }

    /// The key that another secret leads to.
    pub(crate) fn with_secret(&self, secret: &[u8]) -> Rc<Self> {
        Rc::new(Self::derive(secret, self.parts.clone(), self.derivation))
    }

    /// The key that another scope leads to.
    pub(crate) fn with_parts(&self, parts: Vec<Vec<u8>>) -> Rc<Self> {
        Rc::new(Self::derive(&self.secret, parts, self.derivation))
    }

    /// The key that another derivation leads to.
    pub(crate) fn with_derivation(&self, derivation: Derivation) -> Rc<Self> {
        Rc::new(Self::derive(&self.secret, self.parts.clone(), derivation))
    }

    pub(crate) fn sign(&self, string_to_sign: &[u8]) -> Signature {
        Signature::new(self.derivation.mac(&self.mac, &self.signing, string_to_sign))
    }
}

impl Derivation {
    const fn has_prefix(self) -> bool {
        match self {
            Self::Standard | Self::HexadecimalSteps | Self::HexadecimalKey | Self::Swapped => true,
            Self::WithoutPrefix => false,
        }
    }

    /// Whether the result of a step, which may be the last one, is written in
    /// hexadecimal digits.
    const fn is_hexadecimal(self, is_last: bool) -> bool {
        match self {
            Self::HexadecimalSteps => true,
            Self::HexadecimalKey => is_last,
            Self::Standard | Self::WithoutPrefix | Self::Swapped => false,
        }
    }

    /// The MAC of a message; the key comes both ready for use and as bytes.
    fn mac(self, ready: &HmacKey, key: &[u8], message: &[u8]) -> [u8; DIGEST_LEN] {
        match self {
            Self::Swapped => HmacKey::new(&[message]).mac(key),
            Self::Standard
            | Self::WithoutPrefix
            | Self::HexadecimalSteps
            | Self::HexadecimalKey => ready.mac(message),
        }
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
