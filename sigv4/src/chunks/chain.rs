//! The chain of signatures: each covers the one before it.

use core::fmt;

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::bytes::wipe::wipe;
use crate::payload::{Payload, PayloadLiteral};
use crate::scope::{CredentialScope, Scope};
use crate::sha256::hmac::{self, HmacKey};
use crate::sha256::{BLOCK_LEN, Blockwise, in_u64, to_bytes};
use crate::signature::Signature;
use crate::time::Timestamp;

/// A signature that the pieces of a body carry: [`Signature`], or that of SigV4a
/// (`sigv4a::Signature`, feature `sigv4a`).
///
/// Which of the two it is says everything in which bodies in chunks of the two
/// algorithms differ: the literal of the request, what a signature takes on the wire, and
/// the keys. No other type can implement it.
#[expect(private_bounds, reason = "seals the trait, and keeps sinks and keys out of the API")]
pub trait ChunkSignature: ChainLink {}

impl ChunkSignature for Signature {}

/// What a signature is to the chain that it is a part of.
pub(crate) trait ChainLink: Copy + fmt::Debug {
    /// Announces chunks that are signed.
    const SIGNED: PayloadLiteral;

    /// Announces chunks and trailers that are signed.
    const SIGNED_WITH_TRAILERS: PayloadLiteral;

    /// Bytes it takes on the wire, whichever signature it is.
    const WIRE_LEN: usize;

    type Scope: Scope + Clone;

    type SigningKey: SignLink<Self>;

    type VerifyingKey: VerifyLink<Self>;

    /// Writes what the next string to sign holds.
    fn write_digits(&self, sink: &mut impl Sink);

    /// Writes what goes on the wire.
    fn write_wire(&self, sink: &mut impl Sink);

    /// Reads at most [`WIRE_LEN`](Self::WIRE_LEN) bytes.
    fn parse_wire(wire: &[u8]) -> Option<Self>;
}

/// A key that signs the next link.
pub(crate) trait SignLink<S: ChainLink>: Clone {
    fn sign(&self, string: &StringToSign<'_, S>) -> S;
}

/// A key that says whether a link is one of its own.
pub(crate) trait VerifyLink<S: ChainLink>: Clone {
    fn has_signed(&self, string: &StringToSign<'_, S>, presented: &S) -> bool;
}

/// What a link covers.
pub(crate) struct StringToSign<'a, S: ChainLink> {
    pub(crate) piece: Piece,
    pub(crate) timestamp: Timestamp,
    pub(crate) scope: &'a S::Scope,
    pub(crate) previous: S,
    pub(crate) lines: &'a [&'a [u8]],
}

/// What a body, or a stream of events, is signed in.
#[derive(Clone, Copy)]
pub(crate) enum Piece {
    /// A chunk, or an event.
    Payload,
    /// The trailers.
    Trailer,
}

impl<S: ChainLink> StringToSign<'_, S> {
    pub(crate) fn write_to(&self, sink: &mut impl Sink) {
        sink.write(S::Scope::ALGORITHM.as_bytes());
        sink.write(match self.piece {
            Piece::Payload => b"-PAYLOAD\n".as_slice(),
            Piece::Trailer => b"-TRAILER\n",
        });
        sink.write(self.timestamp.as_bytes());
        sink.write(b"\n");
        self.scope.write_to(sink);
        sink.write(b"\n");
        self.previous.write_digits(sink);
        for line in self.lines {
            sink.write(b"\n");
            sink.write(line);
        }
    }
}

/// The signatures of one body, made or verified with `key`: time and scope are
/// those of the request. The key is zeroed on drop.
#[derive(Clone)]
pub(crate) struct Chain<S: ChainLink, K> {
    key: K,
    timestamp: Timestamp,
    scope: S::Scope,
    last: S,
}

impl<S: ChainLink, K> Chain<S, K> {
    pub(crate) const fn new(key: K, timestamp: Timestamp, scope: S::Scope, seed: S) -> Self {
        Self { key, timestamp, scope, last: seed }
    }

