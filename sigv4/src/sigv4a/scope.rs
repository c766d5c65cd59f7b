//! The credential scope, which names no region.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::names::TERMINATOR;
use crate::scope::{Scope, ServiceName};
use crate::time::Date;

/// The algorithm of Signature Version 4A.
pub const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// `YYYYMMDD/service/aws4_request`
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct MultiRegionScope {
    pub(crate) date: Date,
    pub(crate) service: ServiceName,
}

impl Scope for MultiRegionScope {
    const ALGORITHM: &'static str = ALGORITHM;

    fn write_to(&self, sink: &mut impl Sink) {
        sink.write(self.date.as_bytes());
        for part in [self.service.as_bytes(), TERMINATOR.as_bytes()] {
            sink.write(b"/");
            sink.write(part);
        }
    }
}

impl fmt::Debug for MultiRegionScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MultiRegionScope({}/{}/{TERMINATOR})", self.date, self.service.as_str())
    }
}
