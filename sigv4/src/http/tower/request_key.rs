//! The keys that requests are held against: all in which the algorithms differ for a server.

use ::http_body::Body;

use crate::chunks::ChunkError;
use crate::http::HttpView;
use crate::http::body::VerifiedBody;
use crate::http::tower::BoxError;
use crate::http::tower::body::VerifyingBody;
use crate::key::VerifyingKey;
use crate::payload::PayloadLiteral;
use crate::request::Request;
#[cfg(feature = "sigv4a")]
use crate::sigv4a;
use crate::verify::{Evidence, PresentedSignature, Verified, VerifyError, VerifyRules};

/// A key on file, of either algorithm.
pub(crate) trait RequestKey: Sized {
    type Verified;

    /// Runs every check.
    fn verify(
        request: &Request<'_, HttpView<'_>>,
        evidence: &Evidence<'_, Self>,
        rules: &VerifyRules<'_>,
    ) -> Result<Self::Verified, VerifyError>;

    /// The literal that stood in place of the payload's hash.
    fn payload(verified: &Self::Verified) -> Option<PayloadLiteral>;

    /// A body in chunks, decoded, and how many bytes it has.
    fn decode<B: Body<Error: Into<BoxError>>>(
        &self,
        request: &Request<'_, HttpView<'_>>,
        verified: &Self::Verified,
        body: B,
    ) -> Result<(u64, VerifyingBody<B>), ChunkError>;
}

impl RequestKey for VerifyingKey {
    type Verified = Verified;

    fn verify(
        request: &Request<'_, HttpView<'_>>,
        evidence: &Evidence<'_, Self>,
        rules: &VerifyRules<'_>,
    ) -> Result<Verified, VerifyError> {
        PresentedSignature::parse(request)?.verify(request, evidence, rules)
    }

    fn payload(verified: &Verified) -> Option<PayloadLiteral> {
        verified.payload
    }

    fn decode<B: Body<Error: Into<BoxError>>>(
        &self,
        request: &Request<'_, HttpView<'_>>,
        verified: &Verified,
        body: B,
    ) -> Result<(u64, VerifyingBody<B>), ChunkError> {
        let decoder = verified.chunk_decoder(request, self)?;
        let len = decoder.decoded_len();
        Ok((len, VerifyingBody::in_chunks(VerifiedBody::new(body, decoder))))
    }
}

#[cfg(feature = "sigv4a")]
impl RequestKey for sigv4a::VerifyingKey {
    type Verified = sigv4a::Verified;

    fn verify(
        request: &Request<'_, HttpView<'_>>,
        evidence: &Evidence<'_, Self>,
        rules: &VerifyRules<'_>,
    ) -> Result<sigv4a::Verified, VerifyError> {
        let presented = PresentedSignature::parse(request)?;
        sigv4a::PresentedSignature::new(&presented, rules)?.verify(request, evidence, rules)
    }

    fn payload(verified: &sigv4a::Verified) -> Option<PayloadLiteral> {
        verified.payload
    }

    fn decode<B: Body<Error: Into<BoxError>>>(
        &self,
        request: &Request<'_, HttpView<'_>>,
        verified: &sigv4a::Verified,
        body: B,
    ) -> Result<(u64, VerifyingBody<B>), ChunkError> {
        let decoder = verified.chunk_decoder(request, self)?;
        let len = decoder.decoded_len();
        Ok((len, VerifyingBody::in_multi_region_chunks(VerifiedBody::new(body, decoder))))
    }
}
