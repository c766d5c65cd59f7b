//! Pages of a listing.

use super::{
    constraint::{MARKER, MAX_ITEMS, MAX_ITEMS_DEFAULT},
    schema::Schema,
};
use crate::{
    error::ApiError,
    protocol::{Listing, MarkerKey, Writer},
};

/// Which part of a listing a request asks for.
pub(super) struct PageRequest {
    marker: Option<String>,
    items_max: usize,
}

impl PageRequest {
    pub(super) fn parse(schema: &mut Schema<'_>) -> Result<Self, ApiError> {
        let marker = schema.optional("Marker", MARKER);
        let max_items = schema.integer("MaxItems", MAX_ITEMS)?;
        let items_max = max_items.unwrap_or(MAX_ITEMS_DEFAULT);
        Ok(Self {
            marker,
            // Below one only in a request that the schema refuses.
            items_max: usize::try_from(items_max).unwrap_or_default(),
        })
    }

    /// The place behind which the page starts, if not at the beginning.
    pub(super) fn place(
        &self,
        listing: Listing<'_>,
        markers: &MarkerKey,
    ) -> Result<Option<String>, ApiError> {
        let marker = self.marker.as_deref();
        marker.map(|marker| markers.open(listing, marker)).transpose()
    }

    /// The page that starts with `entries`.
    ///
    /// `place` says where an entry stands in the order of the listing.
    pub(super) fn take<E: Copy, T>(
        &self,
        mut entries: impl Iterator<Item = E>,
        describe: impl Fn(E) -> T,
        marker: impl FnOnce(E) -> String,
    ) -> Page<T> {
        let mut items = Vec::new();
        let mut last = None;
        for entry in entries.by_ref().take(self.items_max) {
            items.push(describe(entry));
            last = Some(entry);
        }
        let next_marker = entries.next().and(last).map(marker);
        Page { items, next_marker }
    }
}

/// Some entries of a listing, and the way to the next.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    next_marker: Option<String>,
}

impl<T> Page<T> {
    /// Writes the entries into `list`, and whether there are more.
    pub(super) fn write(
        self,
        list: &str,
        xml: &mut Writer,
        mut write_item: impl FnMut(&T, &mut Writer),
    ) {
        xml.element(list, |xml| {
            for item in &self.items {
                xml.element("member", |xml| write_item(item, xml));
            }
        });
        let is_truncated = self.next_marker.is_some();
        xml.text("IsTruncated", if is_truncated { "true" } else { "false" });
        if let Some(marker) = self.next_marker {
            xml.text("Marker", &marker);
        }
    }
}
