//! XML as the services write it: two spaces a level, no declaration.

/// Writes elements, one a line, into a string.
#[derive(Debug, Default)]
pub(crate) struct XmlWriter {
    text: String,
    /// Where the content of each open element begins.
    open: Vec<usize>,
}

impl XmlWriter {
    /// The document so far.
    pub(super) fn into_string(self) -> String {
        self.text
    }

    /// Begins the outermost element, with its namespace.
    pub(super) fn open_root(&mut self, name: &str, namespace: &str) {
        self.begin(&[name, " xmlns=\"", namespace, "\""]);
    }

    /// Begins an element that holds elements.
    pub(super) fn open(&mut self, name: &str) {
        self.begin(&[name]);
    }

    /// Ends it; `<name/>` if it holds none.
    pub(super) fn close(&mut self, name: &str) {
        let Some(content) = self.open.pop() else { return };
        if self.text.len() == content {
            self.text.truncate(content - ">\n".len());
            self.text.push_str("/>\n");
        } else {
            self.indent();
            self.put(&["</", name, ">\n"]);
        }
    }

    /// An element that holds text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.indent();
        self.put(&["<", name, ">"]);
        for character in text.chars() {
            self.escape(character);
        }
        self.put(&["</", name, ">\n"]);
    }

    fn begin(&mut self, parts: &[&str]) {
        self.indent();
        self.put(&["<"]);
        self.put(parts);
        self.put(&[">\n"]);
        self.open.push(self.text.len());
    }

    /// What XML 1.0 has no way to write becomes the replacement character, so
    /// that every answer can be read; a carriage return would be read as a
    /// line feed if it were not escaped.
    fn escape(&mut self, character: char) {
        match character {
            '&' => self.text.push_str("&amp;"),
            '<' => self.text.push_str("&lt;"),
            '>' => self.text.push_str("&gt;"),
            '\r' => self.text.push_str("&#xD;"),
            '\t' | '\n' => self.text.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
            _ => self.text.push(character),
        }
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.text.push_str("  ");
        }
    }

    fn put(&mut self, parts: &[&str]) {
        for part in parts {
            self.text.push_str(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_indented_and_text_is_escaped() {
        let mut xml = XmlWriter::default();
        xml.open_root("R", "urn:x");
        xml.open("Empty");
        xml.close("Empty");
        xml.open("Full");
        xml.text("T", "a<b>&\"'\r\u{1}\u{e9}");
        xml.text("E", "");
        xml.close("Full");
        xml.close("R");
        assert_eq!(
            xml.into_string(),
            "<R xmlns=\"urn:x\">\n  <Empty/>\n  <Full>\n    \
             <T>a&lt;b&gt;&amp;\"'&#xD;\u{fffd}\u{e9}</T>\n    <E></E>\n  </Full>\n</R>\n"
        );
    }
}
