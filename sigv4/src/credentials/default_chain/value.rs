//! Values that are read in more than one way, and so refused.

use super::error::ValueFault;
use super::ini::is_white_space;

/// Refuses what the AWS CLI would take as it stands, and nobody means: quotes
/// around the value, and a comment behind it.
pub(crate) fn check_value(value: &str) -> Result<(), ValueFault> {
    let quoted = |quote| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if quoted('"') || quoted('\'') {
        return Err(ValueFault::Quoted);
    }
    let pairs = value.chars().zip(value.chars().skip(1));
    if pairs.into_iter().any(|(first, second)| is_white_space(first) && matches!(second, '#' | ';'))
    {
        return Err(ValueFault::InlineComment);
    }
    Ok(())
}
