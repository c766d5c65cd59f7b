//! The line before a chunk's data: its length and its signature.

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::chunks::Chunking;
use crate::chunks::chain::ChainLink;
use crate::chunks::error::ChunkError;
use crate::signature::Signature;

/// Longest chunk header in bytes: sixteen digits and a signature. Those of SigV4a are
/// longer: `sigv4a::CHUNK_HEADER_LEN_MAX`.
pub const CHUNK_HEADER_LEN_MAX: usize = len_max::<Signature>();

/// What stands behind the data of each chunk.
pub const CHUNK_END: &[u8; 2] = b"\r\n";

/// Hexadecimal digits of a length.
const LEN_DIGITS_MAX: usize = 16;

const EXTENSION: &[u8] = b";chunk-signature=";

const LINE_END: &[u8; 2] = b"\r\n";

/// Longest header with signatures of this kind in bytes.
pub(crate) const fn len_max<S: ChainLink>() -> usize {
    LEN_DIGITS_MAX + signed_len::<S>()
}

/// What a signed header has besides the length.
const fn signed_len<S: ChainLink>() -> usize {
    EXTENSION.len() + S::WIRE_LEN + LINE_END.len()
}

/// A chunk header that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkHeader<S> {
    pub(crate) len: u64,
    /// Nothing where chunks are not signed.
    pub(crate) signature: Option<S>,
}

/// Bytes of the header of a chunk with so many bytes of data.
pub(crate) const fn len<S: ChainLink>(chunking: Chunking, data_len: u64) -> usize {
    let rest = if chunking.is_signed() { signed_len::<S>() } else { LINE_END.len() };
    digits(data_len) + rest
}

/// Hexadecimal digits of `len`, one for zero.
const fn digits(len: u64) -> usize {
    let mut digits = 1;
    let mut rest = len >> 4;
    while rest > 0 {
        digits += 1;
        rest >>= 4;
    }
    digits
}

pub(crate) fn write(sink: &mut impl Sink, data_len: u64, signature: Option<&impl ChainLink>) {
    let text = encode::hex(&padded(data_len));
    sink.write(&text[text.len() - digits(data_len)..]);
    if let Some(signature) = signature {
        sink.write(EXTENSION);
        signature.write_wire(sink);
    }
    sink.write(LINE_END);
}

/// A number at the end of as many bytes as [`encode::hex`] takes.
fn padded(number: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    bytes
}

impl<S: ChainLink> ChunkHeader<S> {
    /// Reads a header, and how long it is; nothing if its end is not there yet.
    ///
    /// Strict: no leading zero, no extension but the signature, which is in lower
    /// case, CRLF. Digits of the length may have either case, also mixed, because AWS's own
    /// writers differ; the signature covers the data, and so the number, not its spelling.
    pub(crate) fn read(
        input: &[u8],
        chunking: Chunking,
    ) -> Result<Option<(Self, usize)>, ChunkError> {
        let head = input.get(..len_max::<S>()).unwrap_or(input);
        let Some(end) = head.iter().position(|&byte| byte == b'\n') else {
            let is_full = head.len() == len_max::<S>();
            return if is_full { Err(ChunkError::ChunkHeaderTooLong) } else { Ok(None) };
        };
        let header = head[..end].strip_suffix(b"\r").and_then(|line| Self::parse(line, chunking));
        header.map(|header| Some((header, end + 1))).ok_or(ChunkError::MalformedChunkHeader)
    }

    fn parse(line: &[u8], chunking: Chunking) -> Option<Self> {
        let (len, signature) = if chunking.is_signed() {
            let (line, signature) = line.split_at(line.len().checked_sub(S::WIRE_LEN)?);
            (line.strip_suffix(EXTENSION)?, Some(S::parse_wire(signature)?))
        } else {
            (line, None)
        };
        Some(Self { len: parse_len(len)?, signature })
    }
}

/// One to sixteen hexadecimal digits, of which the first is not a zero unless it
/// is the only one.
fn parse_len(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > LEN_DIGITS_MAX || (text.len() > 1 && text[0] == b'0') {
        return None;
    }
    text.iter().try_fold(0, |len, &byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => return None,
        };
        Some(len << 4 | u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::Buffer;
    use std::string::ToString;

    #[test]
    fn lengths_are_written_and_read_alike() {
        for len in [0, 1, 9, 10, 15, 16, 255, 256, 65_536, 0xabc_def0, u64::MAX - 1, u64::MAX] {
            let signature = Signature::new([0xa5; 32]);
            for (chunking, signature) in
                [(Chunking::Signed, Some(signature)), (Chunking::UnsignedWithTrailers, None)]
            {
                let mut out = [0; CHUNK_HEADER_LEN_MAX];
                let mut buffer = Buffer::new(&mut out);
                write(&mut buffer, len, signature.as_ref());
                let written = buffer.finish().unwrap();
                assert_eq!(written.len(), super::len::<Signature>(chunking, len));
                let header = ChunkHeader { len, signature };
                let read = ChunkHeader::read(written, chunking);
                assert_eq!(read, Ok(Some((header, written.len()))));
                for part in 0..written.len() {
                    let read = ChunkHeader::<Signature>::read(&written[..part], chunking);
                    assert_eq!(read, Ok(None));
                }
            }
        }
    }

    #[test]
    fn digits_of_a_length_have_either_case_and_nothing_else_does() {
        for text in ["afc8", "AFC8", "aFc8", "AfC8"] {
            assert_eq!(parse_len(text.as_bytes()), Some(45_000), "{text}");
        }
        assert_eq!(parse_len(b"FFFFFFFFFFFFFFFF"), Some(u64::MAX));
        for text in ["", "0AFC8", "00", "AFCG", "AFC`", "AFC@", "0xA", " A", "A ", "+A", "-A"] {
            assert_eq!(parse_len(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse_len(b"10000000000000000"), None);
        let signature = Signature::new([0xa5; 32]).to_string();
        let line = std::format!("AFC8;chunk-signature={signature}\r\n");
        let read = |line: &str| ChunkHeader::<Signature>::read(line.as_bytes(), Chunking::Signed);
        assert!(read(&line).is_ok_and(|read| read.is_some()));
        let refused = Err(ChunkError::MalformedChunkHeader);
        assert_eq!(read(&line.replace("a5", "A5")), refused);
        assert_eq!(read(&line.replace("chunk", "Chunk")), refused);
        assert_eq!(read(&line.replace("AFC8", "0AFC8")), refused);
        assert_eq!(read(&line.replace("\r\n", "\n")), refused);
        assert_eq!(read(&line.replace("AFC8", "AFC8;a=b")), refused);
    }
}
