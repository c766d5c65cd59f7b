//! Who signed a request, found out in AWS's order of checks.
//!
//! `sigv4` reads what was presented and offers each check alone. Which comes
//! first, and what a client is told, is IAM's: the first check that fails
//! answers, so that a wrong scope hides a wrong key, and an inactive key hides
//! a wrong signature. What IAM has no text of its own for is answered as a
//! signature that does not match.

mod refusal;

use http::Request;
use sigv4::{
    Body, Form, HttpView, PresentedCredential, PresentedSignature, ScopeMismatch, Timestamp,
    VerifyError, VerifyRules, VerifyingKey,
};
use time::OffsetDateTime;

use crate::{
    configuration::RegionCheck,
    error::ApiError,
    secret::Secret,
    service::{HOME_REGION, Service},
    state::{KeyUse, SigningCredential, invalid_security_token},
};

/// A request as the verifier wants it: the bytes that came. In HTTP/2 and in
/// the absolute form the host stands in the target; one that differs from the
/// `host` header leaves no signature that could match.
pub(crate) struct Received<'a> {
    head: HttpView<'a>,
    body: &'a [u8],
}

impl<'a> Received<'a> {
    pub(crate) fn of<B: AsRef<[u8]>>(request: &'a Request<B>) -> Self {
        Self { head: HttpView::new(request), body: request.body().as_ref() }
    }
}

/// The signature that a request presents, if it does.
pub(crate) struct Presentation<'a> {
    received: &'a Received<'a>,
    presented: Result<PresentedSignature<'a>, VerifyError>,
    /// Its five parts, if they are that, right or wrong.
    credential: Option<PresentedCredential<'a>>,
}

/// What a signature must be good for.
pub(crate) struct Expectation {
    pub(crate) service: Service,
    pub(crate) region_check: RegionCheck,
    pub(crate) now: OffsetDateTime,
}

/// Whose key signed, and the use of it to note.
pub(crate) struct Authenticated {
    pub(crate) access_key_id: String,
    pub(crate) key_use: KeyUse,
}

impl<'a> Presentation<'a> {
    pub(crate) fn of(received: &'a Received<'a>) -> Self {
        let presented = PresentedSignature::parse(&received.head.request());
        let credential = presented.as_ref().ok();
        let credential =
            credential.and_then(|presented| presented.credential(&VerifyRules::iam("")).ok());
        Self { received, presented, credential }
    }

    /// The service that the credential scope names, right or wrong.
    pub(crate) fn service(&self) -> Option<Service> {
        let name = self.credential?.service;
        Service::ALL.into_iter().find(|service| name == *service.signing_name())
    }

    /// The name of a service in the credential scope that is neither IAM's nor STS's.
    pub(crate) fn foreign_service(&self) -> Option<String> {
        let credential = self.credential?;
        self.service().is_none().then(|| credential.service.to_string())
    }

    /// The access key that it names, whether it signed or not.
    pub(crate) fn access_key_id(&self) -> Option<String> {
        Some(self.credential?.access_key_id.to_string())
    }

    /// Runs every check. `credential_of` knows what may sign.
    pub(crate) fn authenticate(
        &self,
        expectation: &Expectation,
        credential_of: impl FnOnce(&str) -> Option<SigningCredential>,
    ) -> Result<Authenticated, ApiError> {
        let rules = &VerifyRules {
            region: match expectation.region_check {
                RegionCheck::Any => None,
                RegionCheck::Strict => Some(HOME_REGION),
            },
            ..VerifyRules::iam(expectation.service.signing_name())
        };
        let checks = Checks { presented: self.presented.as_ref().map_err(not_presented)?, rules };
        checks.algorithm()?;
        checks.syntax()?;
        checks.complete()?;
        checks.host()?;
        checks.time(expectation.now)?;
        checks.credential()?;
        checks.scope(expectation.service)?;
        let (access_key_id, secret) = checks.access_key(credential_of, expectation.now)?;
        checks.signature(self.received, &secret)?;
        Ok(Authenticated {
            access_key_id,
            key_use: KeyUse {
                at: expectation.now,
                service: expectation.service.signing_name(),
                region: checks.used_region(expectation.service)?,
            },
        })
    }
}

/// The checks, in the order in which they run.
struct Checks<'a> {
    presented: &'a PresentedSignature<'a>,
    rules: &'a VerifyRules<'a>,
}

