//! Feature `tower`: a layer that signs what a client sends, and one that verifies
//! what a server receives.

mod access_keys;
mod admission;
mod body;
mod clock;
mod refusal;
mod refusal_response;
mod signing;
mod signing_error;
mod verifying;

pub use access_keys::AccessKeys;
pub use body::{LayerBody, SigningBody, VerifyingBody};
pub use refusal::Refusal;
pub use refusal_response::{RefusalResponse, XmlRefusals};
pub use signing::{BodySigning, SigningLayer, SigningService};
pub use signing_error::SigningServiceError;
pub use verifying::{VerifiedIdentity, VerifyingLayer, VerifyingService};

use core::pin::Pin;
use std::boxed::Box;

/// What the parts of a service may fail with.
type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// The future of a service: asking for credentials or keys, reading the body and
/// what the inner service does make one that has no shorter name.
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
