//! The client's side: a layer that signs whatever passes.

use core::fmt;
use core::mem;
use core::task::{Context, Poll};
use std::boxed::Box;
use std::sync::Arc;

use ::http::Request;
use ::http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::HttpRequest;
use crate::http::body::ChunkedUpload;
use crate::http::tower::body::{self, SigningBody};
use crate::http::tower::clock::Clock;
use crate::http::tower::signing_error::SigningServiceError;
use crate::http::tower::{BoxError, BoxFuture};
use crate::payload::Payload;
use crate::rules::SigningRules;
use crate::signer::{Signer, SignerError};
#[cfg(feature = "sigv4a")]
use crate::sigv4a::RegionSet;
use crate::time::Timestamp;

/// What the signature says about the body of a request.
///
/// The layer has one for all requests; a request that needs another carries it
/// among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySigning {
    /// The body is read into memory, up to so many bytes, and its hash is signed.
    Hashed {
        /// The most bytes it may have.
        len_max: usize,
    },
    /// The body passes as it comes, and no signature covers it: for S3 over TLS.
    Unsigned,
    /// The body goes out in chunks that are signed as they pass: for S3. It has
    /// to know its length. An empty body has no chunks and is hashed, without trailers.
    Chunked(ChunkedUpload<'static>),
}

impl BodySigning {
    /// The most bytes of a body in memory, unless told otherwise.
    pub const LEN_MAX: usize = 8 << 20;
}

impl Default for BodySigning {
    fn default() -> Self {
        Self::Hashed { len_max: Self::LEN_MAX }
    }
}

/// Signs every request that passes, with a [`Signer`], or with one that is shared by an `Arc`.
///
/// Put it next to the client, inside of whatever retries or sets headers: nothing may
/// change a signed header after it, and each attempt is signed anew. Where the client follows redirects
/// by itself, switch that off, because it would send the old signature along.
///
/// Asks the signer's provider for credentials where need be. Each request costs
/// one allocation for its future, those of the header values, and that of a body that is gathered.
///
/// ```
/// use sigv4::tower::SigningLayer;
/// use sigv4::{OwnedCredentials, Signer};
/// use tower_layer::Layer;
///
/// # fn wrap<C>(client: C) -> Result<(), sigv4::KeyError> {
/// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let signer = Signer::new(credentials, "us-east-1", "s3")?;
/// // A client of hyper-util, or any other service that takes an `http::Request`.
/// let client = SigningLayer::new(signer).layer(client);
/// # Ok(())
/// # }
/// ```
///
/// `reqwest::Client` takes requests of its own kind, to which those of the `http` crate
/// convert, and their bodies by `reqwest::Body::wrap`. The example `sign_with_reqwest` puts a
/// service that converts them below this layer; `verify_with_axum` shows both layers.
pub struct SigningLayer {
    signer: Arc<Signer>,
    /// Signs with SigV4a if there is one.
    #[cfg(feature = "sigv4a")]
    region_set: Option<RegionSet<'static>>,
    body: BodySigning,
    clock: Clock,
}

impl SigningLayer {
    /// Signs by the system's clock, and with bodies hashed.
    #[must_use]
    pub fn new(signer: impl Into<Arc<Signer>>) -> Self {
        Self {
            signer: signer.into(),
            #[cfg(feature = "sigv4a")]
            region_set: None,
            body: BodySigning::default(),
            clock: Clock::default(),
        }
    }

    /// Signs with SigV4a, so that requests are good in all regions of a set, as Multi-Region
    /// Access Points of S3 want it. The [`Signer`] lends its credentials, its service and its rules;
    /// its region plays no role.
    ///
    /// A signature then takes some two hundred microseconds, and so does each chunk of a
    /// body in chunks. The key pair is derived once for the signer's credentials.
    ///
    /// ```
    /// use sigv4::sigv4a::RegionSet;
    /// use sigv4::tower::SigningLayer;
    /// use sigv4::{OwnedCredentials, Signer};
    ///
    /// let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// let signer = Signer::new(credentials, "us-east-1", "s3")?;
    /// let layer = SigningLayer::new(signer).with_region_set(RegionSet::ALL);
    /// # Ok::<(), sigv4::KeyError>(())
    /// ```
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn with_region_set(self, region_set: RegionSet<'static>) -> Self {
        Self { region_set: Some(region_set), ..self }
    }

    /// Sets what is done with the bodies of requests that carry no other
    /// [`BodySigning`].
    #[must_use]
    pub fn with_body(self, body: BodySigning) -> Self {
        Self { body, ..self }
    }

