//! The dialect of the shared files: INI as Python's `configparser` reads it,
//! because botocore, and with it the AWS CLI, reads them with that.
//!
//! What is particular to it: keys are told apart without regard to case,
//! section names with; a value goes on in lines that are indented deeper than
//! its key, blank lines in between included; comments are whole lines; what
//! stands behind the last `]` of a section's line is passed over; a section or
//! key that comes twice is an error; and what `[DEFAULT]` holds, every section does.

use core::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::vec::Vec;

use super::error::FileFault;

/// Longest line of a shared file in bytes: 64 KiB, several times the longest
/// session token.
pub const SHARED_FILE_LINE_LEN_MAX: usize = 64 << 10;

/// Most sections of a shared file, one of which is a profile.
pub const SHARED_FILE_SECTIONS_MAX: usize = 10_000;

/// A file, read. Borrows its text, so that there is no second copy of a secret.
pub(crate) struct Ini<'t> {
    sections: Vec<Section<'t>>,
    by_name: BTreeMap<&'t str, usize>,
}

impl<'t> Ini<'t> {
    /// Reads a whole file, as botocore does, so that a mistake shows wherever
    /// it is. The error comes with its line, counted from one.
    pub(crate) fn parse(text: &'t str) -> Result<Self, (usize, FileFault)> {
        let mut parser = Parser::default();
        for (index, line) in lines(text).enumerate() {
            let number = index + 1;
            parser.line(number, line).map_err(|fault| (number, fault))?;
        }
        Ok(parser.ini)
    }

    /// All sections but `[DEFAULT]`.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section<'t>> {
        self.sections.iter().filter(|section| section.name != DEFAULTS)
    }

    pub(crate) fn section(&self, name: &str) -> Option<&Section<'t>> {
        let index = self.by_name.get(name).filter(|_| name != DEFAULTS)?;
        self.sections.get(*index)
    }

    /// A key of a section, or what `[DEFAULT]` has for it.
    pub(crate) fn property<'a>(
        &'a self,
        section: &'a Section<'t>,
        key: &str,
    ) -> Option<&'a Property<'t>> {
        let defaults = self.by_name.get(DEFAULTS).and_then(|index| self.sections.get(*index));
        section.property(key).or_else(|| defaults?.property(key))
    }
}

/// A section, under its name as it stands between the brackets.
pub(crate) struct Section<'t> {
    pub(crate) name: &'t str,
    pub(crate) line: usize,
    properties: Vec<Property<'t>>,
}

impl<'t> Section<'t> {
    fn property(&self, key: &str) -> Option<&Property<'t>> {
        self.properties.iter().find(|property| property.key == Key(key))
    }
}

/// A key and its value.
pub(crate) struct Property<'t> {
    key: Key<'t>,
    /// What stands behind the key, in its line.
    pub(crate) value: &'t str,
    pub(crate) line: usize,
    /// The first line that goes on with the value.
    pub(crate) continued: Option<usize>,
}

/// A key, compared as `configparser` does. Never lower-cased into a copy: in a
/// file that is broken, a piece of a secret may stand where a key should.
#[derive(Clone, Copy)]
struct Key<'t>(&'t str);

impl Key<'_> {
    fn lower_case(&self) -> impl Iterator<Item = char> {
        self.0.chars().flat_map(char::to_lowercase)
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.lower_case().cmp(other.lower_case())
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}

struct Parser<'t> {
    ini: Ini<'t>,
    keys: BTreeSet<(usize, Key<'t>)>,
    /// The section that keys go to, by its index.
    section: Option<usize>,
    /// Whether the section has a key whose value may go on.
    in_value: bool,
    /// White space before the last section or key, in characters.
    indent: usize,
}

impl Default for Parser<'_> {
    fn default() -> Self {
        let ini = Ini { sections: Vec::new(), by_name: BTreeMap::new() };
        Self { ini, keys: BTreeSet::new(), section: None, in_value: false, indent: 0 }
    }
}

impl<'t> Parser<'t> {
    fn line(&mut self, number: usize, line: &'t str) -> Result<(), FileFault> {
        if line.len() > SHARED_FILE_LINE_LEN_MAX {
            return Err(FileFault::LineTooLong { len: line.len() });
        }
        let text = trim(line);
        if text.is_empty() || text.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_white_space(*c)).count();
        if self.in_value && indent > self.indent {
            return self.continuation(number, text);
        }
        self.indent = indent;
        if let Some(name) = section_name(text) {
            return self.begin_section(number, name);
        }
        let section = self.section.ok_or(FileFault::OutsideSections)?;
        self.property(number, section, text)
    }

    fn begin_section(&mut self, line: usize, name: &'t str) -> Result<(), FileFault> {
        if self.ini.sections.len() == SHARED_FILE_SECTIONS_MAX {
            return Err(FileFault::TooManySections);
        }
        let index = match self.ini.by_name.entry(name) {
            // It may come more than once.
            Entry::Occupied(entry) if name == DEFAULTS => *entry.get(),
            Entry::Occupied(entry) => {
                let first = self.ini.sections[*entry.get()].line;
                return Err(FileFault::DuplicateSection { first });
            }
            Entry::Vacant(entry) => {
                let index = self.ini.sections.len();
                self.ini.sections.push(Section { name, line, properties: Vec::new() });
                *entry.insert(index)
            }
        };
        self.section = Some(index);
        self.in_value = false;
        Ok(())
    }

    fn property(&mut self, line: usize, section: usize, text: &'t str) -> Result<(), FileFault> {
        let (key, value) = text.split_once(['=', ':']).ok_or(FileFault::NotASetting)?;
        let (key, value) = (Key(trim(key)), trim(value));
        if key.0.is_empty() {
            return Err(FileFault::NotASetting);
        }
        let properties = &mut self.ini.sections[section].properties;
        if !self.keys.insert((section, key)) {
            let first = properties.iter().find(|property| property.key == key);
            return Err(FileFault::DuplicateKey { first: first.map_or(line, |first| first.line) });
        }
        properties.push(Property { key, value, line, continued: None });
        self.in_value = true;
        Ok(())
    }

    fn continuation(&mut self, line: usize, text: &'t str) -> Result<(), FileFault> {
        let section = self.section.and_then(|index| self.ini.sections.get_mut(index));
        let Some(property) = section.and_then(|section| section.properties.last_mut()) else {
            return Err(FileFault::OutsideSections);
        };
        property.continued.get_or_insert(line);
        // Behind an empty value stand settings of its own, as in `s3 =`. Their
        // lines are parted anew, by more kinds of line ends.
        let mut nested = text.split(is_line_end).map(trim).filter(|line| !line.is_empty());
        if property.value.is_empty() && !nested.all(|line| line.contains('=')) {
            return Err(FileFault::NestedNotASetting);
        }
        Ok(())
    }
}

/// What stands between a `[` at the beginning and the last `]`.
fn section_name(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('[')?;
    let name = &rest[..rest.rfind(']')?];
    (!name.is_empty()).then_some(name)
}

/// The lines of a text, which may end as on any system.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_white_space)
}

/// White space as Python has it: Unicode's, and four separators of ASCII's.
pub(crate) fn is_white_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// What Python's `splitlines` parts lines at, line feeds and carriage returns apart.
fn is_line_end(c: char) -> bool {
    matches!(c, '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The section whose keys are every section's. The profile is `default`.
const DEFAULTS: &str = "DEFAULT";
