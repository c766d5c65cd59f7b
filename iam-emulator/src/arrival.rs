//! How a request came, and what becomes of its answer.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use bytes::Bytes;
use http::Response;
use time::OffsetDateTime;

use crate::record::Record;

/// How a request came: when, from where and over what. Conditions of policies and the audit
/// trail ask for all three.
///
/// ```
/// use iam_emulator::Arrival;
/// use time::macros::datetime;
///
/// let arrival = Arrival::at(datetime!(2026-02-11 10:40:38 UTC));
/// assert!(arrival.source.is_loopback() && !arrival.is_tls);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When it had come whole, by the emulator's clock.
    pub now: OffsetDateTime,
    /// Where it came from: the socket's other end.
    pub source: IpAddr,
    /// Whether it came over TLS.
    pub is_tls: bool,
}

impl Arrival {
    /// From this machine, without TLS.
    #[must_use]
    pub const fn at(now: OffsetDateTime) -> Self {
        Self { now, source: IpAddr::V4(Ipv4Addr::LOCALHOST), is_tls: false }
    }

    /// From another address.
    #[must_use]
    pub const fn from_source(self, source: IpAddr) -> Self {
        Self { source, ..self }
    }

    /// Over TLS.
    #[must_use]
    pub const fn over_tls(self) -> Self {
        Self { is_tls: true, ..self }
    }
}

/// What a request is answered, and what the server shall do to the answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The answer.
    pub response: Response<Bytes>,
    /// How it is sent.
    pub delivery: Delivery,
    /// What happened.
    pub record: Record,
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How long it is held back.
    pub delay: Duration,
    /// Whether the connection is closed in its place.
    pub cut: bool,
}
