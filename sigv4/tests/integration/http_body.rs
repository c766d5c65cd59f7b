//! Feature `http-body`: bodies signed and verified as they stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request};
use http_body::{Body, Frame, SizeHint};
use sigv4::body::{
    BodySignError, ChunkedUpload, SignedBody, SignedBodyError, VerifiedBody, VerifiedBodyError,
};
use sigv4::chunks::{ChunkError, Chunking};
use sigv4::{
    Body as Sent, Credentials, Evidence, HttpView, PresentedSignature, SigningKey, SigningRules,
    Timestamp, VerifyRules, VerifyingKey,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOTE: (&str, usize) = ("x-note", 8);

#[test]
fn what_is_signed_as_it_streams_verifies_as_it_streams() {
    for chunking in [Chunking::Signed, Chunking::SignedWithTrailers, Chunking::UnsignedWithTrailers]
    {
        let has_trailers = chunking != Chunking::Signed;
        let trailers: &[_] = if has_trailers { &[NOTE] } else { &[] };
        for (len, piece, chunk_len, received) in [
            (0, 1, 10, 1),
            (1, 1, 10, 7),
            (10, 3, 10, 1),
            (20, 20, 10, 1_000),
            (1_000, 7, 64, 33),
            (1_000, 999, 1, 500),
            (100_000, 30_000, 8_192, 1_460),
        ] {
            let data: Vec<u8> = (0..len).map(|n: u32| n.to_le_bytes()[0]).collect();
            let mut body = Pieces::of(&data, piece);
            if has_trailers {
                body = body.with_trailer(NOTE.0, "a sketch");
            }
            let upload = ChunkedUpload { chunking, chunk_len, trailers, checksum: None };
            let request = sign(body, &upload).unwrap();
            let encoded_len = request.body().size_hint().exact().unwrap();
            assert_eq!(request.headers()["content-length"], encoded_len.to_string());
            assert_eq!(request.headers()["x-amz-decoded-content-length"], len.to_string());
            assert_eq!(request.headers().contains_key("x-amz-trailer"), has_trailers);
            let (parts, body) = request.into_parts();
            let (wire, http_trailers) = read(body).unwrap();
            assert_eq!(u64::try_from(wire.len()).unwrap(), encoded_len);
            assert!(http_trailers.is_empty(), "they are in the encoding");

            let received = Request::from_parts(parts, Pieces::of(&wire, received));
            let verified = verified(received).unwrap();
            assert_eq!(verified.size_hint().exact(), Some(u64::from(len)));
            let (decoded, trailers) = read(verified).unwrap();
            assert_eq!(decoded, data);
            assert_eq!(trailers.len(), usize::from(has_trailers));
            assert!(!has_trailers || trailers[NOTE.0] == "a sketch");
        }
    }
}

#[test]
fn the_coding_of_chunks_stands_before_all_others_and_once() {
    let body = || Pieces::of(b"data", 4);
    let request = Request::put("https://bucket.s3.amazonaws.com/key");
    let request = request.header("content-encoding", "gzip").header("transfer-encoding", "chunked");
    let signed = sign_request(request.body(body()).unwrap(), &ChunkedUpload::SIGNED).unwrap();
    assert_eq!(signed.headers()["content-encoding"], "aws-chunked,gzip");
    assert!(!signed.headers().contains_key("transfer-encoding"));
    // A retry signs the same request again, with a new body.
    let again = sign_request(signed.map(|_| body()), &ChunkedUpload::SIGNED).unwrap();
    assert_eq!(again.headers()["content-encoding"], "aws-chunked,gzip");
    let (parts, body) = again.into_parts();
    let (wire, _) = read(body).unwrap();
    let received = Request::from_parts(parts, Pieces::of(&wire, 5));
    assert_eq!(read(verified(received).unwrap()).unwrap().0, b"data");
}

#[test]
fn a_body_has_the_length_and_the_trailers_it_said() {
    let trailers = |trailers| ChunkedUpload {
        chunking: Chunking::SignedWithTrailers,
        chunk_len: 10,
        trailers,
        checksum: None,
    };
    let refused = |body: Pieces, upload: &ChunkedUpload<'_>| {
        read(sign(body, upload).unwrap().into_body()).unwrap_err().to_string()
    };
    let (data, note) = (|| Pieces::of(b"data", 2), [NOTE]);
    let short = Pieces { declared: Some(5), ..data() };
    assert_eq!(refused(short, &ChunkedUpload::SIGNED), mismatch(5).to_string());
    let long = Pieces { declared: Some(3), ..data() };
    assert_eq!(refused(long, &ChunkedUpload::SIGNED), mismatch(3).to_string());
    let missing = refused(data(), &trailers(&note));
    assert_eq!(missing, SignedBodyError::<Infallible>::MissingTrailer.to_string());
    let unexpected = refused(data().with_trailer("x-other", "a"), &trailers(&[]));
    assert_eq!(unexpected, SignedBodyError::<Infallible>::UnexpectedTrailer.to_string());
    let shorter = refused(data().with_trailer(NOTE.0, "a sketc"), &trailers(&note));
    let announced = NOTE.1;
    let error = SignedBodyError::<Infallible>::TrailerLengthMismatch { announced };
    assert_eq!(shorter, error.to_string());

    let unknown = Pieces { declared: None, ..data() };
    let error = sign(unknown, &ChunkedUpload::SIGNED).unwrap_err();
    assert!(matches!(error, BodySignError::UnknownLength));
    let none = ChunkedUpload { chunk_len: 0, ..ChunkedUpload::SIGNED };
    assert!(matches!(sign(data(), &none).unwrap_err(), BodySignError::TooLong));
    let signed = ChunkedUpload { trailers: &note, ..ChunkedUpload::SIGNED };
    assert!(matches!(sign(data(), &signed).unwrap_err(), BodySignError::TrailersNotAllowed));
    let odd = [("a b", 1)];
    assert!(matches!(sign(data(), &trailers(&odd)).unwrap_err(), BodySignError::InvalidTrailer));
}

