//! What a request goes through before a server sees it.

use std::string::{String, ToString};
use std::vec::Vec;

use ::http::Request;
use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};
use ::http::request::Parts;
use ::http_body::Body;
use bytes::Bytes;

use crate::http::HttpView;
use crate::http::body::{CODING, VerifiedBody};
use crate::http::tower::BoxError;
use crate::http::tower::access_keys::AccessKeys;
use crate::http::tower::body::{self, VerifyingBody};
use crate::http::tower::refusal::Refusal;
use crate::http::tower::verifying::{VerifiedIdentity, VerifyingLayer};
use crate::key::VerifyingKey;
use crate::payload::PayloadLiteral;
use crate::scope::CredentialScope;
use crate::sha256;
use crate::time::Timestamp;
use crate::verify::{self, Declared, Evidence, Form, Presented, VerifyError, VerifyRules};

/// What a request says of itself.
struct Claim {
    form: Form,
    access_key_id: String,
    scope: CredentialScope,
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
        let (mut parts, body) = request.into_parts();
        let claim = Claim::read(&parts, &self.rules, now)?;
        let found = self.keys.find(&claim.access_key_id).await;
        let found = found.map_err(|error| Refusal::AccessKeys(error.into()))?;
        let credentials = found.ok_or(Refusal::UnknownAccessKey)?;
        if let Some(expiration) = credentials.expiration().filter(|end| *end <= now) {
            return Err(Refusal::ExpiredAccessKey { expiration });
        }
        let secret = credentials.as_credentials().secret_access_key();
        let key = VerifyingKey::derive(secret, &claim.scope)?;
        let session_token = credentials.session_token();
        let session_token_name = credentials.session_token_name();
        let rules = VerifyRules { session_token_name, ..self.rules };
        let verify = |parts: &Parts, body| {
            let view = HttpView::new(parts);
            let request = view.request();
            let evidence = Evidence { key: &key, session_token, body, now };
            Presented::parse(&request)
                .and_then(|presented| presented.verify(&request, &evidence, &rules))
                .map_err(|error| claim.refused(error))
        };
        let (verified, body) = match claim.declared {
            Declared::Sha256(digest) => {
                let verified = verify(&parts, verify::Body::Sha256(digest))?;
                let bytes = self.read(body).await?;
                if sha256::digest(&bytes) != digest {
                    return Err(claim.refused(VerifyError::PayloadMismatch));
                }
                (verified, VerifyingBody::whole(bytes))
            }
            Declared::Nothing => {
                let bytes = self.read(body).await?;
                (verify(&parts, verify::Body::Bytes(&bytes))?, VerifyingBody::whole(bytes))
            }
            Declared::Literal => {
                let verified = verify(&parts, verify::Body::Bytes(b""))?;
                if verified.payload == Some(PayloadLiteral::Unsigned) {
                    (verified, VerifyingBody::as_it_came(body))
                } else {
                    let decoder = verified.chunk_decoder(&HttpView::new(&parts).request(), &key)?;
                    describe_decoded(&mut parts.headers, decoder.decoded_len());
                    (verified, VerifyingBody::in_chunks(VerifiedBody::new(body, decoder)))
                }
            }
        };
        parts.extensions.insert(VerifiedIdentity {
            access_key_id: claim.access_key_id,
            scope: claim.scope,
            timestamp: verified.timestamp,
            payload: verified.payload,
        });
        Ok(Request::from_parts(parts, body))
    }

    async fn read<B>(&self, body: B) -> Result<Bytes, Refusal>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let max = self.body_len_max;
        body::read(body, max).await.map_err(|error| Refusal::of_body(error, max))
    }
}

impl Claim {
    /// Reads it, after every check that needs no secret.
    fn read(parts: &Parts, rules: &VerifyRules<'_>, now: Timestamp) -> Result<Self, Refusal> {
        let view = HttpView::new(parts);
        let presented = Presented::parse(&view.request())
            .map_err(|error| Refusal::Signature { error, form: None })?;
        Self::of(&presented, rules, now)
            .map_err(|error| Refusal::Signature { error, form: Some(presented.form()) })
    }

    fn of(
        presented: &Presented<'_>,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        presented.check_duplicates(rules)?;
        presented.check_algorithm(rules)?;
        presented.check_syntax()?;
        presented.check_complete(rules)?;
        presented.check_scope(rules)?;
        presented.check_time(rules, now)?;
        Ok(Self {
            form: presented.form(),
            access_key_id: presented.credential(rules)?.access_key_id.to_string(),
            scope: presented.scope(rules)?,
            declared: presented.declared(rules),
        })
    }

    fn refused(&self, error: VerifyError) -> Refusal {
        Refusal::Signature { error, form: Some(self.form) }
    }
}

/// Makes the headers fit a body that was in chunks and is decoded now.
fn describe_decoded(headers: &mut HeaderMap, len: u64) {
    headers.insert(CONTENT_LENGTH, HeaderValue::from(len));
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
