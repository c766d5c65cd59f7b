//! Lists of tags.

use std::borrow::Cow;

use super::{
    Constraint, Described, Input, Parameter, Source,
    constraint::{TAG_KEY, TAG_VALUE},
};
use crate::{
    error::ApiError,
    protocol::{Element, Parameters},
    state::Tag,
};

/// The most tags that an entity can have, and a request can name.
pub(crate) const TAGS_MAX: u64 = 50;

/// The tags of a request; nothing if it has no such list.
pub(crate) type Tags = Option<Vec<Tag>>;

struct TagKey(String);
struct TagValue(String);

impl Parameter for TagKey {
    const CONSTRAINT: Constraint = Constraint::Text(TAG_KEY);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Parameter for TagValue {
    const CONSTRAINT: Constraint = Constraint::Text(TAG_VALUE);

    fn take(_: &str, text: String) -> Result<Self, ApiError> {
        Ok(Self(text))
    }
}

impl Input<'_> {
    /// The list `Tags`, which may be left out.
    pub(crate) fn tags(&mut self) -> Option<Tags> {
        let parameters = match &mut self.source {
            Source::Request(parameters) => *parameters,
            Source::Description(description) => {
                let list = Constraint::List { len_max: TAGS_MAX };
                description.parameters.extend([
                    Described { name: "Tags", constraint: list, is_required: false },
                    described::<TagKey>("Tags.member.Key"),
                    described::<TagValue>("Tags.member.Value"),
                ]);
                return None;
            }
        };
        self.read_tags(parameters)
    }

    fn read_tags(&mut self, parameters: &Parameters<'_>) -> Option<Tags> {
        let list = match parameters.list("Tags") {
            Ok(None) => return Some(None),
            Ok(Some(list)) => list,
            Err(malformed) => {
                self.malformed.get_or_insert(malformed);
                return None;
            }
        };
        if list.len() > TAGS_MAX {
            let text = format!("Member must have length less than or equal to {TAGS_MAX}");
            self.violation("tags", &text);
        }
        let mut tags = Vec::new();
        for (index, element) in list.elements() {
            tags.push(self.tag(index, element));
        }
        tags.into_iter().collect::<Option<_>>().map(Some)
    }

    /// One element; what is missing is told of the value first, then of the key.
    fn tag(&mut self, index: u64, element: Option<&Element<'_, '_>>) -> Option<Tag> {
        let text = |name| element.and_then(|element| element.field(name));
        let value = self.member::<TagValue>(index, "value", text("Value"));
        let key = self.member::<TagKey>(index, "key", text("Key"));
        Some(Tag { key: key?.0, value: value?.0 })
    }

    fn member<T: Parameter>(
        &mut self,
        index: u64,
        name: &str,
        text: Option<Cow<'_, str>>,
    ) -> Option<T> {
        let field = format!("tags.{index}.member.{name}");
        match text {
            Some(text) => self.take(&field, text.into_owned()),
            None => {
                self.violation(&field, "Member must not be null");
                None
            }
        }
    }
}

const fn described<T: Parameter>(name: &'static str) -> Described {
    Described { name, constraint: T::CONSTRAINT, is_required: true }
}
