//! What can be wrong with an event stream.

use core::fmt;

use crate::events::frame::EVENT_PAYLOAD_LEN_MAX;
use crate::time::{Date, Timestamp};

/// Why an event cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventSignError {
    /// The date does not lie in the key's day: derive the key anew.
    WrongDay {
        /// The day the key is good for.
        key: Date,
        /// The second of the event.
        timestamp: Timestamp,
    },
    /// The payload has more than [`EVENT_PAYLOAD_LEN_MAX`] bytes.
    PayloadTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The stream has ended: an event without payload was signed.
    Finished,
}

impl fmt::Display for EventSignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongDay { key, timestamp } => {
                write!(f, "the key is good for {key}, the event is of {timestamp}")
            }
            Self::PayloadTooLong { len } => {
                write!(f, "the payload has {len} bytes, more than {EVENT_PAYLOAD_LEN_MAX}")
            }
            Self::Finished => f.write_str("the event stream has ended"),
        }
    }
}

impl core::error::Error for EventSignError {}

/// Why an event is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// The checksum of the two lengths does not match.
    PreludeChecksumMismatch,
    /// The lengths contradict each other or are those of no signed event.
    MalformedPrelude,
    /// The payload has more than [`EVENT_PAYLOAD_LEN_MAX`] bytes.
    PayloadTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The checksum of the frame does not match.
    ChecksumMismatch,
    /// The headers are not `:date` and `:chunk-signature`, each once and of its
    /// type. The signature covers no others.
    MalformedHeaders,
    /// The date lies outside the years 0000 to 9999.
    DateOutOfRange,
    /// The verifying key is good for another day than that of the event.
    WrongDay {
        /// The day the key is good for.
        key: Date,
        /// The second of the event.
        timestamp: Timestamp,
    },
    /// The signature of an event does not match.
    SignatureMismatch {
        /// Which event, counted from zero.
        index: u64,
    },
    /// The input ended before the event that ends the stream.
    EndMissing,
    /// There is an event behind the one that ends the stream.
    DataAfterEnd,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PayloadTooLong { len } => {
                return write!(f, "the payload has {len} bytes, more than {EVENT_PAYLOAD_LEN_MAX}");
            }
            Self::WrongDay { key, timestamp } => {
                return write!(f, "the key is good for {key}, the event is of {timestamp}");
            }
            Self::SignatureMismatch { index } => {
                return write!(f, "the signature of event {index} does not match");
            }
            Self::PreludeChecksumMismatch => "the checksum of the lengths does not match",
            Self::MalformedPrelude => "the lengths are not those of a signed event",
            Self::ChecksumMismatch => "the checksum of the event does not match",
            Self::MalformedHeaders => "the headers are not those of a signed event",
            Self::DateOutOfRange => "the date of the event is out of range",
            Self::EndMissing => "the event stream ends early",
            Self::DataAfterEnd => "the input goes on behind the end of the event stream",
        })
    }
}

impl core::error::Error for EventError {}
