//! Base64 (RFC 4648), encoded in the very buffer that holds the input.
//!
//! Policies and tokens are made in the caller's buffer and have to leave it
//! encoded; no second buffer is needed when the input stands at its end.

use crate::bytes::encode::index;

/// Which of the two alphabets, and whether the end is padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// RFC 4648 §4, padded with `=`.
    Standard,
    /// RFC 4648 §5 without padding, as it stands in tokens.
    UrlUnpadded,
}

impl Variant {
    const fn digits(self) -> &'static [u8; 64] {
        match self {
            Self::Standard => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            Self::UrlUnpadded => {
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            }
        }
    }

    /// Bytes that `len` bytes become; saturates.
    pub(crate) const fn encoded_len(self, len: usize) -> usize {
        match self {
            Self::Standard => len.div_ceil(3).saturating_mul(4),
            Self::UrlUnpadded => len.div_ceil(3).saturating_add(len),
        }
    }

    /// Encodes the last `len` bytes of `out` over the whole of it, whose length
    /// is the [encoded one](Self::encoded_len).
    pub(crate) fn encode_in_place(self, out: &mut [u8], len: usize) {
        // What is written never catches up with what is yet to be read: it begins
        // as many bytes ahead as there are groups, and gains one with each.
        let (mut from, mut to) = (out.len().saturating_sub(len), 0);
        while let Some(rest) = out.get(from..)
            && !rest.is_empty()
        {
            let mut group = [0; 3];
            let taken = rest.len().min(3);
            group[..taken].copy_from_slice(&rest[..taken]);
            let digits = self.encode_group(group, taken);
            let written = (out.len() - to).min(4);
            out[to..to + written].copy_from_slice(&digits[..written]);
            (from, to) = (from + taken, to + written);
        }
    }

    fn encode_group(self, [first, second, third]: [u8; 3], taken: usize) -> [u8; 4] {
        let sextets = [
            first >> 2,
            (first << 4 | second >> 4) & 0x3f,
            (second << 2 | third >> 6) & 0x3f,
            third & 0x3f,
        ];
        let mut digits = sextets.map(|sextet| self.digits()[index(sextet)]);
        digits[taken + 1..].fill(b'=');
        digits
    }
}

/// Most bytes that `len` bytes of Base64 stand for.
pub(crate) const fn decoded_len_max(len: usize) -> usize {
    len / 4 * 3
}

/// Decodes the standard alphabet, strictly: padded, without white space, and with
/// no bits left over. Returns nothing if it is not that, or does not fit.
pub(crate) fn decode<'b>(text: &[u8], out: &'b mut [u8]) -> Option<&'b [u8]> {
    let (groups, []) = text.as_chunks::<4>() else { return None };
    let mut len = 0;
    for (n, group) in groups.iter().enumerate() {
        let padding = group.iter().rev().take_while(|digit| **digit == b'=').count();
        let mut bits = 0u32;
        for digit in &group[..4 - padding] {
            bits = bits << 6 | u32::from(sextet(*digit)?);
        }
        let is_last = n + 1 == groups.len();
        let (taken, left_over) = match padding {
            0 => (3, 0),
            1 if is_last => (2, 2),
            2 if is_last => (1, 4),
            _ => return None,
        };
        if bits & ((1 << left_over) - 1) != 0 {
            return None;
        }
        let [_, bytes @ ..] = (bits >> left_over << (8 * (3 - taken))).to_be_bytes();
        out.get_mut(len..len + taken)?.copy_from_slice(&bytes[..taken]);
        len += taken;
    }
    out.get(..len)
}

const fn sextet(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine;
    use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    fn encoded(variant: Variant, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0; variant.encoded_len(bytes.len())];
        let begin = out.len() - bytes.len();
        out[begin..].copy_from_slice(bytes);
        variant.encode_in_place(&mut out, bytes.len());
        out
    }

    proptest! {
        #[test]
        fn encoding_equals_the_base64_crate(bytes: Vec<u8>) {
            let standard = STANDARD.encode(&bytes).into_bytes();
            prop_assert_eq!(encoded(Variant::Standard, &bytes), standard);
            let url = URL_SAFE_NO_PAD.encode(&bytes).into_bytes();
            prop_assert_eq!(encoded(Variant::UrlUnpadded, &bytes), url);
        }

        #[test]
        fn decoding_equals_the_base64_crate(
            bytes: Vec<u8>,
            at: prop::sample::Index,
            change in prop::option::of("[A-Za-z+/=_ -]"),
        ) {
            let mut text = encoded(Variant::Standard, &bytes);
            if let (Some(change), false) = (change, text.is_empty()) {
                *at.get_mut(&mut text) = change.as_bytes()[0];
            }
            let mut out = vec![0; decoded_len_max(text.len())];
            prop_assert_eq!(decode(&text, &mut out).map(<[u8]>::to_vec), STANDARD.decode(&text).ok());
        }
    }

    #[test]
    fn what_is_cut_off_or_does_not_fit_is_refused() {
        for text in ["Zg=", "Zg", "Z", "====", "Z===", "Zg==Zg==", "Zh=="] {
            assert_eq!(decode(text.as_bytes(), &mut [0; 16]), None, "{text}");
        }
        assert_eq!(decode(b"Zm9v", &mut [0; 2]), None);
        assert_eq!(decode(b"Zm9v", &mut [0; 3]), Some(b"foo".as_slice()));
    }
}
