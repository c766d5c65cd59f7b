//! Which profile a section's name stands for.

use std::format;
use std::string::String;
use std::vec::Vec;

/// The profile a section of the config file is for: `default`, or what follows
/// the word `profile`.
pub(crate) fn profile_in_config(section: &str) -> Option<String> {
    if section == "default" {
        return Some(String::from(section));
    }
    let is_profile = section.starts_with("profile");
    let words = is_profile.then(|| words(section)).flatten()?;
    <[String; 2]>::try_from(words).ok().map(|[_, profile]| profile)
}

/// The section that the config file would have to have for a profile.
pub(crate) fn section_in_config(profile: &str) -> String {
    let is_plain = |c: char| !matches!(c, ' ' | '\t' | '"' | '\'' | '\\');
    if profile == "default" {
        String::from(profile)
    } else if !profile.is_empty() && profile.chars().all(is_plain) {
        format!("profile {profile}")
    } else {
        let escaped = profile.replace('\\', r"\\").replace('"', r#"\""#);
        format!(r#"profile "{escaped}""#)
    }
}

/// The words of a text as a shell has them, or nothing if a quote is left open.
///
/// As `shlex.split` of Python, which botocore uses. The crate `shlex` takes `#`
/// for the beginning of a comment, and so reads other names.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    // A word may be empty, if it is quoted.
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => loop {
                match (characters.next()?, word.get_or_insert_default()) {
                    ('\'', _) => break,
                    (c, word) => word.push(c),
                }
            },
            '"' => loop {
                match (characters.next()?, word.get_or_insert_default()) {
                    ('"', _) => break,
                    ('\\', word) => {
                        let escaped = characters.next()?;
                        if !matches!(escaped, '"' | '\\') {
                            word.push('\\');
                        }
                        word.push(escaped);
                    }
                    (c, word) => word.push(c),
                }
            },
            '\\' => word.get_or_insert_default().push(characters.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_read_as_the_profile_it_is_for() {
        for profile in ["default", "dev", "", "my team", r#"a"b\c'd"#, "#1", "zürich"] {
            let section = section_in_config(profile);
            assert_eq!(profile_in_config(&section).as_deref(), Some(profile), "{section}");
        }
    }

    /// Each as `shlex.split` of Python 3.11 reads it.
    #[test]
    fn words_are_those_of_a_shell() {
        for (text, expected) in [
            ("profile a", Some(["profile", "a"].as_slice())),
            ("  profile\t a ", Some(&["profile", "a"])),
            (r#"profile "a b""#, Some(&["profile", "a b"])),
            (r"profile 'a\b'", Some(&["profile", r"a\b"])),
            (r#"profile "a\"b\\c\d""#, Some(&["profile", r#"a"b\c\d"#])),
            (r"profile a\ b\c", Some(&["profile", "a bc"])),
            (r#"profile a"b"'c'"#, Some(&["profile", "abc"])),
            (r#"profile """#, Some(&["profile", ""])),
            ("profile #a", Some(&["profile", "#a"])),
            ("profile a b", Some(&["profile", "a", "b"])),
            (r#"profile "a"#, None),
            ("profile 'a", None),
            (r"profile a\", None),
            (r#"profile "a\"#, None),
        ] {
            let words = words(text);
            let words = words.as_ref().map(|words| words.iter().map(String::as_str));
            assert_eq!(words.map(Iterator::collect::<Vec<_>>).as_deref(), expected, "{text}");
        }
    }
}
