//! Markers: where the next page of a listing starts.
//!
//! A marker names the last entry that was seen by its place in the sort
//! order, so that creating and deleting entries between two pages neither
//! repeats nor loses any other. It carries a tag over that place and over
//! the listing with its filters: a marker that was made up, changed, or taken
//! from another listing does not open.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::ApiError;

/// The bytes of a tag, which come before the place.
const TAG_BYTES: usize = 16;

/// A listing that is read page by page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listing<'a> {
    /// The operation that lists.
    pub(crate) operation: &'static str,
    /// Whatever decides which entries there are.
    pub(crate) filter: &'a str,
}

/// The key that authenticates the markers of one emulator.
pub(crate) struct MarkerKey(Zeroizing<[u8; 64]>);

impl MarkerKey {
    pub(crate) fn new(key: Zeroizing<[u8; 64]>) -> Self {
        Self(key)
    }

    /// The marker that continues `listing` behind `place`.
    pub(crate) fn seal(&self, listing: Listing<'_>, place: &str) -> String {
        let tag = self.mac(listing, place).finalize().into_bytes();
        let mut bytes = tag[..TAG_BYTES].to_vec();
        bytes.extend_from_slice(place.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a marker of this very listing names.
    pub(crate) fn open(&self, listing: Listing<'_>, marker: &str) -> Result<String, ApiError> {
        let invalid = || ApiError::validation("Invalid Marker.");
        let bytes = URL_SAFE_NO_PAD.decode(marker).map_err(|_| invalid())?;
        let (tag, place) = bytes.split_at_checked(TAG_BYTES).ok_or_else(invalid)?;
        let place = str::from_utf8(place).map_err(|_| invalid())?;
        self.mac(listing, place).verify_truncated_left(tag).map_err(|_| invalid())?;
        Ok(place.to_owned())
    }

    /// Lengths go first, so that no two listings run into one another.
    fn mac(&self, listing: Listing<'_>, place: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&(*self.0).into());
        for part in [listing.operation, listing.filter, place] {
            mac.update(&part.len().to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> MarkerKey {
        MarkerKey::new(Zeroizing::new([byte; 64]))
    }

    fn listing(filter: &str) -> Listing<'_> {
        Listing { operation: "ListUsers", filter }
    }

    #[test]
    fn a_marker_opens_for_its_own_listing_only() {
        let marker = key(1).seal(listing("/a/"), "bob");
        assert!(marker.len() <= 320);
        assert_eq!(key(1).open(listing("/a/"), &marker).as_deref(), Ok("bob"));
        let other = Listing { operation: "ListAccessKeys", filter: "/a/" };
        for refused in [
            key(2).open(listing("/a/"), &marker),
            key(1).open(listing("/"), &marker),
            key(1).open(other, &marker),
        ] {
            assert_eq!(refused.unwrap_err().message(), Some("Invalid Marker."));
        }
    }

    #[test]
    fn no_changed_marker_opens() {
        let marker = key(1).seal(listing("/"), "bob");
        for index in 0..marker.len() {
            let mut changed = marker.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(key(1).open(listing("/"), &changed).is_err(), "{changed}");
        }
        for made_up in ["", "A", "AAAA", "Ym9i", "\u{e9}", "bob"] {
            assert!(key(1).open(listing("/"), made_up).is_err(), "{made_up}");
        }
    }
}
