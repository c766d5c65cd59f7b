//! Pages of a listing.

use super::input::{Input, MAX_ITEMS_DEFAULT, Marker, MaxItems};
use crate::{
    error::ApiError,
    protocol::{Listing, MarkerKey, Writer},
};

/// Which part of a listing a request asks for.
pub(super) struct PageRequest {
    marker: Option<Marker>,
    items_max: usize,
}

impl PageRequest {
    pub(super) fn read(input: &mut Input<'_>) -> Option<Self> {
        let marker = input.optional::<Marker>("Marker");
        let max_items = input.optional::<MaxItems>("MaxItems");
        let items_max = max_items?.map_or(MAX_ITEMS_DEFAULT, |MaxItems(items)| items);
        Some(Self { marker: marker?, items_max })
    }

    /// The place behind which the page starts, if not at the beginning.
    pub(super) fn place(
        &self,
        listing: Listing<'_>,
        markers: &MarkerKey,
    ) -> Result<Option<String>, ApiError> {
        let marker = self.marker.as_ref();
        marker.map(|Marker(marker)| markers.open(listing, marker)).transpose()
    }

    /// The page that starts with `entries`.
    ///
    /// `marker` says where an entry stands in the order of the listing.
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
    items: Vec<T>,
    next_marker: Option<String>,
}

impl Page<String> {
    /// Writes entries that are texts.
    pub(super) fn write_texts(&self, list: &str, writer: &mut Writer) {
        writer.texts(list, &self.items);
        self.write_end(writer);
    }
}

impl<T> Page<T> {
    /// Writes the entries into `list`, and whether there are more.
    pub(super) fn write(
        &self,
        list: &str,
        writer: &mut Writer,
        write_item: impl FnMut(&T, &mut Writer),
    ) {
        writer.list(list, &self.items, write_item);
        self.write_end(writer);
    }

    fn write_end(&self, writer: &mut Writer) {
        let is_truncated = self.next_marker.is_some();
        writer.text("IsTruncated", if is_truncated { "true" } else { "false" });
        if let Some(marker) = &self.next_marker {
            writer.text("Marker", marker);
        }
    }
}
