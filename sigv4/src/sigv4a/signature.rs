//! What is signed with an elliptic curve: two numbers, in DER.

use core::fmt;

use p256::ecdsa;

use crate::bytes::encode;

/// A signature of SigV4a: ECDSA on P-256 over SHA-256 of the string to sign.
///
/// `Display` writes the lower-case hexadecimal digits of its DER encoding that go on
/// the wire, at most [`HEX_LEN_MAX`](Self::HEX_LEN_MAX) of them. The same request
/// gets the same signature each time (RFC 6979); other signers make another one
/// each time, all of which are valid. `Debug` shows nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    der: [u8; Self::DER_LEN_MAX],
    len: u8,
}

impl Signature {
    /// Longest DER encoding in bytes: two integers of 33 bytes, each with its tag and
    /// length, in a sequence.
    pub const DER_LEN_MAX: usize = 72;

    /// Most hexadecimal digits.
    pub const HEX_LEN_MAX: usize = 2 * Self::DER_LEN_MAX;

    pub(crate) fn new(signature: &ecdsa::Signature) -> Self {
        let encoded = signature.to_der();
        let mut der = [0; Self::DER_LEN_MAX];
        let bytes = encoded.as_bytes();
        der[..bytes.len()].copy_from_slice(bytes);
        // At most 72, which the copy above has found to be true.
        Self { der, len: u8::try_from(bytes.len()).unwrap_or_default() }
    }

    /// Reads the digits on the wire: lower case, and the one DER encoding of two
    /// numbers that lie between zero and the order of the curve.
    pub(crate) fn parse_hex(digits: &[u8]) -> Option<Self> {
        let (pairs, []) = digits.as_chunks() else {
            return None;
        };
        let mut der = [0; Self::DER_LEN_MAX];
        for (byte, pair) in der.get_mut(..pairs.len())?.iter_mut().zip(pairs) {
            *byte = encode::parse_hex_byte(*pair)?;
        }
        let signature = ecdsa::Signature::from_der(&der[..pairs.len()]).ok()?;
        Some(Self::new(&signature))
    }

    /// The DER encoding.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der[..usize::from(self.len)]
    }

    /// The digits, at the start of a buffer.
    pub(crate) fn hex<'b>(&self, buffer: &'b mut [u8; Self::HEX_LEN_MAX]) -> &'b [u8] {
        let (pairs, _) = buffer.as_chunks_mut();
        for (pair, byte) in pairs.iter_mut().zip(self.as_der()) {
            *pair = encode::hex_byte(*byte);
        }
        &buffer[..2 * self.as_der().len()]
    }

    /// The two numbers.
    pub(crate) fn numbers(&self) -> Option<ecdsa::Signature> {
        ecdsa::Signature::from_der(self.as_der()).ok()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; Self::HEX_LEN_MAX];
        // Hexadecimal digits are always valid text.
        f.pad(core::str::from_utf8(self.hex(&mut buffer)).unwrap_or_default())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::{String, ToString};

    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    /// The DER encoding of two integers whose own encodings are given in hexadecimal.
    fn der(r: &str, s: &str) -> String {
        let integer = |digits: &str| std::format!("02{:02x}{digits}", digits.len() / 2);
        let both = integer(r) + &integer(s);
        std::format!("30{:02x}{both}", both.len() / 2)
    }

    #[test]
    fn short_and_long_encodings_are_read_back() {
        let high = "00".to_string() + &"f0".repeat(32);
        for (r, s) in [("01", "01"), ("7f", "0080"), (high.as_str(), high.as_str())] {
            let text = der(r, s);
            let signature = Signature::parse_hex(text.as_bytes()).unwrap();
            assert_eq!(signature.to_string(), text);
            assert_eq!(hex::encode(signature.as_der()), text);
        }
        assert_eq!(der(&high, &high).len(), Signature::HEX_LEN_MAX);
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let order = "00".to_string() + ORDER;
        let one_less = order.replace("551", "550");
        assert!(Signature::parse_hex(der(&one_less, &one_less).as_bytes()).is_some());
        let (good, long) = (der("01", "01"), "00".to_string() + &"ff".repeat(40));
        let refused = [
            String::new(),
            "30".to_string(),
            good[1..].to_string(),
            good.clone() + "00",
            good.clone() + "0",
            good.replace("3006", "308106"),
            good.replace("3006", "3007"),
            good.replace("02", "03"),
            std::format!("{}zz", &good[..good.len() - 2]),
            der("00", "01"),
            der("01", "00"),
            der("01", ""),
            der("0001", "01"),
            der("81", "01"),
            der(&order, "01"),
            der("01", &order),
            der(&long, "01"),
            der("01", &long),
            der("01", "0A"),
            der("01", &"01".repeat(64)),
        ];
        for text in &refused {
            assert!(Signature::parse_hex(text.as_bytes()).is_none(), "{text}");
        }
    }
}
