//! Timestamps as answers show them.

use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

const ISO_8601: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// UTC in whole seconds: `2026-02-11T10:40:38Z`.
pub(super) fn iso_8601(moment: OffsetDateTime) -> String {
    // Nothing but the year can be out of the format's range, and a clock
    // that far off has no right answer.
    moment.format(ISO_8601).unwrap_or_default()
}
