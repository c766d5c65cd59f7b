//! A presigned URL from the text of one.

use core::iter;
use core::time::Duration;
use std::string::String;
use std::vec::Vec;

use crate::error::SignError;
use crate::expires::Expires;
use crate::request::{Headers, Request};
use crate::signer::url::Url;
use crate::signer::{Signer, SignerError};
use crate::time::Timestamp;

/// Bytes of stack for a presigned target; longer ones cost a heap allocation and a
/// second signing.
const USUAL_LEN: usize = 2_048;

impl Signer {
    /// A URL that does one thing to whoever holds it, for a while: 1 second to 7 days.
    ///
    /// The URL is escaped as it would be sent: the key of an object becomes one by
    /// [`Bucket`](crate::Bucket). What cannot stand in a URL as it is (letters beyond ASCII, blanks,
    /// ``"<>[\]^`{|}``) is escaped before it is signed, since clients do that in different ways: what is
    /// made, all send as it is, but for dot segments. Whoever opens it sends the method and the
    /// host, which are signed, and nothing else needs to be. Of the body nothing is said to S3; to
    /// other services, that it is empty. Allocates the URL that it returns; a buffer if that is
    /// longer than two thousand bytes, and where something has to be escaped, a target in which
    /// it is.
    ///
    /// A URL that is signed with temporary credentials ends with them, whatever `expires` says.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use sigv4::{OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "us-east-1", "s3")?;
    /// let url = "https://examplebucket.s3.amazonaws.com/test.txt?versionId=3";
    /// let presigned = signer.presign("GET", url, Duration::from_secs(900))?;
    /// assert!(presigned.contains("&X-Amz-Signature="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SignerError::Url`], [`SignerError::Expires`], [`SignerError::Sign`] with what a target is
    /// refused for (a signature that is there already, a raw `+` in a path for S3), and those of the
    /// credentials: [`SignerError::NoCredentials`] and [`SignerError::Expired`].
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn presign(
        &self,
        method: impl AsRef<str>,
        url: &str,
        expires: Duration,
    ) -> Result<String, SignerError> {
        self.presign_at(method, url, expires, Timestamp::now())
    }

    /// As [`presign`](Self::presign), from another time on.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_at(
        &self,
        method: impl AsRef<str>,
        url: &str,
        expires: Duration,
        now: Timestamp,
    ) -> Result<String, SignerError> {
        self.presign_url(method.as_ref(), &Url::parse(url)?, &[], expires, now)
    }

    /// Presigns a URL together with headers that its holder must send.
    pub(crate) fn presign_url(
        &self,
        method: &str,
        url: &Url<'_>,
        headers: &[(String, String)],
        expires: Duration,
        now: Timestamp,
    ) -> Result<String, SignerError> {
        let expires = Some(Expires::try_from(expires)?);
        let (rules, payload) = (self.rules(), self.rules().presigned_payload());
        let key = self.key_for(now)?;
        let instant = key.at(now)?;
        let headers = WithHost { host: url.host(), others: headers };
        let request = Request::new(method, url.target(), &headers);
        let (mut stack, mut heap) = ([0; USUAL_LEN], Vec::new());
        let presigned = match instant.presign(&request, payload, expires, rules, &mut stack) {
            Err(SignError::BufferTooSmall { needed, .. }) => {
                heap.resize(needed, 0);
                instant.presign(&request, payload, expires, rules, &mut heap)?
            }
            other => other?,
        };
        let target = presigned.to_str().expect("a URL is ASCII");
        let mut url_out = String::with_capacity(url.origin().len() + target.len());
        url_out.push_str(url.origin());
        url_out.push_str(target);
        Ok(url_out)
    }
}

/// Headers, and the host before them.
struct WithHost<'a> {
    host: &'a str,
    others: &'a [(String, String)],
}

impl Headers for WithHost<'_> {
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        iter::once((b"host".as_slice(), self.host.as_bytes())).chain(self.others.pairs())
    }
}
