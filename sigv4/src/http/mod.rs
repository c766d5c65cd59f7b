//! Feature `http`: requests of the `http` crate, signed and verified in place; nothing
//! here sends or receives them.

#[cfg(feature = "http-body")]
mod answer;
#[cfg(feature = "http-body")]
pub mod body;
mod error;
mod host;
pub(crate) mod in_place;
#[cfg(feature = "sigv4a")]
mod multi_region;
#[cfg(feature = "signer")]
mod objects;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "signer")]
mod signable;
#[cfg(feature = "signer")]
mod signer;
#[cfg(feature = "tower")]
pub mod tower;
mod view;

pub use error::HttpSignError;
pub use request::HttpRequest;
#[cfg(feature = "signer")]
pub use signable::{SignableBody, SignableHead, SignableRequest};
pub use view::HttpView;