#[test]
fn a_body_that_was_changed_ends_in_an_error_and_shows_nothing_of_the_chunk() {
    let data = [b'a'; 30];
    let upload = ChunkedUpload { chunk_len: 10, ..ChunkedUpload::SIGNED };
    let (parts, body) = sign(Pieces::of(&data, 30), &upload).unwrap().into_parts();
    let (wire, _) = read(body).unwrap();
    let at = wire.iter().rposition(|&byte| byte == b'a').unwrap();
    // In the last chunk, whose signature may hold the letter as well.
    let at = wire[..=at].windows(10).rposition(|part| part == [b'a'; 10]).unwrap();
    let mut changed = wire.clone();
    changed[at + 9] = b'b';
    for (wire, error) in [
        (changed, ChunkError::ChunkSignatureMismatch { index: 2 }),
        (wire[..wire.len() - 1].to_vec(), ChunkError::EndMissing),
        ([wire.as_slice(), b"\n"].concat(), ChunkError::DataAfterEnd),
    ] {
        let received = Request::from_parts(parts.clone(), Pieces::of(&wire, 11));
        let mut body = pin!(verified(received).unwrap());
        let mut shown = Vec::new();
        let refused = loop {
            match next(body.as_mut()).unwrap() {
                Ok(frame) => shown.extend_from_slice(&frame.into_data().unwrap()),
                Err(refused) => break refused,
            }
        };
        assert!(matches!(refused, VerifiedBodyError::Chunk(other) if other == error), "{refused}");
        let whole =
            if matches!(error, ChunkError::ChunkSignatureMismatch { .. }) { 20 } else { 30 };
        assert_eq!(shown, data[..whole]);
        assert!(next(body.as_mut()).is_none() && body.is_end_stream());
    }
}

fn mismatch(declared: u64) -> SignedBodyError<Infallible> {
    SignedBodyError::LengthMismatch { declared }
}

pub(crate) fn sign(
    body: Pieces,
    upload: &ChunkedUpload<'_>,
) -> Result<Request<SignedBody<Pieces>>, BodySignError> {
    sign_request(Request::put("https://bucket.s3.amazonaws.com/key").body(body).unwrap(), upload)
}

fn sign_request(
    request: Request<Pieces>,
    upload: &ChunkedUpload<'_>,
) -> Result<Request<SignedBody<Pieces>>, BodySignError> {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    key.at(now()).unwrap().sign_chunked(request, upload, &SigningRules::S3)
}

/// A request that was sent, as a server receives it.
pub(crate) fn received(parts: &Parts, wire: &[u8]) -> Request<Pieces> {
    Request::from_parts(parts.clone(), Pieces::of(wire, 1_460))
}

pub(crate) fn verified(request: Request<Pieces>) -> Result<VerifiedBody<Pieces>, ChunkError> {
    let rules = VerifyRules::s3("us-east-1");
    let decoder = {
        let view = HttpView::new(&request);
        let request = view.request();
        let presented = PresentedSignature::parse(&request).unwrap();
        let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).unwrap()).unwrap();
        let body = Sent::Bytes(b"");
        let evidence = Evidence { key: &key, session_token: None, body, now: now() };
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        verified.chunk_decoder(&request, &key)?
    };
    Ok(VerifiedBody::new(request.into_body(), decoder))
}

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

/// Reads a body to its end; it never has to wait.
pub(crate) fn read<B: Body<Data = Bytes>>(body: B) -> Result<(Vec<u8>, HeaderMap), B::Error> {
    let mut body = pin!(body);
    let (mut data, mut trailers) = (Vec::new(), HeaderMap::new());
    while let Some(frame) = next(body.as_mut()) {
        match frame?.into_data() {
            Ok(bytes) => data.extend_from_slice(&bytes),
            Err(frame) => trailers.extend(frame.into_trailers().unwrap()),
        }
    }
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    Ok((data, trailers))
}

fn next<B: Body>(body: Pin<&mut B>) -> Option<Result<Frame<B::Data>, B::Error>> {
    match body.poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(frame) => frame,
        Poll::Pending => panic!("nothing to wait for"),
    }
}

/// A body in pieces of one length.
#[derive(Debug)]
pub(crate) struct Pieces {
    frames: VecDeque<Frame<Bytes>>,
    declared: Option<u64>,
}

impl Pieces {
    pub(crate) fn of(data: &[u8], piece: usize) -> Self {
        let frames = data.chunks(piece).map(|piece| Frame::data(Bytes::copy_from_slice(piece)));
        let declared = Some(u64::try_from(data.len()).unwrap());
        Self { frames: frames.collect(), declared }
    }

    pub(crate) fn with_trailer(mut self, name: &'static str, value: &'static str) -> Self {
        let trailers =
            HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))]);
        self.frames.push_back(Frame::trailers(trailers));
        self
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.frames.pop_front().map(Ok))
    }

    fn size_hint(&self) -> SizeHint {
        self.declared.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
