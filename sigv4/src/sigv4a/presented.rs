//! What a request signed with SigV4a presents, and Signature Version 4 does not.

use core::fmt;

use crate::canonical::query;
use crate::canonical::target::Target;
use crate::names::{self, TERMINATOR};
use crate::request::{Headers, Request};
use crate::sigv4a::region_set::RegionSet;
use crate::sigv4a::scope::ALGORITHM;
use crate::time::Timestamp;
use crate::verify::{self, Form, PresentedText, VerifyError, VerifyRules};

/// A signature of SigV4a as it was presented: a view of
/// [`PresentedSignature`](crate::PresentedSignature), which parses both algorithms.
///
/// What the algorithms have in common is checked there, and
/// [`verify`](Self::verify) checks all of it.
#[derive(Clone, Copy)]
pub struct PresentedSignature<'p, 'a> {
    pub(crate) parsed: &'p verify::PresentedSignature<'a>,
}

impl<'p, 'a> PresentedSignature<'p, 'a> {
    /// Takes what was presented for a signature of SigV4a.
    ///
    /// # Errors
    ///
    /// [`VerifyError::UnsupportedAlgorithm`] unless the algorithm is
    /// `AWS4-ECDSA-P256-SHA256`. One that accepts both kinds of signature goes on
    /// with [`PresentedSignature::verify`](crate::PresentedSignature::verify) then.
    pub fn new(
        presented: &'p verify::PresentedSignature<'a>,
        rules: &VerifyRules<'_>,
    ) -> Result<Self, VerifyError> {
        match presented.algorithm(rules) {
            Some(algorithm) if algorithm == *ALGORITHM => Ok(Self { parsed: presented }),
            _ => Err(VerifyError::UnsupportedAlgorithm),
        }
    }

    /// The credential, taken apart from the right.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`], or [`VerifyError::MalformedCredential`] if there
    /// are fewer than four parts, more where the rules forbid it, or the id is
    /// empty, longer than [`SigningKey::ACCESS_KEY_ID_LEN_MAX`](crate::SigningKey::ACCESS_KEY_ID_LEN_MAX) bytes,
    /// or holds a comma or a byte that is not visible ASCII.
    pub fn credential(
        &self,
        rules: &VerifyRules<'_>,
    ) -> Result<PresentedCredential<'a>, VerifyError> {
        let text = self.parsed.credential_text(rules);
        let text = text.ok_or(VerifyError::Missing { name: "Credential" })?;
        let [access_key_id, date, service, terminator] =
            text.rsplit(b'/').ok_or(VerifyError::MalformedCredential)?;
        verify::check_access_key_id(access_key_id, rules)?;
        Ok(PresentedCredential { access_key_id, date, service, terminator })
    }

    /// The region set as it was presented: in a header, or in a parameter if the
    /// signature came in the query.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Missing`], [`VerifyError::Duplicate`] whatever the rules say
    /// about duplicates, or [`VerifyError::Request`] for a target that cannot be read.
    pub fn region_set<'r, H: Headers + ?Sized>(
        &self,
        request: &Request<'r, H>,
    ) -> Result<PresentedText<'r>, VerifyError> {
        match self.parsed.form() {
            Form::Header => {
                let name = names::header::REGION_SET.as_bytes();
                let headers = request.headers().pairs();
                let named = headers.filter(|(other, _)| other.eq_ignore_ascii_case(name));
                only(named.map(|(_, value)| PresentedText::trimmed(value)))
            }
            Form::Query => {
                let parameters = query::pieces(Target::parse(request.target())?.query);
                let named = parameters.map(query::split);
                let named =
                    named.filter(|(name, _)| query::is_named(name, names::parameter::REGION_SET));
                only(named.map(|(_, value)| PresentedText::encoded(value)))
            }
        }
    }

    /// Fails unless the region set is well-formed and signed, and includes the
    /// region of the rules, if they name one.
    ///
    /// # Errors
    ///
    /// [`VerifyError::MalformedRegionSet`],
    /// [`RegionSetNotSigned`](VerifyError::RegionSetNotSigned),
    /// [`RegionNotInSet`](VerifyError::RegionNotInSet), or as
    /// [`region_set`](Self::region_set).
    pub fn check_region_set<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &VerifyRules<'_>,
    ) -> Result<(), VerifyError> {
        let mut buffer = [0; RegionSet::LEN_MAX];
        let text = self.region_set(request)?.decode_into(&mut buffer);
        let set = text.and_then(|text| RegionSet::new(text).ok());
        let set = set.ok_or(VerifyError::MalformedRegionSet)?;
        // In the query everything is signed.
        let is_signed = self.parsed.form() == Form::Query
            || self
                .parsed
                .signed_headers(rules)
                .is_some_and(|list| list.any(b';', |name| name == *names::header::REGION_SET));
        if !is_signed {
            return Err(VerifyError::RegionSetNotSigned);
        }
        match rules.region {
            Some(region) if !set.includes(region) => Err(VerifyError::RegionNotInSet),
            _ => Ok(()),
        }
    }

    /// Fails for the first part of the scope that is not what it should be.
    ///
    /// # Errors
    ///
    /// [`VerifyError::WrongService`], [`WrongTerminator`](VerifyError::WrongTerminator)
    /// or [`ScopeDateMismatch`](VerifyError::ScopeDateMismatch), in this order; or
    /// as [`credential`](Self::credential) and
    /// [`PresentedSignature::timestamp`](crate::PresentedSignature::timestamp).
    pub fn check_scope(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        let credential = self.credential(rules)?;
        if credential.service != *rules.service {
            return Err(VerifyError::WrongService);
        }
        credential.check_rest(self.parsed.timestamp(rules)?)
    }
}

/// Shows the form alone.
impl fmt::Debug for PresentedSignature<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(f)
    }
}

/// The four parts of a credential, as they were presented.
#[derive(Clone, Copy, Debug)]
pub struct PresentedCredential<'a> {
    /// The id of the access key.
    pub access_key_id: PresentedText<'a>,
    /// The day, which should be `YYYYMMDD`.
    pub date: PresentedText<'a>,
    /// The service.
    pub service: PresentedText<'a>,
    /// What should be `aws4_request`.
    pub terminator: PresentedText<'a>,
}

impl PresentedCredential<'_> {
    /// Fails unless the parts behind the service are those that are signed.
    pub(crate) fn check_rest(&self, timestamp: Timestamp) -> Result<(), VerifyError> {
        if self.terminator != *TERMINATOR {
            return Err(VerifyError::WrongTerminator);
        }
        if self.date != *timestamp.date().as_bytes().as_slice() {
            return Err(VerifyError::ScopeDateMismatch);
        }
        Ok(())
    }
}

/// The one text there is.
fn only<'r>(
    mut texts: impl Iterator<Item = PresentedText<'r>>,
) -> Result<PresentedText<'r>, VerifyError> {
    let text = texts.next().ok_or(VerifyError::Missing { name: names::parameter::REGION_SET })?;
    match texts.next() {
        Some(_) => Err(VerifyError::Duplicate { name: names::parameter::REGION_SET }),
        None => Ok(text),
    }
}
