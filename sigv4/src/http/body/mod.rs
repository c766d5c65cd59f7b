//! Feature `http-body`: bodies of the `http-body` crate, signed and verified as they
//! stream; how chunks are written and read is [`chunks`](crate::chunks).

mod error;
#[cfg(feature = "sigv4a")]
mod multi_region;
mod signed;
mod verified;

pub use error::{BodySignError, SignedBodyError, VerifiedBodyError};
pub use signed::SignedBody;
pub use verified::VerifiedBody;

use std::string::{String, ToString};
use std::vec::Vec;

use ::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use ::http_body::Body;

use crate::chunks::announced::is_checksum;
use crate::chunks::signer::BeginChain;
use crate::chunks::{ChecksumAlgorithm, Chunking, DECODED_LENGTH_HEADER, TRAILER_HEADER};
use crate::http::in_place;
use crate::key::instant::SigningInstant;
use crate::payload::Payload;
use crate::rules::{ContentSha256, SigningRules};
use crate::sha256::in_u64;

/// The coding that a chunked body has in `content-encoding`.
pub(crate) const CODING: &str = "aws-chunked";

/// How a body is sent in chunks, whichever algorithm signs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkedUpload<'a> {
    /// Which of the three kinds.
    pub chunking: Chunking,
    /// Bytes of data in every chunk but the last; S3 wants at least 8 KiB.
    pub chunk_len: usize,
    /// The trailers that the body will have, each with the length of its value:
    /// `content-length` has to be known before the values are.
    pub trailers: &'a [(&'a str, usize)],
    /// The checksum that is computed as the body passes, and becomes the last trailer. None
    /// of the other trailers may be a checksum then.
    pub checksum: Option<ChecksumAlgorithm>,
}

impl ChunkedUpload<'_> {
    /// Bytes of data in a chunk unless told otherwise: the signature then is less
    /// than a hundredth of the work.
    pub const CHUNK_LEN: usize = 64 * 1024;

    /// Adds a checksum of the body to the trailers, as S3 takes it, in chunks that have
    /// trailers: [`Chunking::Signed`] becomes [`Chunking::SignedWithTrailers`].
    ///
    /// ```
    /// use sigv4::body::ChunkedUpload;
    /// use sigv4::chunks::{ChecksumAlgorithm, Chunking};
    ///
    /// let upload = ChunkedUpload::SIGNED.with_checksum(ChecksumAlgorithm::Crc64Nvme);
    /// assert_eq!(upload.chunking, Chunking::SignedWithTrailers);
    /// ```
    #[must_use]
    pub const fn with_checksum(self, checksum: ChecksumAlgorithm) -> Self {
        let chunking = match self.chunking {
            Chunking::Signed | Chunking::SignedWithTrailers => Chunking::SignedWithTrailers,
            Chunking::UnsignedWithTrailers => Chunking::UnsignedWithTrailers,
        };
        Self { chunking, checksum: Some(checksum), ..self }
    }

    /// Those of the body and the checksum, each with the length of its value.
    fn all_trailers(&self) -> Result<Vec<(HeaderName, usize)>, BodySignError> {
        let checksum = self.checksum.map(|algorithm| (algorithm.trailer(), algorithm.value_len()));
        let trailers = self.trailers.iter().copied().chain(checksum);
        let names = trailers
            .map(|(name, len)| Ok((HeaderName::from_bytes(name.as_bytes())?, len)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_: ::http::header::InvalidHeaderName| BodySignError::InvalidTrailer)?;
        if !names.is_empty() && !self.chunking.has_trailers() {
            return Err(BodySignError::TrailersNotAllowed);
        }
        let is_checksum = |(name, _): &&(HeaderName, usize)| is_checksum(name.as_str().as_bytes());
        if names.iter().filter(is_checksum).count() > 1 {
            return Err(BodySignError::SeveralChecksums);
        }
        Ok(names)
    }
}

impl ChunkedUpload<'static> {
    /// Signed chunks of the usual length, without trailers.
    pub const SIGNED: Self = Self {
        chunking: Chunking::Signed,
        chunk_len: Self::CHUNK_LEN,
        trailers: &[],
        checksum: None,
    };
}

