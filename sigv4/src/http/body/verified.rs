//! A body that is verified as it streams.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use ::http::HeaderMap;
use ::http::header::{HeaderName, HeaderValue};
use ::http_body::{Body, Frame, SizeHint};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use pin_project_lite::pin_project;

use crate::chunks::{ChunkDecoder, ChunkEvent, ChunkSignature, Coverage, Trailers};
use crate::http::body::error::VerifiedBodyError;
use crate::sha256::in_u64;
use crate::signature::Signature;

pin_project! {
    /// A body in chunks, decoded and verified as it comes in.
    ///
    /// Each frame of data is shown only once the signature of its chunk holds; where the
    /// request says that chunks carry none (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`), it is shown
    /// as it comes. A checksum among the trailers is compared with the data at the end, if this
    /// crate knows it: [`coverage`](Self::coverage) tells both beforehand.
    /// Where the end comes early, or anything else is wrong, the last frame is an
    /// error: a body is whole only if there is none. Trailers come as trailers.
    /// Keeps at most one chunk in memory (see
    /// [`ChunkDecoder::with_chunk_len_max`](crate::chunks::ChunkDecoder::with_chunk_len_max)), and one
    /// frame of the body inside. Its size hint is what the request declares.
    ///
    /// ```
    /// use sigv4::body::VerifiedBody;
    /// use sigv4::chunks::ChunkError;
    /// use sigv4::{Headers, Request, Verified, VerifyingKey};
    ///
    /// // What the server does once the request is verified.
    /// fn body<B: http_body::Body, H: Headers>(
    ///     request: &Request<'_, H>,
    ///     verified: &Verified,
    ///     key: &VerifyingKey,
    ///     body: B,
    /// ) -> Result<VerifiedBody<B>, ChunkError> {
    ///     Ok(VerifiedBody::new(body, verified.chunk_decoder(request, key)?))
    /// }
    /// ```
    pub struct VerifiedBody<B, S: ChunkSignature = Signature> {
        #[pin]
        inner: B,
        decoder: ChunkDecoder<S>,
        buffer: BytesMut,
        trailers: HeaderMap,
        left: u64,
        is_done: bool,
        is_whole: bool,
    }
}

impl<B, S: ChunkSignature> VerifiedBody<B, S> {
    /// Decodes `inner`, which has to be the whole body of the decoder's request.
    pub fn new(inner: B, decoder: ChunkDecoder<S>) -> Self {
        let left = decoder.decoded_len();
        let (buffer, trailers) = (BytesMut::new(), HeaderMap::new());
        Self { inner, decoder, buffer, trailers, left, is_done: false, is_whole: false }
    }

    /// What covers the data, according to the request: known before anything is read.
    pub const fn coverage(&self) -> Coverage {
        self.decoder.coverage()
    }

    /// What has covered the data; nothing before the body has come to its end, and nothing
    /// if that was an error.
    pub const fn covered(&self) -> Option<Coverage> {
        if self.is_whole { Some(self.decoder.coverage()) } else { None }
    }
}

impl<B: Body, S: ChunkSignature> Body for VerifiedBody<B, S> {
    type Data = Bytes;
    type Error = VerifiedBodyError<B::Error>;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut this = self.project();
        if *this.is_done {
            return Poll::Ready(None);
        }
        let last = loop {
            match decode(this.decoder, this.buffer, this.trailers) {
                Ok(Some(data)) => {
                    *this.left = this.left.saturating_sub(in_u64(data.len()));
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                Ok(None) => {}
                Err(error) => break Err(error),
            }
            match ready!(this.inner.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    // Trailers of HTTP itself are covered by no signature.
                    if let Ok(data) = frame.into_data() {
                        this.buffer.put(data);
                    }
                }
                Some(Err(error)) => break Err(VerifiedBodyError::Body(error)),
                None => break this.decoder.finish().map_err(VerifiedBodyError::Chunk),
            }
        };
        *this.is_done = true;
        *this.is_whole = last.is_ok();
        Poll::Ready(match last {
            Err(error) => Some(Err(error)),
            Ok(()) if this.trailers.is_empty() => None,
            Ok(()) => Some(Ok(Frame::trailers(core::mem::take(this.trailers)))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.is_done
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// The next piece of data in the buffer; nothing if more input is needed.
fn decode<E, S: ChunkSignature>(
    decoder: &mut ChunkDecoder<S>,
    buffer: &mut BytesMut,
    trailers: &mut HeaderMap,
) -> Result<Option<Bytes>, VerifiedBodyError<E>> {
    loop {
        let decoded = decoder.decode(buffer)?;
        let consumed = decoded.consumed;
        match decoded.event {
            ChunkEvent::Data(data) => {
                let len = data.len();
                buffer.advance(consumed - len);
                return Ok(Some(buffer.split_to(len).freeze()));
            }
            ChunkEvent::Incomplete { .. } => {
                buffer.advance(consumed);
                return Ok(None);
            }
            ChunkEvent::End(found) => {
                *trailers = in_headers(&found).ok_or(VerifiedBodyError::InvalidTrailer)?;
                buffer.advance(consumed);
            }
        }
    }
}

fn in_headers(trailers: &Trailers<'_>) -> Option<HeaderMap> {
    let pairs = trailers.iter().map(|(name, value)| {
        Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
    });
    pairs.collect()
}

impl<B, S: ChunkSignature> fmt::Debug for VerifiedBody<B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedBody")
            .field("decoder", &self.decoder)
            .field("is_done", &self.is_done)
            .finish_non_exhaustive()
    }
}
