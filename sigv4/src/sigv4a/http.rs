//! Feature `http`: the types of the `http` crate, signed in place.

use crate::error::SignError;
use crate::expires::Expires;
use crate::http::{self, HttpRequest, HttpSignError, HttpView, SignInPlace};
use crate::payload::Payload;
use crate::request::Request;
use crate::rules::{ContentSha256, SigningRules};
use crate::sign::select::{
    MADE_HEADERS_MULTI_REGION, MADE_HEADERS_MULTI_REGION_WITH_CONTENT_SHA256,
};
use crate::sign::signatory::Signatory;
use crate::sigv4a::instant::SigningInstant;
use crate::sigv4a::signature::Signature;
use crate::sigv4a::{PresignedRequest, SignedRequest};

impl SigningInstant<'_> {
    /// Signs a request of the `http` crate in its headers, in place.
    ///
    /// What is said of [`SigningInstant::sign_http`](crate::SigningInstant::sign_http)
    /// holds here too; `x-amz-region-set` is among the headers that are inserted, or replaced.
    ///
    /// ```
    /// use sigv4::sigv4a::{RegionSet, SigningKey};
    /// use sigv4::{Credentials, Payload, SigningRules, Timestamp};
    ///
    /// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let key = SigningKey::derive(&credentials, RegionSet::new("*")?, "s3")?;
    ///
    /// let url = "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/duck.jpg";
    /// let mut request = http::Request::get(url).body(())?;
    /// let now = Timestamp::try_from(std::time::SystemTime::now())?;
    /// key.at(now).sign_http(&mut request, Payload::EMPTY, &SigningRules::S3)?;
    /// assert_eq!(request.headers()["x-amz-region-set"], "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HttpSignError::Sign`] with what [`sign`](Self::sign) refuses.
    pub fn sign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        http::sign_in_place(self, request, payload, rules).map(|_| ())
    }

    /// Signs a request of the `http` crate in its query, in place: its URI becomes
    /// a presigned one.
    ///
    /// # Errors
    ///
    /// As [`SigningInstant::presign_http`](crate::SigningInstant::presign_http).
    pub fn presign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        http::presign_in_place(self, request, payload, expires, rules)
    }
}

impl SignInPlace for SigningInstant<'_> {
    type Signature = Signature;

    fn made_headers(rules: &SigningRules<'_>) -> &'static [&'static str] {
        match rules.content_sha256 {
            ContentSha256::Add => MADE_HEADERS_MULTI_REGION_WITH_CONTENT_SHA256,
            ContentSha256::Omit => MADE_HEADERS_MULTI_REGION,
        }
    }

    const MADE_PARAMETERS: &'static [&'static str] = <Self as Signatory>::MADE_PARAMETERS;

    fn sign_view<'b>(
        &'b self,
        request: &Request<'_, HttpView<'_>>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<SignedRequest<'b>, SignError> {
        self.sign(request, payload, rules, out)
    }

    fn presign_view<'b>(
        &'b self,
        request: &Request<'_, HttpView<'_>>,
        payload: Payload<'_>,
        expires: Option<Expires>,
        rules: &SigningRules<'_>,
        out: &'b mut [u8],
    ) -> Result<PresignedRequest<'b>, SignError> {
        self.presign(request, payload, expires, rules, out)
    }
}
