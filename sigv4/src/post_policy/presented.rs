//! The signature that a form presents, found and verified.

use core::fmt;

use subtle::ConstantTimeEq;

use crate::bytes::encode;
use crate::expires::Expires;
use crate::key::VerifyingKey;
use crate::names::ALGORITHM;
use crate::post_policy::check::Upload;
use crate::post_policy::document::PresentedPolicy;
use crate::post_policy::error::PostVerifyError;
use crate::post_policy::field;
use crate::request::Headers;
use crate::scope::CredentialScope;
use crate::signature::Signature;
use crate::time::{Date, Timestamp};
use crate::verify::{self, PresentedCredential, PresentedText, VerifyError, VerifyRules};

/// Most fields of a form to verify, those of the signature included.
pub const POST_FIELDS_MAX: usize = 256;

/// The signature of an upload by `POST`, as the fields of its form present it.
///
/// Reading it needs no secret: it says whose to look up.
///
/// ```
/// use sigv4::post_policy::{PostEvidence, SubmittedForm, PresentedPolicy, Upload};
/// use sigv4::{Timestamp, VerifyRules, VerifyingKey};
///
/// fn accept(
///     fields: &[(&str, &str)], // those before the file
///     upload: &Upload<'_>,
///     now: Timestamp,
///     secret_of: impl Fn(&str) -> Option<String>,
/// ) -> Result<(), Box<dyn std::error::Error>> {
///     let rules = VerifyRules::s3("us-east-1");
///     let presented = SubmittedForm::parse(fields)?;
///     let id = presented.credential(&rules)?.access_key_id.to_string();
///     let secret = secret_of(&id).ok_or("unknown access key")?;
///     let key = VerifyingKey::derive(&secret, &presented.scope(&rules)?)?;
///     let evidence = PostEvidence { key: &key, session_token: None, now };
///     let mut buffer = [0; PresentedPolicy::DECODED_LEN_MAX];
///     presented.verify(upload, &evidence, &rules, &mut buffer)?;
///     Ok(())
/// }
/// ```
pub struct SubmittedForm<'a, F: ?Sized> {
    fields: &'a F,
    algorithm: &'a [u8],
    credential: &'a [u8],
    date: &'a [u8],
    policy: &'a [u8],
    signature: &'a [u8],
    session_token: Option<&'a [u8]>,
}

/// What a form is held against.
#[derive(Clone, Copy)]
pub struct PostEvidence<'a> {
    /// The key derived for the presented scope from the secret on file.
    pub key: &'a VerifyingKey,
    /// The session token that belongs to the access key, if it is temporary.
    pub session_token: Option<&'a str>,
    /// The time by the verifier's clock.
    pub now: Timestamp,
}

