//! Feature `explain`, which needs `alloc`: why a request is refused, and never
//! whether.
//!
//! [`ServerView`] is what a request is held against, and
//! [`ServerView::explain`] finds the [`Mistake`]s that make its signature the
//! right one. Without any of that, [`VerifyError::advice`] says what to change
//! for the reason alone.
//!
//! A server may call it for strangers: the work is bounded by
//! [`EXPLAIN_STEPS_MAX`], [`EXPLAIN_REQUEST_LEN_MAX`] and
//! [`EXPLAIN_OTHER_TEXT_LEN_MAX`], and nothing that is shown holds the secret, a
//! key, a session token or a signature, in whatever spelling it comes. How often
//! one of them may ask is the server's to say.

// Not a hot path: texts are materialised and compared, and candidates are tried
// one after the other, each a guess at what the client signed. What the crate's
// own stages can express is made by them.
mod advice;
mod budget;
mod canonical_text;
mod difference;
mod draft;
mod escapes;
mod examination;
mod explanation;
mod mistake;
mod mistakes;
mod other_text;
mod reading;
mod redaction;
mod refusal;
mod scene;
mod search;

use core::fmt;

pub use budget::EXPLAIN_STEPS_MAX;
pub use difference::{Difference, Item};
pub use explanation::{Comparison, Explanation, SignatureFinding};
pub use mistake::Mistake;

use crate::credentials::Credentials;
use crate::error::KeyError;
use crate::explain::examination::Examination;
use crate::key::VerifyingKey;
use crate::request::{Headers, Request};
use crate::scope::CredentialScope;
use crate::time::Timestamp;
use crate::verify::{Body, Evidence, PresentedSignature, Verified, VerifyError, VerifyRules};

/// Longest request in bytes (method, target, names and values of headers) whose
/// signature is searched for mistakes. The body is not counted: it is hashed
/// once, however long it is, and with other line breaks if that takes no more
/// than a quarter of the steps.
pub const EXPLAIN_REQUEST_LEN_MAX: usize = 16 * 1_024;

/// Longest [text for comparison](ServerView::other_text) in bytes that is read:
/// a canonical request has at most three bytes for each of the request, and an
/// error answer holds more than that.
pub const EXPLAIN_OTHER_TEXT_LEN_MAX: usize = 4 * EXPLAIN_REQUEST_LEN_MAX;

/// What a refused request is held against, and what else is known about it.
///
/// The client's side is at hand more often than the server's: then the
/// credentials are one's own, and the rules are those of the service.
///
/// ```
/// use sigv4::explain::{Mistake, ServerView};
/// use sigv4::{Body, Credentials, Request, Timestamp, VerifyRules};
///
/// let headers = [
///     ("host", "example.amazonaws.com"),
///     ("x-amz-date", "20150830T123600Z"),
///     ("authorization", "AWS4-HMAC-SHA256 \
///         Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
///         SignedHeaders=host;x-amz-date, \
///         Signature=94b364ad02790e67a2b3abd499450959fc8f2d0bc5f3abaa4df5233605e47d1b"),
/// ];
/// // Signed as `/my%20file`, as S3 wants it, and not encoded again.
/// let request = Request::new("GET", "/my%20file", &headers);
/// let view = ServerView::new(
///     Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
///     Body::Bytes(b""),
///     Timestamp::parse(b"20150830T123600Z")?,
///     VerifyRules::strict("us-east-1", "service"),
/// );
/// let explanation = view.explain(&request)?;
/// assert_eq!(explanation.mistakes(), [Mistake::PathNotEncodedAgain]);
/// assert_eq!(explanation.differences()[0].here, "/my%2520file");
/// assert_eq!(explanation.differences()[0].there, "/my%20file");
/// println!("{explanation}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ServerView<'a> {
    /// The access key on file: id, secret and session token.
    pub credentials: Credentials<'a>,
    /// The body that came with the request. Of a body of which only the hash is
    /// known, mistakes in its line breaks are not found.
    pub body: Body<'a>,
    /// The time by the verifier's clock when the request came.
    pub now: Timestamp,
    /// What the verifier accepts.
    pub rules: VerifyRules<'a>,
    /// Other hosts, with or without a port, under which clients may reach the
    /// service.
    pub hosts: &'a [&'a str],
    /// The target, path and query, as it may stand on other hops: before a
    /// proxy rewrote it, for instance.
    pub targets: &'a [&'a str],
    /// A canonical request or a string to sign that the client logged, or that
    /// a service printed; its whole error answer, in XML or JSON, will do. Up to
    /// [`EXPLAIN_OTHER_TEXT_LEN_MAX`].
    pub other_text: Option<&'a str>,
    /// Most steps that the search for mistakes takes: [`EXPLAIN_STEPS_MAX`], which
    /// says what a step is, if nothing else is chosen. Ten times as many find a
    /// pair of mistakes in a long request; with none, nothing is searched for.
    pub steps_max: usize,
}

