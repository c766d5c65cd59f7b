//! Verification in two phases, what a request presents and whether it holds; how one
//! is signed is not known here.
//!
//! [`PresentedSignature::parse`] reads what a request presents and needs no secret. The
//! checks then hold it against [`VerifyRules`], the clock, the key and the
//! body. A server that answers each failure in its own words and order, as AWS
//! does, calls them one by one; all others call [`PresentedSignature::verify`].

mod authorization;
mod canonical;
mod checks;
mod credential;
mod error;
mod parse;
mod part;
mod payload;
mod query;
pub mod rules;
mod signed_headers;
mod text;

pub use checks::{Evidence, Verified};
pub(crate) use credential::check_access_key_id;
pub use credential::{PresentedCredential, ScopeMismatch};
pub use error::VerifyError;
pub use parse::{Form, PresentedSignature};
pub use payload::Body;
#[cfg(feature = "tower")]
pub(crate) use payload::Declared;
pub use rules::VerifyRules;
pub use text::PresentedText;
