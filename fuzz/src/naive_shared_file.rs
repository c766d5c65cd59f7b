//! A shared file, read as Python's `configparser` reads it, by someone who has all of
//! it in maps of text.

use std::collections::{BTreeMap, BTreeSet};

/// The values of a section, lines joined, by their keys in lower case.
pub type Section = BTreeMap<String, String>;

/// The sections of a file, each with what `[DEFAULT]` has for it; nothing if it is
/// malformed or past a limit.
pub fn sections(file: &[u8]) -> Option<Vec<(String, Section)>> {
    let text = String::from_utf8(file.to_vec()).ok()?.replace("\r\n", "\n").replace('\r', "\n");
    if file.len() > sigv4::default_chain::SHARED_FILE_LEN_MAX || text.starts_with('\u{feff}') {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    // Under the section and the key in lower case, the lines of the value.
    let mut values: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let (mut section, mut key, mut indent): (Option<String>, Option<String>, usize) =
        (None, None, 0);
    for line in text.split('\n') {
        let stripped = line.trim_matches(is_space);
        if line.len() > sigv4::default_chain::SHARED_FILE_LINE_LEN_MAX {
            return None;
        }
        if stripped.starts_with(['#', ';']) {
            continue;
        }
        let depth = line.chars().take_while(|c| is_space(*c)).count();
        if let (Some(section), Some(key)) = (&section, &key)
            && (stripped.is_empty() || depth > indent)
        {
            values.entry((section.clone(), key.clone())).or_default().push(stripped.to_owned());
            continue;
        }
        if stripped.is_empty() {
            continue;
        }
        indent = depth;
        let end = stripped.rfind(']').filter(|end| stripped.starts_with('[') && *end > 1);
        if let Some(end) = end {
            let name = stripped[1..end].to_owned();
            if name != "DEFAULT" && names.contains(&name) {
                return None;
            }
            names.push(name.clone());
            (section, key) = (Some(name), None);
            continue;
        }
        let (name, value) = stripped.split_at(stripped.find(['=', ':'])?);
        let name: String =
            name.trim_matches(is_space).chars().flat_map(char::to_lowercase).collect();
        let lines = vec![value[1..].trim_matches(is_space).to_owned()];
        let place = (section.clone()?, name.clone());
        if name.is_empty() || values.insert(place, lines).is_some() {
            return None;
        }
        key = Some(name);
    }
    if names.iter().collect::<BTreeSet<_>>().len() > sigv4::default_chain::SHARED_FILE_SECTIONS_MAX
    {
        return None;
    }
    joined(&names, &values)
}

fn joined(
    names: &[String],
    values: &BTreeMap<(String, String), Vec<String>>,
) -> Option<Vec<(String, Section)>> {
    let (mut sections, mut defaults) = (BTreeMap::new(), Section::new());
    for name in names {
        sections.insert(name.clone(), Section::new());
    }
    for ((name, key), lines) in values {
        let value = lines.join("\n").trim_end_matches(is_space).to_owned();
        let nested = if value.starts_with('\n') { value.as_str() } else { "" };
        let mut pieces =
            nested.split(is_line_end).filter(|line| !line.trim_matches(is_space).is_empty());
        if !pieces.all(|line| line.contains('=')) {
            return None;
        }
        if name == "DEFAULT" {
            defaults.insert(key.clone(), value);
        } else {
            sections.get_mut(name)?.insert(key.clone(), value);
        }
    }
    sections.remove("DEFAULT");
    let complete = |(name, section): (String, Section)| {
        let mut complete = defaults.clone();
        complete.extend(section);
        (name, complete)
    };
    Some(sections.into_iter().map(complete).collect())
}

/// Words as Python's `shlex.split` has them.
pub fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut has_word, mut quote) = (Vec::new(), String::new(), false, None);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"'), '\\') => {
                let next = characters.next()?;
                word.extend((next != '"' && next != '\\').then_some('\\'));
                word.push(next);
            }
            (Some(_), c) => word.push(c),
            (None, ' ' | '\t' | '\r' | '\n') => {
                words.extend(has_word.then(|| std::mem::take(&mut word)));
                has_word = false;
            }
            (None, c) => {
                has_word = true;
                match c {
                    '"' | '\'' => quote = Some(c),
                    '\\' => word.push(characters.next()?),
                    c => word.push(c),
                }
            }
        }
    }
    words.extend(has_word.then_some(word));
    quote.is_none().then_some(words)
}

/// `str.isspace` of Python.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Where `str.splitlines` of Python splits.
fn is_line_end(c: char) -> bool {
    "\n\r\u{b}\u{c}\u{1c}\u{1d}\u{1e}\u{85}\u{2028}\u{2029}".contains(c)
}