    /// The last signature of the chain, at first the seed.
    pub(crate) const fn last(&self) -> S {
        self.last
    }

    /// Takes the string to sign of the next chunk, given the SHA-256 of its data.
    fn with_chunk<R>(&self, data: &[u8; 32], then: impl FnOnce(&StringToSign<'_, S>) -> R) -> R {
        // What would be the hash of a chunk's headers, of which there are none.
        let headers = Payload::EMPTY.hash();
        self.with(Piece::Payload, &[headers.as_bytes(), &encode::hex(data)], then)
    }

    /// Takes the string to sign of the trailers, given the SHA-256 of their
    /// canonical form.
    fn with_trailers<R>(
        &self,
        canonical_trailers: &[u8; 32],
        then: impl FnOnce(&StringToSign<'_, S>) -> R,
    ) -> R {
        self.with(Piece::Trailer, &[&encode::hex(canonical_trailers)], then)
    }

    fn with<R>(
        &self,
        piece: Piece,
        lines: &[&[u8]],
        then: impl FnOnce(&StringToSign<'_, S>) -> R,
    ) -> R {
        let Self { timestamp, ref scope, last: previous, .. } = *self;
        then(&StringToSign { piece, timestamp, scope, previous, lines })
    }
}

impl<S: ChainLink, K: SignLink<S>> Chain<S, K> {
    /// Signs the next chunk, given the SHA-256 of its data.
    pub(crate) fn sign_chunk(&mut self, data: &[u8; 32]) -> S {
        self.last = self.with_chunk(data, |string| self.key.sign(string));
        self.last
    }

    /// Signs the trailers, given the SHA-256 of their canonical form.
    pub(crate) fn sign_trailers(&mut self, canonical_trailers: &[u8; 32]) -> S {
        self.last = self.with_trailers(canonical_trailers, |string| self.key.sign(string));
        self.last
    }
}

impl<S: ChainLink, K: VerifyLink<S>> Chain<S, K> {
    /// Whether the next chunk was signed so; the chain goes on if it was.
    pub(crate) fn verify_chunk(&mut self, data: &[u8; 32], presented: &S) -> bool {
        let holds = self.with_chunk(data, |string| self.key.has_signed(string, presented));
        if holds {
            self.last = *presented;
        }
        holds
    }

    /// Whether the trailers were signed so.
    pub(crate) fn verify_trailers(&self, canonical_trailers: &[u8; 32], presented: &S) -> bool {
        self.with_trailers(canonical_trailers, |string| self.key.has_signed(string, presented))
    }
}

impl ChainLink for Signature {
    const SIGNED: PayloadLiteral = PayloadLiteral::StreamingHmac;
    const SIGNED_WITH_TRAILERS: PayloadLiteral = PayloadLiteral::StreamingHmacTrailer;
    const WIRE_LEN: usize = Self::HEX_LEN;

    type Scope = CredentialScope;
    type SigningKey = HmacKey;
    type VerifyingKey = HmacKey;

    fn write_digits(&self, sink: &mut impl Sink) {
        sink.write(&self.to_hex());
    }

    fn write_wire(&self, sink: &mut impl Sink) {
        self.write_digits(sink);
    }

    fn parse_wire(wire: &[u8]) -> Option<Self> {
        encode::parse_hex(wire).map(Self::new)
    }
}

impl SignLink<Signature> for HmacKey {
    fn sign(&self, string: &StringToSign<'_, Signature>) -> Signature {
        let mut mac = Blockwise::resume(self.inner, in_u64(BLOCK_LEN));
        string.write_to(&mut mac);
        let digest = mac.digest_with(b"");
        let mut outer = self.outer;
        hmac::close(&mut outer, &digest);
        let signature = Signature::new(to_bytes(&outer));
        // The string is no secret, the states that it met are.
        mac.wipe();
        wipe(&mut outer);
        signature
    }
}

/// In constant time with respect to where two signatures differ.
impl VerifyLink<Signature> for HmacKey {
    fn has_signed(&self, string: &StringToSign<'_, Signature>, presented: &Signature) -> bool {
        self.sign(string) == *presented
    }
}
