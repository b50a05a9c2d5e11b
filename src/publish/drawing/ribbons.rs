//! Lines side by side where they share a road. Each line is drawn to the right of its own travel, so the two directions of
//! a road never cover each other; lines in the same direction get lanes, counted from the middle.
//!
//! Cost: segments times points; lines are simplified first, a plan has some tens of segments a line.

use super::frame::{distance_to, simplify};

type P = (f64, f64);

/// Sideways copies of the given lines, same order; `width` is that of a lane, units.
#[must_use]
pub fn spread(lines: &[Vec<P>], width: f64) -> Vec<Vec<P>> {
    let simple: Vec<Vec<P>> = lines.iter().map(|line| clean(&simplify(line, 0.6))).collect();
    // Where another line joins or leaves is a point of this one too, so that lanes change there and nowhere else.
    let all: Vec<P> = simple.iter().flatten().copied().collect();
    let plain: Vec<Vec<P>> = simple.iter().map(|line| joined(line, &all, width)).collect();
    plain
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let lanes: Vec<usize> = line
                .windows(2)
                .map(|pair| {
                    // How many lines before this one run the same way here?
                    plain[..i].iter().filter(|other| runs_along(other, pair[0], pair[1], width)).count()
                })
                .collect();
            aside(line, &settle(&lanes), width)
        })
        .collect()
}

/// No two equal points in a row.
fn clean(line: &[P]) -> Vec<P> {
    let mut out: Vec<P> = Vec::with_capacity(line.len());
    for &p in line {
        if out.last().is_none_or(|q| (q.0 - p.0).abs() + (q.1 - p.1).abs() > 0.3) {
            out.push(p);
        }
    }
    out
}

/// The line with the points of others that lie on it.
fn joined(line: &[P], others: &[P], width: f64) -> Vec<P> {
    let mut out = Vec::with_capacity(line.len() * 2);
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = (dx * dx + dy * dy).max(1e-9);
        let mut cuts: Vec<f64> = others
            .iter()
            .filter(|p| distance_to(**p, a, b) < width * 0.3)
            .map(|p| ((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length)
            .filter(|t| t * length.sqrt() > width && (1.0 - t) * length.sqrt() > width)
            .collect();
        cuts.sort_by(f64::total_cmp);
        out.push(a);
        out.extend(cuts.iter().map(|t| (a.0 + t * dx, a.1 + t * dy)));
    }
    out.extend(line.last());
    clean(&out)
}

/// Does the line pass the middle of a-b in the same direction?
fn runs_along(line: &[P], a: P, b: P, width: f64) -> bool {
    let middle = (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1));
    line.windows(2).any(|pair| {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let (ex, ey) = (b.0 - a.0, b.1 - a.1);
        let along = dx * ex + dy * ey;
        let lengths = ((dx * dx + dy * dy) * (ex * ex + ey * ey)).sqrt();
        along > 0.9 * lengths && distance_to(middle, pair[0], pair[1]) < width * 0.75
    })
}

/// A single segment between two of the same lane takes their lane: no zigzag at junctions.
fn settle(lanes: &[usize]) -> Vec<usize> {
    let mut out = lanes.to_vec();
    for i in 1..lanes.len().saturating_sub(1) {
        if lanes[i - 1] == lanes[i + 1] {
            out[i] = lanes[i - 1];
        }
    }
    out
}

/// The line moved to its right by (lane + 1/2) widths, mitred at corners.
fn aside(line: &[P], lanes: &[usize], width: f64) -> Vec<P> {
    if line.len() < 2 {
        return line.to_vec();
    }
    // y grows downwards: the right of (dx, dy) is (-dy, dx).
    let right: Vec<P> = line
        .windows(2)
        .map(|pair| {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let length = (dx * dx + dy * dy).sqrt().max(1e-9);
            (-dy / length, dx / length)
        })
        .collect();
    let shift = |lane: usize| (lane as f64 + 0.5) * width;
    let mut out = Vec::with_capacity(line.len() + 4);
    out.push((line[0].0 + right[0].0 * shift(lanes[0]), line[0].1 + right[0].1 * shift(lanes[0])));
    for i in 1..line.len() - 1 {
        let (n, m) = (right[i - 1], right[i]);
        let (from, to) = (shift(lanes[i - 1]), shift(lanes[i]));
        let cos = n.0 * m.0 + n.1 * m.1;
        let p = line[i];
        if cos < -0.3 || (from - to).abs() > 1e-6 {
            // A sharp turn or a change of lane: both ends, joined.
            out.push((p.0 + n.0 * from, p.1 + n.1 * from));
            out.push((p.0 + m.0 * to, p.1 + m.1 * to));
        } else {
            let scale = from / (1.0 + cos);
            out.push((p.0 + (n.0 + m.0) * scale, p.1 + (n.1 + m.1) * scale));
        }
    }
    let last = line.len() - 1;
    let (n, by) = (right[last - 1], shift(lanes[last - 1]));
    out.push((line[last].0 + n.0 * by, line[last].1 + n.1 * by));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_directions_lie_on_opposite_sides() {
        let there = vec![(0.0, 0.0), (100.0, 0.0)];
        let back = vec![(100.0, 0.0), (0.0, 0.0)];
        let drawn = spread(&[there, back], 4.0);
        // Eastbound: its right is south, y = +2; westbound: north, y = -2.
        assert_eq!(drawn[0], vec![(0.0, 2.0), (100.0, 2.0)]);
        assert_eq!(drawn[1], vec![(100.0, -2.0), (0.0, -2.0)]);
    }

    #[test]
    fn the_second_line_the_same_way_gets_the_next_lane() {
        let a = vec![(0.0, 0.0), (100.0, 0.0)];
        let b = vec![(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)];
        let drawn = spread(&[a, b], 4.0);
        assert_eq!(drawn[1][0], (0.0, 6.0));
        // Alone again on the way south (right of south is west, x = 98).
        assert_eq!(drawn[1].last(), Some(&(98.0, 100.0)));
    }

    #[test]
    fn lanes_change_where_the_other_line_leaves() {
        let a = vec![(0.0, 0.0), (60.0, 0.0), (60.0, 100.0)];
        let b = vec![(0.0, 0.0), (200.0, 0.0)];
        let drawn = spread(&[a, b], 4.0);
        assert_eq!(drawn[1], vec![(0.0, 6.0), (60.0, 6.0), (60.0, 2.0), (200.0, 2.0)]);
    }

    #[test]
    fn corners_are_mitred_and_nothing_panics() {
        let bend = vec![(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)];
        assert_eq!(spread(&[bend], 4.0)[0][1], (98.0, 2.0));
        assert_eq!(spread(&[vec![], vec![(1.0, 1.0)]], 4.0), vec![vec![], vec![(1.0, 1.0)]]);
    }
}
