//! What a request goes through before a server sees it.

use std::string::{String, ToString};
use std::vec::Vec;

use ::http::Request;
use ::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, TRAILER, TRANSFER_ENCODING,
};
use ::http::request::Parts;
use ::http_body::Body;
use bytes::Bytes;

use crate::chunks::DECODED_LENGTH_HEADER;
use crate::credentials::owned::OwnedCredentials;
use crate::http::HttpView;
use crate::http::body::CODING;
use crate::http::tower::BoxError;
use crate::http::tower::access_keys::AccessKeys;
use crate::http::tower::body::{self, VerifyingBody};
use crate::http::tower::refusal::Refusal;
use crate::http::tower::request_key::RequestKey;
use crate::http::tower::verified_identity::{VerifiedIdentity, VerifiedScope};
#[cfg(feature = "sigv4a")]
use crate::http::tower::verifying::MultiRegion;
use crate::http::tower::verifying::VerifyingLayer;
use crate::key::VerifyingKey;
use crate::payload::PayloadLiteral;
use crate::sha256;
#[cfg(feature = "sigv4a")]
use crate::sigv4a;
use crate::time::Timestamp;
use crate::verify::{self, Declared, Evidence, Form, PresentedSignature, VerifyError, VerifyRules};

/// Who a request says has signed it, for what and how.
struct Sender {
    form: Form,
    access_key_id: String,
    scope: VerifiedScope,
    timestamp: Timestamp,
    declared: Declared,
}

impl<K: AccessKeys, R> VerifyingLayer<K, R> {
    /// The request as the inner service gets it.
    pub(crate) async fn admit<B>(
        &self,
        request: Request<B>,
    ) -> Result<Request<VerifyingBody<B>>, Refusal>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let now = self.clock.now()?;
        let (parts, body) = request.into_parts();
        let sender = self.sender(&parts, now)?;
        let found = self.keys.find(&sender.access_key_id).await;
        let found = found.map_err(|error| Refusal::AccessKeys(error.into()))?;
        let credentials = found.ok_or(Refusal::UnknownAccessKey)?;
        if let Some(expiration) = credentials.expiration().filter(|end| *end <= now) {
            return Err(Refusal::ExpiredAccessKey { expiration });
        }
        let secret = credentials.as_credentials().secret_access_key();
        match &sender.scope {
            VerifiedScope::OneRegion(scope) => {
                let key = VerifyingKey::derive(secret, scope)?;
                self.admit_by(&key, &credentials, sender, now, (parts, body)).await
            }
            #[cfg(feature = "sigv4a")]
            VerifiedScope::MultiRegion { .. } => {
                let key = sigv4a::VerifyingKey::derive(&sender.access_key_id, secret)?;
                self.admit_by(&key, &credentials, sender, now, (parts, body)).await
            }
        }
    }

    /// Goes on with the key of the sender, of whichever algorithm.
    async fn admit_by<Q: RequestKey, B>(
        &self,
        key: &Q,
        credentials: &OwnedCredentials,
        sender: Sender,
        now: Timestamp,
        (mut parts, body): (Parts, B),
    ) -> Result<Request<VerifyingBody<B>>, Refusal>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let session_token = credentials.session_token();
        let session_token_name = credentials.session_token_name();
        let rules = VerifyRules { session_token_name, ..self.rules };
        let verify = |parts: &Parts, body| {
            let evidence = Evidence { key, session_token, body, now };
            Q::verify(&HttpView::new(parts).request(), &evidence, &rules)
                .map_err(|error| sender.refused(error))
        };
        let (verified, body) = match sender.declared {
            Declared::Sha256(digest) => {
                let verified = verify(&parts, verify::Body::Sha256(digest))?;
                let bytes = self.read(body).await?;
                if sha256::digest(&bytes) != digest {
                    return Err(sender.refused(VerifyError::PayloadMismatch));
                }
                (verified, VerifyingBody::whole(bytes))
            }
            Declared::Nothing => {
                let bytes = self.read(body).await?;
                (verify(&parts, verify::Body::Bytes(&bytes))?, VerifyingBody::whole(bytes))
            }
            Declared::Literal => {
                let verified = verify(&parts, verify::Body::Bytes(b""))?;
                if Q::payload(&verified) == Some(PayloadLiteral::Unsigned) {
                    (verified, VerifyingBody::as_it_came(body))
                } else {
                    let view = HttpView::new(&parts);
                    let (len, body) = key.decode(&view.request(), &verified, body)?;
                    describe_decoded(&mut parts.headers, len);
                    (verified, body)
                }
            }
        };
        parts.extensions.insert(VerifiedIdentity {
            access_key_id: sender.access_key_id,
            scope: sender.scope,
            timestamp: sender.timestamp,
            payload: Q::payload(&verified),
            coverage: body.coverage(),
        });
        Ok(Request::from_parts(parts, body))
    }

    /// Reads who sent a request, after every check that needs no secret.
    fn sender(&self, parts: &Parts, now: Timestamp) -> Result<Sender, Refusal> {
        let view = HttpView::new(parts);
        let request = view.request();
        let presented = PresentedSignature::parse(&request)
            .map_err(|error| Refusal::Signature { error, form: None })?;
        #[cfg(feature = "sigv4a")]
        let multi_region = match self.multi_region {
            MultiRegion::Accept => sigv4a::PresentedSignature::new(&presented, &self.rules).ok(),
            MultiRegion::Refuse => None,
        };
        #[cfg(feature = "sigv4a")]
        let sender = match multi_region {
            Some(presented) => Sender::of_regions(&presented, &request, &self.rules, now),
            None => Sender::of(&presented, &request, &self.rules, now),
        };
        #[cfg(not(feature = "sigv4a"))]
        let sender = Sender::of(&presented, &request, &self.rules, now);
        sender.map_err(|error| Refusal::Signature { error, form: Some(presented.form()) })
    }

    async fn read<B>(&self, body: B) -> Result<Bytes, Refusal>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let max = self.body_len_max;
        body::read(body, max).await.map_err(|error| Refusal::of_body(error, max))
    }
}

