//! What the schema of the API says of a parameter, as its model states it.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::malformed;
use crate::error::{ApiError, ErrorCode};

/// What a parameter may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Constraint {
    Text(TextConstraint),
    /// A signed number of 32 bits, in decimal, and its range.
    Integer {
        min: i32,
        max: i32,
    },
    /// One of these words, compared exactly.
    Choice(&'static [&'static str]),
    /// A list with at most so many elements.
    #[cfg_attr(not(test), expect(dead_code, reason = "lists are checked where they are read"))]
    List {
        len_max: u64,
    },
}

/// How long a text may be, and of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextConstraint {
    /// In characters, not bytes.
    pub(crate) length_min: usize,
    /// In characters, not bytes.
    pub(crate) length_max: usize,
    /// `None` where the service words that complaint in its own way.
    pub(crate) pattern: Option<Pattern>,
}

/// What a text must look like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    /// The regular expression that messages show.
    pub(crate) shown: &'static str,
    matches: fn(&str) -> bool,
}

impl Constraint {
    /// Fails for what is none of the type at all.
    pub(super) fn parse(self, text: &str) -> Result<(), ApiError> {
        match self {
            Self::Integer { .. } if text.is_empty() => {
                Err(ApiError::new(ErrorCode::MalformedInput, "missing value for decimal type"))
            }
            Self::Integer { .. } if text.parse::<i32>().is_err() => Err(malformed()),
            _ => Ok(()),
        }
    }

    /// Tells of every way in which a value of the type breaks the constraint.
    pub(super) fn check(self, text: &str, mut violation: impl FnMut(String)) {
        match self {
            Self::Text(constraint) => constraint.check(text, violation),
            Self::Integer { min, max } => match text.parse::<i32>() {
                Ok(value) if value > max => {
                    violation(format!("Member must have value less than or equal to {max}"));
                }
                Ok(value) if value < min => {
                    violation(format!("Member must have value greater than or equal to {min}"));
                }
                _ => {}
            },
            Self::Choice(words) if !words.contains(&text) => {
                violation("Member must satisfy enum value set".to_owned());
            }
            Self::Choice(_) | Self::List { .. } => {}
        }
    }
}

impl TextConstraint {
    fn check(self, text: &str, mut violation: impl FnMut(String)) {
        let length = text.chars().count();
        if length > self.length_max {
            let max = self.length_max;
            violation(format!("Member must have length less than or equal to {max}"));
        }
        if length < self.length_min {
            let min = self.length_min;
            violation(format!("Member must have length greater than or equal to {min}"));
        }
        if let Some(pattern) = self.pattern
            && !(pattern.matches)(text)
        {
            let shown = pattern.shown;
            violation(format!("Member must satisfy regular expression pattern: {shown}"));
        }
    }
}

const fn length(length_min: usize, length_max: usize) -> TextConstraint {
    TextConstraint { length_min, length_max, pattern: None }
}

/// A name that a user is to have.
pub(super) const NEW_USER_NAME: TextConstraint = length(1, 64);
/// A name by which a user is looked for.
pub(super) const EXISTING_USER_NAME: TextConstraint = length(1, 128);
/// A user's path.
pub(super) const PATH: TextConstraint = length(1, 512);
/// The start of the paths to list.
pub(super) const PATH_PREFIX: TextConstraint = length(1, 512);
/// The ARN of a managed policy.
pub(super) const POLICY_ARN: TextConstraint = length(20, 2048);

/// An access key id.
pub(super) const ACCESS_KEY_ID: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"[\w]+",
        matches: |text| !text.is_empty() && text.chars().all(is_word_character),
    }),
    ..length(16, 128)
};

/// The account's alias: letters, digits and single hyphens in between.
pub(super) const ACCOUNT_ALIAS: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
        matches: |text| {
            let may_stand =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            (3..=63).contains(&text.len())
                && text.bytes().all(may_stand)
                && !text.starts_with('-')
                && !text.ends_with('-')
                && !text.contains("--")
        },
    }),
    ..length(3, 63)
};

/// A marker, before anything is known of what is in it.
pub(super) const MARKER: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"[\u0020-\u00FF]+",
        matches: |text| {
            !text.is_empty()
                && text.chars().all(|character| matches!(character, '\u{20}'..='\u{ff}'))
        },
    }),
    ..length(1, 320)
};

/// The key of a tag.
pub(super) const TAG_KEY: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
        matches: |text| !text.is_empty() && text.chars().all(is_tag_character),
    }),
    ..length(1, 128)
};

/// The value of a tag, which may be empty.
pub(super) const TAG_VALUE: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
        matches: |text| text.chars().all(is_tag_character),
    }),
    ..length(0, 256)
};

/// How many entries of a listing a client gets without asking.
pub(crate) const MAX_ITEMS_DEFAULT: usize = 100;

/// `\w` as the services mean it.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// `\p{L}`, `\p{Z}`, `\p{N}` by general category: `char::is_alphabetic` and
/// its kin are wider.
fn is_tag_character(character: char) -> bool {
    "_.:/=+-@".contains(character)
        || matches!(
            get_general_category(character),
            Category::UppercaseLetter
                | Category::LowercaseLetter
                | Category::TitlecaseLetter
                | Category::ModifierLetter
                | Category::OtherLetter
                | Category::SpaceSeparator
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::DecimalNumber
                | Category::LetterNumber
                | Category::OtherNumber
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_characters_go_by_general_category() {
        for allowed in "aZ0 _.:/=+-@\u{e9}\u{4e2d}\u{a0}\u{2028}\u{bd}\u{2167}".chars() {
            assert!(is_tag_character(allowed), "{allowed:?}");
        }
        // A combining mark, a control, and punctuation that looks harmless.
        for refused in "\u{345}\t\n*,;!?#%&()[]{}<>'\"\\|~^`$".chars() {
            assert!(!is_tag_character(refused), "{refused:?}");
        }
    }
}
