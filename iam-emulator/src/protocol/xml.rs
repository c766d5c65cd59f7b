//! XML as the services write it: two spaces a level, no declaration.

/// Bytes that an answer of a usual size takes.
const USUAL_BYTES: usize = 1024;

/// Writes elements, one a line, into a string.
#[derive(Debug)]
pub(crate) struct XmlWriter {
    text: String,
    /// Where the content of each open element begins.
    open: Vec<usize>,
}

impl Default for XmlWriter {
    fn default() -> Self {
        Self { text: String::with_capacity(USUAL_BYTES), open: Vec::new() }
    }
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
        let mut begin = 0;
        // Most texts stand as they are, which is quicker seen of all bytes at once.
        if text.bytes().fold(false, |found, byte| found | may_need_escape(byte)) {
            for (at, character) in text.char_indices() {
                if let Some(escape) = escape(character) {
                    self.put(&[&text[begin..at], escape]);
                    begin = at + character.len_utf8();
                }
            }
        }
        self.put(&[&text[begin..], "</", name, ">\n"]);
    }

    fn begin(&mut self, parts: &[&str]) {
        self.indent();
        self.put(&["<"]);
        self.put(parts);
        self.put(&[">\n"]);
        self.open.push(self.text.len());
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

/// What is written in place of a character, if not itself.
///
/// What XML 1.0 has no way to write becomes the replacement character, so that every answer can be
/// read; a carriage return would be read as a line feed if it were not escaped.
fn escape(character: char) -> Option<&'static str> {
    Some(match character {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '\r' => "&#xD;",
        '\t' | '\n' => return None,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
        _ => return None,
    })
}

/// Whether a character with this byte may be one that is [escaped](escape).
fn may_need_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'&' || byte == b'<' || byte == b'>' || byte == 0xef
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_has_a_byte_that_says_so() {
        for character in '\0'..=char::MAX {
            let mut bytes = [0; 4];
            let text = character.encode_utf8(&mut bytes);
            assert!(escape(character).is_none() || text.bytes().any(may_need_escape));
        }
    }

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
