//! What a client may send and how long it may take.
//!
//! The size of a body is IAM's own limit, [`BODY_BYTES_MAX`](crate::BODY_BYTES_MAX),
//! and no more than that is held in memory for one request.
//!
//! None of these holds up another client: each connection is its own task, and
//! a request is handled only once it has arrived whole.

use std::time::Duration;

/// The largest request head: 16 KiB of request line and headers. More is answered 400.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;

/// What a connection reads into memory while it looks for the end of a head: 64 KiB.
///
/// It is larger than [`REQUEST_HEAD_BYTES_MAX`] so that a head that is somewhat
/// too long is still parsed and refused as AWS refuses it. One that goes on
/// beyond this is cut off with 431 as soon as the bytes are in.
pub const READ_BUFFER_BYTES_MAX: usize = 4 * REQUEST_HEAD_BYTES_MAX;

/// The memory for the bodies of all requests together, unless told otherwise: 64 MiB.
///
/// A request whose body does not fit any more is answered 503 at once. A body takes up to twice its
/// length while it arrives.
pub const BODY_MEMORY_DEFAULT: usize = 64 * 1024 * 1024;

/// The largest body that is handled on the thread that serves the sockets: 64 KiB, some three milliseconds
/// of work. Larger ones go to another thread, so that they hold up nobody.
pub const BYTES_ON_EVENT_LOOP_MAX: usize = 64 * 1024;

/// The time from the moment a connection waits for a request until its head is complete.
///
/// The wait between two requests on a kept-alive connection counts, so this is
/// also how long an idle HTTP/1.1 connection is kept once it has been used.
pub const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The time from a request's head to its answer, which is how long its body may take.
///
/// A request that takes longer is answered 408.
pub const REQUEST_BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection may be silent in both directions before it is closed.
///
/// This covers what the two limits above do not: a socket that never sends a
/// byte, a client that does not read its answer, an idle HTTP/2 connection.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(60);

/// The largest header list of an HTTP/2 request, counted as RFC 9113 §6.5.2 does: 16 KiB.
pub const HTTP2_HEADER_LIST_BYTES_MAX: u32 = 16 * 1024;

/// The largest number of requests under way at once on one HTTP/2 connection.
pub const HTTP2_STREAMS_MAX: u32 = 100;

/// How long a connection that was refused is read on, so that the refusal arrives.
///
/// Closing a socket that has unread bytes resets it, and a client that is still
/// sending would see the reset in place of the answer.
pub const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// How many bytes are read and thrown away for [`LINGER_TIMEOUT`].
pub const LINGER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a graceful stop waits for the requests under way.
///
/// It is half of what container runtimes grant before they kill a process.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// How often at most a warning is repeated that connections cannot be accepted.
pub const ACCEPT_WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// The pause after a connection could not be accepted, for want of descriptors say.
pub const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

// A connection that lingers must not outlast a stop.
const _: () = assert!(LINGER_TIMEOUT.as_millis() < DRAIN_TIMEOUT.as_millis());