impl Checks<'_> {
    /// An algorithm of AWS's that is not ours is named; any other scheme
    /// counts as no signature, as does any other algorithm in a query.
    fn algorithm(&self) -> Result<(), ApiError> {
        if self.presented.check_algorithm(self.rules).is_ok() {
            return Ok(());
        }
        let algorithm = self.presented.algorithm(self.rules);
        let algorithm = algorithm.map_or_else(String::new, |text| text.to_string());
        match self.presented.form() {
            Form::Header if algorithm.starts_with("AWS") => {
                Err(refusal::unsupported_algorithm(&algorithm))
            }
            Form::Header | Form::Query => Err(refusal::missing_authentication_token()),
        }
    }

    fn syntax(&self) -> Result<(), ApiError> {
        match self.presented.part_without_equals() {
            Some(_) => Err(refusal::missing_equal_sign(self.authorization())),
            None => Ok(()),
        }
    }

    /// Names all that is missing, in one message.
    fn complete(&self) -> Result<(), ApiError> {
        let Self { presented, rules } = self;
        let missing = refusal::Missing {
            credential: presented.credential_text(rules).is_none(),
            signature: presented.signature(rules).is_none(),
            signed_headers: presented.signed_headers(rules).is_none(),
            date: presented.date(rules).is_none(),
        };
        match presented.form() {
            _ if !missing.any() => Ok(()),
            Form::Header => Err(refusal::incomplete_header(&missing, self.authorization())),
            Form::Query => Err(refusal::incomplete_query(&missing)),
        }
    }

    fn host(&self) -> Result<(), ApiError> {
        let check = self.presented.check_host_signed(self.rules);
        check.map_err(|_| refusal::host_not_signed())
    }

    fn time(&self, now: OffsetDateTime) -> Result<(), ApiError> {
        let now = Timestamp::try_from(now).map_err(|_| refusal::signature_mismatch())?;
        let skew = i64::from(self.rules.clock_skew_seconds);
        match self.presented.check_time(self.rules, now) {
            Ok(_) => Ok(()),
            Err(VerifyError::Expired { timestamp, now }) => {
                let earliest = shifted(now, -skew);
                Err(refusal::expired(&timestamp, &earliest, &now, skew / 60))
            }
            Err(VerifyError::NotYetValid { timestamp, now }) => {
                let latest = shifted(now, skew);
                Err(refusal::not_yet_current(&timestamp, &latest, &now, skew / 60))
            }
            Err(VerifyError::MalformedDate) => {
                let date = self.presented.date(self.rules);
                let date = date.map_or_else(String::new, |text| text.to_string());
                Err(refusal::malformed_date(&date))
            }
            Err(_) => Err(refusal::signature_mismatch()),
        }
    }

    /// Five parts; an id that no key can have is unknown like any other.
    fn credential(&self) -> Result<(), ApiError> {
        if self.presented.credential(self.rules).is_ok() {
            return Ok(());
        }
        let text = self.presented.credential_text(self.rules);
        let text = text.map_or_else(String::new, |text| text.to_string());
        Err(match text.split('/').count() {
            5 => invalid_security_token(),
            _ => refusal::not_five_parts(&text),
        })
    }

    /// Names all that is wrong with the scope, in one message.
    fn scope(&self, service: Service) -> Result<(), ApiError> {
        let Self { presented, rules } = self;
        let unworded = |_| refusal::signature_mismatch();
        let mismatch = presented.scope_mismatch(rules).map_err(unworded)?;
        if mismatch == ScopeMismatch::default() {
            return Ok(());
        }
        let credential = presented.credential(rules).map_err(unworded)?;
        let timestamp = presented.timestamp(rules).map_err(unworded)?;
        let mut problems = refusal::ScopeProblems::default();
        if mismatch.region {
            problems.region();
        }
        if mismatch.service {
            problems.service(service);
        }
        if mismatch.terminator {
            problems.terminator();
        }
        if mismatch.date {
            problems.date(&credential.date, &timestamp.date(), &timestamp);
        }
        Err(problems.into_refusal())
    }

    /// The key's id and secret. A session token is that of the credential, or there is none.
    fn access_key(
        &self,
        credential_of: impl FnOnce(&str) -> Option<SigningCredential>,
        now: OffsetDateTime,
    ) -> Result<(String, Secret), ApiError> {
        let credential = self.presented.credential(self.rules);
        let credential = credential.map_err(|_| invalid_security_token())?;
        let id = credential.access_key_id.to_string();
        let known = credential_of(&id).ok_or_else(invalid_security_token)?;
        let token = known.session_token.as_ref().map(Secret::expose);
        self.presented
            .check_session_token(token, self.rules)
            .map_err(|_| invalid_security_token())?;
        if known.expiration.is_some_and(|expiration| expiration <= now) {
            return Err(refusal::expired_token());
        }
        Ok((id, known.secret))
    }

    fn signature(&self, received: &Received<'_>, secret: &Secret) -> Result<(), ApiError> {
        let unworded = |_| refusal::signature_mismatch();
        let scope = self.presented.scope(self.rules).map_err(unworded)?;
        // The secret goes into the key that the signature is checked with.
        let key = VerifyingKey::derive(secret.expose(), &scope)
            .map_err(|_| refusal::signature_mismatch())?;
        let body = Body::Bytes(received.body);
        self.presented
            .check_signature(&received.head.request(), &body, &key, self.rules)
            .map_err(unworded)?;
        Ok(())
    }

    /// The region that a key's last use names: IAM has one, whatever a client
    /// signs for, STS is where it was called.
    fn used_region(&self, service: Service) -> Result<String, ApiError> {
        let scope = self.presented.scope(self.rules);
        let scope = scope.map_err(|_| refusal::signature_mismatch())?;
        Ok(match (service, scope.region()) {
            (Service::Iam, _) | (Service::Sts, "") => HOME_REGION.to_owned(),
            (Service::Sts, region) => region.to_owned(),
        })
    }

    fn authorization(&self) -> &[u8] {
        self.presented.authorization().unwrap_or_default()
    }
}

fn not_presented(error: &VerifyError) -> ApiError {
    match error {
        VerifyError::NoSignature => refusal::missing_authentication_token(),
        VerifyError::BothForms => refusal::both_forms(),
        _ => refusal::signature_mismatch(),
    }
}

/// A time some seconds away, or the time itself at the ends of the calendar.
fn shifted(timestamp: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(timestamp.unix_seconds() + seconds).unwrap_or(timestamp)
}
