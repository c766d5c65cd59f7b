//! The frame of a signed event.

use core::fmt;

use crc32fast::Hasher;

use crate::bytes::encode;
use crate::chunks::chain::{Piece, SignLink, StringToSign};
use crate::events::error::EventError;
use crate::scope::CredentialScope;
use crate::sha256;
use crate::sha256::hmac::HmacKey;
use crate::signature::Signature;
use crate::time::{Timestamp, TimestampError};

/// Most bytes of one event's payload, as AWS's own clients have it.
pub const EVENT_PAYLOAD_LEN_MAX: usize = 24 * 1024 * 1024;

/// Two lengths and their checksum.
pub(crate) const PRELUDE_LEN: usize = 12;

/// Length, name, type and value of `:date`.
pub(crate) const DATE_LEN: usize = DATE_BEGIN.len() + 8;

/// `:date`, of type timestamp.
const DATE_BEGIN: &[u8] = b"\x05:date\x08";

/// Length, name, type, length of the value and value of `:chunk-signature`.
const SIGNATURE_LEN: usize = SIGNATURE_BEGIN.len() + sha256::DIGEST_LEN;

/// `:chunk-signature`, of type byte array, with 32 bytes.
const SIGNATURE_BEGIN: &[u8] = b"\x10:chunk-signature\x06\x00\x20";

const HEADERS_LEN: usize = DATE_LEN + SIGNATURE_LEN;

/// What stands before the payload.
pub(crate) const HEAD_LEN: usize = PRELUDE_LEN + HEADERS_LEN;

/// The checksum behind the payload.
pub(crate) const TAIL_LEN: usize = 4;

/// When an event was made, in milliseconds.
///
/// Its second is what is signed by, and whose day chooses the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventDate {
    unix_milliseconds: i64,
    timestamp: Timestamp,
}

impl EventDate {
    /// The date so many milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`TimestampError::OutOfRange`] outside the years 0000 to 9999.
    pub const fn from_unix_milliseconds(unix_milliseconds: i64) -> Result<Self, TimestampError> {
        // Rounds down before 1970 as well.
        match Timestamp::from_unix_seconds(unix_milliseconds.div_euclid(1_000)) {
            Ok(timestamp) => Ok(Self { unix_milliseconds, timestamp }),
            Err(error) => Err(error),
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_milliseconds(&self) -> i64 {
        self.unix_milliseconds
    }

    /// The second it lies in.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The header `:date`, as it is signed and sent.
    pub(crate) fn header(&self) -> [u8; DATE_LEN] {
        let mut header = [0; DATE_LEN];
        header[..DATE_BEGIN.len()].copy_from_slice(DATE_BEGIN);
        header[DATE_BEGIN.len()..].copy_from_slice(&self.unix_milliseconds.to_be_bytes());
        header
    }
}

/// The signature of an event behind `previous`.
pub(crate) fn signature(
    key: &HmacKey,
    scope: &CredentialScope,
    date: &EventDate,
    previous: &Signature,
    payload: &[u8],
) -> Signature {
    let headers = encode::hex(&sha256::digest(&date.header()));
    let payload = encode::hex(&sha256::digest(payload));
    let lines: [&[u8]; 2] = [&headers, &payload];
    key.sign(&StringToSign {
        piece: Piece::Payload,
        timestamp: date.timestamp(),
        scope,
        previous: *previous,
        lines: &lines,
    })
}

/// Everything before the payload.
pub(crate) fn head(payload_len: u32, date: &EventDate, signature: &Signature) -> [u8; HEAD_LEN] {
    let mut head = [0; HEAD_LEN];
    head[..4].copy_from_slice(&(payload_len + OVERHEAD).to_be_bytes());
    head[4..8].copy_from_slice(&HEADERS_LEN_FIELD.to_be_bytes());
    let checksum = crc32fast::hash(&head[..8]);
    head[8..PRELUDE_LEN].copy_from_slice(&checksum.to_be_bytes());
    let (date_header, signature_header) = head[PRELUDE_LEN..].split_at_mut(DATE_LEN);
    date_header.copy_from_slice(&date.header());
    let (begin, digest) = signature_header.split_at_mut(SIGNATURE_BEGIN.len());
    begin.copy_from_slice(SIGNATURE_BEGIN);
    digest.copy_from_slice(signature.as_bytes());
    head
}

/// The checksum of the whole frame.
pub(crate) fn tail(head: &[u8], payload: &[u8]) -> [u8; TAIL_LEN] {
    let mut hasher = Hasher::new();
    hasher.update(head);
    hasher.update(payload);
    hasher.finalize().to_be_bytes()
}

/// The frame of a signed event, as it was received: whole and well-formed, but
/// not yet verified.
#[derive(Clone, Copy)]
pub struct EventFrame<'i> {
    date: EventDate,
    signature: Signature,
    pub(crate) payload: &'i [u8],
    len: usize,
}

impl<'i> EventFrame<'i> {
    /// Bytes of a frame besides its payload.
    pub const OVERHEAD: usize = HEAD_LEN + TAIL_LEN;

