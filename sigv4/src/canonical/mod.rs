//! The canonical request, each of its six lines written by the module of its name:
//! what is signed, but neither which headers are selected nor with what key.

pub(crate) mod common_names;
pub(crate) mod header;
pub(crate) mod headers;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod target;
pub(crate) mod value;

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::canonical::path::Path;
use crate::error::RequestError;
use crate::payload::PayloadLine;
use crate::sha256::{BlockBuffer, Sha256};

/// Everything a signature covers, borrowed from the request.
///
/// Nothing ever holds its text: it is written into SHA-256, and by the same
/// function into a buffer for those who want to see it.
pub(crate) struct CanonicalRequest<'a, Q, H> {
    pub(crate) method: &'a [u8],
    pub(crate) path: Path<'a>,
    pub(crate) query: &'a Q,
    pub(crate) headers: &'a H,
    pub(crate) payload: &'a PayloadLine<'a>,
}

/// What the canonical query string is made of.
pub(crate) trait CanonicalQuery {
    /// Writes it.
    fn write_to(&self, sink: &mut impl Sink);
}

/// What the canonical headers are made of.
pub(crate) trait CanonicalHeaders {
    /// Writes `name:value` and a line break for each name, the values of a
    /// repeated name joined with commas.
    fn write_lines(&self, sink: &mut impl Sink);

    /// Writes the names, each once, joined with `;`.
    fn write_names(&self, sink: &mut impl Sink);
}

impl<'a, Q: CanonicalQuery, H: CanonicalHeaders> CanonicalRequest<'a, Q, H> {
    #[inline]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        self.write_head(sink)?;
        self.payload.write_to(sink);
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn sha256(&self) -> Result<[u8; 32], RequestError> {
        let mut blocks: BlockBuffer = BlockBuffer::new();
        let mut hash = Sha256::new(&mut blocks);
        self.write_head(&mut hash)?;
        if let PayloadLine::Body(body) = self.payload {
            let body = hash.sha256_beside(body);
            hash.write(&encode::hex(&body));
        } else {
            self.payload.write_to(&mut hash);
        }
        Ok(hash.finalize())
    }

    /// Everything but the last line.
    #[inline(always)]
    fn write_head(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        sink.write(self.method);
        sink.write(b"\n");
        self.path.write_to(sink)?;
        sink.write(b"\n");
        self.query.write_to(sink);
        sink.write(b"\n");
        self.headers.write_lines(sink);
        sink.write(b"\n");
        self.headers.write_names(sink);
        sink.write(b"\n");
        Ok(())
    }

    /// Exchanges the type that writes the canonical query string.
    #[inline(always)]
    pub(crate) fn with_query<'b, P>(&self, query: &'b P) -> CanonicalRequest<'b, P, H>
    where
        'a: 'b,
    {
        let Self { method, path, headers, payload, .. } = *self;
        CanonicalRequest { method, path, query, headers, payload }
    }

    /// Exchanges the type that writes the canonical headers.
    #[inline(always)]
    pub(crate) fn with_headers<'b, G>(&self, headers: &'b G) -> CanonicalRequest<'b, Q, G>
    where
        'a: 'b,
    {
        let Self { method, path, query, payload, .. } = *self;
        CanonicalRequest { method, path, query, headers, payload }
    }
}

/// A canonical query string that was emitted already: signed as it is.
impl CanonicalQuery for &[u8] {
    #[inline(always)]
    fn write_to(&self, sink: &mut impl Sink) {
        sink.write(self);
    }
}

/// Canonical headers whose names were emitted already.
pub(crate) struct Named<'a, H> {
    pub(crate) headers: &'a H,
    pub(crate) names: &'a [u8],
}

impl<H: CanonicalHeaders> CanonicalHeaders for Named<'_, H> {
    #[inline(always)]
    fn write_lines(&self, sink: &mut impl Sink) {
        self.headers.write_lines(sink);
    }

    #[inline(always)]
    fn write_names(&self, sink: &mut impl Sink) {
        sink.write(self.names);
    }
}
