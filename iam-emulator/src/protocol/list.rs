//! Lists in the form encoding, by AWS's grammar: `member.N` and `member.N.field`.
//!
//! Nothing is renumbered: an element that is skipped is there and null.

use std::{borrow::Cow, collections::BTreeMap};

use super::query::{Nested, decode};
use crate::error::{ApiError, ErrorCode};

/// By how much an index may exceed the largest before it.
const STEP_MAX: u64 = 10;

/// The most elements that are kept; no list of the API may have as many.
const ELEMENTS_MAX: usize = 1_000;

/// The elements of a list by their index, those that were skipped included.
#[derive(Debug, Default)]
pub(crate) struct List<'l, 'a> {
    /// Those that something was said of. One for which only unknown fields were given is empty.
    elements: BTreeMap<u64, Element<'l, 'a>>,
    len: u64,
}

/// What was said of one element.
#[derive(Debug, Default)]
pub(crate) struct Element<'l, 'a> {
    /// Fields by name; the value itself has none.
    fields: Vec<(&'l str, &'a [u8])>,
}

impl<'l, 'a> List<'l, 'a> {
    /// How many elements there are, skipped ones included.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The elements from the first on, with their index; nothing for one that was skipped.
    /// Ends after a thousand, which no list may have.
    pub(crate) fn elements(&self) -> impl Iterator<Item = (u64, Option<&Element<'l, 'a>>)> {
        let end = self.len.min(u64::try_from(ELEMENTS_MAX).unwrap_or(u64::MAX));
        (1..=end).map(|index| (index, self.elements.get(&index)))
    }
}

impl<'a> Element<'_, 'a> {
    /// The first value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<Cow<'a, str>> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| decode(value))
    }
}

/// Where in a list a parameter belongs.
#[derive(Debug, PartialEq, Eq)]
enum Place<'n> {
    /// A field of an element; an element that is a value itself has one without a name.
    Field(u64, &'n str),
    /// No index: it stands for a first element without any known field.
    FieldWithoutIndex,
    /// Nothing that the list reads.
    Elsewhere,
}

/// Reads a list from what follows its name.
///
/// # Errors
///
/// `MalformedInput` for an index that is none, and for one that leaves too much out.
pub(super) fn read<'l, 'a>(entries: &'l [Nested<'a>]) -> Result<List<'l, 'a>, ApiError> {
    let mut elements: BTreeMap<u64, Element<'l, 'a>> = BTreeMap::new();
    for (name, value) in entries {
        let (index, field) = match place(name)? {
            Place::Elsewhere => continue,
            Place::FieldWithoutIndex => (1, None),
            Place::Field(index, field) => (index, Some(field)),
        };
        if elements.len() >= ELEMENTS_MAX && !elements.contains_key(&index) {
            // Enough to refuse the list, but the index counts for how sparse it is.
            elements.entry(index).or_default();
            continue;
        }
        let element = elements.entry(index).or_default();
        if let Some(field) = field
            && element.fields.iter().all(|(known, _)| *known != field)
        {
            element.fields.push((field, value));
        }
    }
    let mut largest = 1;
    for &index in elements.keys() {
        if index - largest.min(index) > STEP_MAX {
            let skipped = index - largest;
            return Err(malformed(format!(
                "Excessively sparse input would skip {skipped} list elements"
            )));
        }
        largest = largest.max(index);
    }
    let len = elements.last_key_value().map_or(0, |(&index, _)| index);
    Ok(List { elements, len })
}

fn place(name: &str) -> Result<Place<'_>, ApiError> {
    let Some(rest) = name.strip_prefix("member.") else {
        return Ok(Place::Elsewhere);
    };
    let (index, field) = rest.split_once('.').unwrap_or((rest, ""));
    if index.starts_with('-') {
        return Err(malformed(format!("Key {index} may not have a leading '-'")));
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(index) {
        return Ok(Place::FieldWithoutIndex);
    }
    if is_number(field.split('.').next().unwrap_or_default()) {
        return Err(malformed("Two index elements may not occur back to back".to_owned()));
    }
    // One that is too long for a number is far beyond every step.
    match index.parse().unwrap_or(u64::MAX) {
        0 => Err(malformed("0 is not a valid index".to_owned())),
        index => Ok(Place::Field(index, field)),
    }
}

fn malformed(message: String) -> ApiError {
    ApiError::new(ErrorCode::MalformedInput, message)
}

#[cfg(test)]
mod tests {
    use super::super::Parameters;
    use super::*;

    /// The keys of a list `T`, by index.
    fn keys(form: &str) -> Result<Vec<Option<String>>, String> {
        let parameters = Parameters::read(b"", form.as_bytes(), |name| name == "T").unwrap();
        let list = parameters.list("T").map_err(|error| error.message().unwrap().to_owned())?;
        let list = list.unwrap();
        let key = |element: Option<&Element<'_, '_>>| element?.field("K").map(Cow::into_owned);
        Ok(list.elements().map(|(_, element)| key(element)).collect())
    }

    fn members(indices: &[u64]) -> String {
        indices.iter().map(|index| format!("T.member.{index}.K=k&")).collect()
    }

    #[test]
    fn elements_come_by_index_and_none_is_renumbered() {
        let some = |key: &str| Some(key.to_owned());
        for (form, expected) in [
            ("T.member.2.K=b&T.member.1.K=a&T.member.1.K=c", vec![some("a"), some("b")]),
            ("T.member.01.K=a", vec![some("a")]),
            ("T.member.3.K=c", vec![None, None, some("c")]),
            ("T.member.1.Z=no", vec![None]),
            ("T.member.+1.K=no", vec![None]),
            ("T.member.x.K=no", vec![None]),
            ("T.x=no&T.member.1.K=a", vec![some("a")]),
            ("T=", vec![]),
        ] {
            assert_eq!(keys(form), Ok(expected), "{form}");
        }
    }

    #[test]
    fn an_index_that_is_none_has_its_own_message() {
        for (form, message) in [
            ("T.member.0.K=a", "0 is not a valid index"),
            ("T.member.00.K=a", "0 is not a valid index"),
            ("T.member.-1.K=a", "Key -1 may not have a leading '-'"),
            ("T.member.1.0.K=a", "Two index elements may not occur back to back"),
        ] {
            assert_eq!(keys(form), Err(message.to_owned()), "{form}");
        }
    }

    #[test]
    fn a_list_may_skip_a_little_at_a_time() {
        for indices in [&[11][..], &[1, 8, 15], &[15, 8, 1], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20]] {
            assert!(keys(&members(indices)).is_ok(), "{indices:?}");
        }
        let to_ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21];
        for (indices, skipped) in
            [(&[12][..], 11), (&[1, 12], 11), (&to_ten, 11), (&[u64::MAX], u64::MAX - 1)]
        {
            let message = format!("Excessively sparse input would skip {skipped} list elements");
            assert_eq!(keys(&members(indices)), Err(message), "{indices:?}");
        }
        let huge = format!("T.member.{}.K=a", "9".repeat(100));
        assert!(keys(&huge).unwrap_err().starts_with("Excessively sparse"));
    }

    #[test]
    fn a_very_long_list_is_counted_and_kept_in_part() {
        let form = members(&(1..=3_000).collect::<Vec<_>>());
        let parameters = Parameters::read(b"", form.as_bytes(), |name| name == "T").unwrap();
        let list = parameters.list("T").unwrap().unwrap();
        assert_eq!((list.len(), list.elements().count()), (3_000, 1_000));
    }
}