impl SigningInstant<'_> {
    /// Signs a request and wraps its body, so that it goes out in chunks.
    ///
    /// The body has to know its exact length, and its trailers, if any, become
    /// those of the encoding, with the checksum that the upload asks for behind them. Sets
    /// `content-length`, `content-encoding`, `x-amz-decoded-content-length` and, where there are
    /// trailers, `x-amz-trailer`, and signs the request as [`sign_http`](Self::sign_http) does, with
    /// `x-amz-content-sha256` whatever the rules say of it.
    ///
    /// ```
    /// use sigv4::body::ChunkedUpload;
    /// use sigv4::{Credentials, SigningKey, SigningRules, Timestamp};
    ///
    /// # fn upload<B: http_body::Body>(body: B) -> Result<(), Box<dyn std::error::Error>> {
    /// let now = Timestamp::now();
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3")?;
    /// let request = http::Request::put("https://examplebucket.s3.amazonaws.com/film").body(body)?;
    /// let (upload, rules) = (ChunkedUpload::SIGNED, SigningRules::S3);
    /// let request = key.at(now)?.sign_chunked(request, &upload, &rules)?;
    /// // Send it with any client whose body is an `http_body::Body`.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BodySignError::UnknownLength`], [`TooLong`](BodySignError::TooLong),
    /// [`InvalidTrailer`](BodySignError::InvalidTrailer),
    /// [`TrailersNotAllowed`](BodySignError::TrailersNotAllowed),
    /// [`SeveralChecksums`](BodySignError::SeveralChecksums), or
    /// [`Sign`](BodySignError::Sign) with what [`sign_http`](Self::sign_http) refuses.
    pub fn sign_chunked<B: Body>(
        &self,
        request: ::http::Request<B>,
        upload: &ChunkedUpload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<::http::Request<SignedBody<B>>, BodySignError> {
        sign_chunked(self, request, upload, rules)
    }
}

/// Signs a request and wraps its body, whoever signs.
pub(crate) fn sign_chunked<'k, I: BeginChain<'k>, B: Body>(
    instant: &I,
    request: ::http::Request<B>,
    upload: &ChunkedUpload<'_>,
    rules: &SigningRules<'_>,
) -> Result<::http::Request<SignedBody<B, I::Signature>>, BodySignError> {
    let ChunkedUpload { chunking, chunk_len, checksum, .. } = *upload;
    let names = upload.all_trailers()?;
    let (mut parts, body) = request.into_parts();
    let decoded_len = body.size_hint().exact().ok_or(BodySignError::UnknownLength)?;
    let trailers: Vec<_> = names.iter().map(|(name, len)| (name.as_str(), *len)).collect();
    let encoded_len = chunking
        .encoded_len::<I::Signature>(decoded_len, in_u64(chunk_len), &trailers)
        .ok_or(BodySignError::TooLong)?;
    set_headers(&mut parts.headers, decoded_len, encoded_len, &names)?;
    let rules = SigningRules { content_sha256: ContentSha256::Add, ..*rules };
    let payload = Payload::Literal(chunking.literal::<I::Signature>());
    let seed = in_place::sign(instant, &parts, payload, &rules)?.apply(&mut parts);
    let signer = instant.begin_chunks(chunking, &seed);
    let body = SignedBody::new(body, signer, chunk_len, [decoded_len, encoded_len], names)
        .with_checksum(checksum);
    Ok(::http::Request::from_parts(parts, body))
}

fn set_headers(
    headers: &mut HeaderMap,
    decoded_len: u64,
    encoded_len: u64,
    trailers: &[(HeaderName, usize)],
) -> Result<(), BodySignError> {
    if !is_chunked(headers) {
        let others = headers.get_all(CONTENT_ENCODING);
        let codings =
            [CODING.as_bytes()].into_iter().chain(others.iter().map(HeaderValue::as_bytes));
        let value = codings.collect::<Vec<_>>().join(&b',');
        // Made of valid values and commas.
        let value = HeaderValue::from_bytes(&value).map_err(|_| BodySignError::InvalidHeader)?;
        headers.insert(CONTENT_ENCODING, value);
    }
    // The two lengths exclude each other, and this one is known.
    headers.remove(TRANSFER_ENCODING);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(encoded_len));
    headers.insert(HeaderName::from_static(DECODED_LENGTH_HEADER), HeaderValue::from(decoded_len));
    headers.remove(TRAILER_HEADER);
    if !trailers.is_empty() {
        let names: Vec<String> = trailers.iter().map(|(name, _)| name.to_string()).collect();
        let names = HeaderValue::try_from(names.join(","));
        let names = names.map_err(|_| BodySignError::InvalidTrailer)?;
        headers.insert(HeaderName::from_static(TRAILER_HEADER), names);
    }
    Ok(())
}

/// Whether the first coding is already that of chunks, as it is after an
/// earlier signing.
fn is_chunked(headers: &HeaderMap) -> bool {
    let first = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes).unwrap_or_default();
    let first = first.split(|&byte| byte == b',').next().unwrap_or_default();
    first.trim_ascii().eq_ignore_ascii_case(CODING.as_bytes())
}
