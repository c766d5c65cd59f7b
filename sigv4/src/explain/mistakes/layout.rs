//! How the lines become texts, and the method, as clients get them wrong.

use alloc::vec::Vec;

use crate::explain::canonical_text::Layout;
use crate::explain::draft::{Draft, RequestLine};
use crate::explain::scene::Scene;

fn with(draft: &Draft, change: impl FnOnce(&mut Draft)) -> Vec<Draft> {
    let mut changed = draft.clone();
    change(&mut changed);
    [changed].into()
}

pub(super) fn empty_line_left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.layout.has_empty_line = false)
}

pub(super) fn line_break_at_end(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.layout.end = "\n")
}

pub(super) fn carriage_returns(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.layout = Layout { line_break: "\r\n", ..draft.layout })
}

pub(super) fn space_behind_colon(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.layout.behind_name = ": ")
}

pub(super) fn request_not_hashed(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.string_to_sign.request = RequestLine::Verbatim)
}

pub(super) fn request_hash_in_upper_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.string_to_sign.request = RequestLine::UpperCaseSha256)
}

pub(super) fn line_break_behind_string(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, |draft| draft.string_to_sign.end = "\n")
}

pub(super) fn method_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let method = &draft.text.method;
    let mut title = method.to_ascii_lowercase();
    title.iter_mut().take(1).for_each(u8::make_ascii_uppercase);
    let methods = [method.to_ascii_lowercase(), method.to_ascii_uppercase(), title];
    methods.into_iter().flat_map(|method| with(draft, |draft| draft.text.method = method)).collect()
}

pub(super) fn method_changed(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let methods = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"];
    let methods = methods.map(|method| with(draft, |draft| draft.text.method = method.into()));
    methods.concat()
}
