//! Feature `sigv4a`: requests of the `http` crate, signed in place for several regions.

use crate::expires::Expires;
use crate::http::{HttpRequest, HttpSignError, in_place};
use crate::payload::Payload;
use crate::rules::SigningRules;
use crate::sigv4a::SigningInstant;

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
    /// let now = Timestamp::now();
    /// key.at(now).sign_http(&mut request, Payload::EMPTY, &SigningRules::S3)?;
    /// assert_eq!(request.headers()["x-amz-region-set"], "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`HttpSignError::Sign`] with what [`sign`](Self::sign) refuses, and
    /// [`HttpSignError::UnsignedPayloadOverHttp`] unless the rules allow it.
    pub fn sign_http(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        in_place::sign(self, request, payload, rules)?.apply(request);
        Ok(())
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
        in_place::presign(self, request, payload, expires, rules)?.apply(request);
        Ok(())
    }
}
