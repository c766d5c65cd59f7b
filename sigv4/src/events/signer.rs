//! The signer of events.

use core::fmt;

use crate::events::error::EventSignError;
use crate::events::frame::{self, EVENT_PAYLOAD_LEN_MAX, EventDate, HEAD_LEN, TAIL_LEN};
use crate::events::key::EventKey;
use crate::signature::Signature;

/// Signs the events that follow a request whose payload was
/// [`StreamingHmacEvents`](crate::PayloadLiteral::StreamingHmacEvents), or a
/// presigned one.
///
/// Holds no key: a stream may last longer than the day a key is good for.
///
/// ```
/// use sigv4::events::{EventDate, EventSigner};
/// use sigv4::{Credentials, Payload, PayloadLiteral, Request, SigningKey, SigningRules};
///
/// let date = EventDate::from_unix_milliseconds(1_440_938_160_250)?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let key = SigningKey::derive(&credentials, date.timestamp().date(), "us-east-1", "transcribe")?;
/// let headers = [("Host", "transcribestreaming.us-east-1.amazonaws.com")];
/// let request = Request::new("POST", "/stream-transcription", &headers);
/// let payload = Payload::Literal(PayloadLiteral::StreamingHmacEvents);
/// let (instant, mut buffer) = (key.at(date.timestamp())?, [0; 512]);
/// let signed = instant.sign(&request, payload, &SigningRules::STANDARD, &mut buffer)?;
///
/// let mut signer = EventSigner::new(signed.signature());
/// let mut sent = Vec::new();
/// for message in [b"one encoded message".as_slice(), b"another", b""] {
///     let event = signer.sign(&key, date, message)?;
///     sent.extend_from_slice(event.head());
///     sent.extend_from_slice(message);
///     sent.extend_from_slice(event.tail());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EventSigner {
    last: Signature,
    is_finished: bool,
}

impl EventSigner {
    /// Begins the chain with the signature of the request.
    #[must_use]
    pub const fn new(seed: &Signature) -> Self {
        Self { last: *seed, is_finished: false }
    }

    /// Signs the event with this payload. An empty one ends the stream.
    ///
    /// The key is that of the event's day, and of the access key that signed the request: a
    /// service does not look for another. Where a `Signer` may change credentials,
    /// `HeldKey::credentials` tells.
    ///
    /// # Errors
    ///
    /// [`EventSignError::WrongDay`] if the key is not that of the date's day,
    /// [`PayloadTooLong`](EventSignError::PayloadTooLong), or
    /// [`Finished`](EventSignError::Finished).
    pub fn sign<'k>(
        &mut self,
        key: impl Into<EventKey<'k>>,
        date: EventDate,
        payload: &[u8],
    ) -> Result<SignedEvent, EventSignError> {
        if self.is_finished {
            return Err(EventSignError::Finished);
        }
        let timestamp = date.timestamp();
        let key = key.into().at(timestamp)?;
        let len = payload.len();
        let field = u32::try_from(len).ok().filter(|_| len <= EVENT_PAYLOAD_LEN_MAX);
        let payload_len = field.ok_or(EventSignError::PayloadTooLong { len })?;
        let signature = frame::signature(&key.key, &key.scope, &date, &self.last, payload);
        self.last = signature;
        self.is_finished = payload.is_empty();
        let head = frame::head(payload_len, &date, &signature);
        Ok(SignedEvent { head, tail: frame::tail(&head, payload), signature })
    }

    /// The last signature made, at first that of the request.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.last
    }
}

impl fmt::Debug for EventSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSigner")
            .field("is_finished", &self.is_finished)
            .finish_non_exhaustive()
    }
}

/// What goes around the payload of a signed event.
#[derive(Clone, Copy)]
pub struct SignedEvent {
    head: [u8; HEAD_LEN],
    tail: [u8; TAIL_LEN],
    signature: Signature,
}

impl SignedEvent {
    /// What goes before the payload: lengths, date and signature.
    #[must_use]
    pub const fn head(&self) -> &[u8] {
        &self.head
    }

    /// What goes behind the payload: the checksum.
    #[must_use]
    pub const fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

impl fmt::Debug for SignedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedEvent").finish_non_exhaustive()
    }
}
