//! What shows the reason by which a request is refused.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec::Vec;

use crate::bytes::encode;
use crate::explain::difference::{Differences, Item};
use crate::explain::examination::bytes;
use crate::explain::mistake::Mistake;
use crate::explain::mistakes::payload;
use crate::explain::scene::Scene;
use crate::names::ALGORITHM;
use crate::names::TERMINATOR;
use crate::names::is_amz;
use crate::rules::{PathEncoding, PathRules};
use crate::time::Timestamp;
use crate::verify::rules::Unsigned;
use crate::verify::{Form, PresentedSignature, PresentedText, VerifyError, VerifyRules};

/// What a request presents, and what it is held against.
pub(crate) struct Refused<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) presented: &'a PresentedSignature<'a>,
}

impl Refused<'_> {
    /// Adds the values that differ, and returns the mistakes that they show.
    pub(crate) fn add(&self, error: VerifyError, to: &mut Differences<'_>) -> Vec<Mistake> {
        let (presented, rules) = (self.presented, self.rules());
        let mut mistakes = Vec::new();
        mistakes.extend(self.add_access_key(to));
        match error {
            VerifyError::Expired { timestamp, now }
            | VerifyError::NotYetValid { timestamp, now } => {
                to.add(Item::Timestamp, now.as_bytes(), timestamp.as_bytes());
                self.add_expires(timestamp, now, to);
                mistakes.extend(self.local_time(timestamp, now));
            }
            VerifyError::PayloadMismatch
            | VerifyError::PayloadNotCovered
            | VerifyError::MalformedContentSha256 => mistakes.extend(self.add_payload(to)),
            VerifyError::WrongRegion
            | VerifyError::WrongService
            | VerifyError::WrongTerminator
            | VerifyError::ScopeDateMismatch => self.add_scope(to),
            VerifyError::SessionTokenMismatch
            | VerifyError::MissingSessionToken
            | VerifyError::UnexpectedSessionToken => self.add_session_token(to),
            VerifyError::UnnormalizedPath => self.add_path(to),
            VerifyError::SignedHeaderAbsent => self.add_absent_headers(to),
            VerifyError::MalformedSignedHeaders
            | VerifyError::HostNotSigned
            | VerifyError::DateNotSigned
            | VerifyError::UnsignedAmzHeader => self.add_signed_headers(error, to),
            VerifyError::UnsupportedAlgorithm => {
                add_spelling(Item::Algorithm, ALGORITHM, presented.algorithm(rules), to);
            }
            VerifyError::MalformedCredential => {
                let spelling = "id/YYYYMMDD/region/service/aws4_request";
                add_spelling(Item::Credential, spelling, presented.credential_text(rules), to);
            }
            VerifyError::MalformedDate => {
                add_spelling(Item::Timestamp, "YYYYMMDDTHHMMSSZ", presented.date(rules), to);
            }
            VerifyError::InvalidExpires => {
                let expires = presented.part(&presented.expires, rules);
                add_spelling(Item::Expires, "a number from 1 to 604800", expires, to);
            }
            VerifyError::MalformedSignature => self.add_signature(to),
            // The reason says all, or what differs is searched for.
            VerifyError::Request(_)
            | VerifyError::NoSignature
            | VerifyError::BothForms
            | VerifyError::MalformedAuthorization
            | VerifyError::UnknownAuthorizationPart
            | VerifyError::Duplicate { .. }
            | VerifyError::Missing { .. }
            | VerifyError::InvalidScope
            | VerifyError::MalformedRegionSet
            | VerifyError::RegionSetNotSigned
            | VerifyError::RegionNotInSet
            | VerifyError::KeyScopeMismatch
            | VerifyError::SignatureMismatch => {}
        }
        mistakes
    }

    fn rules(&self) -> &VerifyRules<'_> {
        &self.scene.view.rules
    }

    fn add_access_key(&self, to: &mut Differences<'_>) -> Option<Mistake> {
        let own = self.scene.view.credentials.access_key_id().as_bytes();
        let other = bytes(self.presented.credential(self.rules()).ok()?.access_key_id);
        to.add(Item::AccessKeyId, own, &other);
        (own != other).then_some(Mistake::OtherAccessKey)
    }

    /// The life of a presigned request, beside its age.
    fn add_expires(&self, timestamp: Timestamp, now: Timestamp, to: &mut Differences<'_>) {
        let expires = self.presented.part(&self.presented.expires, self.rules());
        let age = now.unix_seconds() - timestamp.unix_seconds();
        if let Some(expires) = expires.filter(|_| age >= 0) {
            to.add(Item::Expires, format!("signed {age} seconds ago").as_bytes(), &bytes(expires));
        }
    }

    /// A clock that is wrong by hours, to the minute, is right elsewhere.
    fn local_time(&self, timestamp: Timestamp, now: Timestamp) -> Option<Mistake> {
        let apart = timestamp.unix_seconds() - now.unix_seconds();
        let offset =
            (apart + ZONE_STEP_SECONDS / 2).div_euclid(ZONE_STEP_SECONDS) * ZONE_STEP_SECONDS;
        let is_offset = (2 * ZONE_STEP_SECONDS..=ZONE_OFFSET_MAX).contains(&offset.abs())
            && (apart - offset).abs() <= ZONE_TOLERANCE_SECONDS;
        // A presigned URL may simply be old.
        let may_be_old = self.presented.form() == Form::Query && apart < 0;
        (is_offset && !may_be_old).then_some(Mistake::LocalTime)
    }

    fn add_payload(&self, to: &mut Differences<'_>) -> Option<Mistake> {
        let declared = self.presented.part(&self.presented.content_sha256, self.rules())?;
        let declared = bytes(declared);
        let own = encode::hex(&self.scene.body_sha256);
        to.add(Item::PayloadHash, &own, &declared);
        payload::explain_declared(self.scene, &declared)
    }

    fn add_scope(&self, to: &mut Differences<'_>) {
        let Ok(credential) = self.presented.credential(self.rules()) else { return };
        let rules = self.rules();
        if let Some(region) = rules.region {
            to.add(Item::Region, region.as_bytes(), &bytes(credential.region));
        }
        to.add(Item::Service, rules.service.as_bytes(), &bytes(credential.service));
        to.add(Item::Terminator, TERMINATOR.as_bytes(), &bytes(credential.terminator));
        if let Ok(timestamp) = self.presented.timestamp(rules) {
            to.add(Item::Date, timestamp.date().as_bytes(), &bytes(credential.date));
        }
    }

    /// The path as it is signed, beside the one that is sent.
    fn add_path(&self, to: &mut Differences<'_>) {
        let rules = PathRules { normalize: true, encoding: PathEncoding::AsSent };
        if let Some(path) = self.scene.target.path_by(rules) {
            to.add(Item::Path, &path, self.scene.target.path);
        }
    }

    fn add_session_token(&self, to: &mut Differences<'_>) {
        let shown = |len: Option<usize>| match len {
            Some(len) => format!("one of {len} bytes").into_bytes(),
            None => b"none".to_vec(),
        };
        let own = self.scene.view.credentials.session_token().map(str::len);
        let other = self.presented.session_token(self.rules());
        let other = other.map(|token| token.bytes().count());
        let mut other_shown = shown(other);
        if own == other {
            other_shown.splice(..3, *b"another");
        }
        to.add(Item::SessionToken, &shown(own), &other_shown);
    }

    fn names(&self) -> Vec<Vec<u8>> {
        let list = self.presented.signed_headers(self.rules()).map(bytes).unwrap_or_default();
        list.split(|&byte| byte == b';').map(<[u8]>::to_owned).collect()
    }

    fn add_absent_headers(&self, to: &mut Differences<'_>) {
        let names = self.names().into_iter();
        for name in names.filter(|name| self.scene.values_of(name).is_empty()) {
            to.add(Item::SignedHeaders, b"(not among the headers)", &name);
        }
    }

    /// The list as it would have to be.
    fn add_signed_headers(&self, error: VerifyError, to: &mut Differences<'_>) {
        let presented = self.names();
        let mut names: Vec<_> = presented.iter().map(|name| name.to_ascii_lowercase()).collect();
        names.push(b"host".to_vec());
        if error == VerifyError::DateNotSigned {
            names.push(b"x-amz-date".to_vec());
        }
        if self.rules().unsigned_amz_headers == Unsigned::Refuse {
            let headers = self.scene.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
            names.extend(headers.filter(|name| is_amz(name)));
        }
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        to.add(Item::SignedHeaders, &names.join(&b';'), &presented.join(&b';'));
    }

    fn add_signature(&self, to: &mut Differences<'_>) {
        let len = self.presented.signature(self.rules()).map(|text| text.bytes().count());
        let shown = format!("something else, of {} bytes", len.unwrap_or_default());
        to.add(Item::Signature, b"64 lower-case hexadecimal digits", shown.as_bytes());
    }
}

/// How a part of the signature is written, beside what was presented.
fn add_spelling(
    item: Item,
    spelling: &str,
    presented: Option<PresentedText<'_>>,
    to: &mut Differences<'_>,
) {
    if let Some(presented) = presented {
        to.add(item, spelling.as_bytes(), &bytes(presented));
    }
}

/// All time zones differ from UTC by a multiple of a quarter of an hour.
const ZONE_STEP_SECONDS: i64 = 15 * 60;

/// The largest difference of a time zone from UTC.
const ZONE_OFFSET_MAX: i64 = 14 * 60 * 60;

/// How many seconds a clock in local time may be wrong besides.
const ZONE_TOLERANCE_SECONDS: i64 = 90;
