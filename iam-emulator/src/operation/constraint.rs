//! The constraints of the API's parameters, as its model states them.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// How long a text may be, and of what.
#[derive(Clone, Copy)]
pub(super) struct TextConstraint {
    /// In characters, not bytes.
    pub(super) length_min: usize,
    /// In characters, not bytes.
    pub(super) length_max: usize,
    /// `None` where the service words that complaint in its own way.
    pub(super) pattern: Option<Pattern>,
}

/// Which characters a text may consist of.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    /// The regular expression that messages show.
    pub(super) shown: &'static str,
    allows: fn(char) -> bool,
}

impl Pattern {
    /// Every pattern is one class of characters, as often as its end says.
    pub(super) fn matches(self, text: &str) -> bool {
        text.chars().all(self.allows) && (!text.is_empty() || self.shown.ends_with('*'))
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
    pattern: Some(Pattern { shown: r"[\w]+", allows: is_word_character }),
    ..length(16, 128)
};

/// A marker, before anything is known of what is in it.
pub(super) const MARKER: TextConstraint = TextConstraint {
    pattern: Some(Pattern {
        shown: r"[\u0020-\u00FF]+",
        allows: |character| matches!(character, '\u{20}'..='\u{ff}'),
    }),
    ..length(1, 320)
};

/// The key of a tag.
pub(super) const TAG_KEY: TextConstraint = TextConstraint {
    pattern: Some(Pattern { shown: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", allows: is_tag_character }),
    ..length(1, 128)
};

/// The value of a tag, which may be empty.
pub(super) const TAG_VALUE: TextConstraint = TextConstraint {
    pattern: Some(Pattern { shown: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", allows: is_tag_character }),
    ..length(0, 256)
};

/// The most tags a user can have, and a request can name.
pub(super) const TAGS_MAX: usize = 50;

/// How many entries of a listing a client may ask for.
pub(super) const MAX_ITEMS: std::ops::RangeInclusive<i32> = 1..=1000;
/// How many it gets without asking.
pub(super) const MAX_ITEMS_DEFAULT: i32 = 100;

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
