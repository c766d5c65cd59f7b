//! A client that signs, a server that verifies, and what passes between them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::error::Error;
use std::future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use sigv4::tower::{AccessKeys, BodySigning, SigningLayer, VerifiedIdentity, VerifyingLayer};
use sigv4::{OwnedCredentials, Signer, SigningRules, Timestamp, VerifyRules};
use tower::{Layer, Service, ServiceExt, service_fn};

pub(crate) const ID: &str = "ASIAEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
pub(crate) const URI: &str = "https://bucket.s3.amazonaws.com/a/key?b=2&a=1";

pub(crate) fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

pub(crate) fn credentials() -> OwnedCredentials {
    OwnedCredentials::new(ID, SECRET).with_session_token(TOKEN)
}

pub(crate) fn signing(rules: SigningRules<'static>) -> SigningLayer {
    let signer = Signer::new(credentials(), "us-east-1", "s3").unwrap().with_rules(rules);
    SigningLayer::new(Arc::new(signer)).with_clock(now)
}

/// The server's layer, which knows one key.
pub(crate) fn verifying(rules: VerifyRules<'static>) -> VerifyingLayer<impl AccessKeys> {
    let keys =
        |id: String| future::ready(Ok::<_, Infallible>(Some(credentials()).filter(|_| id == ID)));
    VerifyingLayer::new(keys, rules).with_clock(now)
}

/// What the innermost service got.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) head: http::request::Parts,
    pub(crate) body: Result<Bytes, String>,
}

impl Arrived {
    pub(crate) fn identity(&self) -> &VerifiedIdentity {
        self.head.extensions.get().unwrap()
    }
}

/// The innermost service: keeps what it gets, and answers `200`.
#[derive(Clone, Default)]
pub(crate) struct Handler(Arc<Mutex<Vec<Arrived>>>);

impl Handler {
    pub(crate) fn service<B>(
        &self,
    ) -> impl Service<Request<B>, Response = Response<Full<Bytes>>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + use<B>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
        B::Data: Send,
    {
        let arrived = Arc::clone(&self.0);
        service_fn(move |request: Request<B>| {
            let arrived = Arc::clone(&arrived);
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.map_err(|error| error.into().to_string());
                let body = body.map(|collected| collected.to_bytes());
                arrived.lock().unwrap().push(Arrived { head, body });
                Ok(Response::new(Full::from("welcome")))
            }
        })
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// What a client that signs by `layer` sends.
pub(crate) fn signed(layer: &SigningLayer, request: Request<Pieces>) -> Arrived {
    let handler = Handler::default();
    let response = ready(layer.layer(handler.service()).oneshot(request)).unwrap();
    assert_eq!(response.status(), 200);
    handler.arrived().pop().unwrap()
}

/// A request that was sent, as the server receives it, in pieces of some length.
pub(crate) fn received(sent: Arrived) -> Request<Pieces> {
    let wire = sent.body.unwrap();
    Request::from_parts(sent.head, Pieces::of(&wire, 1_000))
}

pub(crate) fn put(body: Pieces, setting: Option<BodySigning>) -> Request<Pieces> {
    let mut request = Request::put(URI).header("content-type", "text/plain").body(body).unwrap();
    if let Some(setting) = setting {
        request.extensions_mut().insert(setting);
    }
    request
}

/// What a future comes to that has nothing to wait for.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// A body in pieces, which counts how many were taken and may break off.
#[derive(Clone, Debug)]
pub(crate) struct Pieces {
    pieces: VecDeque<Result<Bytes, &'static str>>,
    len: Option<u64>,
    taken: Arc<AtomicUsize>,
}

impl Pieces {
    pub(crate) fn of(data: &[u8], piece: usize) -> Self {
        let pieces = data.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let len = Some(u64::try_from(data.len()).unwrap());
        Self { pieces, len, taken: Arc::default() }
    }

    pub(crate) fn of_unknown_length(self) -> Self {
        Self { len: None, ..self }
    }

    pub(crate) fn breaking_off(mut self) -> Self {
        self.pieces.push_back(Err("connection reset"));
        self
    }

    /// Goes on counting while the body is read.
    pub(crate) fn taken(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.taken)
    }
}

impl Body for Pieces {
    type Data = Bytes;
    // Not an error itself, as the boxed ones of many stacks are not.
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let piece = self.pieces.pop_front();
        self.taken.fetch_add(usize::from(piece.is_some()), Ordering::Relaxed);
        Poll::Ready(piece.map(|piece| piece.map(Frame::data).map_err(Into::into)))
    }

    fn size_hint(&self) -> SizeHint {
        self.len.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
