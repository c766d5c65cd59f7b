//! A [`Signer`] that signs requests, whole or their heads.

use core::time::Duration;

use crate::http::signable;
use crate::http::{HttpSignError, SignableHead, SignableRequest};
use crate::payload::Payload;
use crate::signer::Signer;
use crate::time::Timestamp;

/// By the system's clock.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Signer {
    /// Signs a request and its body, and gives it back: `http::Request` with a body that can be
    /// seen as bytes, or with feature `reqwest` a `reqwest::Request`.
    ///
    /// Sign last: nothing may change a signed header afterwards. `&mut request` is signed in place.
    /// What an earlier signing added is replaced, so that a retry may sign again. Allocates
    /// the header values that it adds: `authorization`, `x-amz-date` and, where they apply,
    /// `x-amz-security-token` and `x-amz-content-sha256`; room for them, where the map of headers has
    /// none left; a buffer if `authorization` is longer than a thousand bytes; and of a
    /// `reqwest::Request` a URI, which takes two allocations.
    ///
    /// ```
    /// use sigv4::{OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "eu-central-1", "execute-api")?;
    ///
    /// let url = "https://abc123.execute-api.eu-central-1.amazonaws.com/v1/orders";
    /// let request = http::Request::post(url).body(r#"{"id":42}"#)?;
    /// let request = signer.sign(request)?;
    /// assert!(request.headers().contains_key("authorization"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # What clients rewrite
    ///
    /// A signature is good for what is sent, and some clients send something else than they are given.
    ///
    /// | client | rewrites | what is done about it |
    /// | --- | --- | --- |
    /// | hyper, hyper-util, tower, axum, ureq 3 | the port: `:443` of `https` and `:80` of `http` are not sent in `host`, nor are zeros before a port, a user and a password | the same is signed, and written into the URI for HTTP/2, where hyper sends its authority as it is |
    /// | | nothing in path and query: dot segments, `//`, marks and raw letters go out as they are | they are signed as they are, raw bytes as if escaped |
    /// | reqwest, and all that goes through `url::Url` | in the path, dot segments are resolved, `%2e` among them, and a backslash is a slash; blanks, letters beyond ASCII and ``"<>`{}`` are escaped, in the query `"<>'` | give `sign` a `reqwest::Request` (feature `reqwest`): its URL is rewritten already, and is what is signed. A request of the `http` crate that becomes one after it was signed must have no such path |
    /// | browsers, curl | the same, each in its own way (curl leaves `%2e`) | give them what [`presign`](Self::presign) made, with no dot segments in it |
    /// | reqwest, hyper | a `Host` header of yours goes out in HTTP/1 in place of the URL's host, and in HTTP/2 beside it | do not set one that differs from the URL's |
    /// | reqwest | `accept`, `user-agent`, the client's default headers and, with `gzip` and others, `accept-encoding` are added, after signing | they are not among what was signed, and so may be; set a header `x-amz-…` on the request itself |
    /// | all that follow redirects | the request goes elsewhere: reqwest keeps the old signature for the same host, and for another the session token alone | switch redirects off |
    /// | proxies | `via`, `x-forwarded-…`, hop-by-hop headers | they are not signed ([`SKIPPED_HEADERS`](crate::SKIPPED_HEADERS)), or added later |
    ///
    /// # Errors
    ///
    /// [`HttpSignError::Sign`] with what a request is refused for, [`HttpSignError::Signer`] with what is
    /// wrong with the credentials, and [`HttpSignError::BodyIsStream`].
    pub fn sign<R: SignableRequest>(&self, request: R) -> Result<R, HttpSignError> {
        self.sign_at(request, Timestamp::now())
    }

    /// Signs a request with what is said of its body: nothing ([`Payload::UNSIGNED`]), a hash that
    /// is known ([`Payload::Sha256`]), or bytes that are not yet its body.
    ///
    /// A payload that is no hash is declared in `x-amz-content-sha256`, whatever the service.
    /// Allocates as [`sign`](Self::sign) does.
    ///
    /// ```
    /// use sigv4::{OwnedCredentials, Payload, Signer};
    ///
    /// # struct Stream;
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "eu-central-1", "s3")?;
    /// let url = "https://examplebucket.s3.eu-central-1.amazonaws.com/film.mp4";
    /// let request = http::Request::put(url).body(Stream)?; // of any type
    /// let request = signer.sign_with(request, Payload::UNSIGNED)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign), and [`HttpSignError::UnsignedPayloadOverHttp`].
    pub fn sign_with<R: SignableHead>(
        &self,
        request: R,
        payload: Payload<'_>,
    ) -> Result<R, HttpSignError> {
        self.sign_with_at(request, payload, Timestamp::now())
    }

    /// Refreshes the credentials, if there is need to, and signs: [`ready`](Self::ready) and
    /// [`sign`](Self::sign) in one. Allocates as the latter does, unless the provider is asked.
    ///
    /// # Errors
    ///
    /// As both.
    #[cfg(feature = "provider")]
    pub async fn sign_when_ready<R: SignableRequest>(
        &self,
        request: R,
    ) -> Result<R, HttpSignError> {
        self.sign_when_ready_at(request, Timestamp::now()).await
    }

    /// Presigns a request: its URI becomes one that is good for 1 second to 7 days, and
    /// whoever opens it must send all its headers.
    ///
    /// Its body is left open for S3 and hashed for other services. Parameters and headers of an
    /// earlier signing are removed. Where there is a text and no request, see
    /// [`presign`](Self::presign). Allocates the new URI; a buffer if that is longer than two
    /// thousand bytes, and another if it was presigned before.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use sigv4::{OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "us-east-1", "s3")?;
    /// let request = http::Request::get("https://examplebucket.s3.amazonaws.com/test.txt").body(())?;
    /// let request = signer.presign_http(request, Duration::from_secs(900))?;
    /// println!("{}", request.uri());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign); an expiry that is too short or too long is among those of
    /// [`HttpSignError::Signer`].
    pub fn presign_http<R: SignableRequest>(
        &self,
        request: R,
        expires: Duration,
    ) -> Result<R, HttpSignError> {
        self.presign_http_at(request, expires, Timestamp::now())
    }
}

