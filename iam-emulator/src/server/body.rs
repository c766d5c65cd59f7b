//! A request's body in one piece of memory, within a budget for all bodies together.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Buf;
use http::StatusCode;
use http_body::Body;
use http_body_util::BodyExt;

use crate::BODY_BYTES_MAX;

/// How much memory bodies may take, all together.
#[derive(Clone, Debug)]
pub(super) struct BodyBudget {
    max: usize,
    used: Arc<AtomicUsize>,
}

impl BodyBudget {
    pub(super) fn new(max: usize) -> Self {
        Self { max, used: Arc::default() }
    }

    /// Takes so many bytes more, if there are as many.
    fn take(&self, bytes: usize) -> bool {
        let take = |used: usize| used.checked_add(bytes).filter(|used| *used <= self.max);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

/// A body that has come whole. Its share of the budget is given back when it is dropped.
#[derive(Debug)]
pub(super) struct WholeBody {
    bytes: Vec<u8>,
    /// What it can come to at most.
    len_max: usize,
    budget: BodyBudget,
    taken: usize,
}

impl WholeBody {
    /// Reads a body, or says with which status to refuse it: 413 beyond what IAM reads, 503 beyond
    /// the budget. What is announced costs nothing until it comes.
    pub(super) async fn read<B>(body: B, budget: &BodyBudget) -> Result<Self, StatusCode>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        // A declared length is refused before a client that waits for
        // `100 Continue` has sent a byte.
        let hint = body.size_hint();
        let announced = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        if announced(hint.lower()) > BODY_BYTES_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let len_max = hint.upper().map_or(BODY_BYTES_MAX, announced).min(BODY_BYTES_MAX);
        let mut whole = Self { bytes: Vec::new(), len_max, budget: budget.clone(), taken: 0 };
        let mut body = std::pin::pin!(body);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
            if let Ok(data) = frame.into_data() {
                whole.append(data)?;
            }
        }
        Ok(whole)
    }

    /// Copies a piece, however small, so that the buffer it came in can go.
    fn append(&mut self, mut data: impl Buf) -> Result<(), StatusCode> {
        let len = self.bytes.len() + data.remaining();
        if len > BODY_BYTES_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if len > self.taken {
            // Room to grow, if there is any; else for what has come.
            let roomy = len.max((2 * self.taken).min(self.len_max));
            let capacity = [roomy, len].into_iter().find(|new| self.budget.take(new - self.taken));
            self.taken = capacity.ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
            self.bytes.reserve_exact(self.taken - self.bytes.len());
        }
        while data.has_remaining() {
            let piece = data.chunk();
            self.bytes.extend_from_slice(piece);
            let len = piece.len();
            data.advance(len);
        }
        Ok(())
    }
}

impl AsRef<[u8]> for WholeBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for WholeBody {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use bytes::Bytes;
    use http_body::Frame;
    use http_body_util::Full;

    use super::*;

    /// A body in frames of one byte.
    struct SingleBytes(usize);

    impl Body for SingleBytes {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.checked_sub(1).map(|left| {
                self.0 = left;
                Ok(Frame::data(Bytes::from_static(b"x")))
            }))
        }
    }

    #[tokio::test]
    async fn a_body_in_single_bytes_costs_no_more_than_twice_its_length() {
        let budget = BodyBudget::new(1 << 20);
        let body = WholeBody::read(SingleBytes(300_000), &budget).await.unwrap();
        assert_eq!(body.as_ref().len(), 300_000);
        let used = budget.used.load(Ordering::Relaxed);
        assert!((300_000..=600_000).contains(&used), "{used}");
        assert_eq!(body.bytes.capacity(), used);
        drop(body);
        assert_eq!(budget.used.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn what_is_beyond_the_budget_is_refused_and_leaves_it_as_it_was() {
        let budget = BodyBudget::new(1_000);
        let body = |len| Full::new(Bytes::from(vec![0; len]));
        let first = WholeBody::read(body(600), &budget).await.unwrap();
        let refused = WholeBody::read(body(401), &budget).await.unwrap_err();
        assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
        let second = WholeBody::read(body(400), &budget).await.unwrap();
        drop((first, second));
        assert_eq!(budget.used.load(Ordering::Relaxed), 0);
        let too_long =
            WholeBody::read(body(BODY_BYTES_MAX + 1), &BodyBudget::new(usize::MAX)).await;
        assert_eq!(too_long.unwrap_err(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
