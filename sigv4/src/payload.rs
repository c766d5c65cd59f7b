//! The last line of the canonical request: what a signature says about the body, but
//! not how a body is sent.

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::sha256::{self, Message};

/// What the signature says about the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// The whole body; its SHA-256 is computed here.
    Bytes(&'a [u8]),
    /// The SHA-256 of a body that the caller has hashed.
    Sha256([u8; 32]),
    /// A literal in place of a hash: the body is not covered, or covered
    /// otherwise.
    Literal(PayloadLiteral),
}

impl<'a> Payload<'a> {
    /// `UNSIGNED-PAYLOAD`: the body is not covered by the signature. For S3 over
    /// TLS and for presigned S3 URLs.
    pub const UNSIGNED: Self = Self::Literal(PayloadLiteral::Unsigned);

    /// An empty body.
    pub const EMPTY: Self = Self::Sha256([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9,
        0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52,
        0xb8, 0x55,
    ]);

    /// The last line of the canonical request, made now.
    pub(crate) fn hash(&self) -> PayloadHash {
        match self {
            Self::Bytes([]) => Self::EMPTY.hash(),
            Self::Bytes(body) => PayloadHash::of(&sha256::digest(body)),
            Self::Sha256(digest) => PayloadHash::of(digest),
            Self::Literal(literal) => PayloadHash::Literal(*literal),
        }
    }

    /// The last line of the canonical request, a body yet to be hashed.
    #[inline(always)]
    pub(crate) fn line(self) -> PayloadLine<'a> {
        match self {
            Self::Bytes(body @ [_, ..]) => PayloadLine::Body(Message::new(body)),
            Self::Bytes([]) | Self::Sha256(_) | Self::Literal(_) => PayloadLine::Known(self.hash()),
        }
    }
}

/// The last line of a canonical request.
#[derive(Clone, Copy)]
pub(crate) enum PayloadLine<'a> {
    Known(PayloadHash),
    /// The hash of these bytes, which is taken beside that of the canonical
    /// request itself.
    Body(Message<'a>),
    /// Left open, to be filled in once there is a body.
    Open,
}

impl PayloadLine<'_> {
    /// Whether the line is this one; nothing is, while it is open.
    pub(crate) fn is(&self, line: impl Iterator<Item = u8>) -> bool {
        match self {
            Self::Known(hash) => line.eq(hash.as_bytes().iter().copied()),
            Self::Body(body) => line.eq(encode::hex(&body.sha256())),
            Self::Open => false,
        }
    }

    /// Hashes the first block of a body ahead, see [`Message::start`].
    #[inline(always)]
    pub(crate) fn start(&mut self) {
        if let Self::Body(body) = self {
            body.start();
        }
    }

    /// Writes the line.
    #[inline(always)]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) {
        match self {
            Self::Known(hash) => sink.write(hash.as_bytes()),
            Self::Body(body) => sink.write(&encode::hex(&body.sha256())),
            Self::Open => sink.leave_open(),
        }
    }
}

/// The literals that may stand in place of the payload's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayloadLiteral {
    /// `UNSIGNED-PAYLOAD`
    Unsigned,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`
    StreamingUnsignedTrailer,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`
    StreamingHmac,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`
    StreamingHmacTrailer,
    /// `STREAMING-AWS4-HMAC-SHA256-EVENTS`
    StreamingHmacEvents,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`
    StreamingEcdsa,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`
    StreamingEcdsaTrailer,
}

impl PayloadLiteral {
    pub(crate) const ALL: [Self; 7] = [
        Self::Unsigned,
        Self::StreamingUnsignedTrailer,
        Self::StreamingHmac,
        Self::StreamingHmacTrailer,
        Self::StreamingHmacEvents,
        Self::StreamingEcdsa,
        Self::StreamingEcdsaTrailer,
    ];

    /// Whether no signature covers the body, so that TLS alone protects it.
    #[cfg(feature = "http")]
    pub(crate) const fn is_unsigned(self) -> bool {
        match self {
            Self::Unsigned | Self::StreamingUnsignedTrailer => true,
            Self::StreamingHmac
            | Self::StreamingHmacTrailer
            | Self::StreamingHmacEvents
            | Self::StreamingEcdsa
            | Self::StreamingEcdsaTrailer => false,
        }
    }

    /// The text on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsigned => "UNSIGNED-PAYLOAD",
            Self::StreamingUnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Self::StreamingHmac => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::StreamingHmacTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::StreamingHmacEvents => "STREAMING-AWS4-HMAC-SHA256-EVENTS",
            Self::StreamingEcdsa => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            Self::StreamingEcdsaTrailer => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        }
    }

    /// The literal with this text, if there is one.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|literal| literal.as_str().as_bytes() == text)
    }
}

/// The last line: 64 hexadecimal digits, or a literal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayloadHash {
    Hex([u8; 64]),
    Literal(PayloadLiteral),
}

impl PayloadHash {
    pub(crate) fn of(digest: &[u8; 32]) -> Self {
        Self::Hex(encode::hex(digest))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Hex(digits) => digits,
            Self::Literal(literal) => literal.as_str().as_bytes(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        // Digits and literals are always valid text.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_payload_is_the_hash_of_no_bytes() {
        assert_eq!(Payload::EMPTY, Payload::Sha256(sha256::digest(b"")));
    }

    #[test]
    fn every_literal_is_read_back() {
        for literal in PayloadLiteral::ALL {
            assert_eq!(PayloadLiteral::parse(literal.as_str().as_bytes()), Some(literal));
        }
        assert_eq!(PayloadLiteral::parse(b"unsigned-payload"), None);
    }
}
