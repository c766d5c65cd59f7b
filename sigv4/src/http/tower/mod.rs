//! Feature `tower`: a layer that signs what a client sends, and one that verifies
//! what a server receives; both read the clock, and neither opens a connection.

mod access_keys;
mod admission;
mod body;
#[cfg(feature = "sigv4a")]
mod chunked_body;
mod clock;
mod refusal;
mod refusal_response;
mod request_key;
mod signing;
mod signing_error;
mod verified_identity;
mod verifying;

pub use access_keys::AccessKeys;
pub use body::{LayerBody, SigningBody, VerifyingBody};
#[cfg(feature = "sigv4a")]
pub use chunked_body::ChunkedBody;
pub use refusal::Refusal;
pub use refusal_response::{RefusalResponse, XmlRefusals};
pub use signing::{BodySigning, SigningLayer, SigningService};
pub use signing_error::SigningServiceError;
pub use verified_identity::{VerifiedIdentity, VerifiedScope};
pub use verifying::{VerifyingLayer, VerifyingService};

use core::pin::Pin;
use std::boxed::Box;

/// What the parts of a service may fail with.
type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// The future of a service: asking for credentials or keys, reading the body and
/// what the inner service does make one that has no shorter name.
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
