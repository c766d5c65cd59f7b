//! The straight line that comes nearest to what was measured.

use std::fmt;

/// `constant + slope × size`.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Nanoseconds that every request costs.
    pub constant: f64,
    /// Nanoseconds for each unit more.
    pub slope: f64,
    /// The largest distance of a measurement from the line, as a part of the
    /// line, and the size where it is.
    pub worst: (f64, f64),
}

impl Line {
    /// The line whose relative errors have the least sum of squares, so that a
    /// small request counts as much as a large one.
    #[must_use]
    pub fn through(points: &[(f64, f64)]) -> Self {
        let [mut ones, mut xs, mut xxs, mut ys, mut xys] = [0.0; 5];
        for &(x, y) in points {
            let weight = 1.0 / (y * y);
            ones += weight;
            xs += weight * x;
            xxs += weight * x * x;
            ys += weight * y;
            xys += weight * x * y;
        }
        let slope = (ones * xys - xs * ys) / (ones * xxs - xs * xs);
        let constant = (ys - slope * xs) / ones;
        let off = |&(x, y): &(f64, f64)| ((y / (constant + slope * x) - 1.0).abs(), x);
        let worst = points.iter().map(off).fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a });
        Self { constant, slope, worst }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { constant, slope, .. } = self;
        // Three digits of either.
        let decimals = if *slope < 10.0 { 2 } else { 0 };
        write!(f, "{constant:.0} + {slope:.decimals$} n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_found_and_a_bent_one_is_told() {
        let line = Line::through(&[(1.0, 105.0), (10.0, 150.0), (100.0, 600.0)]);
        assert_eq!(line.to_string(), "100 + 5.00 n");
        assert!(line.worst.0 < 1e-9);
        let square = [(1.0, 1.0), (10.0, 100.0), (100.0, 10_000.0)];
        assert!(Line::through(&square).worst.0 > 0.5);
    }
}
