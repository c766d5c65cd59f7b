//! What the verifier knows about a refused request, for mistakes to start from.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::bytes::encode;
use crate::bytes::sink::Sink;
use crate::canonical::path::Path;
use crate::canonical::query;
use crate::explain::ServerView;
use crate::explain::budget::{Budget, steps_to_copy, steps_to_hash};
use crate::explain::escapes;
use crate::names::parameter;
use crate::request::{Headers, Request};
use crate::rules::{PathRules, RawPlus};
use crate::sha256;
use crate::signature::Signature;
use crate::time::Timestamp;
use crate::verify::{Body, Form, PresentedSignature};

/// A SHA-256 in hexadecimal digits.
pub(crate) type HexHash = [u8; Signature::HEX_LEN];

/// The request as it was received, and who looks at it.
pub(crate) struct Scene<'a> {
    pub(crate) view: &'a ServerView<'a>,
    pub(crate) target: WireTarget<'a>,
    pub(crate) headers: Vec<(&'a [u8], &'a [u8])>,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) body_sha256: [u8; 32],
    pub(crate) budget: Budget,
    /// Where the headers of each name in lower case stand.
    places: BTreeMap<Vec<u8>, Vec<usize>>,
    other_line_breaks: OnceCell<Vec<HexHash>>,
}

impl<'a> Scene<'a> {
    /// The body's hash is known from verifying.
    pub(crate) fn new<H: Headers + ?Sized>(
        view: &'a ServerView<'a>,
        presented: &PresentedSignature<'_>,
        request: &'a Request<'_, H>,
        body_sha256: [u8; 32],
    ) -> Self {
        let headers: Vec<_> = request.headers().pairs().collect();
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, (name, _)) in headers.iter().enumerate() {
            places.entry(name.to_ascii_lowercase()).or_default().push(at);
        }
        Self {
            view,
            target: WireTarget::new(request.target(), presented.form()),
            headers,
            timestamp: presented.timestamp(&view.rules).ok(),
            body_sha256,
            budget: Budget::new(view.steps_max),
            places,
            other_line_breaks: OnceCell::new(),
        }
    }

    /// The body, if it is known and not only its hash.
    pub(crate) fn body(&self) -> Option<&'a [u8]> {
        match self.view.body {
            Body::Bytes(body) => Some(body),
            Body::Sha256(_) => None,
        }
    }

    /// The hashes of the body with other line breaks, at its end or everywhere;
    /// none if there are no steps for them. A body may be far longer than all that
    /// is tried otherwise: each is hashed once, for a part of the steps.
    pub(crate) fn other_line_breaks(&self) -> &[HexHash] {
        self.other_line_breaks.get_or_init(|| {
            let Some(body) = self.body() else { return Vec::new() };
            let len = body.len().saturating_add(2);
            let steps = (steps_to_copy(len) * 2 + steps_to_hash(len)) * LINE_BREAKS.len();
            if !self.budget.spend_part(steps, PARTS_FOR_BODIES) {
                return Vec::new();
            }
            let hashes = LINE_BREAKS.iter().map(|change| sha256::digest(&change(body)));
            let others = hashes.filter(|hash| *hash != self.body_sha256);
            others.map(|hash| encode::hex(&hash)).collect()
        })
    }

    /// The values of the headers with a name in lower case, as they were received.
    pub(crate) fn values_of(&self, name: &[u8]) -> Vec<&'a [u8]> {
        let places = self.places.get(name).into_iter().flatten();
        places.map(|at| self.headers[*at].1).collect()
    }

    /// Where the first header with a name in lower case stands, and how its name
    /// is spelled there.
    pub(crate) fn first_of(&self, name: &[u8]) -> Option<(usize, &'a [u8])> {
        let at = *self.places.get(name)?.first()?;
        Some((at, self.headers[at].0))
    }
}

/// A target on the wire.
#[derive(Clone, Copy)]
pub(crate) struct WireTarget<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) query: &'a [u8],
    /// Whether the signature stands in the query, where it is not signed.
    pub(crate) form: Form,
}

impl<'a> WireTarget<'a> {
    pub(crate) fn new(target: &'a [u8], form: Form) -> Self {
        let (path, query) = query::split_once(target, b'?').unwrap_or((target, b""));
        Self { path, query, form }
    }

    /// The canonical path by these rules.
    pub(crate) fn path_by(&self, rules: PathRules) -> Option<Vec<u8>> {
        let mut path = Vec::new();
        Path::new(self.path, rules, RawPlus::Space).ok()?.write_to(&mut path).ok()?;
        Some(path)
    }

    /// The parameters of the canonical query in the order of the wire.
    pub(crate) fn query_in_wire_order(&self) -> Vec<Vec<u8>> {
        let pieces = self.signed_pieces().map(|piece| {
            let (name, value) = query::split(piece);
            let mut canonical: Vec<_> = encode::encoded_anew(name).collect();
            canonical.push(b'=');
            canonical.extend(encode::encoded_anew(value));
            canonical
        });
        pieces.collect()
    }

    /// The canonical query.
    pub(crate) fn sorted_query(&self) -> Vec<u8> {
        let mut parameters = self.query_in_wire_order();
        parameters.sort_by(|one, other| query::split(one).cmp(&query::split(other)));
        parameters.join(&b'&')
    }

    /// The parameters on the wire, but for the signature.
    pub(crate) fn signed_pieces(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let is_presigned = match self.form {
            Form::Header => false,
            Form::Query => true,
        };
        query::pieces(self.query).filter(move |piece| {
            !is_presigned || !query::is_named(query::split(piece).0, parameter::SIGNATURE)
        })
    }
}

/// One of so many parts of the steps may go to bodies.
const PARTS_FOR_BODIES: usize = 4;

/// Makes another body of one.
type ChangeBody = fn(&[u8]) -> Vec<u8>;

/// What editors, templates and shells make of a body.
const LINE_BREAKS: [ChangeBody; 6] = [
    |body| without_end(body).to_vec(),
    |body| [without_end(body), b"\n"].concat(),
    |body| [without_end(body), b"\r\n"].concat(),
    |body| escapes::substitute(&with_line_feeds(body), b"\n", b"\r\n"),
    with_line_feeds,
    |body| body.trim_ascii().to_vec(),
];

fn without_end(body: &[u8]) -> &[u8] {
    let bare = body.strip_suffix(b"\n").unwrap_or(body);
    bare.strip_suffix(b"\r").unwrap_or(bare)
}

fn with_line_feeds(body: &[u8]) -> Vec<u8> {
    escapes::substitute(body, b"\r\n", b"\n")
}

impl Sink for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}
