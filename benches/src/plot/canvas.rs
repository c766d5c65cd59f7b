//! A picture that reads well on a light page and on a dark one.

use svg::Document;
use svg::node::element::{Circle, Line, Polyline, Rectangle, Style, Text, Title};

/// What is drawn so far.
pub(super) struct Canvas {
    document: Document,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Right,
    Middle,
}

/// The looks of all elements. The picture has a ground of its own, since a page
/// may be dark where the reader's system is not.
const LOOKS: &str = "
text { font: 12px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
.head { font-size: 17px; font-weight: 600 }
.panel { font-weight: 600 }
.quiet { fill: #59636e }
.strong { font-weight: 600; fill: #0550ae }
.ground { fill: #ffffff; stroke: #d1d9e0 }
.ours { fill: #0969da }
.other { fill: #afb8c1 }
.floor { fill: #d4a72c }
.rule { stroke: #d1d9e0 }
.mark { stroke: #9a6700; stroke-dasharray: 2 3 }
.curve { fill: none; stroke-width: 2 }
.sign { stroke: #0969da }
.verify { stroke: #8250df }
.sign-dot { fill: #0969da }
.verify-dot { fill: #8250df }
.sign-text { fill: #0550ae }
.verify-text { fill: #6639ba }
.alike { stroke-dasharray: 6 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .quiet { fill: #9198a1 }
  .strong { fill: #79c0ff }
  .ground { fill: #0d1117; stroke: #3d444d }
  .ours { fill: #388bfd }
  .other { fill: #656c76 }
  .floor { fill: #bb8009 }
  .rule { stroke: #3d444d }
  .mark { stroke: #d29922 }
  .sign { stroke: #58a6ff }
  .verify { stroke: #bc8cff }
  .sign-dot { fill: #58a6ff }
  .verify-dot { fill: #bc8cff }
  .sign-text { fill: #79c0ff }
  .verify-text { fill: #d2a8ff }
}
";

impl Canvas {
    /// An empty picture with a name for those who cannot see it.
    pub(super) fn new(width: f64, height: f64, name: &str) -> Self {
        let ground = Rectangle::new()
            .set("class", "ground")
            .set("x", 0.5)
            .set("y", 0.5)
            .set("width", width - 1.0)
            .set("height", height - 1.0)
            .set("rx", 8);
        let document = Document::new()
            .set("viewBox", (0, 0, width, height))
            .set("width", width)
            .set("height", height)
            .set("role", "img")
            .add(Title::new(name))
            .add(Style::new(LOOKS))
            .add(ground);
        Self { document }
    }

    /// A text on its base line.
    pub(super) fn text(&mut self, class: &str, align: Align, (x, y): (f64, f64), text: &str) {
        let anchor = match align {
            Align::Left => "start",
            Align::Right => "end",
            Align::Middle => "middle",
        };
        let text = Text::new(text)
            .set("class", class)
            .set("text-anchor", anchor)
            .set("x", placed(x))
            .set("y", placed(y));
        self.add(text);
    }

    /// A bar from its upper left corner.
    pub(super) fn bar(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let bar = Rectangle::new()
            .set("class", class)
            .set("x", placed(x))
            .set("y", placed(y))
            .set("width", placed(width))
            .set("height", placed(height))
            .set("rx", 1.5);
        self.add(bar);
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let line = Line::new()
            .set("class", class)
            .set("x1", placed(from.0))
            .set("y1", placed(from.1))
            .set("x2", placed(to.0))
            .set("y2", placed(to.1));
        self.add(line);
    }

    /// A line through points.
    pub(super) fn curve(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<_> =
            points.iter().map(|&(x, y)| format!("{},{}", placed(x), placed(y))).collect();
        self.add(
            Polyline::new().set("class", format!("curve {class}")).set("points", points.join(" ")),
        );
    }

    /// A point that was measured.
    pub(super) fn dot(&mut self, class: &str, (x, y): (f64, f64)) {
        self.add(
            Circle::new()
                .set("class", class)
                .set("cx", placed(x))
                .set("cy", placed(y))
                .set("r", 2.5),
        );
    }

    /// The file's text.
    pub(super) fn into_svg(self) -> String {
        format!("{}\n", self.document)
    }

    fn add(&mut self, node: impl Into<Box<dyn svg::Node>>) {
        svg::Node::append(&mut self.document, node);
    }
}

/// A tenth of a pixel is exact enough, and makes a shorter file.
fn placed(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}
