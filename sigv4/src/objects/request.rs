//! A request for an object or a bucket, to be presigned or sent.

use core::fmt;
use core::time::Duration;
use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use crate::bytes::encode::PercentEncoding;
use crate::bytes::sink::Sink;
use crate::objects::{Bucket, ObjectError, ObjectPath};
use crate::signer::Signer;
use crate::signer::url::Url;
use crate::time::Timestamp;

/// The highest number of a part.
pub const PART_NUMBER_MAX: u32 = 10_000;

/// A request for an object or a bucket; [`Bucket`] makes it.
#[derive(Clone)]
pub struct ObjectRequest<'a> {
    method: &'static str,
    bucket: &'a Bucket,
    /// Nothing if it is about the bucket itself.
    key: Option<&'a str>,
    part_number: Option<u32>,
    /// Encoded, each with a `?` or `&` before it.
    parameters: String,
    headers: Vec<(String, String)>,
}

impl<'a> ObjectRequest<'a> {
    pub(super) fn of_bucket(method: &'static str, bucket: &'a Bucket) -> Self {
        let (parameters, headers) = (String::new(), Vec::new());
        Self { method, bucket, key: None, part_number: None, parameters, headers }
    }

    pub(super) fn of_object(method: &'static str, bucket: &'a Bucket, key: &'a str) -> Self {
        let (parameters, headers) = (String::new(), Vec::new());
        Self { method, bucket, key: Some(key), part_number: None, parameters, headers }
    }

    pub(super) fn with_part_number(self, number: u32) -> Self {
        let numbered = self.with_parameter("partNumber", &format!("{number}"));
        Self { part_number: Some(number), ..numbered }
    }

    /// Adds a parameter to the query, such as `versionId` or `response-content-disposition`; name and
    /// value are encoded here.
    #[must_use]
    pub fn with_parameter(mut self, name: &str, value: &str) -> Self {
        let mut text = Text(core::mem::take(&mut self.parameters));
        text.write(if text.0.is_empty() { b"?" } else { b"&" });
        PercentEncoding(&mut text).write(name.as_bytes());
        text.write(b"=");
        PercentEncoding(&mut text).write(value.as_bytes());
        Self { parameters: text.0, ..self }
    }

    /// Adds a header, such as `content-type`. Whoever uses the presigned URL must send it exactly so.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The headers it was given, in their order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The URL, not signed: dot segments are in it as the key has them.
    ///
    /// # Errors
    ///
    /// [`ObjectError::EmptyKey`] and [`ObjectError::PartNumber`].
    pub fn url(&self) -> Result<String, ObjectError> {
        if let Some(number) = self.part_number
            && !(1..=PART_NUMBER_MAX).contains(&number)
        {
            return Err(ObjectError::PartNumber { number });
        }
        let base = self.bucket.base();
        let key = match self.key {
            Some("") => return Err(ObjectError::EmptyKey),
            Some(key) => key,
            None => return Ok([base, self.bucket.own_path(), &self.parameters].concat()),
        };
        let path = ObjectPath::new(key);
        let len = base.len() + path.encoded_len() + self.parameters.len();
        let mut url = Text(String::with_capacity(len));
        url.0.push_str(base);
        path.write(&mut url);
        url.0.push_str(&self.parameters);
        Ok(url.0)
    }

    /// A URL that makes this request and no other, for 1 second to 7 days.
    ///
    /// Allocates the URL with and without its signature, and a buffer if that is longer than two
    /// thousand bytes.
    ///
    /// # Errors
    ///
    /// As [`url`](Self::url), and [`ObjectError::Signer`] with what [`Signer::presign`] refuses.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn presign(&self, signer: &Signer, expires: Duration) -> Result<String, ObjectError> {
        self.presign_at(signer, expires, Timestamp::now())
    }

    /// As [`presign`](Self::presign), from another time on.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_at(
        &self,
        signer: &Signer,
        expires: Duration,
        now: Timestamp,
    ) -> Result<String, ObjectError> {
        let url = self.url()?;
        let url = Url::parse(&url).map_err(crate::signer::SignerError::from)?;
        Ok(signer.presign_url(self.method, &url, &self.headers, expires, now)?)
    }
}

/// Shows no parameters, which may be secrets of the application.
impl fmt::Debug for ObjectRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectRequest")
            .field("method", &self.method)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A text that only ASCII is written to.
struct Text(String);

impl Sink for Text {
    fn write(&mut self, bytes: &[u8]) {
        self.0.push_str(core::str::from_utf8(bytes).expect("only ASCII is written"));
    }
}