impl Sender {
    fn of(
        presented: &PresentedSignature<'_>,
        request: &crate::request::Request<'_, HttpView<'_>>,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        presented.check_duplicates(rules)?;
        presented.check_algorithm(rules)?;
        presented.check_syntax()?;
        presented.check_complete(rules)?;
        presented.check_scope(rules)?;
        let timestamp = presented.check_time(rules, now)?;
        presented.check_path(rules)?;
        presented.check_signed_headers(request, rules)?;
        Ok(Self {
            form: presented.form(),
            timestamp,
            access_key_id: presented.credential(rules)?.access_key_id.to_string(),
            scope: VerifiedScope::OneRegion(presented.scope(rules)?),
            declared: presented.declared(rules),
        })
    }

    #[cfg(feature = "sigv4a")]
    fn of_regions(
        presented: &sigv4a::PresentedSignature<'_, '_>,
        request: &crate::request::Request<'_, HttpView<'_>>,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        let parsed = presented.parsed;
        parsed.check_duplicates(rules)?;
        parsed.check_syntax()?;
        parsed.check_complete(rules)?;
        presented.check_scope(rules)?;
        presented.check_region_set(request, rules)?;
        let timestamp = parsed.check_time(rules, now)?;
        parsed.check_path(rules)?;
        parsed.check_signed_headers(request, rules)?;
        let credential = presented.credential(rules)?;
        Ok(Self {
            form: parsed.form(),
            timestamp,
            access_key_id: credential.access_key_id.to_string(),
            scope: VerifiedScope::MultiRegion {
                date: timestamp.date(),
                service: credential.service.to_string(),
                region_set: presented.region_set(request)?.to_string(),
            },
            declared: parsed.declared(rules),
        })
    }

    fn refused(&self, error: VerifyError) -> Refusal {
        Refusal::Signature { error, form: Some(self.form) }
    }
}

/// Makes the headers fit a body that was in chunks and is decoded now: it has one
/// length, and no trailers but those that `x-amz-trailer` names.
fn describe_decoded(headers: &mut HeaderMap, len: u64) {
    headers.insert(CONTENT_LENGTH, HeaderValue::from(len));
    for name in [TRANSFER_ENCODING.as_str(), TRAILER.as_str(), DECODED_LENGTH_HEADER] {
        headers.remove(name);
    }
    let codings = headers.get_all(CONTENT_ENCODING).iter();
    let codings = codings.filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
    let others: Vec<&str> = codings
        .map(str::trim)
        .filter(|coding| !coding.eq_ignore_ascii_case(CODING) && !coding.is_empty())
        .collect();
    let others = HeaderValue::try_from(others.join(",")).ok().filter(|others| !others.is_empty());
    headers.remove(CONTENT_ENCODING);
    if let Some(others) = others {
        headers.insert(CONTENT_ENCODING, others);
    }
}
