//! S3 POST policies, which say beforehand what a browser may upload: signed, and held
//! against an upload, without a canonical request.
//!
//! The string to sign is the policy's Base64 text.

mod check;
mod condition;
mod document;
mod error;
mod form;
mod json;
mod presented;

pub use check::Upload;
pub use condition::PostCondition;
pub use document::{PresentedCondition, PresentedPolicy};
pub use error::{PolicyError, PostSignError, PostVerifyError};
pub use form::{PostForm, PostPolicy};
pub use presented::{POST_FIELDS_MAX, PostEvidence, SubmittedForm};

/// The names of form fields: those that carry the signature, and those that a
/// policy always binds.
pub(crate) mod field {
    pub(crate) const BUCKET: &str = "bucket";
    pub(crate) const KEY: &str = "key";
    pub(crate) const ALGORITHM: &str = "x-amz-algorithm";
    pub(crate) const CREDENTIAL: &str = "x-amz-credential";
    pub(crate) const DATE: &str = "x-amz-date";
    pub(crate) const SESSION_TOKEN: &str = "x-amz-security-token";
    pub(crate) const POLICY: &str = "policy";
    pub(crate) const SIGNATURE: &str = "x-amz-signature";
}
