//! Cost against size: a panel for headers, one for parameters, one for bytes.

use crate::plot::canvas::{Align, Canvas};
use crate::size::SizeRow;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 356.0;
const MARGIN: f64 = 24.0;
/// Left of each panel: the figures of its axis.
const AXIS: f64 = 34.0;
/// Right of each panel: the names of its curves.
const NAMES: f64 = 130.0;
const TOP: f64 = 108.0;
const BOTTOM: f64 = HEIGHT - 66.0;

/// How the names of a panel's rows begin, and what it is called.
const PANELS: [(&str, &str); 3] =
    [("headers", "headers"), ("parameters", "query parameters"), ("bytes", "bytes of the body")];

/// Draws the rows of bench `growth`, measured on `machine`.
#[must_use]
pub fn draw(rows: &[SizeRow], machine: &str) -> String {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, "Time for signing and verifying against size");
    canvas.text("head", Align::Left, (MARGIN, 34.0), "One request, against its size");
    let what = "Microseconds, and beside each curve its slope. Dashed: names that all begin with x-amz-meta-.";
    canvas.text("quiet", Align::Left, (MARGIN, 54.0), what);
    let width = (WIDTH - 2.0 * MARGIN) / PANELS.len() as f64;
    for (at, (prefix, unit)) in PANELS.into_iter().enumerate() {
        let curves: Vec<_> =
            SizeRow::growths(rows).filter(|rows| rows[0].grows_by.starts_with(prefix)).collect();
        let left = MARGIN + AXIS + at as f64 * width;
        Panel::new(left, width - AXIS - NAMES, &curves).draw(&mut canvas, unit, &curves);
    }
    canvas.text("quiet", Align::Left, (MARGIN, HEIGHT - 18.0), machine.trim_end());
    canvas.into_svg()
}

/// A panel's place and scales.
struct Panel {
    left: f64,
    width: f64,
    size_max: f64,
    nanoseconds_max: f64,
}

impl Panel {
    fn new(left: f64, width: f64, curves: &[&[SizeRow]]) -> Self {
        let rows = || curves.iter().copied().flatten();
        let size_max = rows().map(|row| row.size as f64).fold(1.0, f64::max);
        let longest = rows().map(|row| row.signing.max(row.verifying)).fold(1.0, f64::max);
        let step = step(longest);
        Self { left, width, size_max, nanoseconds_max: (longest / step).ceil() * step }
    }

    fn place(&self, size: f64, nanoseconds: f64) -> (f64, f64) {
        let x = self.left + size / self.size_max * self.width;
        (x, BOTTOM - nanoseconds / self.nanoseconds_max * (BOTTOM - TOP))
    }

    fn draw(&self, canvas: &mut Canvas, unit: &str, curves: &[&[SizeRow]]) {
        canvas.text("panel", Align::Left, (self.left, TOP - 20.0), unit);
        let step = step(self.nanoseconds_max);
        for tick in 0..=4 {
            let nanoseconds = f64::from(tick) * step;
            if nanoseconds <= self.nanoseconds_max {
                let from = self.place(0.0, nanoseconds);
                canvas.line("rule", from, (self.left + self.width, from.1));
                let figure = format!("{:.0}", nanoseconds / 1e3);
                canvas.text("quiet", Align::Right, (from.0 - 6.0, from.1 + 4.0), &figure);
            }
        }
        for part in [0.0, 0.5, 1.0] {
            let (x, y) = self.place(part * self.size_max, 0.0);
            let figure = size(part * self.size_max);
            canvas.text("quiet", Align::Middle, (x, y + 17.0), &figure);
        }
        let mut names = Names::default();
        for rows in curves {
            let alike = if rows[0].grows_by.contains("x-amz-meta") { " alike" } else { "" };
            let [sign, verify] = SizeRow::lines(rows);
            let points = |of: fn(&SizeRow) -> f64| -> Vec<_> {
                rows.iter().map(|row| self.place(row.size as f64, of(row))).collect()
            };
            for (class, slope, points) in [
                ("sign", sign.slope, points(|row| row.signing)),
                ("verify", verify.slope, points(|row| row.verifying)),
            ] {
                canvas.curve(&format!("{class}{alike}"), &points);
                for &point in &points {
                    canvas.dot(&format!("{class}-dot"), point);
                }
                let name = format!("{class}: {} ns each", digits(slope));
                names.push(points.last().map_or(BOTTOM, |point| point.1), class, name);
            }
        }
        names.draw(canvas, self.left + self.width + 8.0);
    }
}

/// Names of curves at their ends, moved apart where they would overlap.
#[derive(Default)]
struct Names(Vec<(f64, &'static str, String)>);

impl Names {
    fn push(&mut self, y: f64, class: &'static str, name: String) {
        self.0.push((y, class, name));
    }

    fn draw(mut self, canvas: &mut Canvas, x: f64) {
        const APART: f64 = 15.0;
        self.0.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut free = f64::INFINITY;
        for (y, class, name) in self.0 {
            let y = y.min(free);
            canvas.text(&format!("{class}-text"), Align::Left, (x, y + 4.0), &name);
            free = y - APART;
        }
    }
}

/// A round number that divides the axis into two to four.
fn step(longest: f64) -> f64 {
    let magnitude = 10_f64.powf((longest / 4.0).log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * magnitude);
    round.into_iter().find(|step| longest / step <= 4.0).unwrap_or(longest)
}

/// Three digits at most.
fn digits(number: f64) -> String {
    let decimals = if number < 10.0 { 2 } else { 0 };
    format!("{number:.decimals$}")
}

fn size(size: f64) -> String {
    match size {
        size if size >= 1_048_576.0 => format!("{} MiB", size / 1_048_576.0),
        size if size > 1_024.0 => format!("{} KiB", size / 1_024.0),
        _ => size.to_string(),
    }
}
