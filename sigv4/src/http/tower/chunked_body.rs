//! A body in chunks, of which only the request says which algorithm signs them.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

use ::http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::chunks::Coverage;
use crate::http::body::VerifiedBody;
use crate::sigv4a::Signature;

pin_project! {
    /// A body in chunks of either algorithm: `C` with Signature Version 4, `M` with SigV4a.
    pub struct ChunkedBody<C, M> {
        #[pin]
        kind: Kind<C, M>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<C, M> {
        OneRegion { #[pin] body: C },
        MultiRegion { #[pin] body: M },
    }
}

impl<C, M> ChunkedBody<C, M> {
    pub(crate) const fn one_region(body: C) -> Self {
        Self { kind: Kind::OneRegion { body } }
    }

    pub(crate) const fn multi_region(body: M) -> Self {
        Self { kind: Kind::MultiRegion { body } }
    }
}

impl<B> ChunkedBody<VerifiedBody<B>, VerifiedBody<B, Signature>> {
    pub(crate) const fn coverage(&self) -> Coverage {
        match &self.kind {
            Kind::OneRegion { body } => body.coverage(),
            Kind::MultiRegion { body } => body.coverage(),
        }
    }

    pub(crate) const fn covered(&self) -> Option<Coverage> {
        match &self.kind {
            Kind::OneRegion { body } => body.covered(),
            Kind::MultiRegion { body } => body.covered(),
        }
    }
}

impl<C: Body, M: Body<Data = C::Data, Error = C::Error>> Body for ChunkedBody<C, M> {
    type Data = C::Data;
    type Error = C::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<C::Data>, C::Error>>> {
        match self.project().kind.project() {
            KindProjection::OneRegion { body } => body.poll_frame(context),
            KindProjection::MultiRegion { body } => body.poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::OneRegion { body } => body.is_end_stream(),
            Kind::MultiRegion { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::OneRegion { body } => body.size_hint(),
            Kind::MultiRegion { body } => body.size_hint(),
        }
    }
}

impl<C: fmt::Debug, M: fmt::Debug> fmt::Debug for ChunkedBody<C, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::OneRegion { body } => body.fmt(f),
            Kind::MultiRegion { body } => body.fmt(f),
        }
    }
}
