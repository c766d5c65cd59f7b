//! The verifier of events.

use core::fmt;

use crate::events::error::EventError;
use crate::events::frame::{self, EventFrame};
use crate::key::VerifyingKey;
use crate::signature::Signature;
use crate::verify::Verified;

/// Verifies the events that follow a request, one after the other.
///
/// Holds no key: a stream may last longer than the day a key is good for.
/// Whether the date of an event is close enough to the verifier's clock is for
/// the caller to decide. A stream is whole only when [`finish`](Self::finish)
/// says so and no input is left.
///
/// ```
/// use sigv4::VerifyingKey;
/// use sigv4::events::{EventError, EventFrame, EventVerifier};
///
/// fn payloads(
///     mut verifier: EventVerifier,
///     key: &VerifyingKey,
///     mut input: &[u8],
/// ) -> Result<Vec<Vec<u8>>, EventError> {
///     let mut payloads = Vec::new();
///     while let Some(frame) = EventFrame::parse(input)? {
///         input = &input[frame.len()..];
///         payloads.push(verifier.verify(key, &frame)?.to_vec());
///     }
///     verifier.finish()?;
///     Ok(payloads)
/// }
/// ```
#[derive(Clone)]
pub struct EventVerifier {
    last: Signature,
    events: u64,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Open,
    End,
    Failed(EventError),
}

impl EventVerifier {
    /// Begins the chain with a request that was verified.
    #[must_use]
    pub const fn new(verified: &Verified) -> Self {
        Self { last: verified.signature, events: 0, state: State::Open }
    }

    /// Verifies the next event, in constant time with respect to where two
    /// signatures differ, and shows its payload; an empty one ends the stream.
    ///
    /// # Errors
    ///
    /// [`EventError::WrongDay`] if the key is not that of the event's day: derive
    /// it and try again.
    /// [`SignatureMismatch`](EventError::SignatureMismatch) or
    /// [`DataAfterEnd`](EventError::DataAfterEnd), and from then on the same error for ever.
    pub fn verify<'i>(
        &mut self,
        key: &VerifyingKey,
        frame: &EventFrame<'i>,
    ) -> Result<&'i [u8], EventError> {
        match self.state {
            State::Open => {}
            State::End => return self.fail(EventError::DataAfterEnd),
            State::Failed(error) => return Err(error),
        }
        let (date, scope) = (frame.date(), key.scope());
        if date.timestamp().date() != scope.date() {
            return Err(EventError::WrongDay { key: scope.date(), timestamp: date.timestamp() });
        }
        let expected = frame::signature(key.hmac_key(), scope, &date, &self.last, frame.payload);
        if expected != *frame.signature() {
            return self.fail(EventError::SignatureMismatch { index: self.events });
        }
        self.last = expected;
        self.events += 1;
        if frame.payload.is_empty() {
            self.state = State::End;
        }
        Ok(frame.payload)
    }

    /// Fails unless the event that ends the stream has come. Call it when the
    /// input has ended.
    ///
    /// # Errors
    ///
    /// [`EventError::EndMissing`], or the error that ended the stream before.
    pub const fn finish(&self) -> Result<(), EventError> {
        match self.state {
            State::Open => Err(EventError::EndMissing),
            State::End => Ok(()),
            State::Failed(error) => Err(error),
        }
    }

    const fn fail<T>(&mut self, error: EventError) -> Result<T, EventError> {
        self.state = State::Failed(error);
        Err(error)
    }
}

impl fmt::Debug for EventVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventVerifier")
            .field("events", &self.events)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
