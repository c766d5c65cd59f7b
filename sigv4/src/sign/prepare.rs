//! Prepared requests: all but the payload is signed once.

use core::fmt;

use crate::bytes::encode;
use crate::bytes::sink::{Buffer, Count, Measure, Sink};
use crate::error::SignError;
use crate::key::instant::SigningInstant;
use crate::payload::{Payload, PayloadLine};
use crate::request::{Headers, Request};
use crate::rules::SigningRules;
use crate::sha256::{Blockwise, INITIAL_STATE};
use crate::sign::header::{self, SignedRequest, adds_content_sha256};
use crate::sign::signatory::Signatory;
use crate::signature::Signature;
use crate::time::Timestamp;

impl<'k> SigningInstant<'k> {
    /// Signs all of a request but its payload, to sign many payloads with.
    ///
    /// Method, target, headers and second are the same for all of them; the
    /// request is not needed any more. Leave out of it the headers that differ
    /// with the body, such as `content-length` or `content-md5`: signed once,
    /// they could not change. Services accept a timestamp that is some minutes
    /// old, so that a prepared request may outlive its second; preparing anew
    /// costs less than one signing.
    ///
    /// What comes before the payload's hash is hashed here. With
    /// [`ContentSha256::Add`](crate::ContentSha256::Add) the hash also
    /// stands in a header: what lies between the two places, the session
    /// token included, is kept in `out` and hashed with every payload, which
    /// leaves little to gain where there is a token.
    ///
    /// `out` is borrowed for as long as the prepared request lives.
    /// [`prepared_len`](Self::prepared_len) tells beforehand how much of it is needed.
    ///
    /// # Errors
    ///
    /// A [`SignError`] if the request is malformed, already holds something that
    /// signing makes, or if `out` is too short; `out` then holds zeroes where it
    /// had been written. [`SignError::ContentSha256Mismatch`] if it declares a payload in
    /// `x-amz-content-sha256`, which could then not vary.
    ///
    /// ```
    /// use sigv4::{Credentials, Payload, Request, SigningKey, SigningRules, Timestamp};
    ///
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "dynamodb")?;
    ///
    /// let headers = [
    ///     ("Host", "dynamodb.us-east-1.amazonaws.com"),
    ///     ("Content-Type", "application/x-amz-json-1.0"),
    ///     ("X-Amz-Target", "DynamoDB_20120810.GetItem"),
    /// ];
    /// let request = Request::new("POST", "/", &headers);
    /// let (instant, rules) = (key.at(now)?, SigningRules::STANDARD);
    /// let mut buffer = [0; 512];
    /// let mut prepared = instant.prepare(&request, &rules, &mut buffer)?;
    /// for body in [r#"{"Key":{"Id":{"N":"1"}}}"#, r#"{"Key":{"Id":{"N":"2"}}}"#] {
    ///     let payload = Payload::Bytes(body.as_bytes());
    ///     let signed = prepared.sign(payload);
    ///     # let mut other = [0; 512];
    ///     # let expected = instant.sign(&request, payload, &rules, &mut other)?;
    ///     # assert_eq!(signed.authorization(), expected.authorization());
    ///     for (name, value) in signed.headers() {
    ///         println!("{name}: {value}"); // send these along with the body
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare<'b, H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<PreparedRequest<'b>, SignError>
    where
        'k: 'b,
    {
        let mut front = Blockwise::resume(INITIAL_STATE, 0);
        let mut out = Buffer::new(out);
        let between = self.write_prepared(request, rules, &mut front, &mut out)?;
        Ok(PreparedRequest {
            instant: self.clone(),
            front,
            out: out.finish_mut()?,
            between,
            declares_payload: adds_content_sha256(rules),
        })
    }

    /// Bytes that preparing a request takes of the caller's buffer: the value of
    /// `Authorization`, and what has to be hashed with every payload. Costs no
    /// hashing.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare), except for the buffer.
    pub fn prepared_len<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &SigningRules<'_>,
    ) -> Result<usize, SignError> {
        let mut count = Count::default();
        self.write_prepared(request, rules, &mut Count::default(), &mut count)?;
        Ok(count.len())
    }

    /// Writes the canonical request up to the payload's hash to `front`, and to
    /// `out` what lies between there and the last line, the length of which is
    /// returned, and a value of `Authorization` without a signature.
    fn write_prepared<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
        rules: &SigningRules<'_>,
        front: &mut impl Sink,
        out: &mut (impl Sink + Measure),
    ) -> Result<usize, SignError> {
        let payload = PayloadLine::Open;
        header::with_canonical_request(self, request, &payload, rules, |canonical| {
            canonical.write_to(&mut Parted { front, between: out, is_open: false })?;
            let between = out.len();
            header::write_authorization_head(self, out, canonical.headers);
            out.write(&[0; Signature::HEX_LEN]);
            Ok(between)
        })
    }
}

/// A canonical request, parted where its payload is left open.
struct Parted<'s, F, B> {
    front: &'s mut F,
    between: &'s mut B,
    is_open: bool,
}

impl<F: Sink, B: Sink> Sink for Parted<'_, F, B> {
    fn leave_open(&mut self) {
        self.is_open = true;
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.is_open {
            self.between.write(bytes);
        } else {
            self.front.write(bytes);
        }
    }
}

/// A request that waits for its payload, and then for the next one.
///
/// Made by [`SigningInstant::prepare`]. What it holds of the key is zeroed on
/// drop; the caller's buffer is not, and may hold the session token.
pub struct PreparedRequest<'b> {
    instant: SigningInstant<'b>,
    /// The canonical request up to where the payload's hash stands first.
    front: Blockwise,
    /// What lies between the two places of the payload's hash, if there are two,
    /// and the value of `Authorization`.
    out: &'b mut [u8],
    between: usize,
    declares_payload: bool,
}

impl PreparedRequest<'_> {
    /// Signs the request with this payload: the same to the byte as
    /// [`SigningInstant::sign`].
    #[inline]
    pub fn sign(&mut self, payload: Payload<'_>) -> SignedRequest<'_> {
        let (between, authorization) = self.out.split_at_mut(self.between);
        let (canonical_request, content_sha256) = if self.declares_payload {
            let hash = payload.hash();
            let mut front = self.front.clone();
            front.write(hash.as_bytes());
            front.write(between);
            (front.digest_with(hash.as_bytes()), Some(hash))
        } else {
            // The digits of a body are never moved into a line of any kind.
            let digest = match payload.line() {
                PayloadLine::Body(body) => self.front.digest_with(&encode::hex(&body.sha256())),
                PayloadLine::Known(_) | PayloadLine::Open => {
                    self.front.digest_with(payload.hash().as_bytes())
                }
            };
            (digest, None)
        };
        let signature = self.instant.signature(&canonical_request);
        if let Some(digits) = authorization.last_chunk_mut() {
            *digits = signature.to_hex();
        }
        SignedRequest {
            authorization,
            timestamp: self.instant.timestamp(),
            content_sha256,
            session_token: self.instant.session_token(),
            session_token_name: self.instant.session_token_name(),
            region_set: None,
            signature,
        }
    }

    /// The second that is signed.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.instant.timestamp()
    }
}

impl fmt::Debug for PreparedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedRequest")
            .field("timestamp", &self.instant.timestamp())
            .finish_non_exhaustive()
    }
}
