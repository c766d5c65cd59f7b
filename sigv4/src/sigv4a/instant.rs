//! One second of a signing key: both forms of signing.

use core::fmt;

use crate::bytes::sink::{Buffer, Sink};
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::derived::{Credential, EncodedToken};
use crate::key::string_to_sign;
use crate::names::SessionTokenName;
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::SigningRules;
use crate::sha256;
use crate::sign::signatory::Signatory;
use crate::sign::{header, query};
use crate::sigv4a::key::SigningKey;
use crate::sigv4a::scope::MultiRegionScope;
use crate::sigv4a::signature::Signature;
use crate::sigv4a::{PresignedRequest, SignedRequest};
use crate::time::Timestamp;

/// A [`SigningKey`] at one second, ready to sign any number of requests.
#[derive(Clone)]
pub struct SigningInstant<'k> {
    pub(crate) key: &'k SigningKey<'k>,
    timestamp: Timestamp,
    pub(crate) scope: MultiRegionScope,
    credential: Credential,
}

impl<'k> SigningInstant<'k> {
    pub(crate) fn new(key: &'k SigningKey<'k>, timestamp: Timestamp) -> Self {
        let scope = MultiRegionScope { date: timestamp.date(), service: key.service };
        let credential = Credential::new(key.access_key_id(), &scope);
        Self { key, timestamp, scope, credential }
    }

    /// The second that is signed.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Signs a request whose signature travels in headers, and writes the value
    /// of `Authorization` into `out`.
    ///
    /// The request must then be sent with the headers that
    /// [`SignedRequest::headers`] lists, `x-amz-region-set` among them.
    /// [`authorization_len_max`](Self::authorization_len_max) tells beforehand how
    /// long the value can get.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if the request is malformed, already holds something that
    /// signing makes, or if `out` is too short for the longest signature; `out`
    /// then holds zeroes where it had been written.
    pub fn sign<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<SignedRequest<'b>, SignError>
    where
        'k: 'b,
    {
        header::sign(self, request, payload, rules, out)
    }

    /// Bytes that the value of `Authorization` will have at most for a request,
    /// and that [`sign`](Self::sign) wants room for. Most signatures are shorter
    /// by two or four. Costs no hashing; what the payload is makes no difference.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if a header is malformed or already made.
    pub fn authorization_len_max<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        _payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        header::authorization_len_max(self, request, rules)
    }

    /// Writes the canonical request that [`sign`](Self::sign) hashes, to compare
    /// with what a service says it saw. It holds the session token, if there is one.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn canonical_request<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        header::canonical_request(self, request, payload, rules, out)
    }

    /// Signs a request whose signature travels in the query, and writes its
    /// target (path and query) into `out`.
    ///
    /// What is said of
    /// [`SigningInstant::presign`](crate::SigningInstant::presign) holds here too.
    /// [`presigned_len_max`](Self::presigned_len_max) tells beforehand how long
    /// the target can get.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if the request is malformed, already holds something that
    /// signing makes, or if `out` is too short for the longest signature; `out`
    /// then holds zeroes where it had been written.
    pub fn presign<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<PresignedRequest<'b>, SignError> {
        query::presign(self, request, payload, expires, rules, out)
    }

    /// Bytes that the presigned target of a request will have at most, and that
    /// [`presign`](Self::presign) wants room for. Costs no hashing.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign), except for the buffer.
    pub fn presigned_len_max<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        query::presigned_len_max(self, request, payload, expires, rules)
    }

    /// Writes the canonical request that [`presign`](Self::presign) hashes, to
    /// compare with what a service says it saw. It holds the session token, if
    /// there is one.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presigned_canonical_request<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        query::presigned_canonical_request(self, request, payload, expires, rules, out)
    }

    /// Writes the string to sign for a canonical request, to compare with what a
    /// service says it saw.
    ///
    /// # Errors
    ///
    /// [`SignError::BufferTooSmall`].
    pub fn string_to_sign<'b>(
        &self,
        canonical_request: &[u8],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], SignError> {
        let mut out = Buffer::new(out);
        let digest = sha256::digest(canonical_request);
        string_to_sign::write(&mut out, self.timestamp, &self.scope, &digest);
        Ok(out.finish()?)
    }
}

impl<'k> Signatory<'k> for SigningInstant<'k> {
    type Signature = Signature;

    const SIGNATURE_LEN_MAX: usize = Signature::HEX_LEN_MAX;

    const IS_MULTI_REGION: bool = true;

    fn timestamp(&self) -> &Timestamp {
        &self.timestamp
    }

    fn credential(&self) -> &Credential {
        &self.credential
    }

    fn session_token(&self) -> Option<&'k str> {
        self.key.session_token()
    }

    fn session_token_name(&self) -> SessionTokenName {
        self.key.session_token_name
    }

    fn encoded_token(&self) -> &EncodedToken {
        &self.key.encoded_token
    }

    fn region_set(&self) -> Option<&'k str> {
        Some(self.key.region_set().as_str())
    }

    fn signature(&self, canonical_request: &[u8; 32]) -> Signature {
        self.key.signature(&string_to_sign::sha256(self.timestamp, &self.scope, canonical_request))
    }

    fn write_signature(signature: &Signature, sink: &mut impl Sink) {
        sink.write(signature.hex(&mut [0; Signature::HEX_LEN_MAX]));
    }
}

impl fmt::Debug for SigningInstant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningInstant")
            .field("key", &self.key)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}
