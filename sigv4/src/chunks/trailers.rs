//! What may stand behind the last chunk: lines like headers, and their signature.

use core::cmp::Ordering;
use core::fmt;

use crate::bytes::sink::Sink;
use crate::canonical::header;
use crate::canonical::value;
use crate::chunks::chain::ChainLink;
use crate::chunks::error::{ChunkError, ChunkSignError};
use crate::request::Headers;
use crate::rules::FoldedLines;
use crate::sha256::{BlockBuffer, Sha256};

/// Most trailers of one body.
pub const TRAILERS_MAX: usize = 16;

/// Most bytes of all trailers, with their signature and the line ends.
pub const TRAILERS_LEN_MAX: usize = 8 * 1024;

/// The line that carries the trailers' signature. It is not covered by it.
pub(crate) const SIGNATURE_NAME: &str = "x-amz-trailer-signature";

/// What a line has besides name and value.
pub(crate) const LINE_OVERHEAD: usize = 3;

/// The trailers of a body, as they were received: in the order and spelling of
/// the wire, values without the white space around them.
#[derive(Clone, Copy)]
pub struct Trailers<'i> {
    /// Lines that were read once, and are valid.
    lines: &'i [u8],
    len: usize,
}

impl<'i> Trailers<'i> {
    /// The value of the trailer with this name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'i [u8]> {
        let found = |(other, _): &(&[u8], _)| other.eq_ignore_ascii_case(name.as_bytes());
        self.iter().find(found).map(|(_, value)| value)
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'i [u8], &'i [u8])> + use<'i> {
        let lines = self.lines.split(|&byte| byte == b'\n');
        let pairs = lines.filter_map(split);
        pairs.filter(|(name, _)| !is_signature(name)).map(|(name, text)| (name, value::trim(text)))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Headers for Trailers<'_> {
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter()
    }
}

impl fmt::Debug for Trailers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(name, value)| (name.escape_ascii(), value.escape_ascii()));
        f.debug_map().entries(shown).finish()
    }
}

/// Trailers in the order in which they are signed: no name twice.
pub(crate) struct SortedTrailers<'i> {
    pairs: [(&'i [u8], &'i [u8]); TRAILERS_MAX],
    len: usize,
}

impl<'i> SortedTrailers<'i> {
    const NONE: Self = Self { pairs: [(b"", b""); TRAILERS_MAX], len: 0 };

    /// Checks trailers to be sent.
    pub(crate) fn new<H: Headers + ?Sized>(trailers: &'i H) -> Result<Self, ChunkSignError> {
        let mut sorted = Self::NONE;
        for (index, (name, text)) in trailers.pairs().enumerate() {
            if !is_valid(name, text) || is_signature(name) {
                return Err(ChunkSignError::InvalidTrailer { index });
            }
            sorted.insert(name, text).map_err(|error| match error {
                ChunkError::DuplicateTrailer => ChunkSignError::DuplicateTrailer { index },
                _ => ChunkSignError::TooManyTrailers,
            })?;
        }
        Ok(sorted)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn insert(&mut self, name: &'i [u8], value: &'i [u8]) -> Result<(), ChunkError> {
        let found = self.as_slice().binary_search_by(|(other, _)| by_name(other, name));
        let Err(at) = found else {
            return Err(ChunkError::DuplicateTrailer);
        };
        *self.pairs.get_mut(self.len).ok_or(ChunkError::TooManyTrailers)? = (name, value);
        self.len += 1;
        self.pairs[at..self.len].rotate_right(1);
        Ok(())
    }

    fn as_slice(&self) -> &[(&'i [u8], &'i [u8])] {
        &self.pairs[..self.len]
    }

    /// SHA-256 of the canonical trailers: names in lower case, values reduced as
    /// those of headers are.
    pub(crate) fn sha256(&self) -> [u8; 32] {
        let mut blocks: BlockBuffer = BlockBuffer::new();
        let mut hash = Sha256::new(&mut blocks);
        for (name, value) in self.as_slice() {
            name.iter().for_each(|byte| hash.write_byte(byte.to_ascii_lowercase()));
            hash.write(b":");
            value::write_reduced(&mut hash, value);
            hash.write(b"\n");
        }
        hash.finalize()
    }
}

fn by_name(left: &[u8], right: &[u8]) -> Ordering {
    let lower = u8::to_ascii_lowercase;
    left.iter().map(lower).cmp(right.iter().map(lower))
}

fn is_signature(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(SIGNATURE_NAME.as_bytes())
}

/// Writes trailers as they are, each on a line.
pub(crate) fn write<H: Headers + ?Sized>(sink: &mut impl Sink, trailers: &H) {
    for (name, value) in trailers.pairs() {
        sink.write(name);
        sink.write(b":");
        sink.write(value);
        sink.write(b"\r\n");
    }
}

pub(crate) fn write_signature(sink: &mut impl Sink, signature: &impl ChainLink) {
    sink.write(SIGNATURE_NAME.as_bytes());
    sink.write(b":");
    signature.write_wire(sink);
    sink.write(b"\r\n");
}

/// Name and value of a line, less the CR at its end.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (name, value) = line.split_at(line.iter().position(|&byte| byte == b':')?);
    Some((name, &value[1..]))
}

fn is_valid(name: &[u8], text: &[u8]) -> bool {
    header::is_name(name) && value::is_valid(text, FoldedLines::Refuse)
}

/// What was read behind the last chunk.
pub(crate) struct TrailerSection<'i, S> {
    pub(crate) trailers: Trailers<'i>,
    pub(crate) sorted: SortedTrailers<'i>,
    pub(crate) signature: Option<S>,
    /// Bytes of the section, the empty line at its end included.
    pub(crate) len: usize,
}

impl<'i, S: ChainLink> TrailerSection<'i, S> {
    /// Reads all lines up to the empty one; nothing if that is not there yet.
    ///
    /// Lines may end with LF alone, and then an empty line may stand before the
    /// signature: S3's documentation shows such trailers.
    pub(crate) fn read(
        input: &'i [u8],
        expects_signature: bool,
    ) -> Result<Option<Self>, ChunkError> {
        let head = input.get(..TRAILERS_LEN_MAX).unwrap_or(input);
        let (mut sorted, mut signature) = (SortedTrailers::NONE, None);
        let (mut begin, mut after_bare_line) = (0, false);
        while let Some(end) = head[begin..].iter().position(|&byte| byte == b'\n') {
            let line = &head[begin..][..end];
            begin += end + 1;
            if !matches!(line, b"" | b"\r") {
                // Nothing comes behind the signature.
                let pair = split(line).filter(|(name, text)| is_valid(name, text));
                let (name, text) =
                    pair.filter(|_| signature.is_none()).ok_or(ChunkError::MalformedTrailer)?;
                if is_signature(name) {
                    let read = S::parse_wire(value::trim(text));
                    signature = Some(read.ok_or(ChunkError::MalformedTrailer)?);
                } else {
                    sorted.insert(name, text)?;
                }
                after_bare_line = !line.ends_with(b"\r");
            } else if after_bare_line && expects_signature && signature.is_none() {
                after_bare_line = false;
            } else {
                let trailers = Trailers { lines: &head[..begin], len: sorted.len };
                return Ok(Some(Self { trailers, sorted, signature, len: begin }));
            }
        }
        let is_full = head.len() == TRAILERS_LEN_MAX;
        if is_full { Err(ChunkError::TrailersTooLong) } else { Ok(None) }
    }
}