    /// Reads the frame that `input` begins with.
    ///
    /// Nothing if its end is not there yet; [`needed`](Self::needed) tells how
    /// many bytes that takes.
    ///
    /// # Errors
    ///
    /// An [`EventError`] as soon as the lengths are there and wrong, or if the
    /// checksum or the headers are.
    pub fn parse(input: &'i [u8]) -> Result<Option<Self>, EventError> {
        let Some(prelude) = input.first_chunk() else { return Ok(None) };
        let len = frame_len(prelude)?;
        let Some(frame) = input.get(..len) else { return Ok(None) };
        let (covered, checksum) = frame.split_at(len - TAIL_LEN);
        if crc32fast::hash(covered).to_be_bytes() != checksum {
            return Err(EventError::ChecksumMismatch);
        }
        let (headers, payload) = covered[PRELUDE_LEN..].split_at(HEADERS_LEN);
        let (milliseconds, signature) =
            parse_headers(headers).ok_or(EventError::MalformedHeaders)?;
        let date = EventDate::from_unix_milliseconds(milliseconds)
            .map_err(|_| EventError::DateOutOfRange)?;
        Ok(Some(Self { date, signature, payload, len }))
    }

    /// How many bytes of input the frame takes that `input` begins with, as far
    /// as that can be told.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), for the lengths.
    pub fn needed(input: &[u8]) -> Result<usize, EventError> {
        input.first_chunk().map_or(Ok(PRELUDE_LEN), frame_len)
    }

    /// When it says it was made. Not verified: it tells which day's key is to
    /// verify it.
    #[must_use]
    pub const fn date(&self) -> EventDate {
        self.date
    }

    /// How many bytes of the input it takes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a frame is never empty")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The signature it presents.
    pub(crate) const fn signature(&self) -> &Signature {
        &self.signature
    }
}

impl fmt::Debug for EventFrame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventFrame")
            .field("date", &self.date)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

/// The length of a frame, from its first bytes.
fn frame_len(prelude: &[u8; PRELUDE_LEN]) -> Result<usize, EventError> {
    let [t1, t2, t3, t4, h1, h2, h3, h4, checksum @ ..] = *prelude;
    // First, since with a wrong one the lengths mean nothing.
    if crc32fast::hash(&prelude[..8]).to_be_bytes() != checksum {
        return Err(EventError::PreludeChecksumMismatch);
    }
    if u32::from_be_bytes([h1, h2, h3, h4]) != HEADERS_LEN_FIELD {
        return Err(EventError::MalformedPrelude);
    }
    let len = usize::try_from(u32::from_be_bytes([t1, t2, t3, t4])).ok();
    let payload_len = len.and_then(|len| len.checked_sub(EventFrame::OVERHEAD));
    match payload_len.ok_or(EventError::MalformedPrelude)? {
        len if len > EVENT_PAYLOAD_LEN_MAX => Err(EventError::PayloadTooLong { len }),
        len => Ok(len + EventFrame::OVERHEAD),
    }
}

/// Milliseconds and signature, from the two headers in either order.
fn parse_headers(headers: &[u8]) -> Option<(i64, Signature)> {
    let (date, signature) = if headers.starts_with(DATE_BEGIN) {
        headers.split_at_checked(DATE_LEN)?
    } else {
        let (signature, date) = headers.split_at_checked(SIGNATURE_LEN)?;
        (date, signature)
    };
    let milliseconds = date.strip_prefix(DATE_BEGIN)?.try_into().ok()?;
    let digest = signature.strip_prefix(SIGNATURE_BEGIN)?.try_into().ok()?;
    Some((i64::from_be_bytes(milliseconds), Signature::new(digest)))
}

#[expect(clippy::as_conversions, reason = "a small constant")]
const HEADERS_LEN_FIELD: u32 = HEADERS_LEN as u32;

#[expect(clippy::as_conversions, reason = "a small constant")]
const OVERHEAD: u32 = EventFrame::OVERHEAD as u32;
