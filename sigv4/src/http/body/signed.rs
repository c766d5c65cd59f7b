//! A body that is signed as it streams.

use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;
use std::vec;
use std::vec::Vec;

use ::http::HeaderMap;
use ::http::header::{HeaderName, HeaderValue};
use ::http_body::{Body, Frame, SizeHint};
use bytes::{Buf, Bytes};
use pin_project_lite::pin_project;
use sha2::{Digest, Sha256};

use crate::chunks::{CHUNK_END, Checksum, ChecksumAlgorithm, ChunkSignature, ChunkSigner};
use crate::http::body::error::SignedBodyError;
use crate::sha256::in_u64;
use crate::signature::Signature;

pin_project! {
    /// A body that goes out in chunks; made by
    /// [`SigningInstant::sign_chunked`](crate::SigningInstant::sign_chunked), or for SigV4a
    /// by `sigv4a::SigningInstant::sign_chunked`.
    ///
    /// Gathers frames until they make a chunk, and lets them pass behind its
    /// header; data that comes as [`Bytes`] is not copied. Its size hint is exact.
    pub struct SignedBody<B: Body, S: ChunkSignature = Signature> {
        #[pin]
        inner: B,
        // What is left of the frame under way.
        rest: Option<B::Data>,
        trailers: HeaderMap,
        is_done: bool,
        encoder: Encoder<S>,
    }
}

impl<B: Body, S: ChunkSignature> SignedBody<B, S> {
    pub(crate) fn new(
        inner: B,
        signer: ChunkSigner<S>,
        chunk_len: usize,
        [decoded_len, encoded_len]: [u64; 2],
        announced: Vec<(HeaderName, usize)>,
    ) -> Self {
        let encoder = Encoder {
            signer,
            chunk_len,
            announced,
            declared: decoded_len,
            decoded_left: decoded_len,
            encoded_left: encoded_len,
            chunk: Vec::new(),
            gathered: 0,
            hash: Sha256::new(),
            checksum: None,
            ready: VecDeque::new(),
        };
        Self { inner, rest: None, trailers: HeaderMap::new(), is_done: false, encoder }
    }

    /// With this checksum in the trailers, of which it is the last that was announced.
    pub(crate) fn with_checksum(mut self, algorithm: Option<ChecksumAlgorithm>) -> Self {
        self.encoder.checksum = algorithm.map(Checksum::new);
        self
    }
}

impl<B: Body, S: ChunkSignature> Body for SignedBody<B, S> {
    type Data = Bytes;
    type Error = SignedBodyError<B::Error>;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut this = self.project();
        loop {
            if let Some(bytes) = this.encoder.take_ready() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            if *this.is_done {
                return Poll::Ready(None);
            }
            let step = match this.rest.as_mut().filter(|rest| rest.has_remaining()) {
                Some(rest) => this.encoder.gather(rest),
                None => match ready!(this.inner.as_mut().poll_frame(context)) {
                    Some(Ok(frame)) => {
                        match frame.into_data() {
                            Ok(data) => *this.rest = Some(data),
                            Err(frame) => {
                                this.trailers.extend(frame.into_trailers().unwrap_or_default());
                            }
                        }
                        continue;
                    }
                    Some(Err(error)) => Err(SignedBodyError::Body(error)),
                    None => {
                        *this.is_done = true;
                        this.encoder.finish(this.trailers)
                    }
                },
            };
            if let Err(error) = step {
                *this.is_done = true;
                this.encoder.ready.clear();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_done && self.encoder.ready.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.encoder.encoded_left)
    }
}

impl<B: Body, S: ChunkSignature> fmt::Debug for SignedBody<B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedBody")
            .field("is_done", &self.is_done)
            .field("encoder", &self.encoder.signer)
            .finish_non_exhaustive()
    }
}