    /// Goes by another clock: for tests, and where the system's is wrong.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { clock: Clock::new(clock), ..self }
    }

    async fn sign<B, E>(
        &self,
        request: Request<B>,
    ) -> Result<Request<SigningBody<B>>, SigningServiceError<E>>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let setting = request.extensions().get().copied().unwrap_or(self.body);
        match setting {
            BodySigning::Unsigned => {
                let (mut parts, body) = request.into_parts();
                let rules = self.signer.rules().declaring(Payload::UNSIGNED);
                self.sign_head(&mut parts, Payload::UNSIGNED, &rules).await?;
                Ok(Request::from_parts(parts, SigningBody::as_it_came(body)))
            }
            BodySigning::Chunked(upload) if request.body().size_hint().exact() != Some(0) => {
                self.sign_chunked(request, &upload).await
            }
            BodySigning::Hashed { len_max } => self.sign_hashed(request, len_max).await,
            BodySigning::Chunked(_) => self.sign_hashed(request, 0).await,
        }
    }

    async fn sign_chunked<B, E>(
        &self,
        request: Request<B>,
        upload: &ChunkedUpload<'_>,
    ) -> Result<Request<SigningBody<B>>, SigningServiceError<E>>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let (now, rules) = (self.ready().await?, self.signer.rules());
        let key = self.signer.key_for(now)?;
        #[cfg(feature = "sigv4a")]
        if let Some(region_set) = self.region_set {
            let key = key.multi_region(region_set).map_err(SignerError::from)?;
            let request = key.at(now).sign_chunked(request, upload, rules)?;
            return Ok(request.map(SigningBody::in_multi_region_chunks));
        }
        let instant = key.at(now).map_err(SignerError::from)?;
        Ok(instant.sign_chunked(request, upload, rules)?.map(SigningBody::in_chunks))
    }

    async fn sign_hashed<B, E>(
        &self,
        request: Request<B>,
        len_max: usize,
    ) -> Result<Request<SigningBody<B>>, SigningServiceError<E>>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let (mut parts, body) = request.into_parts();
        let read = body::read(body, len_max).await;
        let bytes = read.map_err(|error| SigningServiceError::of_body(error, len_max))?;
        self.sign_head(&mut parts, Payload::Bytes(&bytes), self.signer.rules()).await?;
        Ok(Request::from_parts(parts, SigningBody::whole(bytes)))
    }

    async fn sign_head<E>(
        &self,
        request: &mut impl HttpRequest,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), SigningServiceError<E>> {
        let now = self.ready().await?;
        let key = self.signer.key_for(now)?;
        #[cfg(feature = "sigv4a")]
        if let Some(region_set) = self.region_set {
            let key = key.multi_region(region_set).map_err(SignerError::from)?;
            key.at(now).sign_http(request, payload, rules)?;
            return Ok(());
        }
        let instant = key.at(now).map_err(SignerError::from)?;
        instant.sign_http(request, payload, rules)?;
        Ok(())
    }

    /// The time to sign at, for which there are credentials. Taken when the body
    /// has been read, which may take a while.
    async fn ready<E>(&self) -> Result<Timestamp, SigningServiceError<E>> {
        let now = self.clock.now()?;
        self.signer.ready_at(now).await.map_err(SigningServiceError::Credentials)?;
        Ok(now)
    }
}

impl Clone for SigningLayer {
    fn clone(&self) -> Self {
        Self {
            signer: Arc::clone(&self.signer),
            #[cfg(feature = "sigv4a")]
            region_set: self.region_set,
            body: self.body,
            clock: self.clock.clone(),
        }
    }
}

impl fmt::Debug for SigningLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningLayer")
            .field("signer", &self.signer)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for SigningLayer {
    type Service = SigningService<S>;

    fn layer(&self, inner: S) -> SigningService<S> {
        SigningService { inner, layer: self.clone() }
    }
}

/// A client that signs its requests; made by a [`SigningLayer`].
pub struct SigningService<S> {
    inner: S,
    layer: SigningLayer,
}

impl<S, B> Service<Request<B>> for SigningService<S>
where
    S: Service<Request<SigningBody<B>>, Future: Send> + Clone + Send + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = S::Response;
    type Error = SigningServiceError<S::Error>;
    type Future = BoxFuture<Result<S::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SigningServiceError::Service)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that is ready goes along; its clone waits for the next request.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(async move {
            let request = layer.sign(request).await?;
            inner.call(request).await.map_err(SigningServiceError::Service)
        })
    }
}

impl<S: Clone> Clone for SigningService<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S> fmt::Debug for SigningService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningService").field("layer", &self.layer).finish_non_exhaustive()
    }
}
