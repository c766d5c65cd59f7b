//! The server's side: a layer that lets pass what is signed.

use core::fmt;
use core::mem;
use core::task::{Context, Poll};
use std::boxed::Box;
use std::sync::Arc;

use ::http::{Request, Response};
use ::http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::tower::access_keys::AccessKeys;
use crate::http::tower::body::VerifyingBody;
use crate::http::tower::clock::Clock;
use crate::http::tower::refusal_response::{RefusalResponse, XmlRefusals};
use crate::http::tower::{BoxError, BoxFuture};
use crate::time::Timestamp;
use crate::verify::VerifyRules;

/// Lets pass only requests whose signature holds.
///
/// Finds the secret through [`AccessKeys`], runs every check of the [`VerifyRules`],
/// and puts a [`VerifiedIdentity`](crate::tower::VerifiedIdentity) among the request's extensions. What is refused is answered
/// by [`XmlRefusals`], or as [`with_refusals`](Self::with_refusals) says, and never reaches the inner service.
///
/// Nothing of a body is read before the key is known, and where the request declares its hash,
/// as it must under [`VerifyRules::s3`], before the signature holds. A body that is hashed is read
/// into memory, up to a limit. A body in chunks is verified as it streams, and arrives decoded.
/// A frame that is wrong ends it in an error, as does a checksum in its trailers that is not that
/// of the body: keep nothing of a body that did not come to its end.
/// [`Refusal::of_body_error`](crate::tower::Refusal::of_body_error) tells what to answer then.
///
/// The headers then describe the body that arrives. `content-length` is the length without
/// chunks, and the only one: `transfer-encoding` and `x-amz-decoded-content-length` go. So do
/// `aws-chunked` from `content-encoding`, and `trailer`, which announces trailers of HTTP
/// itself. `x-amz-trailer` stays: it names the trailers that the decoded body ends with.
/// `x-amz-content-sha256` stays as well, and says how the body was signed.
///
/// With feature `sigv4a` it verifies SigV4a too, if it is told to
/// ([`with_multi_region`](Self::with_multi_region)).
///
/// Put it outermost, where the target is still the one that the client sent. Trailers of
/// HTTP itself are covered by no signature; a body that is hashed loses them.
///
/// ```
/// use sigv4::VerifyRules;
/// use sigv4::tower::{AccessKeys, VerifiedIdentity, VerifyingLayer};
/// use tower_layer::Layer;
///
/// # fn protect<S>(keys: impl AccessKeys, service: S) {
/// // Any service of `http` requests: axum's `Router::layer` takes the layer as it is.
/// let service = VerifyingLayer::new(keys, VerifyRules::s3("us-east-1")).layer(service);
/// # }
///
/// fn handle<B>(request: &http::Request<B>) -> Option<&str> {
///     let identity: &VerifiedIdentity = request.extensions().get()?;
///     Some(&identity.access_key_id)
/// }
/// ```
pub struct VerifyingLayer<K, R = XmlRefusals> {
    pub(crate) keys: Arc<K>,
    refusals: Arc<R>,
    pub(crate) rules: VerifyRules<'static>,
    #[cfg(feature = "sigv4a")]
    pub(crate) multi_region: MultiRegion,
    pub(crate) body_len_max: usize,
    pub(crate) clock: Clock,
}

/// Whether requests signed with SigV4a are accepted.
#[cfg(feature = "sigv4a")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MultiRegion {
    Accept,
    Refuse,
}

impl<K: AccessKeys> VerifyingLayer<K> {
    /// The most bytes of a body in memory, unless told otherwise.
    pub const BODY_LEN_MAX: usize = 2 << 20;

    /// Verifies by the system's clock.
    #[must_use]
    pub fn new(keys: K, rules: VerifyRules<'static>) -> Self {
        Self {
            keys: Arc::new(keys),
            refusals: Arc::new(XmlRefusals),
            rules,
            #[cfg(feature = "sigv4a")]
            multi_region: MultiRegion::Refuse,
            body_len_max: Self::BODY_LEN_MAX,
            clock: Clock::default(),
        }
    }
}

