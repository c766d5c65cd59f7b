//! A region set is accepted, and includes a region, as a naive reader says.

use sigv4::CredentialScope;
use sigv4::sigv4a::RegionSet;

/// Reads a region set, up to the first line break, and looks for the region
/// behind that.
pub fn check(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else {
        return;
    };
    let (set, region) = text.split_once('\n').unwrap_or((text, "us-east-1"));
    let read = RegionSet::new(set);
    assert_eq!(read.is_ok(), is_region_set(set));
    let Ok(read) = read else {
        return;
    };
    assert_eq!(read.as_str(), set);
    assert!(read.regions().eq(set.split(',')));
    // All ways of fitting are tried here, one after the other.
    if region.len() <= CredentialScope::REGION_LEN_MAX {
        let expected = set.split(',').any(|pattern| fits(pattern.as_bytes(), region.as_bytes()));
        assert_eq!(read.includes(region), expected);
    }
}

fn is_region_set(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_graphic() && c != '/';
    text.len() <= 1_024
        && text
            .split(',')
            .all(|region| (1..=64).contains(&region.len()) && region.chars().all(is_part))
}

/// Which prefixes of the text each prefix of the pattern fits, column by column.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let mut fitting = vec![false; text.len() + 1];
    fitting[0] = true;
    for &byte in pattern {
        let before = fitting.clone();
        for len in 0..=text.len() {
            fitting[len] = if byte == b'*' {
                before[len] || (len > 0 && fitting[len - 1])
            } else {
                len > 0 && before[len - 1] && text[len - 1] == byte
            };
        }
    }
    fitting[text.len()]
}