/// What makes chunks of pieces of data.
struct Encoder<S: ChunkSignature> {
    signer: ChunkSigner<S>,
    chunk_len: usize,
    announced: Vec<(HeaderName, usize)>,
    /// Bytes of data that the body said it has.
    declared: u64,
    decoded_left: u64,
    encoded_left: u64,
    /// The pieces of the chunk that is being gathered.
    chunk: Vec<Bytes>,
    gathered: usize,
    hash: Sha256,
    /// Of the whole body, if it was asked for.
    checksum: Option<Checksum>,
    /// What is to be sent.
    ready: VecDeque<Bytes>,
}

impl<S: ChunkSignature> Encoder<S> {
    fn take_ready(&mut self) -> Option<Bytes> {
        let bytes = self.ready.pop_front()?;
        self.encoded_left = self.encoded_left.saturating_sub(in_u64(bytes.len()));
        Some(bytes)
    }

    /// Takes as much of `data` as the chunk still needs.
    fn gather<E>(&mut self, data: &mut impl Buf) -> Result<(), SignedBodyError<E>> {
        let len = data.remaining().min(self.chunk_len - self.gathered);
        self.decoded_left = self
            .decoded_left
            .checked_sub(in_u64(len))
            .ok_or(SignedBodyError::LengthMismatch { declared: self.declared })?;
        let piece = data.copy_to_bytes(len);
        if self.signer.chunking().is_signed() {
            Digest::update(&mut self.hash, &piece);
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&piece);
        }
        self.chunk.push(piece);
        self.gathered += len;
        if self.gathered == self.chunk_len { self.seal() } else { Ok(()) }
    }

    /// Makes ready the chunk that was gathered.
    fn seal<E>(&mut self) -> Result<(), SignedBodyError<E>> {
        let digest = self.hash.finalize_reset().into();
        let len = in_u64(self.gathered);
        let mut header = vec![0; self.signer.header_len(len)];
        self.signer.hashed_chunk(len, &digest, &mut header)?;
        self.ready.push_back(header.into());
        self.ready.extend(self.chunk.drain(..));
        self.ready.push_back(Bytes::from_static(CHUNK_END));
        self.gathered = 0;
        Ok(())
    }

    /// Makes ready what is left, and the end.
    fn finish<E>(&mut self, trailers: &mut HeaderMap) -> Result<(), SignedBodyError<E>> {
        if self.decoded_left > 0 {
            return Err(SignedBodyError::LengthMismatch { declared: self.declared });
        }
        if self.gathered > 0 {
            self.seal()?;
        }
        let trailers = self.with_own(mem::take(trailers))?;
        let trailers = self.announced_trailers(&trailers)?;
        let mut end = vec![0; self.signer.finish_len(&trailers)];
        self.signer.finish(&trailers, &mut end)?;
        self.ready.push_back(end.into());
        Ok(())
    }

    /// The trailers of the body, and the checksum if it was asked for.
    fn with_own<E>(&mut self, mut trailers: HeaderMap) -> Result<HeaderMap, SignedBodyError<E>> {
        let Some(checksum) = self.checksum.take() else {
            return Ok(trailers);
        };
        let name = HeaderName::from_static(checksum.algorithm().trailer());
        // Base64 stands in any header.
        let value = HeaderValue::from_str(checksum.finish().as_str())
            .map_err(|_| SignedBodyError::MissingTrailer)?;
        match trailers.insert(name, value) {
            None => Ok(trailers),
            Some(_) => Err(SignedBodyError::UnexpectedTrailer),
        }
    }

    /// The trailers in the order in which they were announced, if they are those.
    fn announced_trailers<E>(
        &self,
        trailers: &HeaderMap,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, SignedBodyError<E>> {
        if trailers.len() > self.announced.len() {
            return Err(SignedBodyError::UnexpectedTrailer);
        }
        let announced = self.announced.iter().map(|(name, len)| {
            let value = trailers.get(name).ok_or(SignedBodyError::MissingTrailer)?;
            if value.len() != *len {
                return Err(SignedBodyError::TrailerLengthMismatch { announced: *len });
            }
            Ok((name.clone(), value.clone()))
        });
        announced.collect()
    }
}
