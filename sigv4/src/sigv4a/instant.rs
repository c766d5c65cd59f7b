//! One second of a signing key: both forms of signing.

use core::fmt;

use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::canonical::{CanonicalQuery, Named};
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::derived::{Credential, EncodedToken};
use crate::key::string_to_sign;
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::SigningRules;
use crate::sha256;
use crate::sign::header::{self, declared_line, payload_line};
use crate::sign::query;
use crate::sign::select::{REGION_SET_HEADER, REGION_SET_PARAMETER};
use crate::sign::signatory::Signatory;
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
        check_no_region_set(request.headers())?;
        let line = payload_line(payload, rules);
        header::with_canonical_request(self, request, &line, rules, |canonical| {
            let mut out = Buffer::new(out);
            let names = header::write_unsigned_authorization(
                self,
                &mut out,
                canonical.headers,
                Signature::HEX_LEN_MAX,
            )?;
            let headers = Named { headers: canonical.headers, names };
            let signature = self.signature(&canonical.with_headers(&headers).sha256()?);
            out.write(signature.hex(&mut [0; Signature::HEX_LEN_MAX]));
            Ok(SignedRequest {
                authorization: out.finish()?,
                timestamp: self.timestamp,
                content_sha256: declared_line(&line, rules),
                session_token: self.key.session_token(),
                region_set: Some(self.key.region_set().as_str()),
                signature,
            })
        })
    }

    /// Bytes that the value of `Authorization` will have at most for a request,
    /// and that [`sign`](Self::sign) wants room for. Most signatures are shorter
    /// by two or four. Costs no hashing.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if a header is malformed or already made.
    pub fn authorization_len_max<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        check_no_region_set(request.headers())?;
        let mut count = Count::default();
        header::with_signed_headers(self, request, None, rules, |headers| {
            header::write_authorization_head(self, &mut count, headers);
            Ok(())
        })?;
        Ok(count.len() + Signature::HEX_LEN_MAX)
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
        check_no_region_set(request.headers())?;
        let mut out = Buffer::new(out);
        let line = payload_line(payload, rules);
        header::with_canonical_request(self, request, &line, rules, |canonical| {
            Ok(canonical.write_to(&mut out)?)
        })?;
        Ok(out.finish()?)
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
        check_no_region_set(request.headers())?;
        query::with_query(self, request, payload, expires, rules, |canonical| {
            let mut out = Buffer::new(out);
            let len_max = Signature::HEX_LEN_MAX;
            let query = query::write_unsigned_target(self, &mut out, canonical, len_max, rules)?;
            let signature = self.signature(&canonical.with_query(&query).sha256()?);
            let mut digits = [0; Signature::HEX_LEN_MAX];
            query::write_tail(self, &mut out, signature.hex(&mut digits), rules);
            Ok(PresignedRequest { target: out.finish()?, signature })
        })
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
        check_no_region_set(request.headers())?;
        let mut count = Count::default();
        query::with_query(self, request, payload, expires, rules, |canonical| {
            canonical.path.write_target(&mut count)?;
            count.write(b"?");
            canonical.query.write_to(&mut count);
            Ok(())
        })?;
        Ok(count.len() + query::tail_len(self, Signature::HEX_LEN_MAX, rules))
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
        check_no_region_set(request.headers())?;
        let mut out = Buffer::new(out);
        query::with_query(self, request, payload, expires, rules, |canonical| {
            Ok(canonical.write_to(&mut out)?)
        })?;
        Ok(out.finish()?)
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

    /// The signature over a canonical request of the given SHA-256.
    fn signature(&self, canonical_request: &[u8; 32]) -> Signature {
        self.key.signature(&string_to_sign::sha256(self.timestamp, &self.scope, canonical_request))
    }
}

impl Signatory for SigningInstant<'_> {
    /// Those of Signature Version 4 and `x-amz-region-set`.
    const ADDED_HEADERS_MAX: usize =
        <crate::SigningInstant<'_> as Signatory>::ADDED_HEADERS_MAX + 1;

    const MADE_PARAMETERS: &'static [&'static str] = &[
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        REGION_SET_PARAMETER,
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    ];

    fn timestamp(&self) -> &Timestamp {
        &self.timestamp
    }

    fn credential(&self) -> &Credential {
        &self.credential
    }

    fn session_token(&self) -> Option<&str> {
        self.key.session_token()
    }

    fn encoded_token(&self) -> &EncodedToken {
        &self.key.encoded_token
    }

    fn region_set(&self) -> Option<&str> {
        Some(self.key.region_set().as_str())
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

/// Signing makes the header of the regions; one that is there already would be
/// joined with it.
fn check_no_region_set(headers: &(impl Headers + ?Sized)) -> Result<(), SignError> {
    let is_region_set = |name: &[u8]| name.eq_ignore_ascii_case(REGION_SET_HEADER.as_bytes());
    if headers.pairs().any(|(name, _)| is_region_set(name)) {
        return Err(SignError::HeaderAlreadyPresent { name: REGION_SET_HEADER });
    }
    Ok(())
}
