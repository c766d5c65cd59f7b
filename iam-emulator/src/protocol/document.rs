//! An answer as it is written: XML, or JSON where a client of STS asks for it.

use super::{json::JsonWriter, xml::XmlWriter};

/// Writes an answer's elements in the format that was asked for.
#[derive(Debug)]
pub(crate) enum Writer {
    Xml(XmlWriter),
    Json(JsonWriter),
}

impl Writer {
    /// An element that holds text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        match self {
            Self::Xml(xml) => xml.text(name, text),
            Self::Json(json) => json.text(name, text),
        }
    }

    /// An element that holds elements.
    pub(crate) fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        match self {
            Self::Xml(xml) => xml.open(name),
            Self::Json(json) => json.open(name),
        }
        content(self);
        self.close(name);
    }

    /// An element that holds one for each item: in XML they are `member`s.
    pub(crate) fn list<I: IntoIterator>(
        &mut self,
        name: &str,
        items: I,
        mut write_item: impl FnMut(I::Item, &mut Self),
    ) {
        match self {
            Self::Xml(xml) => xml.open(name),
            Self::Json(json) => json.open_list(name),
        }
        for item in items {
            self.element("member", |writer| write_item(item, writer));
        }
        self.close(name);
    }

    /// An element that holds a text for each item.
    pub(crate) fn texts(&mut self, name: &str, items: &[String]) {
        match self {
            Self::Xml(xml) => xml.open(name),
            Self::Json(json) => json.open_list(name),
        }
        for item in items {
            self.text("member", item);
        }
        self.close(name);
    }

    /// The document so far.
    pub(super) fn into_string(self) -> String {
        match self {
            Self::Xml(xml) => xml.into_string(),
            Self::Json(json) => json.into_string(),
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match self {
            Self::Xml(xml) => xml.close(name),
            Self::Json(json) => json.close(),
        }
    }
}
