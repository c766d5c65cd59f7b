//! Phase two: the checks, one by one and all at once.

use core::fmt;

use crate::expires::Expires;
use crate::key::VerifyingKey;
use crate::names::ALGORITHM;
use crate::payload::PayloadLiteral;
use crate::request::{Headers, Request};
use crate::signature::Signature;
use crate::time::Timestamp;
use crate::verify::credential::PresentedCredential;
use crate::verify::error::VerifyError;
use crate::verify::parse::{Form, PresentedSignature};
use crate::verify::part::name;
use crate::verify::payload::Body;
use crate::verify::rules::{DateRule, Duplicates, ExpiresRule, VerifyRules};

/// What a request is held against.
#[derive(Clone, Copy)]
pub struct Evidence<'a, K = VerifyingKey> {
    /// The key derived for the presented scope from the secret on file.
    pub key: &'a K,
    /// The session token that belongs to the access key, if it is temporary.
    pub session_token: Option<&'a str>,
    /// The body that came with the request.
    pub body: Body<'a>,
    /// The time by the verifier's clock.
    pub now: Timestamp,
}

/// Shows neither the session token nor the body.
impl<K: fmt::Debug> fmt::Debug for Evidence<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("key", &self.key)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// A request whose signature holds.
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
}

/// Whose key a request says signed it, for what, and when.
struct Claim<'a> {
    credential: PresentedCredential<'a>,
    /// Whether the credential's scope is that of the key.
    is_for_key: bool,
    timestamp: Timestamp,
}