/// Shows no session token.
impl fmt::Debug for PostEvidence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostEvidence")
            .field("key", &self.key)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl<'a, F: Headers + ?Sized> SubmittedForm<'a, F> {
    /// Finds the signature among the fields of a form, names and values like
    /// those of headers, names in any case.
    ///
    /// # Errors
    ///
    /// [`PostVerifyError::TooManyFields`], [`VerifyError::Missing`], or
    /// [`VerifyError::Duplicate`] for a field of the signature.
    pub fn parse(fields: &'a F) -> Result<Self, PostVerifyError> {
        if fields.pairs().nth(POST_FIELDS_MAX).is_some() {
            return Err(PostVerifyError::TooManyFields);
        }
        let require = |name| find(fields, name)?.ok_or(VerifyError::Missing { name });
        Ok(Self {
            fields,
            policy: require(field::POLICY)?,
            algorithm: require(field::ALGORITHM)?,
            credential: require(field::CREDENTIAL)?,
            date: require(field::DATE)?,
            signature: require(field::SIGNATURE)?,
            session_token: find(fields, field::SESSION_TOKEN)?.filter(|token| !token.is_empty()),
        })
    }

    /// Runs every check: the signature first, then, of a policy that is known to
    /// be the signer's, what it demands.
    ///
    /// Of the rules those on the region, the service, the clock skew and the
    /// slashes in key ids apply. The policy is decoded into `buffer`, for which
    /// [`PresentedPolicy::DECODED_LEN_MAX`] bytes are always enough.
    ///
    /// # Errors
    ///
    /// The [`PostVerifyError`] of the first check that fails.
    pub fn verify<'p>(
        &self,
        upload: &Upload<'_>,
        evidence: &PostEvidence<'_>,
        rules: &VerifyRules<'_>,
        buffer: &'p mut [u8],
    ) -> Result<PresentedPolicy<'p>, PostVerifyError> {
        self.check_signature(evidence, rules)?;
        let policy = PresentedPolicy::decode(self.policy, buffer)?;
        policy.check(self.fields, upload, evidence.now)?;
        Ok(policy)
    }

    /// Fails unless the policy was signed with the key, for the scope of the
    /// rules, at most seven days ago and not in the future.
    ///
    /// # Errors
    ///
    /// [`VerifyError::UnsupportedAlgorithm`],
    /// [`MalformedCredential`](VerifyError::MalformedCredential),
    /// [`MalformedDate`](VerifyError::MalformedDate), one of those of the scope,
    /// [`Expired`](VerifyError::Expired) or [`NotYetValid`](VerifyError::NotYetValid),
    /// one of those of the session token,
    /// [`MalformedSignature`](VerifyError::MalformedSignature),
    /// [`KeyScopeMismatch`](VerifyError::KeyScopeMismatch) or
    /// [`SignatureMismatch`](VerifyError::SignatureMismatch).
    pub fn check_signature(
        &self,
        evidence: &PostEvidence<'_>,
        rules: &VerifyRules<'_>,
    ) -> Result<(), VerifyError> {
        if self.algorithm != ALGORITHM.as_bytes() {
            return Err(VerifyError::UnsupportedAlgorithm);
        }
        let (credential, timestamp) = (self.credential(rules)?, self.timestamp()?);
        credential.mismatch(timestamp, rules).check()?;
        check_age(timestamp, evidence.now, rules)?;
        self.check_session_token(evidence.session_token)?;
        let presented = encode::parse_hex(self.signature).ok_or(VerifyError::MalformedSignature)?;
        if !credential.is_for(evidence.key.scope()) {
            return Err(VerifyError::KeyScopeMismatch);
        }
        let expected = Signature::new(evidence.key.hmac_key().mac(self.policy));
        if expected == Signature::new(presented) {
            Ok(())
        } else {
            Err(VerifyError::SignatureMismatch)
        }
    }

    /// The credential, taken apart from the right.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedCredential`] if there are fewer than five parts,
    /// more where the rules forbid it, or the id is empty, longer than
    /// [`SigningKey::ACCESS_KEY_ID_LEN_MAX`](crate::SigningKey::ACCESS_KEY_ID_LEN_MAX) bytes, or holds a
    /// comma or a byte that is not visible ASCII.
    pub fn credential(
        &self,
        rules: &VerifyRules<'_>,
    ) -> Result<PresentedCredential<'a>, VerifyError> {
        let [id, date, region, service, terminator] =
            self.credential_parts().ok_or(VerifyError::MalformedCredential)?;
        let [access_key_id, date, region, service, terminator] =
            [id, date, region, service, terminator].map(PresentedText::plain);
        verify::check_access_key_id(access_key_id, rules)?;
        Ok(PresentedCredential { access_key_id, date, region, service, terminator })
    }

    /// The scope, to derive the [`VerifyingKey`] for.
    ///
    /// # Errors
    ///
    /// As [`credential`](Self::credential), [`VerifyError::ScopeDateMismatch`] or
    /// [`VerifyError::InvalidScope`].
    pub fn scope(&self, rules: &VerifyRules<'_>) -> Result<CredentialScope, VerifyError> {
        self.credential(rules)?;
        let [_, date, region, service, _] =
            self.credential_parts().ok_or(VerifyError::MalformedCredential)?;
        let date = Date::parse(date).map_err(|_| VerifyError::ScopeDateMismatch)?;
        let text = |part| core::str::from_utf8(part).map_err(|_| VerifyError::InvalidScope);
        CredentialScope::new(date, text(region)?, text(service)?)
            .map_err(|_| VerifyError::InvalidScope)
    }

    /// When the policy was signed.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedDate`].
    pub fn timestamp(&self) -> Result<Timestamp, VerifyError> {
        Timestamp::parse(self.date).map_err(|_| VerifyError::MalformedDate)
    }

    /// The session token, if there is one.
    #[must_use]
    pub fn session_token(&self) -> Option<PresentedText<'a>> {
        self.session_token.map(PresentedText::plain)
    }

    /// The value of the field `policy`, which is what was signed. To read it,
    /// see [`PresentedPolicy::decode`].
    #[must_use]
    pub const fn policy(&self) -> &'a [u8] {
        self.policy
    }

    /// Id, date, region, service and terminator.
    fn credential_parts(&self) -> Option<[&'a [u8]; 5]> {
        let mut parts = self.credential.rsplitn(5, |byte| *byte == b'/');
        let [terminator, service, region, date] =
            [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        Some([parts.next()?, date, region, service, terminator])
    }

    fn check_session_token(&self, expected: Option<&str>) -> Result<(), VerifyError> {
        match (self.session_token, expected) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(VerifyError::MissingSessionToken),
            (Some(_), None) => Err(VerifyError::UnexpectedSessionToken),
            (Some(token), Some(expected)) if token.ct_eq(expected.as_bytes()).into() => Ok(()),
            (Some(_), Some(_)) => Err(VerifyError::SessionTokenMismatch),
        }
    }
}

/// Shows nothing: a signed form is a bearer credential.
impl<F: ?Sized> fmt::Debug for SubmittedForm<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmittedForm").finish_non_exhaustive()
    }
}

/// The value of a field that may be there once.
fn find<'a, F: Headers + ?Sized>(
    fields: &'a F,
    name: &'static str,
) -> Result<Option<&'a [u8]>, VerifyError> {
    let mut values = fields
        .pairs()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
        .map(|(_, value)| value);
    let value = values.next();
    if values.next().is_some() {
        return Err(VerifyError::Duplicate { name });
    }
    Ok(value)
}

/// A signing key of S3, and with it what it signed, is good for seven days
/// ("Amazon S3 Signature Version 4 authentication specific policy keys").
fn check_age(
    timestamp: Timestamp,
    now: Timestamp,
    rules: &VerifyRules<'_>,
) -> Result<(), VerifyError> {
    let age = now.unix_seconds() - timestamp.unix_seconds();
    if age > i64::from(Expires::MAX.seconds()) {
        return Err(VerifyError::Expired { timestamp, now });
    }
    if -age > i64::from(rules.clock_skew_seconds) {
        return Err(VerifyError::NotYetValid { timestamp, now });
    }
    Ok(())
}
