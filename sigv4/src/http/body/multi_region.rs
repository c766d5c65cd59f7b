//! Feature `sigv4a`: bodies in chunks that are signed for several regions.

use ::http::Request;
use ::http_body::Body;

use crate::http::body::{self, BodySignError, ChunkedUpload, SignedBody};
use crate::rules::SigningRules;
use crate::sigv4a::{Signature, SigningInstant};

impl SigningInstant<'_> {
    /// Signs a request and wraps its body, so that it goes out in chunks.
    ///
    /// What is said of [`SigningInstant::sign_chunked`](crate::SigningInstant::sign_chunked)
    /// holds here too. Each chunk costs a signature of some two hundred microseconds.
    ///
    /// ```
    /// use sigv4::body::ChunkedUpload;
    /// use sigv4::sigv4a::{RegionSet, SigningKey};
    /// use sigv4::{Credentials, SigningRules, Timestamp};
    ///
    /// # fn upload<B: http_body::Body>(body: B) -> Result<(), Box<dyn std::error::Error>> {
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let key = SigningKey::derive(&credentials, RegionSet::ALL, "s3")?;
    /// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/film";
    /// let request = http::Request::put(url).body(body)?;
    /// let instant = key.at(Timestamp::now());
    /// let request = instant.sign_chunked(request, &ChunkedUpload::SIGNED, &SigningRules::S3)?;
    /// // Send it with any client whose body is an `http_body::Body`.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`SigningInstant::sign_chunked`](crate::SigningInstant::sign_chunked).
    pub fn sign_chunked<B: Body>(
        &self,
        request: Request<B>,
        upload: &ChunkedUpload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<Request<SignedBody<B, Signature>>, BodySignError> {
        body::sign_chunked(self, request, upload, rules)
    }
}
