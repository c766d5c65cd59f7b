//! The canonical request: six lines, each written by the module of its name.

pub(crate) mod common_names;
pub(crate) mod headers;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod target;
pub(crate) mod value;

use crate::canonical::headers::SignedHeaders;
use crate::canonical::path::Path;
use crate::canonical::query::Parameters;
use crate::encode;
use crate::error::RequestError;
use crate::hash::{self, Sha256, Stage};
use crate::payload::PayloadLine;
use crate::presign::PresignedQuery;
use crate::sink::Sink;

/// Everything a signature covers, borrowed from the request.
///
/// Nothing ever holds its text: it is written into SHA-256, and by the same
/// function into a buffer for those who want to see it.
pub(crate) struct CanonicalRequest<'a> {
    pub(crate) method: &'a [u8],
    pub(crate) path: Path<'a>,
    pub(crate) query: Query<'a>,
    pub(crate) headers: &'a SignedHeaders<'a, 'a>,
    pub(crate) payload: &'a PayloadLine<'a>,
}

/// The canonical query string.
pub(crate) enum Query<'a> {
    Parameters(&'a Parameters<'a, 'a>),
    Presigned(&'a PresignedQuery<'a>),
}

/// What was emitted before the canonical request is hashed, and is the same in it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Emitted<'a> {
    /// The canonical query string.
    pub(crate) query: Option<&'a [u8]>,
    /// The names of the signed headers.
    pub(crate) names: Option<&'a [u8]>,
}

impl CanonicalRequest<'_> {
    pub(crate) fn write_to(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        self.write_head(sink, Emitted::default())?;
        match self.payload {
            PayloadLine::Known(hash) => sink.write(hash.as_bytes()),
            PayloadLine::Body(body) => sink.write(&encode::hex(&hash::sha256(body))),
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn sha256(&self, emitted: Emitted<'_>) -> Result<[u8; 32], RequestError> {
        let mut stage = Stage::new();
        let mut hash = Sha256::new(&mut stage);
        self.write_head(&mut hash, emitted)?;
        match self.payload {
            PayloadLine::Known(known) => hash.write(known.as_bytes()),
            PayloadLine::Body(body) => {
                let body = hash.sha256_beside(body);
                hash.write(&encode::hex(&body));
            }
        }
        Ok(hash.finalize())
    }

    /// Everything but the last line.
    #[inline(always)]
    fn write_head(&self, sink: &mut impl Sink, emitted: Emitted<'_>) -> Result<(), RequestError> {
        sink.write(self.method);
        sink.write(b"\n");
        self.path.write_to(sink)?;
        sink.write(b"\n");
        match (emitted.query, &self.query) {
            (Some(query), _) => sink.write(query),
            (None, Query::Parameters(parameters)) => parameters.write_to(sink),
            (None, Query::Presigned(query)) => query.write_to(sink),
        }
        sink.write(b"\n");
        self.headers.write_lines(sink);
        sink.write(b"\n");
        match emitted.names {
            Some(names) => sink.write(names),
            None => self.headers.write_names(sink),
        }
        sink.write(b"\n");
        Ok(())
    }
}
