//! Who signs a request, and when: all in which the two algorithms differ.

use crate::bytes::sink::Sink;
use crate::key::derived::{Credential, EncodedToken};
use crate::key::instant::SigningInstant;
use crate::names::SessionTokenName;
use crate::signature::Signature;
use crate::time::Timestamp;

/// The instant of a key, which signs the requests of its second. Both forms of
/// signing are written once, for whatever this is.
pub(crate) trait Signatory<'k> {
    type Signature: Copy;

    /// Bytes of the longest signature, as it stands in a request.
    const SIGNATURE_LEN_MAX: usize;

    /// Whether the request says in which regions it is good: the scope does not.
    const IS_MULTI_REGION: bool;

    fn timestamp(&self) -> &Timestamp;

    fn credential(&self) -> &Credential;

    fn session_token(&self) -> Option<&'k str>;

    fn session_token_name(&self) -> SessionTokenName;

    fn encoded_token(&self) -> &EncodedToken;

    /// The regions, if the scope names none.
    fn region_set(&self) -> Option<&'k str>;

    /// The signature over a canonical request of this SHA-256.
    fn signature(&self, canonical_request: &[u8; 32]) -> Self::Signature;

    fn write_signature(signature: &Self::Signature, sink: &mut impl Sink);
}

impl<'k> Signatory<'k> for SigningInstant<'k> {
    type Signature = Signature;

    const SIGNATURE_LEN_MAX: usize = Signature::HEX_LEN;

    const IS_MULTI_REGION: bool = false;

    #[inline(always)]
    fn timestamp(&self) -> &Timestamp {
        &self.string_to_sign.timestamp
    }

    #[inline(always)]
    fn credential(&self) -> &Credential {
        &self.key.credential
    }

    #[inline(always)]
    fn session_token(&self) -> Option<&'k str> {
        self.session_token()
    }

    #[inline(always)]
    fn session_token_name(&self) -> SessionTokenName {
        self.key.session_token_name
    }

    #[inline(always)]
    fn encoded_token(&self) -> &EncodedToken {
        &self.key.encoded_token
    }

    #[inline(always)]
    fn region_set(&self) -> Option<&'k str> {
        None
    }

    #[inline(always)]
    fn signature(&self, canonical_request: &[u8; 32]) -> Signature {
        Signature::new(self.string_to_sign.mac(canonical_request))
    }

    #[inline(always)]
    fn write_signature(signature: &Signature, sink: &mut impl Sink) {
        sink.write(&signature.to_hex());
    }
}
