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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::advance;

    use super::*;

    /// A client's socket, and the server's end of it.
    async fn connect() -> (TcpStream, Connection) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        (client, Connection::new(stream, UnreadRequest::default()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_keeps_it_open() {
        let (mut client, mut server) = connect().await;
        let start = Instant::now();
        for byte in 0..3 {
            advance(SILENCE_TIMEOUT - Duration::from_secs(1)).await;
            client.write_all(&[byte]).await.unwrap();
            assert_eq!(server.read_u8().await.unwrap(), byte);
        }
        assert!(start.elapsed() > 2 * SILENCE_TIMEOUT);
        let spoke = Instant::now();
        assert_eq!(server.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(spoke.elapsed() >= SILENCE_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_given_up() {
        let (_client, mut server) = connect().await;
        let start = Instant::now();
        // More than the two sockets' buffers hold.
        let answer = vec![0; 64 * 1024 * 1024];
        assert_eq!(server.write_all(&answer).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= SILENCE_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_refusal_closing_waits_for_nobody() {
        let (mut client, mut server) = connect().await;
        let start = Instant::now();
        server.shutdown().await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_refusal_closing_waits_for_the_client() {
        let (mut client, mut server) = connect().await;
        server.unread.set();
        let server = tokio::spawn(async move { server.shutdown().await });
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
        client.write_all(&[0; 100_000]).await.unwrap();
        assert!(!server.is_finished());
        let start = Instant::now();
        drop(client);
        server.await.unwrap().unwrap();
        assert!(start.elapsed() < LINGER_TIMEOUT);
    }
}
