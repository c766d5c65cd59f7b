//! The canonical request: six lines, each written by the module of its name.

pub(crate) mod headers;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod target;
pub(crate) mod value;

use crate::canonical::headers::SignedHeaders;
use crate::canonical::path::PathRules;
use crate::canonical::query::Parameters;
use crate::encode;
use crate::error::RequestError;
use crate::hash::{self, Sha256};
use crate::payload::PayloadLine;
use crate::presign::PresignedQuery;
use crate::sink::Sink;

/// Everything a signature covers, borrowed from the request.
///
/// Nothing ever holds its text: it is written into SHA-256, and by the same
/// function into a buffer for those who want to see it.
#[derive(Clone, Copy)]
pub(crate) struct CanonicalRequest<'a> {
    pub(crate) method: &'a [u8],
    pub(crate) path: &'a [u8],
    pub(crate) path_rules: PathRules,
    pub(crate) query: Query<'a>,
    pub(crate) headers: SignedHeaders<'a, 'a>,
    /// The names of `headers`, where they were emitted already.
    pub(crate) written_names: Option<&'a [u8]>,
    pub(crate) payload: PayloadLine<'a>,
}

/// The canonical query string, to be written or written already.
#[derive(Clone, Copy)]
pub(crate) enum Query<'a> {
    Parameters(Parameters<'a, 'a>),
    Presigned(&'a PresignedQuery<'a>),
    /// What was emitted already: signed as it is.
    Written(&'a [u8]),
}

impl CanonicalRequest<'_> {
    #[inline]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        self.write_head(sink)?;
        match self.payload {
            PayloadLine::Known(hash) => sink.write(hash.as_bytes()),
            PayloadLine::Body(body) => sink.write(&encode::hex(&hash::sha256(body))),
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn sha256(&self) -> Result<[u8; 32], RequestError> {
        let mut hash = Sha256::new();
        self.write_head(&mut hash)?;
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
    #[inline]
    fn write_head(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        sink.write(self.method);
        sink.write(b"\n");
        path::write(sink, self.path, self.path_rules)?;
        sink.write(b"\n");
        match self.query {
            Query::Parameters(parameters) => parameters.write_to(sink),
            Query::Presigned(query) => query.write_to(sink),
            Query::Written(query) => sink.write(query),
        }
        sink.write(b"\n");
        self.headers.write_lines(sink);
        sink.write(b"\n");
        match self.written_names {
            Some(names) => sink.write(names),
            None => self.headers.write_names(sink),
        }
        sink.write(b"\n");
        Ok(())
    }
}