impl<K: AccessKeys, R> VerifyingLayer<K, R> {
    /// Answers otherwise to requests that are refused.
    #[must_use]
    pub fn with_refusals<N>(self, refusals: N) -> VerifyingLayer<K, N> {
        VerifyingLayer {
            keys: self.keys,
            refusals: Arc::new(refusals),
            rules: self.rules,
            #[cfg(feature = "sigv4a")]
            multi_region: self.multi_region,
            body_len_max: self.body_len_max,
            clock: self.clock,
        }
    }

    /// Accepts requests signed with SigV4a (`AWS4-ECDSA-P256-SHA256`) as well, by the same
    /// rules; the region set has to include the region of the rules, if they name one. Without
    /// this they are refused, as
    /// [`VerifyError::UnsupportedAlgorithm`](crate::VerifyError::UnsupportedAlgorithm).
    ///
    /// Ask for it only where clients need it: a request costs some hundred times what one of
    /// Signature Version 4 does. The key pair is derived from id and secret for each request,
    /// and none is kept, so that none outlives its secret; deriving and verifying take some two
    /// hundred microseconds each, and whoever knows the id of an access key can make the server
    /// spend them. In a body in chunks each chunk costs another verifying.
    ///
    /// ```
    /// use sigv4::VerifyRules;
    /// use sigv4::tower::{AccessKeys, VerifiedIdentity, VerifyingLayer};
    ///
    /// # fn protect(keys: impl AccessKeys) {
    /// let layer = VerifyingLayer::new(keys, VerifyRules::s3("eu-central-1")).with_multi_region();
    /// # }
    ///
    /// fn is_for_ireland(identity: &VerifiedIdentity) -> bool {
    ///     identity.scope.includes("eu-west-1")
    /// }
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn with_multi_region(self) -> Self {
        Self { multi_region: MultiRegion::Accept, ..self }
    }

    /// Gives bodies room for so many bytes in memory. Those that no
    /// signature covers are not kept and have no limit here; of a body in chunks one chunk is
    /// kept, of at most [`CHUNK_LEN_MAX`](crate::chunks::CHUNK_LEN_MAX).
    #[must_use]
    pub fn with_body_len_max(self, body_len_max: usize) -> Self {
        Self { body_len_max, ..self }
    }

    /// Goes by another clock: for tests, and where the system's is wrong.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { clock: Clock::new(clock), ..self }
    }
}

impl<K, R> Clone for VerifyingLayer<K, R> {
    fn clone(&self) -> Self {
        Self {
            keys: Arc::clone(&self.keys),
            refusals: Arc::clone(&self.refusals),
            rules: self.rules,
            #[cfg(feature = "sigv4a")]
            multi_region: self.multi_region,
            body_len_max: self.body_len_max,
            clock: self.clock.clone(),
        }
    }
}

impl<K, R> fmt::Debug for VerifyingLayer<K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingLayer")
            .field("rules", &self.rules)
            .field("body_len_max", &self.body_len_max)
            .finish_non_exhaustive()
    }
}

impl<S, K, R> Layer<S> for VerifyingLayer<K, R> {
    type Service = VerifyingService<S, K, R>;

    fn layer(&self, inner: S) -> VerifyingService<S, K, R> {
        VerifyingService { inner, layer: self.clone() }
    }
}

/// A server that verifies its requests; made by a [`VerifyingLayer`].
pub struct VerifyingService<S, K, R = XmlRefusals> {
    inner: S,
    layer: VerifyingLayer<K, R>,
}

impl<S, K, R, B, A> Service<Request<B>> for VerifyingService<S, K, R>
where
    S: Service<Request<VerifyingBody<B>>, Response = Response<A>, Future: Send>,
    S: Clone + Send + 'static,
    K: AccessKeys + 'static,
    R: RefusalResponse<A> + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = BoxFuture<Result<Response<A>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that is ready goes along; its clone waits for the next request.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(async move {
            match layer.admit(request).await {
                Ok(request) => inner.call(request).await,
                Err(refusal) => Ok(layer.refusals.response(&refusal)),
            }
        })
    }
}

impl<S: Clone, K, R> Clone for VerifyingService<S, K, R> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S, K, R> fmt::Debug for VerifyingService<S, K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingService").field("layer", &self.layer).finish_non_exhaustive()
    }
}
