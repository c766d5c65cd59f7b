//! Who sent a request that was let pass, and for what it was signed.

use core::fmt;
use std::string::String;

use crate::chunks::Coverage;
use crate::payload::PayloadLiteral;
use crate::scope::CredentialScope;
#[cfg(feature = "sigv4a")]
use crate::sigv4a::RegionSet;
use crate::time::{Date, Timestamp};

/// Whose request it is, among the extensions of each that a
/// [`VerifyingLayer`](crate::tower::VerifyingLayer) lets pass.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedIdentity {
    /// The id of the access key that signed it.
    pub access_key_id: String,
    /// The day, the service and the region or regions it was signed for.
    pub scope: VerifiedScope,
    /// When it was signed.
    pub timestamp: Timestamp,
    /// The literal that stood in place of the payload's hash. Nothing if the signature covers
    /// the hash of the body, which is the one that was signed, whole. What a literal says of
    /// the body is in [`coverage`](Self::coverage).
    pub payload: Option<PayloadLiteral>,
    /// How far the body is to be trusted:
    ///
    /// * [`Coverage::Signed`]: it is the one that was signed, and this has been verified.
    /// * [`Coverage::SignedChunks`]: each frame is verified before it passes, the trailers and the
    ///   end at the end.
    /// * [`Coverage::UnsignedChunks`]: frames pass as they come. At the end a checksum that is
    ///   [`Checked`](crate::chunks::TrailingChecksum::Checked) is compared; without such a one, only
    ///   the length is.
    /// * [`Coverage::Nothing`]: nothing of the body is looked at.
    ///
    /// What is said of the end holds once the body has come to its end without an error;
    /// [`VerifyingBody::covered`](crate::tower::VerifyingBody) tells.
    pub coverage: Coverage,
}

/// For what a request was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifiedScope {
    /// With Signature Version 4: for one region.
    OneRegion(CredentialScope),
    /// With SigV4a: for all regions of a set, which includes that of the rules.
    #[cfg(feature = "sigv4a")]
    MultiRegion {
        /// The UTC day.
        date: Date,
        /// The service's signing name.
        service: String,
        /// The regions as they were signed, a valid [`RegionSet`].
        region_set: String,
    },
}

impl VerifiedScope {
    /// The UTC day.
    #[must_use]
    pub const fn date(&self) -> Date {
        match self {
            Self::OneRegion(scope) => scope.date(),
            #[cfg(feature = "sigv4a")]
            Self::MultiRegion { date, .. } => *date,
        }
    }

    /// The service's signing name.
    #[must_use]
    pub fn service(&self) -> &str {
        match self {
            Self::OneRegion(scope) => scope.service(),
            #[cfg(feature = "sigv4a")]
            Self::MultiRegion { service, .. } => service,
        }
    }

    /// Whether the request was signed for a region.
    #[must_use]
    pub fn includes(&self, region: &str) -> bool {
        match self {
            Self::OneRegion(scope) => scope.region() == region,
            #[cfg(feature = "sigv4a")]
            Self::MultiRegion { region_set, .. } => {
                RegionSet::new(region_set).is_ok_and(|set| set.includes(region))
            }
        }
    }
}

/// The scope as it was signed: `20150830/us-east-1/s3/aws4_request`, or, with the regions
/// behind it, `20150830/s3/aws4_request (us-*)`.
impl fmt::Display for VerifiedScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneRegion(scope) => scope.fmt(f),
            #[cfg(feature = "sigv4a")]
            Self::MultiRegion { date, service, region_set } => {
                write!(f, "{date}/{service}/{} ({region_set})", crate::names::TERMINATOR)
            }
        }
    }
}
