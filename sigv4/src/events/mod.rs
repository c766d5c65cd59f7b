//! Feature `events`: event streams, signed message by message, whatever the messages
//! say.
//!
//! Each message travels in a frame of its own: a prelude with two lengths and
//! their checksum, the headers `:date` and `:chunk-signature`, the payload, which
//! usually is an encoded message itself, and a checksum of it all. The signature
//! covers the date, the payload, and the signature before it, the first one that
//! of the request. A signed frame without payload ends the stream.

mod error;
pub(crate) mod frame;
mod key;
pub(crate) mod signer;
pub(crate) mod verifier;

pub use error::{EventError, EventSignError};
pub use frame::{EVENT_PAYLOAD_LEN_MAX, EventDate, EventFrame};
pub use key::EventKey;
pub use signer::{EventSigner, SignedEvent};
pub use verifier::EventVerifier;
