//! A Markdown page: its blocks, and which TOML block governs each of them.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::manifest::Manifest;

/// A page of the repository.
pub(crate) struct Page {
    /// Its path from the root, with `/`.
    pub(crate) name: String,
    /// What stands before the first heading of the second level.
    pub(crate) opening: String,
    pub(crate) blocks: Vec<Block>,
}

/// A code block.
pub(crate) struct Block {
    /// The line of the page that opens it; the code begins in the next.
    pub(crate) line: usize,
    /// What stands behind the fence, nothing where the block is indented.
    pub(crate) info: String,
    pub(crate) text: String,
    /// The TOML block with the dependencies it is compiled with.
    pub(crate) manifest: Option<Manifest>,
}

impl Page {
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let mut page = Self { name: name.to_owned(), opening: text.to_owned(), blocks: Vec::new() };
        let mut manifests = InForce::default();
        let mut sections = 0;
        let mut block: Option<Block> = None;
        for (event, range) in Parser::new(text).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    manifests.end_at(level);
                    sections += usize::from(level >= HeadingLevel::H2);
                    if sections == 1 {
                        page.opening.truncate(page.opening.len().min(range.start));
                    }
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let line = text[..range.start].matches('\n').count() + 1;
                    block = Some(Block::new(line, &kind, manifests.nearest()));
                }
                Event::Text(code) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&code);
                    }
                }
                Event::End(TagEnd::CodeBlock) => {
                    page.blocks.extend(block.take().inspect(|block| manifests.read(block)));
                }
                _ => {}
            }
        }
        page
    }

    /// The name as a part of the name of a program.
    pub(crate) fn stem(&self) -> String {
        self.name.trim_end_matches(".md").replace(['/', '-'], "_").to_lowercase()
    }
}

impl Block {
    fn new(line: usize, kind: &CodeBlockKind<'_>, manifest: Option<Manifest>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.to_string(),
            CodeBlockKind::Indented => String::new(),
        };
        Self { line, info, text: String::new(), manifest }
    }
}

/// The TOML blocks that govern what follows.
#[derive(Default)]
struct InForce {
    first: Option<Manifest>,
    /// The level of the last heading.
    level: Option<HeadingLevel>,
    /// Each with the level of the heading it stands under.
    sections: Vec<(Option<HeadingLevel>, Manifest)>,
}

impl InForce {
    fn end_at(&mut self, level: HeadingLevel) {
        self.sections.retain(|(section, _)| section.is_some_and(|section| section < level));
        self.level = Some(level);
    }

    fn read(&mut self, block: &Block) {
        if let Some(manifest) = Manifest::of_block(block) {
            self.first.get_or_insert_with(|| manifest.clone());
            self.sections.push((self.level, manifest));
        }
    }

    fn nearest(&self) -> Option<Manifest> {
        self.sections.last().map(|(_, manifest)| manifest).or(self.first.as_ref()).cloned()
    }
}

#[test]
fn a_toml_block_governs_its_section_and_the_first_governs_the_rest() {
    let page = Page::parse("page.md", PAGE);
    let governed = page.blocks.iter().filter(|block| block.info == "rust");
    let found: Vec<_> = governed
        .map(|block| (&*block.text, block.manifest.as_ref().map(|manifest| manifest.line)))
        .collect();
    let expected = [
        ("before\n", None),
        ("opening\n", Some(6)),
        ("other tables do not govern\n", Some(6)),
        ("section\n", Some(21)),
        ("subsection\n", Some(28)),
        ("section again\n", Some(21)),
        ("opening again\n", Some(6)),
    ];
    assert_eq!(found, expected);
    assert!(page.opening.ends_with("opening\n```\n"));
}

const PAGE: &str = "# Title
```rust
before
```

```toml
[dependencies]
a = \"1\"
```
```rust
opening
```
## Section
```toml
[profile]
```
```rust
other tables do not govern
```

```toml
[dependencies]
```
```rust
section
```
### Subsection
```toml
[dependencies]
```
```rust
subsection
```
### Subsection
```rust
section again
```
## Section
~~~rust
opening again
~~~
";
