//! What an operation reads, written down: for who has to know it without a request.

use super::Constraint;

/// The parameters that an operation reads.
#[derive(Debug, Default)]
pub(crate) struct Description {
    pub(crate) parameters: Vec<Described>,
}

/// One of them; a field of a list's elements is named `List.member.field`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "only names are asked for while it serves"))]
pub(crate) struct Described {
    pub(crate) name: &'static str,
    pub(crate) constraint: Constraint,
    pub(crate) is_required: bool,
}
