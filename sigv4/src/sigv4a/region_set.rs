//! The regions in which a signature is good.

use core::fmt;

use crate::scope::{CredentialScope, is_scope_part};

/// The regions in which a SigV4a signature is good: names separated by commas,
/// in which `*` stands for any characters, or none.
///
/// ```
/// use sigv4::sigv4a::RegionSet;
///
/// let regions = RegionSet::new("us-east-1,eu-*")?;
/// assert!(regions.includes("us-east-1"));
/// assert!(regions.includes("eu-central-1"));
/// assert!(!regions.includes("us-east-2"));
/// # Ok::<(), sigv4::sigv4a::RegionSetError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegionSet<'a>(&'a str);

impl RegionSet<'static> {
    /// `*`: every region.
    pub const ALL: Self = Self("*");
}

impl<'a> RegionSet<'a> {
    /// Longest region set in bytes; all regions of AWS together have half of that.
    /// Each name has at most [`CredentialScope::REGION_LEN_MAX`] bytes.
    pub const LEN_MAX: usize = 1_024;

    /// The set as it goes on the wire: `us-east-1,us-west-2`. Without spaces,
    /// since some services compare and none has to trim.
    ///
    /// # Errors
    ///
    /// A [`RegionSetError`] if the set is too long, or a name in it is empty, too
    /// long, or holds `/` or a byte that is not visible ASCII.
    pub fn new(text: &'a str) -> Result<Self, RegionSetError> {
        if text.len() > Self::LEN_MAX {
            return Err(RegionSetError::TooLong { len: text.len() });
        }
        for (index, region) in text.split(',').enumerate() {
            if region.is_empty() {
                return Err(RegionSetError::EmptyRegion { index });
            }
            if !is_scope_part(region.as_bytes()) {
                return Err(RegionSetError::InvalidRegion { index });
            }
            if region.len() > CredentialScope::REGION_LEN_MAX {
                return Err(RegionSetError::RegionTooLong { index, len: region.len() });
            }
        }
        Ok(Self(text))
    }

    /// The set as it goes on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// Each name, at least one; it may hold `*`.
    pub fn regions(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.split(',')
    }

    /// Whether a region is in the set. Upper and lower case differ.
    ///
    /// Takes at most as many steps as the set and the region have bytes,
    /// multiplied.
    #[must_use]
    pub fn includes(&self, region: &str) -> bool {
        self.regions().any(|pattern| matches(pattern.as_bytes(), region.as_bytes()))
    }
}

impl fmt::Display for RegionSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for RegionSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionSet({})", self.0)
    }
}

/// Why a text is no region set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegionSetError {
    /// The set has more than [`RegionSet::LEN_MAX`] bytes.
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// A name is empty, or there is none.
    EmptyRegion {
        /// Which name, counted from zero.
        index: usize,
    },
    /// A name holds `/` or a byte that is not visible ASCII.
    InvalidRegion {
        /// Which name, counted from zero.
        index: usize,
    },
    /// A name has more than [`CredentialScope::REGION_LEN_MAX`] bytes.
    RegionTooLong {
        /// Which name, counted from zero.
        index: usize,
        /// Its length in bytes.
        len: usize,
    },
}

impl fmt::Display for RegionSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len } => {
                write!(f, "the region set has {len} bytes, more than {}", RegionSet::LEN_MAX)
            }
            Self::EmptyRegion { index } => write!(f, "name {index} of the region set is empty"),
            Self::InvalidRegion { index } => write!(
                f,
                "name {index} of the region set holds a slash or a byte that is not visible ASCII"
            ),
            Self::RegionTooLong { index, len } => write!(
                f,
                "name {index} of the region set has {len} bytes, more than {}",
                CredentialScope::REGION_LEN_MAX
            ),
        }
    }
}

impl core::error::Error for RegionSetError {}

/// Whether `pattern`, in which `*` stands for any bytes, fits all of `text`.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    // Behind the last star seen, and where the text goes on if it took one byte
    // more. No star before it can help: this one may take whatever they would.
    let mut retry = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, read + 1));
            }
            Some(byte) if *byte == text[read] => (at, read) = (at + 1, read + 1),
            _ => {
                let Some((behind_star, next)) = retry else {
                    return false;
                };
                (at, read) = (behind_star, next);
                retry = Some((behind_star, next + 1));
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        let cases = [
            ("us-east-1", "us-east-1", true),
            ("us-east-1", "us-east-2", false),
            ("us-east-1", "us-east-11", false),
            ("us-east-1", "s-east-1", false),
            ("us-east-1", "US-EAST-1", false),
            ("*", "us-east-1", true),
            ("*", "", true),
            ("us-*", "us-east-1", true),
            ("us-*", "us-", true),
            ("us-*", "eu-west-1", false),
            ("*-1", "us-east-1", true),
            ("*-1", "us-east-2", false),
            ("us-*-1", "us-west-1", true),
            ("us-*-1", "us-1", false),
            ("us-*-*-1", "us-gov-east-1", true),
            ("*a*b", "aabab", true),
            ("*a*b", "ba", false),
            ("**", "x", true),
            ("us-west-2,eu-*", "eu-north-1", true),
            ("us-west-2,eu-*", "ap-south-1", false),
        ];
        for (set, region, expected) in cases {
            let set = RegionSet::new(set).unwrap();
            assert_eq!(set.includes(region), expected, "{set} {region}");
        }
    }

    #[test]
    fn what_is_no_set_is_refused() {
        let name = "r".repeat(CredentialScope::REGION_LEN_MAX);
        let longest = [name.as_str(); 15].join(",") + "," + &"r".repeat(48);
        assert_eq!(longest.len(), RegionSet::LEN_MAX - 1);
        assert!(RegionSet::new(&(longest.clone() + "r")).is_ok());
        let too_long = longest + "rr";
        let cases = [
            ("", RegionSetError::EmptyRegion { index: 0 }),
            (",", RegionSetError::EmptyRegion { index: 0 }),
            ("a,", RegionSetError::EmptyRegion { index: 1 }),
            ("a,,b", RegionSetError::EmptyRegion { index: 1 }),
            ("a, b", RegionSetError::InvalidRegion { index: 1 }),
            ("a/b", RegionSetError::InvalidRegion { index: 0 }),
            ("a,b\n", RegionSetError::InvalidRegion { index: 1 }),
            ("\u{e9}", RegionSetError::InvalidRegion { index: 0 }),
            (&(name.clone() + "r"), RegionSetError::RegionTooLong { index: 0, len: 65 }),
            (&too_long, RegionSetError::TooLong { len: RegionSet::LEN_MAX + 1 }),
        ];
        for (text, expected) in cases {
            assert_eq!(RegionSet::new(text), Err(expected), "{text}");
        }
        assert_eq!(RegionSet::new("*"), Ok(RegionSet::ALL));
    }
}
