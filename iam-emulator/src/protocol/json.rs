//! JSON as STS writes it on request: one line without blanks, members by name.

use std::collections::BTreeMap;

use serde::Serialize;

/// Collects elements, to be written in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct JsonWriter {
    root: BTreeMap<String, Node>,
    /// The elements that are open, outermost first.
    open: Vec<(String, Node)>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Node {
    Text(String),
    Members(BTreeMap<String, Self>),
    List(Vec<Self>),
}

impl JsonWriter {
    /// The document so far.
    pub(super) fn into_string(self) -> String {
        // Maps with texts for names, in memory, cannot fail.
        serde_json::to_string(&self.root).unwrap_or_default()
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.add(name.to_owned(), Node::Text(text.to_owned()));
    }

    pub(super) fn open(&mut self, name: &str) {
        self.open.push((name.to_owned(), Node::Members(BTreeMap::new())));
    }

    pub(super) fn open_list(&mut self, name: &str) {
        self.open.push((name.to_owned(), Node::List(Vec::new())));
    }

    pub(super) fn close(&mut self) {
        if let Some((name, node)) = self.open.pop() {
            self.add(name, node);
        }
    }

    fn add(&mut self, name: String, node: Node) {
        match self.open.last_mut() {
            None => drop(self.root.insert(name, node)),
            Some((_, Node::Members(members))) => drop(members.insert(name, node)),
            Some((_, Node::List(items))) => items.push(node),
            // Nothing is opened inside a text.
            Some((_, Node::Text(_))) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Writer;
    use super::*;

    #[test]
    fn members_are_sorted_and_lists_are_arrays() {
        let mut writer = Writer::Json(JsonWriter::default());
        writer.element("R", |writer| {
            writer.text("b", "1\"\n\u{e9}");
            writer.list("a", ["x", "y"], |item, writer| writer.text("K", item));
            writer.element("c", |_| {});
        });
        let Writer::Json(json) = writer else { panic!("it is JSON") };
        assert_eq!(
            json.into_string(),
            r#"{"R":{"a":[{"K":"x"},{"K":"y"}],"b":"1\"\n\u00e9","c":{}}}"#
                .replace("\\u00e9", "\u{e9}")
        );
    }
}
