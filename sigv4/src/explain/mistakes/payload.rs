//! Line 6, the payload, as clients get it wrong.

use alloc::vec::Vec;

use crate::bytes::encode;
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::mistake::Mistake;
use crate::explain::scene::Scene;
use crate::payload::PayloadLiteral;
use crate::sha256;

fn hex(bytes: &[u8]) -> Vec<u8> {
    encode::hex(&sha256::digest(bytes)).to_vec()
}

pub(super) fn of_empty_body(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // Of a body that is empty this is the right hash.
    let empty = hex(b"");
    let is_empty = encode::hex(&scene.body_sha256).as_slice() == empty;
    if is_empty { Vec::new() } else { [draft.with_payload(empty)].into() }
}

pub(super) fn literal(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    PayloadLiteral::ALL.map(|literal| draft.with_payload(literal.as_str())).into()
}

pub(super) fn body_hashed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [draft.with_payload(encode::hex(&scene.body_sha256))].into()
}

pub(super) fn line_break(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    scene.other_line_breaks().iter().map(|hash| draft.with_payload(hash)).collect()
}

pub(super) fn upper_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [draft.with_payload(draft.text.payload.to_ascii_uppercase())].into()
}

pub(super) fn base64(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [draft.with_payload(escapes::base64(&scene.body_sha256))].into()
}

pub(super) fn hashed_twice(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let digest = scene.body_sha256;
    [hex(&digest), hex(&encode::hex(&digest))].map(|line| draft.with_payload(line)).into()
}

pub(super) fn not_hashed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let body = scene.body().filter(|body| !body.is_empty() && body.len() <= VERBATIM_LEN_MAX);
    body.map(|body| draft.with_payload(body)).into_iter().collect()
}

pub(super) fn left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [draft.with_payload(b"")].into()
}

/// Why a declared hash is not that of the body, if a known mistake explains it.
pub(crate) fn explain_declared(scene: &Scene<'_>, declared: &[u8]) -> Option<Mistake> {
    let digest = scene.body_sha256;
    let lower = declared.to_ascii_lowercase();
    if lower == hex(b"") {
        return Some(Mistake::EmptyBodyHashed);
    }
    if lower == encode::hex(&digest) && lower != declared {
        return Some(Mistake::PayloadHashInUpperCase);
    }
    if declared == escapes::base64(&digest) {
        return Some(Mistake::PayloadHashInBase64);
    }
    if [hex(&digest), hex(&encode::hex(&digest))].contains(&lower) {
        return Some(Mistake::PayloadHashedTwice);
    }
    let has_other_breaks = scene.other_line_breaks().iter().any(|hash| lower == hash);
    has_other_breaks.then_some(Mistake::BodyLineBreak)
}

/// Longest body in bytes that may itself stand in a draft.
const VERBATIM_LEN_MAX: usize = 4_096;
