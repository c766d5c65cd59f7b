//! Bodies in chunks that are signed with an elliptic curve.

use crate::bytes::sink::Sink;
use crate::chunks::chain::{Chain, ChainLink, ChunkSignature, SignLink, StringToSign, VerifyLink};
use crate::chunks::header;
use crate::chunks::signer::{BeginChain, SigningChain};
use crate::chunks::{ChunkError, Chunking};
use crate::payload::PayloadLiteral;
use crate::request::{Headers, Request};
use crate::sha256::{BlockBuffer, Sha256};
use crate::sigv4a::instant::SigningInstant;
use crate::sigv4a::key::{self, PrivateKey};
use crate::sigv4a::public_key::VerifyingKey;
use crate::sigv4a::scope::MultiRegionScope;
use crate::sigv4a::signature::Signature;
use crate::sigv4a::verify::Verified;

/// Encodes a body in chunks that are signed with SigV4a.
pub type ChunkSigner = crate::chunks::ChunkSigner<Signature>;

/// Decodes a body in chunks that were signed with SigV4a.
pub type ChunkDecoder = crate::chunks::ChunkDecoder<Signature>;

/// Longest chunk header in bytes: sixteen digits and a signature, which always
/// has the length of the longest on the wire.
pub const CHUNK_HEADER_LEN_MAX: usize = header::len_max::<Signature>();

/// What fills up a signature on the wire to the length of the longest, so that
/// the length of a body is known before it is signed.
const PADDING: u8 = b'*';

impl SigningInstant<'_> {
    /// Begins the chain of chunks behind a request that was signed with
    /// [`Chunking::literal`] at this instant, with this key.
    ///
    /// The signer keeps a copy of the key and borrows nothing, so that a body
    /// may outlive the instant.
    ///
    /// ```
    /// use sigv4::chunks::{CHUNK_END, Chunking};
    /// use sigv4::sigv4a::{CHUNK_HEADER_LEN_MAX, RegionSet, Signature, SigningKey};
    /// use sigv4::{Credentials, Payload, Request, SigningRules, Timestamp};
    ///
    /// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    /// let key = SigningKey::derive(&credentials, RegionSet::ALL, "s3")?;
    /// let instant = key.at(Timestamp::from_unix_seconds(1_369_353_600)?);
    ///
    /// let (chunking, body) = (Chunking::Signed, b"Welcome to Amazon S3.");
    /// let encoded_len = chunking.encoded_len::<Signature>(21, 65_536, &[]).ok_or("too long")?;
    /// let headers = [
    ///     ("Host", "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"),
    ///     ("Content-Encoding", "aws-chunked"),
    ///     ("Content-Length", &encoded_len.to_string()),
    ///     ("X-Amz-Decoded-Content-Length", "21"),
    /// ];
    /// let request = Request::new("PUT", "/test.txt", &headers);
    /// let mut buffer = [0; 1024];
    /// let payload = Payload::Literal(chunking.literal::<Signature>());
    /// let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer)?;
    ///
    /// let mut signer = instant.chunk_signer(chunking, signed.signature());
    /// let mut sent = Vec::new();
    /// for data in body.chunks(65_536) {
    ///     sent.extend_from_slice(signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX])?);
    ///     sent.extend_from_slice(data);
    ///     sent.extend_from_slice(CHUNK_END);
    /// }
    /// sent.extend_from_slice(signer.finish::<[(&str, &str)]>(&[], &mut [0; 256])?);
    /// assert_eq!(u64::try_from(sent.len())?, encoded_len);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn chunk_signer(&self, chunking: Chunking, seed: &Signature) -> ChunkSigner {
        self.begin_chunks(chunking, seed)
    }
}

impl Verified {
    /// Begins to decode the body of this request, which was verified with this key.
    ///
    /// What is said of [`Verified::chunk_decoder`](crate::Verified::chunk_decoder)
    /// holds here too. Each signed chunk costs the verifying of a signature, so that a sender of
    /// many small ones keeps a verifier busy: some two hundred microseconds for as
    /// little as 200 bytes.
    ///
    /// # Errors
    ///
    /// As [`Verified::chunk_decoder`](crate::Verified::chunk_decoder).
    pub fn chunk_decoder<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        key: &VerifyingKey,
    ) -> Result<ChunkDecoder, ChunkError> {
        ChunkDecoder::begin(request, self.payload, || {
            Chain::new(*key, self.timestamp, self.scope, self.signature)
        })
    }
}

impl<'k> BeginChain<'k> for SigningInstant<'k> {
    fn chain(&self, seed: &Signature) -> SigningChain<Signature> {
        Chain::new(self.key.private_key().clone(), self.timestamp(), self.scope, *seed)
    }
}

impl ChunkSignature for Signature {}

impl ChainLink for Signature {
    const SIGNED: PayloadLiteral = PayloadLiteral::StreamingEcdsa;
    const SIGNED_WITH_TRAILERS: PayloadLiteral = PayloadLiteral::StreamingEcdsaTrailer;
    const WIRE_LEN: usize = Self::HEX_LEN_MAX;

    type Scope = MultiRegionScope;
    type SigningKey = PrivateKey;
    type VerifyingKey = VerifyingKey;

    fn write_digits(&self, sink: &mut impl Sink) {
        sink.write(self.hex(&mut [0; Self::HEX_LEN_MAX]));
    }

    fn write_wire(&self, sink: &mut impl Sink) {
        let mut wire = [PADDING; Self::HEX_LEN_MAX];
        self.hex(&mut wire);
        sink.write(&wire);
    }

    fn parse_wire(wire: &[u8]) -> Option<Self> {
        let padding = wire.iter().rev().take_while(|byte| **byte == PADDING).count();
        Self::parse_hex(&wire[..wire.len() - padding])
    }
}

impl SignLink<Signature> for PrivateKey {
    fn sign(&self, string: &StringToSign<'_, Signature>) -> Signature {
        key::sign(self, &sha256(string))
    }
}

impl VerifyLink<Signature> for VerifyingKey {
    fn has_signed(&self, string: &StringToSign<'_, Signature>, presented: &Signature) -> bool {
        Self::has_signed(self, &sha256(string), presented)
    }
}

fn sha256(string: &StringToSign<'_, Signature>) -> [u8; 32] {
    let mut blocks: BlockBuffer = BlockBuffer::new();
    let mut hash = Sha256::new(&mut blocks);
    string.write_to(&mut hash);
    hash.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::Buffer;

    #[test]
    fn signatures_are_padded_on_the_wire_and_read_back() {
        let short = b"3006020101020101";
        let signature = Signature::parse_wire(short).unwrap();
        let mut wire = [0; Signature::WIRE_LEN];
        let mut buffer = Buffer::new(&mut wire);
        signature.write_wire(&mut buffer);
        let wire = buffer.finish().unwrap();
        assert_eq!(wire.len(), 144);
        assert!(wire.starts_with(short) && wire[short.len()..].iter().all(|byte| *byte == b'*'));
        assert!(Signature::parse_wire(wire) == Some(signature));
        assert!(Signature::parse_wire(b"*3006020101020101").is_none());
        assert!(Signature::parse_wire(b"3006*020101020101").is_none());
        assert!(Signature::parse_wire(b"").is_none());
        assert!(Signature::parse_wire(&[b'*'; 144]).is_none());
    }
}
