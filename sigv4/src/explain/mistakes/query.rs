//! Line 3, the query, as clients get it wrong.

use alloc::format;
use alloc::vec::Vec;

use crate::canonical::query::{is_named, split};
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::mistakes::{LEFT_UNESCAPED, ONE_BY_ONE_MAX};
use crate::explain::scene::Scene;
use crate::verify::Form;

/// The parameters of a draft; none for an empty query.
fn pieces(draft: &Draft) -> Vec<&[u8]> {
    draft.text.query.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty()).collect()
}

fn one(draft: &Draft, query: impl Into<Vec<u8>>) -> Vec<Draft> {
    [draft.with_query(query)].into()
}

pub(super) fn not_sorted(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, scene.query_in_wire_order().join(&b'&'))
}

pub(super) fn as_sent(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut sent: Vec<_> = scene.signed_pieces().collect();
    let in_wire_order = sent.join(&b'&');
    sent.sort_by_key(|piece| split(piece));
    let sorted = sent.join(&b'&');
    [sorted, in_wire_order].map(|query| draft.with_query(query)).into()
}

pub(super) fn sorted_otherwise(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let wire = scene.query_in_wire_order();
    let decoded = |piece: &[u8]| {
        let (name, value) = split(piece);
        (escapes::decode_all(name), escapes::decode_all(value))
    };
    let lower = |piece: &[u8]| split(piece).0.to_ascii_lowercase();
    let mut joined = pieces(draft);
    joined.sort_unstable();
    let mut by_name: Vec<&[u8]> = wire.iter().map(Vec::as_slice).collect();
    by_name.sort_by_key(|piece| split(piece).0);
    let mut by_decoded = pieces(draft);
    by_decoded.sort_by_key(|piece| decoded(piece));
    let mut by_lower = pieces(draft);
    by_lower.sort_by_key(|piece| lower(piece));
    let mut by_lower_alone: Vec<&[u8]> = wire.iter().map(Vec::as_slice).collect();
    by_lower_alone.sort_by_key(|piece| lower(piece));
    let orders = [joined, by_name, by_decoded, by_lower, by_lower_alone];
    orders.map(|order| draft.with_query(order.join(&b'&'))).into()
}

pub(super) fn plus_for_space(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, escapes::substitute(&draft.text.query, b"%20", b"+"))
}

pub(super) fn plus_taken_for_space(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let query = escapes::substitute(&draft.text.query, b"%2B", b"%20");
    // What takes a plus sign for a space sorts the result.
    let mut sorted: Vec<_> = query.split(|&byte| byte == b'&').collect();
    sorted.sort_by_key(|piece| split(piece));
    [draft.with_query(sorted.join(&b'&')), draft.with_query(query)].into()
}

pub(super) fn equals_sign_left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let pieces = pieces(draft).into_iter().map(|piece| piece.strip_suffix(b"=").unwrap_or(piece));
    one(draft, pieces.collect::<Vec<_>>().join(&b'&'))
}

pub(super) fn lower_case_hex(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, escapes::in_lower_case(&draft.text.query))
}

pub(super) fn decoded(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, escapes::decode_all(&draft.text.query))
}

pub(super) fn encoded_twice(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, escapes::substitute(&draft.text.query, b"%", b"%25"))
}

pub(super) fn encoded_otherwise(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let query = &draft.text.query;
    let tilde = escapes::substitute(query, b"~", b"%7E");
    // As a form is encoded in Java: the space, the asterisk and the tilde.
    let form = escapes::substitute(&tilde, b"%20", b"+");
    let form = escapes::substitute(&form, b"%2A", b"*");
    let left =
        LEFT_UNESCAPED.iter().map(|kept| escapes::decode(query, |byte| kept.contains(&byte)));
    [tilde, form].into_iter().chain(left).map(|query| draft.with_query(query)).collect()
}

pub(super) fn parameters_dropped(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let all = pieces(draft);
    let name = |at: usize| all.get(at).map(|piece| split(piece).0);
    let kept = |is_kept: &dyn Fn(usize) -> bool| {
        let kept = all.iter().enumerate().filter(|(at, _)| is_kept(*at));
        draft.with_query(kept.map(|(_, piece)| *piece).collect::<Vec<_>>().join(&b'&'))
    };
    let has_value = |at: usize| all.get(at).is_some_and(|piece| !split(piece).1.is_empty());
    let is_last = |at: usize| name(at) != name(at + 1);
    let is_first = |at: usize| at.checked_sub(1).is_none_or(|before| name(at) != name(before));
    [kept(&has_value), kept(&is_first), kept(&is_last)].into()
}

pub(super) fn left_out(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let is_of_signature = |piece: &&[u8]| {
        scene.form == Form::Query && split(piece).0.to_ascii_lowercase().starts_with(b"x-amz-")
    };
    let kept = pieces(draft).into_iter().filter(is_of_signature);
    one(draft, kept.collect::<Vec<_>>().join(&b'&'))
}

pub(super) fn parameter_added(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let all = pieces(draft);
    let without = (0..all.len().min(ONE_BY_ONE_MAX)).map(|added| {
        let rest = all.iter().enumerate().filter(|(at, _)| *at != added);
        draft.with_query(rest.map(|(_, piece)| *piece).collect::<Vec<_>>().join(&b'&'))
    });
    without.collect()
}

pub(super) fn token_not_signed(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let without = pieces(draft).into_iter().filter(|piece| !is_named(split(piece).0, TOKEN));
    let mut query = draft.with_query(without.collect::<Vec<_>>().join(&b'&'));
    query.text.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(TOKEN.as_bytes()));
    [query.with_headers_listed(), query].into()
}

pub(super) fn token_signed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // The order is that of the wire: only what the rules leave out is missing.
    let mut all = scene.query_in_wire_order();
    all.sort_by(|one, other| split(one).cmp(&split(other)));
    if scene.form == Form::Header || !all.iter().any(|piece| is_named(split(piece).0, TOKEN)) {
        return Vec::new();
    }
    one(draft, all.join(&b'&'))
}

pub(super) fn expires_changed(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let with = |seconds: &u32| {
        let pieces = pieces(draft).into_iter().map(|piece| match split(piece) {
            (name, _) if is_named(name, EXPIRES) => format!("{EXPIRES}={seconds}").into_bytes(),
            _ => piece.to_vec(),
        });
        draft.with_query(pieces.collect::<Vec<_>>().join(&b'&'))
    };
    LIVES.iter().map(with).collect()
}

/// The lives of presigned requests that are often asked for, in seconds.
const LIVES: [u32; 12] = [15, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 43_200, 86_400, 604_800];

const EXPIRES: &str = "X-Amz-Expires";

const TOKEN: &str = "X-Amz-Security-Token";