impl<'a> PresentedSignature<'a> {
    /// Runs every check, cheap ones first and the signature last, in constant
    /// time with respect to where two signatures differ.
    ///
    /// Find the secret by [`credential`](Self::credential) and derive the key
    /// for [`scope`](Self::scope) first. Where it must not show in time whether
    /// an access key exists, verify against a key of some other secret.
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
        self.check_duplicates(rules)?;
        self.check_algorithm(rules)?;
        self.check_syntax()?;
        self.check_complete(rules)?;
        let claim = self.claim(evidence.key, rules)?;
        claim.credential.mismatch(claim.timestamp, rules).check()?;
        self.check_age(claim.timestamp, rules, evidence.now)?;
        self.check_session_token(evidence.session_token, rules)?;
        self.check_claim(&claim, request, &evidence.body, evidence.key, rules)
    }

    /// Fails if the rules refuse duplicates and there is one.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Duplicate`].
    pub fn check_duplicates(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        if self.duplicates(rules) != Duplicates::Refuse {
            return Ok(());
        }
        // All of them at once, since hardly ever one is.
        let is_any_repeated = self.algorithm.is_repeated()
            | self.credential.is_repeated()
            | self.signed_headers.is_repeated()
            | self.signature.is_repeated()
            | self.amz_date.is_repeated()
            | self.date.is_repeated()
            | self.expires.is_repeated()
            | self.session_token.is_repeated()
            | self.content_sha256.is_repeated();
        if is_any_repeated { Err(self.first_duplicate(rules)) } else { Ok(()) }
    }

    #[cold]
    fn first_duplicate(&self, rules: &VerifyRules<'_>) -> VerifyError {
        let parts = [
            (&self.algorithm, name::ALGORITHM),
            (&self.credential, name::CREDENTIAL),
            (&self.signed_headers, name::SIGNED_HEADERS),
            (&self.signature, name::SIGNATURE),
            (&self.amz_date, name::AMZ_DATE),
            (&self.date, name::DATE),
            (&self.expires, name::EXPIRES),
            (&self.session_token, rules.session_token_name.parameter()),
            (&self.content_sha256, name::CONTENT_SHA256),
        ];
        let repeated = parts.into_iter().find(|(part, _)| part.is_repeated());
        VerifyError::Duplicate { name: repeated.map_or("", |(_, name)| name) }
    }

    /// Fails unless the algorithm is `AWS4-HMAC-SHA256`.
    ///
    /// # Errors
    ///
    /// [`VerifyError::UnsupportedAlgorithm`].
    pub fn check_algorithm(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        match self.algorithm(rules) {
            Some(algorithm) if algorithm == *ALGORITHM => Ok(()),
            _ => Err(VerifyError::UnsupportedAlgorithm),
        }
    }

    /// Fails if the `Authorization` header holds a part that is not `key=value`
    /// or not known.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedAuthorization`] or
    /// [`VerifyError::UnknownAuthorizationPart`].
    pub const fn check_syntax(&self) -> Result<(), VerifyError> {
        if self.without_equals.is_some() {
            return Err(VerifyError::MalformedAuthorization);
        }
        if self.has_unknown {
            return Err(VerifyError::UnknownAuthorizationPart);
        }
        Ok(())
    }

    /// Fails for the first part of the signature that is missing.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`].
    pub fn check_complete(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        self.require(&self.credential, name::CREDENTIAL, rules)?;
        self.require(&self.signature, name::SIGNATURE, rules)?;
        self.require(&self.signed_headers, name::SIGNED_HEADERS, rules)?;
        self.date(rules).ok_or(VerifyError::Missing { name: name::AMZ_DATE })?;
        if self.form == Form::Query && rules.expires == ExpiresRule::Enforced {
            self.require(&self.expires, name::EXPIRES, rules)?;
        }
        Ok(())
    }

    /// Fails unless `host` is among the signed headers.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`] or [`VerifyError::HostNotSigned`].
    pub fn check_host_signed(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        let list = self.require(&self.signed_headers, name::SIGNED_HEADERS, rules)?;
        if list.any(b';', |name| name == *"host") {
            Ok(())
        } else {
            Err(VerifyError::HostNotSigned)
        }
    }

    /// When the request was signed.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`] or [`VerifyError::MalformedDate`].
    pub fn timestamp(&self, rules: &VerifyRules<'_>) -> Result<Timestamp, VerifyError> {
        let text = self.date(rules).ok_or(VerifyError::Missing { name: name::AMZ_DATE })?;
        // The longest date is that of the `Date` header, 29 bytes.
        let mut buffer = [0; 32];
        let text = match text.as_plain() {
            Some(text) => text,
            None => text.decode_into(&mut buffer).ok_or(VerifyError::MalformedDate)?.as_bytes(),
        };
        let is_date_header = self.part(&self.amz_date, rules).is_none();
        let mut parsed = Timestamp::parse(text);
        if is_date_header {
            parsed = parsed.or_else(|_| Timestamp::parse_http_date(text));
        }
        if rules.date == DateRule::HeaderOrDateLenient {
            parsed = parsed.or_else(|_| Timestamp::parse_extended(text));
        }
        parsed.map_err(|_| VerifyError::MalformedDate)
    }

    /// Fails unless `now` lies in the time for which the request is good, and
    /// returns when it was signed.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Expired`] or [`VerifyError::NotYetValid`] with the two
    /// times, [`VerifyError::InvalidExpires`], or as [`timestamp`](Self::timestamp).
    pub fn check_time(
        &self,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<Timestamp, VerifyError> {
        let timestamp = self.timestamp(rules)?;
        self.check_age(timestamp, rules, now)?;
        Ok(timestamp)
    }

    fn check_age(
        &self,
        timestamp: Timestamp,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        let skew = i64::from(rules.clock_skew_seconds);
        let good_for = match (self.form, rules.expires) {
            (Form::Query, ExpiresRule::Enforced) => i64::from(self.expires(rules)?.seconds()),
            _ => skew,
        };
        let age = now.unix_seconds() - timestamp.unix_seconds();
        if age > good_for {
            return Err(VerifyError::Expired { timestamp, now });
        }
        if -age > skew {
            return Err(VerifyError::NotYetValid { timestamp, now });
        }
        Ok(())
    }

    /// For how long a presigned request is good.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`] or [`VerifyError::InvalidExpires`].
    pub fn expires(&self, rules: &VerifyRules<'_>) -> Result<Expires, VerifyError> {
        let text = self.require(&self.expires, name::EXPIRES, rules)?;
        let mut seconds = 0u32;
        for byte in text.bytes() {
            let digit = byte
                .checked_sub(b'0')
                .filter(|digit| *digit <= 9)
                .ok_or(VerifyError::InvalidExpires)?;
            // Saturates far above the limit.
            seconds = seconds.saturating_mul(10).saturating_add(u32::from(digit));
        }
        Expires::from_seconds(seconds).map_err(|_| VerifyError::InvalidExpires)
    }

    /// Fails unless the session token is the one that belongs to the access key,
    /// or both are absent. Takes the same time wherever two tokens of one length
    /// differ.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MissingSessionToken`],
    /// [`UnexpectedSessionToken`](VerifyError::UnexpectedSessionToken) or
    /// [`SessionTokenMismatch`](VerifyError::SessionTokenMismatch).
    pub fn check_session_token(
        &self,
        expected: Option<&str>,
        rules: &VerifyRules<'_>,
    ) -> Result<(), VerifyError> {
        if self.has_misnamed_token(rules) {
            return Err(VerifyError::UnexpectedSessionToken);
        }
        match (self.part(&self.session_token, rules), expected) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(VerifyError::MissingSessionToken),
            (Some(_), None) => Err(VerifyError::UnexpectedSessionToken),
            (Some(presented), Some(expected))
                if presented.constant_time_eq(expected.as_bytes()) =>
            {
                Ok(())
            }
            (Some(_), Some(_)) => Err(VerifyError::SessionTokenMismatch),
        }
    }

    /// Fails unless the signature is the one that `key` makes of the request,
    /// and says what stood in place of the payload's hash.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedSignature`],
    /// [`KeyScopeMismatch`](VerifyError::KeyScopeMismatch),
    /// [`SignatureMismatch`](VerifyError::SignatureMismatch), those of the payload
    /// ([`PayloadMismatch`](VerifyError::PayloadMismatch) and its neighbours), or
    /// as [`check_signed_headers`](Self::check_signed_headers).
    pub fn check_signature<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        body: &Body<'_>,
        key: &VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<Option<PayloadLiteral>, VerifyError> {
        let claim = self.claim(key, rules)?;
        Ok(self.check_claim(&claim, request, body, key, rules)?.payload)
    }

    #[inline(always)]
    fn claim<'k>(
        &self,
        key: &'k VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<Claim<'k>, VerifyError>
    where
        'a: 'k,
    {
        let (credential, is_for_key) = self.credential_for(key, rules)?;
        Ok(Claim { credential, is_for_key, timestamp: self.timestamp(rules)? })
    }

    fn check_claim<H: Headers + ?Sized>(
        &self,
        claim: &Claim<'_>,
        request: &Request<'_, H>,
        body: &Body<'_>,
        key: &VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<Verified, VerifyError> {
        let presented = self.require(&self.signature, name::SIGNATURE, rules)?;
        let presented = presented.parse_hex().ok_or(VerifyError::MalformedSignature)?;
        let Claim { is_for_key, timestamp, .. } = *claim;
        if !is_for_key || timestamp.date() != key.scope().date() {
            return Err(VerifyError::KeyScopeMismatch);
        }
        // Ahead of the canonical request: its compression runs beside what follows.
        let string_to_sign = key.at(timestamp);
        let (payload_line, payload) = self.payload(body, rules)?;
        let canonical_request =
            self.with_canonical_request(request, &payload_line, rules, |canonical| {
                Ok(canonical.sha256()?)
            })?;
        let expected = Signature::new(string_to_sign.mac(&canonical_request));
        if expected != Signature::new(presented) {
            return Err(VerifyError::SignatureMismatch);
        }
        Ok(Verified { timestamp, payload, signature: expected })
    }
}
