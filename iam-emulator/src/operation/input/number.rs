//! Numbers.

use super::{Constraint, Parameter, malformed};
use crate::error::ApiError;

/// How many entries of a listing a client asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaxItems(pub(crate) usize);

impl Parameter for MaxItems {
    const CONSTRAINT: Constraint = Constraint::Integer { min: 1, max: 1000 };

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        text.trim_start_matches('+').parse().map(Self).map_err(|_| malformed())
    }
}
