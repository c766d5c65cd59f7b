//! Header names that nearly all requests are made of, found without checking,
//! lower-casing or comparing them byte by byte.
//!
//! The table is also what a signer knows of single headers: a name that is not
//! in it plays no [role](Role).

use crate::bytes::encode::index;
use crate::bytes::sink::FRONT_LEN_MAX;
use crate::bytes::sort_key::SortKey;
use crate::names::{self, Role, equals};

/// A name of the table.
pub(crate) struct CommonName {
    /// In lower case.
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    /// The sort key at position 0.
    pub(crate) key: SortKey,
    /// The name and a colon, as a header line begins, and zeroes.
    pub(crate) line_start: [u8; FRONT_LEN_MAX],
    ends: Ends,
}

impl CommonName {
    const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        let mut line_start = [0; FRONT_LEN_MAX];
        line_start.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
        line_start[bytes.len()] = b':';
        let (role, key) = (Role::of(bytes), SortKey::lower(bytes));
        Self { name, role, key, line_start, ends: Ends::of(bytes) }
    }

    /// Finds a name in whatever case.
    #[inline(always)]
    pub(crate) fn find(name: &[u8]) -> Option<&'static Self> {
        let ends = Ends::of(name);
        let found = &NAMES[usize::from(SLOTS[ends.slot()])];
        ends.are_those_of(&found.ends).then_some(found)
    }
}

/// `x-amz-content-sha256`
pub(crate) const CONTENT_SHA256: &CommonName = listed(names::header::CONTENT_SHA256);

/// `x-amz-date`
pub(crate) const DATE: &CommonName = listed(names::header::DATE);

/// `x-amz-region-set`
pub(crate) const REGION_SET: &CommonName = listed(names::header::REGION_SET);

/// `x-amz-s3session-token`
pub(crate) const S3_SESSION_TOKEN: &CommonName = listed(names::header::S3_SESSION_TOKEN);

/// `x-amz-security-token`
pub(crate) const SECURITY_TOKEN: &CommonName = listed(names::header::SECURITY_TOKEN);

const fn listed(name: &str) -> &'static CommonName {
    let mut at = 0;
    while !equals(NAMES[at].name.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    &NAMES[at]
}

/// The first and the last two words of a name, which overlap in most: all of it,
/// if it has at most [`Ends::COVERED`] bytes.
#[derive(Clone, Copy)]
struct Ends {
    first: [u64; 2],
    /// The very last one first.
    last: [u64; 2],
    len: usize,
}

impl Ends {
    /// Longest name that the ends cover, in bytes.
    const COVERED: usize = 32;

    #[inline(always)]
    const fn of(name: &[u8]) -> Self {
        let len = name.len();
        if let (Some(first), Some(last)) = (name.first_chunk::<16>(), name.last_chunk::<16>()) {
            let ([a, b], [y, z]) = (words(first), words(last));
            Self { first: [a, b], last: [z, y], len }
        } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
            Self { first: [first, 0], last: [last, 0], len }
        } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            let [[f1, f2, f3, f4], [l1, l2, l3, l4]]: [[u8; 4]; 2] = [*first, *last];
            let first = u64::from_le_bytes([f1, f2, f3, f4, 0, 0, 0, 0]);
            let last = u64::from_le_bytes([l1, l2, l3, l4, 0, 0, 0, 0]);
            Self { first: [first, 0], last: [last, 0], len }
        } else {
            let bytes = match *name {
                [a] => [a, 0, 0],
                [a, b] => [a, b, 0],
                [a, b, c] => [a, b, c],
                _ => [0; 3],
            };
            let word = u64::from_le_bytes([bytes[0], bytes[1], bytes[2], 0, 0, 0, 0, 0]);
            Self { first: [word, 0], last: [word, 0], len }
        }
    }

    /// Whether a name with these ends, in whatever case, is the one with `own`.
    #[inline(always)]
    fn are_those_of(&self, own: &Self) -> bool {
        let differs = |word: u64, own: u64| {
            // Only letters have two cases, and among the bytes of the table they
            // alone have this bit.
            (word ^ own) & !((own & LETTER_BITS) >> 1)
        };
        let [a, b] = [0, 1].map(|at| differs(self.first[at], own.first[at]));
        let [y, z] = [0, 1].map(|at| differs(self.last[at], own.last[at]));
        self.len == own.len && a | b | y | z == 0
    }

    /// A place of its own for each name of the table, whatever its case.
    #[inline(always)]
    #[expect(clippy::as_conversions, reason = "a length fits in 64 bits, a slot in any `usize`")]
    const fn slot(&self) -> usize {
        let word = (self.last[0] | LETTER_BITS >> 1).wrapping_add(self.len as u64);
        (word.wrapping_mul(MULTIPLIER) >> (64 - SLOT_BITS)) as usize
    }
}

/// The bit that only letters have among the bytes of lower-case names.
const LETTER_BITS: u64 = u64::from_ne_bytes([0x40; 8]);

/// Found by trial: with it no two names of the table share a slot.
const MULTIPLIER: u64 = 0xdace_b1e5_f543_9a47;

const SLOT_BITS: u32 = 8;

/// For each slot the place of its name in [`NAMES`]; 0 where there is none.
static SLOTS: [u8; 1 << SLOT_BITS] = {
    let mut slots = [0; 1 << SLOT_BITS];
    let mut at = 0u8;
    while index(at) < NAMES.len() {
        let slot = NAMES[index(at)].ends.slot();
        assert!(slots[slot] == 0 && NAMES[index(at)].ends.len <= Ends::COVERED);
        slots[slot] = at;
        at += 1;
    }
    slots
};

static NAMES: [CommonName; LISTED.len()] = {
    let mut names = [const { CommonName::new("") }; LISTED.len()];
    let mut at = 0;
    while at < LISTED.len() {
        names[at] = CommonName::new(LISTED[at]);
        at += 1;
    }
    names
};

/// Every header that plays a role, and others that requests to AWS often hold.
const LISTED: [&str; 67] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "expect",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amz-acl",
    "x-amz-api-version",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-mode",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
    "x-amz-client-context",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-invocation-type",
    "x-amz-log-type",
    "x-amz-metadata-directive",
    "x-amz-region-set",
    "x-amz-request-payer",
    "x-amz-s3session-token",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-target",
    "x-amz-trailer",
    "x-amz-user-agent",
    "x-amzn-trace-id",
];

const fn words(bytes: &[u8; 16]) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
    [u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes([i, j, k, l, m, n, o, p])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_found_in_any_case_and_no_other() {
        for name in LISTED {
            for wire in [name.into(), name.to_ascii_uppercase()] {
                let found = CommonName::find(wire.as_bytes()).unwrap();
                assert_eq!(found.name, name);
                for at in 0..wire.len() {
                    for byte in 0..=u8::MAX {
                        let mut other = std::vec::Vec::from(wire.as_bytes());
                        other[at] = byte;
                        let expected = LISTED
                            .iter()
                            .find(|listed| listed.as_bytes().eq_ignore_ascii_case(&other));
                        assert_eq!(
                            CommonName::find(&other).map(|found| found.name),
                            expected.copied()
                        );
                    }
                }
            }
        }
        for none in ["", "x", "host\0", "x-amz-meta-color"] {
            assert!(CommonName::find(none.as_bytes()).is_none());
        }
    }

    #[test]
    fn every_header_with_a_role_is_in_the_table() {
        for name in names::SKIPPED_HEADERS {
            let role = CommonName::find(name.as_bytes()).unwrap().role;
            assert!(matches!(role, Role::Skipped | Role::Authorization), "{name}");
        }
    }
}
