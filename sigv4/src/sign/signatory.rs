//! Who signs a request, and when: all that goes into it beside the signature.

use crate::key::derived::{Credential, EncodedToken};
use crate::key::instant::SigningInstant;
use crate::sign::select::MADE_PARAMETERS;
use crate::time::Timestamp;

/// What both algorithms say about the signer in the requests they sign, so that
/// both write them with the same stages.
pub(crate) trait Signatory {
    /// Headers that are added and signed at most.
    const ADDED_HEADERS_MAX: usize;

    /// Parameters that presigning makes.
    const MADE_PARAMETERS: &'static [&'static str];

    fn timestamp(&self) -> &Timestamp;

    fn credential(&self) -> &Credential;

    fn session_token(&self) -> Option<&str>;

    fn encoded_token(&self) -> &EncodedToken;

    /// The regions, if the scope names none.
    fn region_set(&self) -> Option<&str>;
}

impl Signatory for SigningInstant<'_> {
    /// `x-amz-date`, `x-amz-security-token` and `x-amz-content-sha256`.
    const ADDED_HEADERS_MAX: usize = 3;

    const MADE_PARAMETERS: &'static [&'static str] = &MADE_PARAMETERS;

    #[inline(always)]
    fn timestamp(&self) -> &Timestamp {
        &self.string_to_sign.timestamp
    }

    #[inline(always)]
    fn credential(&self) -> &Credential {
        &self.key.credential
    }

    #[inline(always)]
    fn session_token(&self) -> Option<&str> {
        self.session_token()
    }

    #[inline(always)]
    fn encoded_token(&self) -> &EncodedToken {
        &self.key.encoded_token
    }

    #[inline(always)]
    fn region_set(&self) -> Option<&str> {
        None
    }
}