/// By another clock.
impl Signer {
    /// As [`sign`](Self::sign), at another time than now.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn sign_at<R: SignableRequest>(
        &self,
        mut request: R,
        now: Timestamp,
    ) -> Result<R, HttpSignError> {
        let key = self.key_for(now)?;
        request.sign_whole(&key.at(now)?, self.rules())?;
        Ok(request)
    }

    /// As [`sign_with`](Self::sign_with), at another time than now.
    ///
    /// # Errors
    ///
    /// As [`sign_with`](Self::sign_with).
    pub fn sign_with_at<R: SignableHead>(
        &self,
        mut request: R,
        payload: Payload<'_>,
        now: Timestamp,
    ) -> Result<R, HttpSignError> {
        let key = self.key_for(now)?;
        request.sign_head(&key.at(now)?, payload, &self.rules().declaring(payload))?;
        Ok(request)
    }

    /// As [`sign_when_ready`](Self::sign_when_ready), at another time than now.
    ///
    /// # Errors
    ///
    /// As [`sign_when_ready`](Self::sign_when_ready).
    #[cfg(feature = "provider")]
    pub async fn sign_when_ready_at<R: SignableRequest>(
        &self,
        request: R,
        now: Timestamp,
    ) -> Result<R, HttpSignError> {
        self.ready_at(now).await?.sign_at(request, now)
    }

    /// As [`presign_http`](Self::presign_http), from another time on.
    ///
    /// # Errors
    ///
    /// As [`presign_http`](Self::presign_http).
    pub fn presign_http_at<R: SignableRequest>(
        &self,
        mut request: R,
        expires: Duration,
        now: Timestamp,
    ) -> Result<R, HttpSignError> {
        let expires = signable::expires(expires)?;
        let key = self.key_for(now)?;
        request.presign_whole(&key.at(now)?, expires, self.rules())?;
        Ok(request)
    }
}
