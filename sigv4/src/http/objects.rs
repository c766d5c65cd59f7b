//! Requests for objects, as those of the `http` crate and of reqwest.

use ::http::Request;

use crate::objects::{ObjectError, ObjectRequest};

impl ObjectRequest<'_> {
    /// A request of the `http` crate with this body, to be signed and sent.
    ///
    /// ```
    /// use sigv4::{Bucket, OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "eu-central-1", "s3")?;
    /// let bucket = Bucket::aws("examplebucket", "eu-central-1")?;
    /// let request = signer.sign(bucket.put("a/../b?.txt").to_http("hello")?)?;
    /// assert_eq!(request.uri().path(), "/a/../b%3F.txt");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`url`](Self::url), [`ObjectError::Header`] and [`ObjectError::UrlTooLong`].
    pub fn to_http<B>(&self, body: B) -> Result<Request<B>, ObjectError> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method().parse().map_err(|_| ObjectError::Header)?;
        *request.uri_mut() = self.url()?.try_into().map_err(|_| ObjectError::UrlTooLong)?;
        for (name, value) in self.headers() {
            let name = ::http::HeaderName::try_from(name).map_err(|_| ObjectError::Header)?;
            let value = ::http::HeaderValue::try_from(value).map_err(|_| ObjectError::Header)?;
            request.headers_mut().append(name, value);
        }
        Ok(request)
    }

    /// A request of reqwest with this body, to be signed and sent.
    ///
    /// ```
    /// use sigv4::{Bucket, OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "eu-central-1", "s3")?;
    /// let bucket = Bucket::aws("examplebucket", "eu-central-1")?;
    /// let request = signer.sign(bucket.put("rübe+1.jpg").to_reqwest("hello")?)?;
    /// assert_eq!(request.url().path(), "/r%C3%BCbe%2B1.jpg");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`to_http`](Self::to_http), and [`ObjectError::PathRewritten`] for a key whose path no URL of
    /// reqwest can carry: one with a segment that is `.` or `..`.
    #[cfg(feature = "reqwest")]
    pub fn to_reqwest(
        &self,
        body: impl Into<::reqwest::Body>,
    ) -> Result<::reqwest::Request, ObjectError> {
        let request = self.to_http(body.into())?;
        let made = request.uri().clone();
        let request = ::reqwest::Request::try_from(request).map_err(|_| ObjectError::UrlTooLong)?;
        if request.url().path() != made.path() {
            return Err(ObjectError::PathRewritten);
        }
        Ok(request)
    }
}
