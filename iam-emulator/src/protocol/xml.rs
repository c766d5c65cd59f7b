//! XML as the services write it: two spaces a level, no declaration.

/// Writes elements, one a line, into a string.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    /// The document so far.
    pub(crate) fn into_string(self) -> String {
        self.text
    }

    /// The outermost element, with its namespace.
    pub(crate) fn root(&mut self, name: &str, namespace: &str, content: impl FnOnce(&mut Self)) {
        let open = format!("{name} xmlns=\"{namespace}\"");
        self.nested(&open, name, content);
    }

    /// An element that holds elements, or `<name/>` when it holds none.
    pub(crate) fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.nested(name, name, content);
    }

    /// An element that holds text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.indent();
        self.put(&["<", name, ">"]);
        for character in text.chars() {
            self.escape(character);
        }
        self.put(&["</", name, ">\n"]);
    }

    fn nested(&mut self, open: &str, name: &str, content: impl FnOnce(&mut Self)) {
        self.indent();
        let start = self.text.len();
        self.put(&["<", open, ">\n"]);
        let before = self.text.len();
        self.depth += 1;
        content(self);
        self.depth -= 1;
        if self.text.len() == before {
            self.text.truncate(start);
            self.put(&["<", open, "/>\n"]);
        } else {
            self.indent();
            self.put(&["</", name, ">\n"]);
        }
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
        for _ in 0..self.depth {
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
        let mut xml = Writer::default();
        xml.root("R", "urn:x", |xml| {
            xml.element("Empty", |_| {});
            xml.element("Full", |xml| {
                xml.text("T", "a<b>&\"'\r\u{1}\u{e9}");
                xml.text("E", "");
            });
        });
        assert_eq!(
            xml.into_string(),
            "<R xmlns=\"urn:x\">\n  <Empty/>\n  <Full>\n    \
             <T>a&lt;b&gt;&amp;\"'&#xD;\u{fffd}\u{e9}</T>\n    <E></E>\n  </Full>\n</R>\n"
        );
    }
}
