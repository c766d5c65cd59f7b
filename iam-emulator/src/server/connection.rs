//! One accepted socket, with the two duties hyper leaves to its owner.
//!
//! It is closed after a time of silence, and it lingers after a refusal.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::{LINGER_BYTES_MAX, LINGER_TIMEOUT, SILENCE_TIMEOUT};

/// A socket that fails with `TimedOut` when no byte moves for [`SILENCE_TIMEOUT`].
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    /// When a byte last moved, in either direction.
    active: Instant,
    /// Wakes the task. It may ring too early, see [`Self::watch_silence`].
    alarm: Pin<Box<Sleep>>,
    unread: UnreadRequest,
    /// Once the last byte is sent: how many more of the client's to read and discard.
    linger_bytes: Option<usize>,
}

/// Set when a request was refused with part of it perhaps still to come.
#[derive(Clone, Debug, Default)]
pub(super) struct UnreadRequest(Arc<AtomicBool>);

impl UnreadRequest {
    pub(super) fn set(&self) {
        // Only the task of the one connection writes and reads it.
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connection {
    pub(super) fn new(stream: TcpStream, unread: UnreadRequest) -> Self {
        let active = Instant::now();
        let alarm = Box::pin(sleep_until(active + SILENCE_TIMEOUT));
        Self { stream, active, alarm, unread, linger_bytes: None }
    }

    /// Passes on what the socket answered, unless it has been silent for too long.
    fn watch_silence<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.active = Instant::now();
            return polled;
        }
        // Setting the alarm anew with every byte would cost a timer operation
        // each, so it is set only when it has rung.
        while self.alarm.as_mut().poll(cx).is_ready() {
            let deadline = self.active + SILENCE_TIMEOUT;
            if deadline <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// Reads and discards until the client closes, the alarm rings, or `bytes` are used up.
    ///
    /// Without a refusal it only takes what has already arrived, since a
    /// client may keep an idle connection open for as long as it likes.
    fn poll_linger(&mut self, cx: &mut Context<'_>, mut bytes: usize) -> Poll<()> {
        let mut discarded = [0; 8 * 1024];
        while bytes > 0 {
            let mut buffer = ReadBuf::new(&mut discarded);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    bytes = bytes.saturating_sub(buffer.filled().len());
                    self.unread.set();
                }
                Poll::Ready(_) => break,
                Poll::Pending if !self.unread.is_set() => break,
                Poll::Pending => {
                    self.linger_bytes = Some(bytes);
                    return self.alarm.as_mut().poll(cx);
                }
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.watch_silence(cx, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch_silence(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch_silence(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let bytes = match self.linger_bytes {
            Some(bytes) => bytes,
            None => {
                ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
                self.alarm.as_mut().reset(Instant::now() + LINGER_TIMEOUT);
                *self.linger_bytes.insert(LINGER_BYTES_MAX)
            }
        };
        self.poll_linger(cx, bytes).map(Ok)
    }
}