impl<'a> ServerView<'a> {
    /// What every verifier knows; the rest is empty.
    #[must_use]
    pub const fn new(
        credentials: Credentials<'a>,
        body: Body<'a>,
        now: Timestamp,
        rules: VerifyRules<'a>,
    ) -> Self {
        Self {
            credentials,
            body,
            now,
            rules,
            hosts: &[],
            targets: &[],
            other_text: None,
            steps_max: EXPLAIN_STEPS_MAX,
        }
    }

    /// Finds out why the request is refused.
    ///
    /// In this order: the reason by which [`PresentedSignature::verify`] refuses it, with
    /// the values that differ; the first line in which
    /// [`other_text`](Self::other_text) differs, if it was given; and
    /// the [`Mistake`], or the pair of them, that makes the presented signature
    /// the right one. No mistake is a guess: it is only named when the
    /// signature is exactly the one that it leads to, and a request that is in
    /// order has none.
    ///
    /// Each candidate is a canonical request that is made and hashed. How many
    /// are tried is bounded by [`steps_max`](Self::steps_max), so that a server
    /// can do this for strangers; [`Explanation::is_cut_short`] tells whether
    /// there was more to try.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if the secret on file is empty or ends with a line break: no
    /// key can be derived from it.
    pub fn explain<H: Headers + ?Sized>(
        &self,
        request: &Request<'_, H>,
    ) -> Result<Explanation, KeyError> {
        let presented = match PresentedSignature::parse(request) {
            Ok(presented) => presented,
            Err(error) => {
                self.verifying_key(None)?;
                return Ok(Explanation::new(Some(error)));
            }
        };
        let body_sha256 = self.body.sha256();
        let refusal = self.verify(&presented, request, body_sha256)?.err();
        Ok(Examination::new(self, &presented, request, body_sha256).explain(refusal))
    }

    fn verify<H: Headers + ?Sized>(
        &self,
        presented: &PresentedSignature<'_>,
        request: &Request<'_, H>,
        body_sha256: [u8; 32],
    ) -> Result<Result<Verified, VerifyError>, KeyError> {
        // Where no scope can be read, the checks fail before they need the key.
        let key = self.verifying_key(presented.scope(&self.rules).ok())?;
        let evidence = Evidence {
            key: &key,
            session_token: self.credentials.session_token(),
            body: Body::Sha256(body_sha256),
            now: self.now,
        };
        Ok(presented.verify(request, &evidence, &self.rules))
    }

    fn verifying_key(&self, scope: Option<CredentialScope>) -> Result<VerifyingKey, KeyError> {
        let scope = match scope {
            Some(scope) => scope,
            None => CredentialScope::new(self.now.date(), "region", "service")?,
        };
        VerifyingKey::derive(self.credentials.secret_access_key(), &scope)
    }
}

/// Shows neither secret, token nor body, nor texts that may hold a token.
impl fmt::Debug for ServerView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerView")
            .field("credentials", &self.credentials)
            .field("now", &self.now)
            .field("rules", &self.rules)
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}
