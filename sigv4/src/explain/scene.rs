//! What the verifier knows about a refused request, for mistakes to start from.

use alloc::vec::Vec;

use crate::bytes::sink::Sink;
use crate::canonical::path::Path;
use crate::canonical::query;
use crate::explain::ServerView;
use crate::explain::escapes;
use crate::request::{Headers, Request};
use crate::rules::{PathRules, RawPlus};
use crate::time::Timestamp;
use crate::verify::{Body, Form, Presented};

/// The request as it was received, and who looks at it.
pub(crate) struct Scene<'a> {
    pub(crate) view: &'a ServerView<'a>,
    pub(crate) form: Form,
    /// The path on the wire, without the query.
    pub(crate) path: &'a [u8],
    /// The query on the wire.
    pub(crate) query: &'a [u8],
    pub(crate) headers: Vec<(&'a [u8], &'a [u8])>,
    pub(crate) timestamp: Option<Timestamp>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new<H: Headers + ?Sized>(
        view: &'a ServerView<'a>,
        presented: &Presented<'_>,
        request: &'a Request<'_, H>,
    ) -> Self {
        let target = request.target();
        let (path, query) = query::split_once(target, b'?').unwrap_or((target, b""));
        Self {
            view,
            form: presented.form(),
            path,
            query,
            headers: request.headers().pairs().collect(),
            timestamp: presented.timestamp(&view.rules).ok(),
        }
    }

    /// The body, if it is known and not only its hash.
    pub(crate) fn body(&self) -> Option<&'a [u8]> {
        match self.view.body {
            Body::Bytes(body) => Some(body),
            Body::Sha256(_) => None,
        }
    }

    /// The canonical path by other rules.
    pub(crate) fn path_by(&self, rules: PathRules) -> Option<Vec<u8>> {
        let mut path = Vec::new();
        Path::new(self.path, rules, RawPlus::Space).ok()?.write_to(&mut path).ok()?;
        Some(path)
    }

    /// The parameters of the canonical query in the order of the wire.
    pub(crate) fn query_in_wire_order(&self) -> Vec<Vec<u8>> {
        let pieces = self.signed_pieces().map(|piece| {
            let (name, value) = query::split(piece);
            let encode = |part| escapes::encode(&escapes::decode_all(part), b"");
            [encode(name), encode(value)].join(&b'=')
        });
        pieces.collect()
    }

    /// The parameters on the wire, but for the signature.
    pub(crate) fn signed_pieces(&self) -> impl Iterator<Item = &'a [u8]> {
        let form = self.form;
        query::pieces(self.query).filter(move |piece| {
            form == Form::Header || !query::is_named(query::split(piece).0, "X-Amz-Signature")
        })
    }

    /// The values of the headers with a name in lower case, as they were received.
    pub(crate) fn values_of(&self, name: &[u8]) -> Vec<&'a [u8]> {
        let is_named = |own: &[u8]| own.eq_ignore_ascii_case(name);
        let named = self.headers.iter().filter(|(own, _)| is_named(own));
        named.map(|(_, value)| *value).collect()
    }
}

impl Sink for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}
