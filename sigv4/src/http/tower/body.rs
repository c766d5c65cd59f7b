//! The bodies that the layers hand on.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

use ::http_body::{Body, Frame, SizeHint};
use ::http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use bytes::{Buf, Bytes};
use pin_project_lite::pin_project;

use crate::chunks::Coverage;
use crate::http::body::{SignedBody, VerifiedBody};
use crate::http::tower::BoxError;
#[cfg(feature = "sigv4a")]
use crate::http::tower::chunked_body::ChunkedBody;
use crate::sha256;
#[cfg(feature = "sigv4a")]
use crate::sigv4a::Signature;

/// The body of a request that a [`SigningLayer`](crate::tower::SigningLayer) has signed.
#[cfg(not(feature = "sigv4a"))]
pub type SigningBody<B> = LayerBody<B, SignedBody<B>>;

/// The body of a request that a [`SigningLayer`](crate::tower::SigningLayer) has signed, with
/// either algorithm.
#[cfg(feature = "sigv4a")]
pub type SigningBody<B> = LayerBody<B, ChunkedBody<SignedBody<B>, SignedBody<B, Signature>>>;

/// The body of a request that a [`VerifyingLayer`](crate::tower::VerifyingLayer) has verified.
#[cfg(not(feature = "sigv4a"))]
pub type VerifyingBody<B> = LayerBody<B, VerifiedBody<B>>;

/// The body of a request that a [`VerifyingLayer`](crate::tower::VerifyingLayer) has verified,
/// with either algorithm.
#[cfg(feature = "sigv4a")]
pub type VerifyingBody<B> = LayerBody<B, ChunkedBody<VerifiedBody<B>, VerifiedBody<B, Signature>>>;

pin_project! {
    /// A body that is in memory, the one that came, or one that is signed or
    /// verified as it streams.
    ///
    /// Its data are [`Bytes`], and its error is boxed, as HTTP stacks want it.
    pub struct LayerBody<B, C: Body> {
        #[pin]
        kind: Kind<B, C>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<B, C: Body> {
        Whole { #[pin] body: Full<Bytes> },
        AsItCame { #[pin] body: B },
        InChunks { #[pin] body: C, boxed: fn(C::Error) -> BoxError },
    }
}

impl<B, C: Body> LayerBody<B, C> {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { kind: Kind::Whole { body: Full::new(bytes) } }
    }

    pub(crate) const fn as_it_came(body: B) -> Self {
        Self { kind: Kind::AsItCame { body } }
    }

    const fn chunks(body: C, boxed: fn(C::Error) -> BoxError) -> Self {
        Self { kind: Kind::InChunks { body, boxed } }
    }
}

impl<B: Body<Error: Into<BoxError>>> SigningBody<B> {
    pub(crate) fn in_chunks(body: SignedBody<B>) -> Self {
        #[cfg(feature = "sigv4a")]
        let body = ChunkedBody::one_region(body);
        Self::chunks(body, |error| error.into_boxed())
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) fn in_multi_region_chunks(body: SignedBody<B, Signature>) -> Self {
        Self::chunks(ChunkedBody::multi_region(body), |error| error.into_boxed())
    }
}

impl<B: Body<Error: Into<BoxError>>> VerifyingBody<B> {
    pub(crate) fn in_chunks(body: VerifiedBody<B>) -> Self {
        #[cfg(feature = "sigv4a")]
        let body = ChunkedBody::one_region(body);
        Self::chunks(body, |error| error.into_boxed())
    }

    #[cfg(feature = "sigv4a")]
    pub(crate) fn in_multi_region_chunks(body: VerifiedBody<B, Signature>) -> Self {
        Self::chunks(ChunkedBody::multi_region(body), |error| error.into_boxed())
    }

    /// What covers the data, according to the request: known before anything is read.
    pub const fn coverage(&self) -> Coverage {
        match &self.kind {
            Kind::Whole { .. } => Coverage::Signed,
            Kind::AsItCame { .. } => Coverage::Nothing,
            Kind::InChunks { body, .. } => body.coverage(),
        }
    }

    /// What has covered the data. Of a body in chunks nothing before it has come to its end, and
    /// nothing if that was an error.
    pub const fn covered(&self) -> Option<Coverage> {
        match &self.kind {
            Kind::Whole { .. } => Some(Coverage::Signed),
            Kind::AsItCame { .. } => Some(Coverage::Nothing),
            Kind::InChunks { body, .. } => body.covered(),
        }
    }
}

impl<B, C> Body for LayerBody<B, C>
where
    B: Body<Error: Into<BoxError>>,
    C: Body<Data = Bytes>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.project().kind.project() {
            KindProjection::Whole { body } => {
                body.poll_frame(context).map_err(|infallible| match infallible {})
            }
            KindProjection::AsItCame { body } => {
                let in_bytes = |mut data: B::Data| data.copy_to_bytes(data.remaining());
                let frame = body.poll_frame(context).map_err(Into::into);
                frame.map_ok(|frame| frame.map_data(in_bytes))
            }
            KindProjection::InChunks { body, boxed } => body.poll_frame(context).map_err(*boxed),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Whole { body } => body.is_end_stream(),
            Kind::AsItCame { body } => body.is_end_stream(),
            Kind::InChunks { body, .. } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Whole { body } => body.size_hint(),
            Kind::AsItCame { body } => body.size_hint(),
            Kind::InChunks { body, .. } => body.size_hint(),
        }
    }
}

impl<B, C: Body> fmt::Debug for LayerBody<B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Whole { .. } => "Whole",
            Kind::AsItCame { .. } => "AsItCame",
            Kind::InChunks { .. } => "InChunks",
        };
        f.debug_tuple("LayerBody").field(&format_args!("{kind}")).finish()
    }
}

/// Why a body cannot be read into memory.
pub(crate) enum ReadError {
    TooLong,
    Failed(BoxError),
}

/// Reads a body to its end, and no further than `len_max` bytes; nothing of one
/// that says that it is longer. Its trailers, which no signature covers, are left out.
pub(crate) async fn read<B>(body: B, len_max: usize) -> Result<Bytes, ReadError>
where
    B: Body<Error: Into<BoxError>>,
{
    if body.size_hint().lower() > sha256::in_u64(len_max) {
        return Err(ReadError::TooLong);
    }
    match Limited::new(body, len_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ReadError::TooLong),
        Err(error) => Err(ReadError::Failed(error)),
    }
}
