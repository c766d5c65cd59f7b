//! One signing by every signer: a panel for each workload, bars that share a
//! scale.

use crate::measurement::{MIXED, Measurement};
use crate::plot::canvas::{Align, Canvas};
use crate::plot::microseconds;
use crate::workload::{self, Workload};

/// Above and below, from left to right.
const PANELS: [(&str, [&str; 3]); 2] =
    [("no session token", ["W1", "W2", "W3"]), ("with a session token", ["W1t", "W2t", "W4"])];

/// From top to bottom: the label, the looks, and the contestants it stands for,
/// of which the first counts that a workload, or its mixed lengths, has.
const BARS: &[Bar] = &[
    ("SHA-256 alone", Looks::Floor, &["floor"]),
    ("sigv4, simd batch", Looks::Ours, &["sigv4, batch, simd"]),
    ("sigv4, batch", Looks::Ours, &["sigv4, batch"]),
    ("sigv4, prepared", Looks::Ours, &["sigv4, prepared"]),
    ("sigv4", Looks::Ours, &["sigv4, instant reused"]),
    ("sigv4, new second", Looks::Ours, &["sigv4, new instant"]),
    ("sigv4, front door", Looks::Ours, &["sigv4, Signer (front door)"]),
    ("aws-sigv4", Looks::Other, &["aws-sigv4, sign()"]),
    ("reqsign-aws-v4 *", Looks::Other, &["reqsign-aws-v4, http::Parts"]),
    ("rusty-s3", Looks::Other, &["rusty-s3, URL"]),
    ("minio", Looks::Other, &["minio, URL"]),
    ("aws-sign-v4", Looks::Other, &["aws-sign-v4"]),
    ("object_store", Looks::Other, &["object_store, http::Request", "object_store, URL"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Floor,
    Ours,
    Other,
}

const WIDTH: f64 = 960.0;
const MARGIN: f64 = 24.0;
/// Above the first panels: the heading.
const HEAD: f64 = 74.0;
/// Above the first bar of a panel: its title.
const PANEL_HEAD: f64 = 30.0;
/// Below the last bar of a panel.
const PANEL_FOOT: f64 = 28.0;
/// Below the last panels: the notes.
const FOOT: f64 = 34.0;
/// Left of the first panel: the labels of the bars.
const LABELS: f64 = 160.0;
/// From one bar to the next.
const PITCH: f64 = 19.0;
const BAR: f64 = 12.0;
/// From the upper edge of a bar to the base line of the text beside it.
const BASE_LINE: f64 = 10.5;
/// Between the bars of `sigv4` and those of the others.
const APART: f64 = 6.0;
/// Right of a bar: its figure.
const FIGURE: f64 = 62.0;
/// Right of a bar of `sigv4`: its figure and the ratio.
const OWN_FIGURE: f64 = 112.0;

/// Draws the rows of bench `sign`, measured on `machine`.
#[must_use]
pub fn draw(rows: &[Measurement], machine: &str) -> String {
    let workloads = workload::all();
    let bars = PANELS.map(|(_, names)| present(rows, &names));
    let bands = bars.each_ref().map(|bars| PANEL_HEAD + bars.len() as f64 * PITCH + PANEL_FOOT);
    let height = HEAD + bands.iter().sum::<f64>() + FOOT;
    let mut canvas = Canvas::new(WIDTH, height, "One signing: time of sigv4 and of other signers");
    canvas.text(
        "head",
        Align::Left,
        (MARGIN, 34.0),
        "One signing, in microseconds: shorter is better",
    );
    let what = "One core, a known key, complete output. Beside the bars of sigv4: how many times SHA-256 alone.";
    canvas.text("quiet", Align::Left, (MARGIN, 54.0), what);
    let scale = scale(rows);
    let mut top = HEAD;
    for (((token, names), bars), band) in PANELS.iter().zip(&bars).zip(bands) {
        let labels = MARGIN + LABELS - 14.0;
        canvas.text("quiet", Align::Right, (labels, top + 14.0), token);
        for (at, (label, looks, _)) in bars.iter().enumerate() {
            let class = if *looks == Looks::Ours { "strong" } else { "" };
            let line = bar_top(top, bars, at) + BASE_LINE;
            canvas.text(class, Align::Right, (labels, line), label);
        }
        for (at, name) in names.iter().enumerate() {
            let left = MARGIN + LABELS + at as f64 * panel_width();
            if let Some(workload) = workloads.iter().find(|workload| workload.name == *name) {
                panel(&mut canvas, (left, top), workload, bars, rows, scale);
            }
        }
        top += band;
    }
    canvas.text("quiet", Align::Left, (MARGIN, height - 18.0), machine.trim_end());
    let note = "* never hashes the body";
    canvas.text("quiet", Align::Right, (WIDTH - MARGIN, height - 18.0), note);
    canvas.into_svg()
}

type Bar = (&'static str, Looks, &'static [&'static str]);

/// The bars that one of these workloads has.
fn present(rows: &[Measurement], workloads: &[&str]) -> Vec<Bar> {
    let measured =
        |(_, _, names): &&Bar| workloads.iter().any(|name| of(rows, name, names).is_some());
    BARS.iter().filter(measured).copied().collect()
}

fn of<'r>(rows: &'r [Measurement], workload: &str, names: &[&str]) -> Option<&'r Measurement> {
    rows.iter().find(|row| {
        let mixed = row.workload.strip_suffix(MIXED);
        let is_of = row.workload == workload || mixed == Some(workload);
        is_of && names.contains(&row.contestant.as_str())
    })
}

/// Pixels for a nanosecond, the same in every panel.
fn scale(rows: &[Measurement]) -> f64 {
    let fitting = rows.iter().filter_map(|row| {
        let names_it = |(_, _, names): &&Bar| names.contains(&row.contestant.as_str());
        let (_, looks, _) = BARS.iter().find(names_it)?;
        let figure = if *looks == Looks::Ours { OWN_FIGURE } else { FIGURE };
        Some((panel_width() - figure) / row.nanoseconds)
    });
    fitting.fold(f64::INFINITY, f64::min)
}

fn panel_width() -> f64 {
    (WIDTH - 2.0 * MARGIN - LABELS) / 3.0
}

/// The upper edge of a bar; what is not ours stands a little apart.
fn bar_top(top: f64, bars: &[Bar], at: usize) -> f64 {
    let apart = if bars[at].1 == Looks::Other { APART } else { 0.0 };
    top + PANEL_HEAD + at as f64 * PITCH + apart
}

fn panel(
    canvas: &mut Canvas,
    (left, top): (f64, f64),
    workload: &Workload,
    bars: &[Bar],
    rows: &[Measurement],
    scale: f64,
) {
    let title = format!("{}: {}", workload.name, workload.title);
    canvas.text("panel", Align::Left, (left, top + 14.0), &title);
    let floor = of(rows, workload.name, &["floor"]).map_or(0.0, |row| row.nanoseconds * scale);
    for (at, (_, looks, names)) in bars.iter().enumerate() {
        let Some(row) = of(rows, workload.name, names) else { continue };
        let bar_top = bar_top(top, bars, at);
        let length = row.nanoseconds * scale;
        let class = match looks {
            Looks::Floor => "floor",
            Looks::Ours => "ours",
            Looks::Other => "other",
        };
        canvas.bar(class, (left, bar_top), (length, BAR));
        let figure = microseconds(row.nanoseconds);
        let (class, figure) = match (looks, row.of_floor) {
            (Looks::Ours, Some(ratio)) => ("strong", format!("{figure}, {ratio:.2} ×")),
            _ => ("", figure),
        };
        canvas.text(
            class,
            Align::Left,
            (left + length.max(floor) + 5.0, bar_top + BASE_LINE),
            &figure,
        );
    }
    let end = bar_top(top, bars, bars.len() - 1) + BAR;
    canvas.line("mark", (left + floor, top + PANEL_HEAD + BAR), (left + floor, end));
}
