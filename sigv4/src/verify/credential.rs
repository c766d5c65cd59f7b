//! The presented credential: whose key, and for which scope.

use crate::error::KeyError;
use crate::key::derived::is_no_access_key_id;
use crate::key::{SigningKey, VerifyingKey};
use crate::names::TERMINATOR;
use crate::scope::CredentialScope;
use crate::time::{Date, Timestamp};
use crate::verify::error::VerifyError;
use crate::verify::parse::PresentedSignature;
use crate::verify::part::name;
use crate::verify::rules::{KeyIdSlashes, VerifyRules};
use crate::verify::text::PresentedText;

/// The five parts of a credential, as they were presented.
#[derive(Clone, Copy, Debug)]
pub struct PresentedCredential<'a> {
    /// The id of the access key.
    pub access_key_id: PresentedText<'a>,
    /// The day, which should be `YYYYMMDD`.
    pub date: PresentedText<'a>,
    /// The region.
    pub region: PresentedText<'a>,
    /// The service.
    pub service: PresentedText<'a>,
    /// What should be `aws4_request`.
    pub terminator: PresentedText<'a>,
}

/// Which parts of a presented scope are not what they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeMismatch {
    /// The region is not the one of the rules.
    pub region: bool,
    /// The service is not the one of the rules.
    pub service: bool,
    /// The terminator is not `aws4_request`.
    pub terminator: bool,
    /// The day is not that of the timestamp.
    pub date: bool,
}

impl<'a> PresentedCredential<'a> {
    #[inline(always)]
    fn new(parts: [PresentedText<'a>; 5], rules: &VerifyRules<'_>) -> Result<Self, VerifyError> {
        let [access_key_id, date, region, service, terminator] = parts;
        check_access_key_id(access_key_id, rules)?;
        Ok(Self { access_key_id, date, region, service, terminator })
    }

    /// Which parts of the scope differ from the rules and the timestamp.
    #[inline(always)]
    pub(crate) fn mismatch(&self, timestamp: Timestamp, rules: &VerifyRules<'_>) -> ScopeMismatch {
        ScopeMismatch {
            region: rules.region.is_some_and(|region| self.region != *region),
            service: self.service != *rules.service,
            terminator: self.terminator != *TERMINATOR,
            date: self.date != *timestamp.date().as_bytes().as_slice(),
        }
    }

    /// Whether this is the very scope.
    pub(crate) fn is_for(&self, scope: &CredentialScope) -> bool {
        self.date == *scope.date().as_bytes().as_slice()
            && self.region == *scope.region_bytes()
            && self.service == *scope.service_bytes()
            && self.terminator == *TERMINATOR
    }
}

/// Fails unless a key can have this id: nothing else is looked up or logged.
#[inline(always)]
pub(crate) fn check_access_key_id(
    id: PresentedText<'_>,
    rules: &VerifyRules<'_>,
) -> Result<(), VerifyError> {
    let mut buffer = [0; SigningKey::ACCESS_KEY_ID_LEN_MAX];
    let id = match id.as_plain() {
        Some(id) => id,
        None => id.decode_into(&mut buffer).unwrap_or_default().as_bytes(),
    };
    let has_len = (1..=SigningKey::ACCESS_KEY_ID_LEN_MAX).contains(&id.len());
    let has_slash = rules.key_id_slashes == KeyIdSlashes::Refuse && id.contains(&b'/');
    if has_len && !has_slash && !is_no_access_key_id(id) {
        Ok(())
    } else {
        Err(VerifyError::MalformedCredential)
    }
}

impl ScopeMismatch {
    pub(crate) const fn check(self) -> Result<(), VerifyError> {
        match self {
            Self { region: true, .. } => Err(VerifyError::WrongRegion),
            Self { service: true, .. } => Err(VerifyError::WrongService),
            Self { terminator: true, .. } => Err(VerifyError::WrongTerminator),
            Self { date: true, .. } => Err(VerifyError::ScopeDateMismatch),
            Self { .. } => Ok(()),
        }
    }
}

impl<'a> PresentedSignature<'a> {
    /// The credential, taken apart from the right.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`], or [`VerifyError::MalformedCredential`] if there
    /// are fewer than five parts, more where the rules forbid it, or the id is
    /// empty, longer than [`SigningKey::ACCESS_KEY_ID_LEN_MAX`] bytes, or holds a
    /// comma or a byte that is not visible ASCII.
    pub fn credential(
        &self,
        rules: &VerifyRules<'_>,
    ) -> Result<PresentedCredential<'a>, VerifyError> {
        let text = self.require(&self.credential, name::CREDENTIAL, rules)?;
        let parts = text.rsplit(b'/').ok_or(VerifyError::MalformedCredential)?;
        PresentedCredential::new(parts, rules)
    }

    /// The credential, and whether it is for the very scope of a key.
    #[inline(always)]
    pub(crate) fn credential_for<'k>(
        &self,
        key: &'k VerifyingKey,
        rules: &VerifyRules<'_>,
    ) -> Result<(PresentedCredential<'k>, bool), VerifyError>
    where
        'a: 'k,
    {
        let text = self.require(&self.credential, name::CREDENTIAL, rules)?;
        // It nearly always is, and a text is quicker compared than taken apart.
        if let Some(access_key_id) = text.strip_credential_end(key.credential_end()) {
            let [date, region, service, terminator] = key.scope().parts().map(PresentedText::plain);
            let parts = [access_key_id, date, region, service, terminator];
            return Ok((PresentedCredential::new(parts, rules)?, true));
        }
        let credential = self.credential(rules)?;
        Ok((credential, credential.is_for(key.scope())))
    }

    /// Holds the scope against the rules and the timestamp, all parts of it.
    ///
    /// # Errors
    ///
    /// As [`credential`](Self::credential) and [`timestamp`](Self::timestamp).
    pub fn scope_mismatch(&self, rules: &VerifyRules<'_>) -> Result<ScopeMismatch, VerifyError> {
        Ok(self.credential(rules)?.mismatch(self.timestamp(rules)?, rules))
    }

    /// Fails for the first part of the scope that is not what it should be.
    ///
    /// # Errors
    ///
    /// [`VerifyError::WrongRegion`], [`WrongService`](VerifyError::WrongService),
    /// [`WrongTerminator`](VerifyError::WrongTerminator) or
    /// [`ScopeDateMismatch`](VerifyError::ScopeDateMismatch), in this order.
    pub fn check_scope(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        self.scope_mismatch(rules)?.check()
    }

    /// The scope, to derive the [`VerifyingKey`] for.
    ///
    /// # Errors
    ///
    /// As [`credential`](Self::credential), and [`VerifyError::InvalidScope`].
    pub fn scope(&self, rules: &VerifyRules<'_>) -> Result<CredentialScope, VerifyError> {
        let credential = self.credential(rules)?;
        let mut date = [0; Date::LEN];
        let mut region = [0; CredentialScope::REGION_LEN_MAX];
        let mut service = [0; CredentialScope::SERVICE_LEN_MAX];
        let date = credential.date.decode_into(&mut date).ok_or(VerifyError::ScopeDateMismatch)?;
        let date = Date::parse(date.as_bytes()).map_err(|_| VerifyError::ScopeDateMismatch)?;
        let region = credential.region.decode_into(&mut region).ok_or(VerifyError::InvalidScope)?;
        let service =
            credential.service.decode_into(&mut service).ok_or(VerifyError::InvalidScope)?;
        CredentialScope::new(date, region, service).map_err(|_: KeyError| VerifyError::InvalidScope)
    }
}
