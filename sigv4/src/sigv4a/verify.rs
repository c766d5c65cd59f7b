//! Verifying: the checks of Signature Version 4, and a public key in the end.

use crate::bytes::sink::Buffer;
use crate::key::string_to_sign;
use crate::payload::PayloadLiteral;
use crate::request::{Headers, Request};
use crate::scope::{CredentialScope, service_name};
use crate::sha256;
use crate::sigv4a::Evidence;
use crate::sigv4a::presented::PresentedSignature;
use crate::sigv4a::public_key::VerifyingKey;
use crate::sigv4a::scope::MultiRegionScope;
use crate::sigv4a::signature::Signature;
use crate::time::Timestamp;
use crate::verify::{Body, VerifyError, VerifyRules};

/// A request whose signature of SigV4a holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// When it was signed.
    pub timestamp: Timestamp,
    /// The literal that stood in place of the payload's hash: the body was then
    /// not looked at. Nothing if the signature covers the body.
    pub payload: Option<PayloadLiteral>,
    /// The signature: the first in the chain of a body that is signed in pieces.
    pub signature: Signature,
    /// The scope that was signed.
    pub(crate) scope: MultiRegionScope,
}

impl PresentedSignature<'_, '_> {
    /// Runs every check, cheap ones first and the signature last.
    ///
    /// Find the public key by [`credential`](Self::credential) first. Where it
    /// must not show in time whether an access key exists, verify against some
    /// other key.
    ///
    /// # Errors
    ///
    /// The [`VerifyError`] of the first check that fails.
    pub fn verify<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        evidence: &Evidence<'_>,
        rules: &VerifyRules<'_>,
    ) -> Result<Verified, VerifyError> {
        let parsed = self.parsed;
        parsed.check_duplicates(rules)?;
        parsed.check_syntax()?;
        parsed.check_complete(rules)?;
        self.check_scope(rules)?;
        self.check_region_set(request, rules)?;
        parsed.check_time(rules, evidence.now)?;
        parsed.check_session_token(evidence.session_token, rules)?;
        self.check_claim(request, &evidence.body, evidence.key, rules)
    }

    /// Fails unless the signature is one that the owner of `key` made of the
    /// request, and says what stood in place of the payload's hash.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedSignature`],
    /// [`SignatureMismatch`](VerifyError::SignatureMismatch), those of the payload
    /// ([`PayloadMismatch`](VerifyError::PayloadMismatch) and its neighbours),
    /// those of the scope, or as
    /// [`PresentedSignature::check_signed_headers`](crate::PresentedSignature::check_signed_headers).
    pub fn check_signature<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        body: &Body<'_>,
        key: &VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<Option<PayloadLiteral>, VerifyError> {
        Ok(self.check_claim(request, body, key, rules)?.payload)
    }

    /// Writes the string to sign for a canonical request, which
    /// [`PresentedSignature::canonical_request`](crate::PresentedSignature::canonical_request)
    /// writes; nothing if `out` is too short.
    ///
    /// # Errors
    ///
    /// As [`PresentedSignature::timestamp`](crate::PresentedSignature::timestamp) and
    /// [`credential`](Self::credential), and [`VerifyError::InvalidScope`].
    pub fn string_to_sign<'b>(
        &self,
        canonical_request: &[u8],
        rules: &VerifyRules<'_>,
        out: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, VerifyError> {
        let timestamp = self.parsed.timestamp(rules)?;
        let scope = self.scope(timestamp, rules)?;
        let mut out = Buffer::new(out);
        string_to_sign::write(&mut out, timestamp, &scope, &sha256::digest(canonical_request));
        Ok(out.finish().ok())
    }

    fn check_claim<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        body: &Body<'_>,
        key: &VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<Verified, VerifyError> {
        let signature = self.signature(rules)?;
        let timestamp = self.parsed.timestamp(rules)?;
        let scope = self.scope(timestamp, rules)?;
        let (payload_line, payload) = self.parsed.payload(body, rules)?;
        let canonical_request =
            self.parsed.with_canonical_request(request, &payload_line, rules, |canonical| {
                Ok(canonical.sha256()?)
            })?;
        let digest = string_to_sign::sha256(timestamp, &scope, &canonical_request);
        if !key.has_signed(&digest, &signature) {
            return Err(VerifyError::SignatureMismatch);
        }
        Ok(Verified { timestamp, payload, signature, scope })
    }

    fn signature(&self, rules: &VerifyRules<'_>) -> Result<Signature, VerifyError> {
        let text = self.parsed.signature(rules);
        let text = text.ok_or(VerifyError::Missing { name: "Signature" })?;
        let mut buffer = [0; Signature::HEX_LEN_MAX];
        let digits = text.decode_into(&mut buffer).ok_or(VerifyError::MalformedSignature)?;
        Signature::parse_hex(digits.as_bytes()).ok_or(VerifyError::MalformedSignature)
    }

    /// The scope that was presented, which is that of the timestamp.
    fn scope(
        &self,
        timestamp: Timestamp,
        rules: &VerifyRules<'_>,
    ) -> Result<MultiRegionScope, VerifyError> {
        let credential = self.credential(rules)?;
        credential.check_rest(timestamp)?;
        let mut service = [0; CredentialScope::SERVICE_LEN_MAX];
        let service = credential.service.decode_into(&mut service);
        let service = service.and_then(|service| service_name(service).ok());
        let service = service.ok_or(VerifyError::InvalidScope)?;
        Ok(MultiRegionScope { date: timestamp.date(), service })
    }
}
