//! Line 3, the query, as clients get it wrong.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use crate::canonical::query::{is_named, split};
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::mistakes::{LEFT_UNESCAPED, ONE_BY_ONE_MAX};
use crate::explain::scene::{Scene, WireTarget};
use crate::names::parameter;
use crate::verify::Form;

/// The parameters of a draft; none for an empty query.
fn pieces(draft: &Draft) -> Vec<&[u8]> {
    draft.text.query.split(|&byte| byte == b'&').filter(|piece| !piece.is_empty()).collect()
}

fn one(draft: &Draft, query: impl Into<Vec<u8>>) -> Vec<Draft> {
    [draft.with_query(query)].into()
}

/// The drafts with each of these queries, of which many may be the same.
fn unique(draft: &Draft, queries: impl IntoIterator<Item = Vec<u8>>) -> Vec<Draft> {
    let queries: BTreeSet<_> = queries.into_iter().collect();
    queries.into_iter().map(|query| draft.with_query(query)).collect()
}

pub(super) fn not_sorted(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, scene.target.query_in_wire_order().join(&b'&'))
}

pub(super) fn as_sent(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut sent: Vec<_> = scene.target.signed_pieces().collect();
    let in_wire_order = sent.join(&b'&');
    sent.sort_by_key(|piece| split(piece));
    let sorted = sent.join(&b'&');
    unique(draft, [sorted, in_wire_order])
}

pub(super) fn sorted_otherwise(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let wire = scene.target.query_in_wire_order();
    let wire: Vec<&[u8]> = wire.iter().map(Vec::as_slice).collect();
    let decoded = |piece: &&[u8]| {
        let (name, value) = split(piece);
        (escapes::decode_all(name), escapes::decode_all(value))
    };
    let lower = |piece: &&[u8]| split(piece).0.to_ascii_lowercase();
    let mut joined = pieces(draft);
    joined.sort_unstable();
    let mut by_name = wire.clone();
    by_name.sort_by_key(|piece| split(piece).0);
    let mut by_decoded = pieces(draft);
    by_decoded.sort_by_cached_key(decoded);
    let mut by_lower = pieces(draft);
    by_lower.sort_by_cached_key(lower);
    let mut by_lower_alone = wire;
    by_lower_alone.sort_by_cached_key(lower);
    let orders = [joined, by_name, by_decoded, by_lower, by_lower_alone];
    unique(draft, orders.map(|order| order.join(&b'&')))
}

pub(super) fn plus_for_space(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    one(draft, escapes::substitute(&draft.text.query, b"%20", b"+"))
}

/// A raw `+` is a space, for which `%20` is signed.
pub(super) fn plus_escaped(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    if !scene.target.query.contains(&b'+') {
        return Vec::new();
    }
    let query = escapes::substitute(scene.target.query, b"+", b"%2B");
    one(draft, WireTarget { query: &query, ..scene.target }.sorted_query())
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
    // As Java encodes HTML forms: the space, the asterisk and the tilde.
    let java = escapes::substitute(&tilde, b"%20", b"+");
    let java = escapes::substitute(&java, b"%2A", b"*");
    let left =
        LEFT_UNESCAPED.iter().map(|kept| escapes::decode(query, |byte| kept.contains(&byte)));
    unique(draft, [tilde, java].into_iter().chain(left))
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
        scene.target.form == Form::Query
            && split(piece).0.to_ascii_lowercase().starts_with(b"x-amz-")
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

pub(super) fn token_not_signed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let name = scene.view.rules.session_token_name;
    let without =
        pieces(draft).into_iter().filter(|piece| !is_named(split(piece).0, name.parameter()));
    let mut query = draft.with_query(without.collect::<Vec<_>>().join(&b'&'));
    query.text.headers.retain(|line| line.name != name.header().as_bytes());
    [query.with_headers_listed(), query].into()
}

pub(super) fn token_signed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let name = scene.view.rules.session_token_name.parameter();
    let is_token = |piece: &[u8]| is_named(split(piece).0, name);
    match scene.target.form {
        // Only what the rules leave out is missing.
        Form::Query if scene.target.signed_pieces().any(is_token) => {
            one(draft, scene.target.sorted_query())
        }
        Form::Query | Form::Header => Vec::new(),
    }
}

pub(super) fn expires_changed(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let with = |seconds: &u32| {
        let pieces = pieces(draft).into_iter().map(|piece| {
            if is_named(split(piece).0, parameter::EXPIRES) {
                format!("{}={seconds}", parameter::EXPIRES).into_bytes()
            } else {
                piece.to_vec()
            }
        });
        draft.with_query(pieces.collect::<Vec<_>>().join(&b'&'))
    };
    LIVES.iter().map(with).collect()
}

/// The lives of presigned requests that are often asked for, in seconds.
const LIVES: [u32; 12] = [15, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 43_200, 86_400, 604_800];
