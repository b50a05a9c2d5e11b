//! What area is reached, given the pieces of road that are? All that lies within about `spread` of a piece, as polygons
//! with holes.
//!
//! The distance to the nearest piece is measured on a grid half as wide as `spread`, its contour drawn by marching
//! squares (Lorensen & Cline 1987, in the plane), then freed of needless vertices. Buffers of polygons (`geo`) would be
//! exact, but uniting 100,000 of them takes minutes and may fail where edges touch; a grid is linear and cannot fail.
//!
//! Promised: a piece lies inside; what is farther than 2 `spread` from every piece lies outside; rings are closed, do not
//! cross or touch, run counter-clockwise around a polygon and clockwise around a hole (RFC 7946). Why: distance changes
//! by at most 1 m a metre, and a cell of the grid is `spread` / √2 across; so in a cell that the contour passes the
//! distance is between 0.29 and 1.71 `spread`. Leaving out vertices moves the contour by at most a twentieth of `spread`.
//!
//! Limits: [`MOST_NODES`] nodes of the grid; a larger extent gets a coarser grid, and [`real_spread`] says which.

use super::roads::dense;
use crate::domain::coordinates::Local;

/// A piece of road that is reached, cut at the limit; local metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Its ends.
    pub ends: [[f64; 2]; 2],
}

/// An area without self-intersections; local metres. In every ring the last point is the first again.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    /// Around it, counter-clockwise.
    pub outer: Vec<[f64; 2]>,
    /// Around what it does not hold, clockwise.
    pub holes: Vec<Vec<[f64; 2]>>,
}

/// Nodes of the grid: 16 MB of distances.
pub const MOST_NODES: usize = 4_000_000;
/// Least spread, metres: finer than roads are drawn.
const LEAST_SPREAD_M: f64 = 5.0;
/// The contour cuts a side of a cell no nearer to its ends than this share: no two vertices meet.
const CLEAR: f64 = 0.05;
/// A contour moves by at most this share of the spread when vertices are left out: along a straight street, where it only
/// ever moves inwards, half of that is lost of the area.
const TOLERANCE: f64 = 0.05;
/// Longest edge left when vertices are left out, in cells: keeps the search for what is in the way short.
const LONGEST: f64 = 32.0;
/// Holes smaller than this share of the square of the spread hold nothing that must lie outside.
const LEAST_HOLE: f64 = 0.25;

/// The spread that [`outline`] will use: as asked, but at least 5 m, and more where the grid would be too large.
#[must_use]
pub fn real_spread(pieces: &[Reached], spread_m: f64) -> f64 {
    Grid::around(pieces, spread_m).map_or(spread_m, |grid| 2.0 * grid.side)
}

/// The area within about `spread_m` of the pieces; see above for what is promised. Pieces with numbers that are none are
/// left out. Polygons come by their southernmost grid row.
#[must_use]
pub fn outline(pieces: &[Reached], spread_m: f64) -> Vec<Polygon> {
    let Some(mut grid) = Grid::around(pieces, spread_m) else { return Vec::new() };
    for piece in pieces.iter().filter(|piece| finite(piece)) {
        grid.mark(piece.ends);
    }
    let mut rings = grid.rings();
    let least = LEAST_HOLE * (2.0 * grid.side) * (2.0 * grid.side);
    rings.retain(|ring| {
        let area = area(&ring.points);
        area > 0.0 || -area >= least
    });
    simplify(&mut rings, grid.side);
    // Outer rings first within a part; parts by their lowest node.
    rings.sort_by_key(|ring| (ring.part, area(&ring.points) < 0.0));
    let mut polygons: Vec<(u32, Polygon)> = Vec::new();
    for Ring { part, mut points } in rings {
        points.extend(points.first().copied());
        match polygons.last_mut() {
            Some((last, polygon)) if *last == part => polygon.holes.push(points),
            _ => polygons.push((part, Polygon { outer: points, holes: Vec::new() })),
        }
    }
    polygons.into_iter().map(|(_, polygon)| polygon).collect()
}

/// The coordinates of a GeoJSON `MultiPolygon`: degrees with seven decimals (a centimetre).
#[must_use]
pub fn multi_polygon(polygons: &[Polygon], local: &Local) -> Vec<Vec<Vec<[f64; 2]>>> {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let ring = |ring: &Vec<[f64; 2]>| {
        let degrees = ring.iter().map(|at| local.unproject(*at));
        degrees.map(|point| [round(point.lon), round(point.lat)]).collect()
    };
    polygons.iter().map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect()).collect()
}

fn finite(piece: &Reached) -> bool {
    piece.ends.iter().flatten().all(|number| number.is_finite())
}

/// Distances to the nearest piece on a grid of nodes; infinite where it does not matter.
struct Grid {
    /// Of the first node.
    corner: [f64; 2],
    /// Between nodes; half the spread.
    side: f64,
    columns: usize,
    rows: usize,
    metres: Vec<f32>,
}

/// A ring of the contour (not closed yet), and the part of the area it belongs to.
struct Ring {
    part: u32,
    points: Vec<[f64; 2]>,
}

impl Grid {
    /// Large enough that its rim is out of reach.
    fn around(pieces: &[Reached], spread_m: f64) -> Option<Self> {
        let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for end in pieces.iter().filter(|piece| finite(piece)).flat_map(|piece| piece.ends) {
            for axis in 0..2 {
                least[axis] = least[axis].min(end[axis]);
                most[axis] = most[axis].max(end[axis]);
            }
        }
        let size = [most[0] - least[0], most[1] - least[1]];
        if !size.iter().all(|metres| metres.is_finite()) {
            return None;
        }
        let mut side = if spread_m.is_finite() { spread_m.max(LEAST_SPREAD_M) / 2.0 } else { LEAST_SPREAD_M / 2.0 };
        // Three cells around: the contour ends within two of them.
        let count = |metres: f64, side: f64| (metres / side).ceil() + 7.0;
        while count(size[0], side) * count(size[1], side) > MOST_NODES as f64 {
            side *= 1.25;
        }
        let [columns, rows] = size.map(|metres| whole(count(metres, side)));
        let corner = [least[0] - 3.0 * side, least[1] - 3.0 * side];
        Some(Self { corner, side, columns, rows, metres: Vec::new() })
    }

    /// Distances around a piece, row by row, as far as the contour may need them.
    fn mark(&mut self, [a, b]: [[f64; 2]; 2]) {
        if self.metres.is_empty() {
            self.metres = vec![f32::INFINITY; self.columns * self.rows];
        }
        let reach = 3.2 * self.side;
        let along = [b[0] - a[0], b[1] - a[1]];
        let square = along[0] * along[0] + along[1] * along[1];
        let node = |metres: f64, axis: usize| (metres - self.corner[axis]) / self.side;
        let (south, north) = (a[1].min(b[1]) - reach, a[1].max(b[1]) + reach);
        for row in whole(node(south, 1).ceil())..=whole(node(north, 1).floor()).min(self.rows - 1) {
            let y = self.corner[1] + row as f64 * self.side;
            // The part of the piece that is within reach of this row, and the nodes beside it.
            let (mut from, mut to) = (0.0_f64, 1.0_f64);
            if along[1].abs() > 1e-9 {
                let cuts = [(y - reach - a[1]) / along[1], (y + reach - a[1]) / along[1]];
                from = from.max(cuts[0].min(cuts[1])).min(1.0);
                to = to.min(cuts[0].max(cuts[1])).max(from);
            }
            let (x, z) = (a[0] + from * along[0], a[0] + to * along[0]);
            let first = whole(node(x.min(z) - reach, 0).ceil());
            let last = whole(node(x.max(z) + reach, 0).floor()).min(self.columns - 1);
            for column in first..=last {
                let x = self.corner[0] + column as f64 * self.side;
                let (px, py) = (x - a[0], y - a[1]);
                let share = if square > 0.0 { ((px * along[0] + py * along[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
                let (ex, ey) = (px - share * along[0], py - share * along[1]);
                #[expect(clippy::cast_possible_truncation, reason = "a centimetre is more than enough")]
                let metres = (ex * ex + ey * ey).sqrt() as f32;
                let here = &mut self.metres[row * self.columns + column];
                *here = here.min(metres);
            }
        }
    }

    /// Metres at a node beyond the contour; negative inside.
    fn beyond(&self, node: usize) -> f64 {
        f64::from(self.metres[node]) - 2.0 * self.side
    }

    /// All rings, inside on the left.
    fn rings(&self) -> Vec<Ring> {
        if self.metres.is_empty() {
            return Vec::new();
        }
        let parts = self.parts();
        // Steps of the contour through the cells: from the side it enters by to the side it leaves by. Sides are
        // numbered by their node (west or south end): 2 node for the one eastward, 2 node + 1 for the one northward.
        let mut steps: Vec<(usize, usize, u32)> = Vec::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                let sw = row * self.columns + column;
                // Counter-clockwise from the south-west; side k runs from corner k to corner k + 1.
                let corners = [sw, sw + 1, sw + self.columns + 1, sw + self.columns];
                let inside = corners.map(|node| self.beyond(node) < 0.0);
                let sides = [2 * sw, 2 * (sw + 1) + 1, 2 * (sw + self.columns), 2 * sw + 1];
                if inside == [true; 4] || inside == [false; 4] {
                    continue;
                }
                let joined = self.joined(corners, inside);
                for at in 0..4 {
                    // Going round the cell, the inside ends at side `at`: here the contour comes in (the inside stays
                    // on its left), and leaves where the inside it goes along began.
                    let next = (at + 1) % 4;
                    if !inside[at] || inside[next] {
                        continue;
                    }
                    let began = |from: usize| (1..=4).map(|back| (from + 4 - back) % 4).find(|k| !inside[*k]);
                    let ended = |from: usize| (0..4).map(|on| (from + on) % 4).find(|k| inside[(*k + 1) % 4]);
                    // On one side of the gap lies the same inside (a corner cut off), or, joined, the other one.
                    let leave = if joined { ended(next) } else { began(at) };
                    let Some(leave) = leave else { continue };
                    steps.push((sides[at], sides[leave], parts[corners[at]]));
                }
            }
        }
        steps.sort_unstable();
        let mut used = vec![false; steps.len()];
        let mut rings = Vec::new();
        for first in 0..steps.len() {
            let mut at = first;
            let mut points = Vec::new();
            while !used[at] {
                used[at] = true;
                points.push(self.cut(steps[at].0));
                match steps.binary_search_by_key(&steps[at].1, |step| step.0) {
                    Ok(next) => at = next,
                    Err(_) => break,
                }
            }
            if points.len() >= 3 {
                rings.push(Ring { part: steps[first].2, points });
            }
        }
        rings
    }

    /// Are two opposite corners inside and joined through the middle of the cell?
    fn joined(&self, corners: [usize; 4], inside: [bool; 4]) -> bool {
        let saddle = inside[0] == inside[2] && inside[1] == inside[3] && inside[0] != inside[1];
        saddle && corners.iter().map(|node| self.beyond(*node).min(4.0 * self.side)).sum::<f64>() < 0.0
    }

    /// Where the contour cuts a side.
    fn cut(&self, side: usize) -> [f64; 2] {
        let (node, north) = (side / 2, side % 2 == 1);
        let other = if north { node + self.columns } else { node + 1 };
        let (a, b) = (self.beyond(node), self.beyond(other));
        let share = if (a - b).is_finite() && a != b { (a / (a - b)).clamp(CLEAR, 1.0 - CLEAR) } else { 0.5 };
        let mut at = [(node % self.columns) as f64, (node / self.columns) as f64];
        at[usize::from(north)] += share;
        [self.corner[0] + at[0] * self.side, self.corner[1] + at[1] * self.side]
    }

    /// Of each node inside, the lowest node that it hangs together with.
    fn parts(&self) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..dense(self.metres.len())).collect();
        let mut unite = |a: usize, b: usize| {
            let [a, b] = [a, b].map(|node| root(&mut parent, dense(node)));
            parent[a.max(b) as usize] = a.min(b);
        };
        let within = |node: usize| self.beyond(node) < 0.0;
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                let sw = row * self.columns + column;
                let corners = [sw, sw + 1, sw + self.columns + 1, sw + self.columns];
                let inside = corners.map(within);
                for other in [1, 3] {
                    if inside[0] && inside[other] {
                        unite(sw, corners[other]);
                    }
                }
                if self.joined(corners, inside) {
                    let [a, b] = if inside[0] { [0, 2] } else { [1, 3] };
                    unite(corners[a], corners[b]);
                }
            }
        }
        (0..dense(self.metres.len())).map(|node| root(&mut parent, node)).collect()
    }
}

/// The first node of a part, paths halved on the way.
fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

/// Twice the signed area, halved: positive counter-clockwise.
fn area(ring: &[[f64; 2]]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let from = |at: [f64; 2]| [at[0] - origin[0], at[1] - origin[1]];
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(a, b)| (from(*a), from(*b))).map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f64>() / 2.0
}

/// Twice the area of a triangle, positive counter-clockwise.
fn turn(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Leaves out vertices: one goes if all that was left out between its neighbours stays within the tolerance of the new
/// edge, and no other vertex lies in the triangle that the edge cuts off. Edges that did not cross so never come to.
fn simplify(rings: &mut [Ring], side: f64) {
    let tolerance = TOLERANCE * 2.0 * side;
    let bucket = 4.0 * side;
    let starts: Vec<usize> = rings
        .iter()
        .scan(0, |total, ring| {
            *total += ring.points.len();
            Some(*total - ring.points.len())
        })
        .collect();
    let all: Vec<[f64; 2]> = rings.iter().flat_map(|ring| ring.points.iter().copied()).collect();
    let mut alive = vec![true; all.len()];
    // Vertices by bucket: sorted, so that a bucket is found by bisection.
    #[expect(clippy::cast_possible_truncation, reason = "a grid of four million nodes has fewer buckets")]
    let cell = |at: [f64; 2]| at.map(|metres| (metres / bucket).floor() as i64);
    let mut buckets: Vec<([i64; 2], usize)> = all.iter().map(|at| cell(*at)).zip(0..).collect();
    buckets.sort_unstable();

    for (ring, start) in rings.iter_mut().zip(&starts) {
        let count = ring.points.len();
        let mut left: Vec<usize> = (*start..start + count).collect();
        for _ in 0..8 {
            let mut kept: Vec<usize> = Vec::with_capacity(left.len());
            // Never two neighbours in one pass: vertices go evenly.
            let mut went = false;
            for (at, this) in left.iter().enumerate() {
                let previous = *kept.last().unwrap_or(&left[left.len() - 1]);
                let next = *left.get(at + 1).or(kept.first()).unwrap_or(this);
                let [a, v, b] = [previous, *this, next].map(|vertex| all[vertex]);
                let near = || {
                    let step = |vertex: usize| start + (vertex - start + 1) % count;
                    let mut vertex = step(previous);
                    while vertex != next {
                        if !close(all[vertex], [a, b], tolerance) {
                            return false;
                        }
                        vertex = step(vertex);
                    }
                    true
                };
                let short = (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) <= LONGEST * side;
                let many = kept.len() + left.len() - at > 4;
                let goes = !went && many && short && near();
                went = goes && clear([a, v, b], [previous, *this, next], &all, &alive, &buckets, cell);
                if went {
                    alive[*this] = false;
                } else {
                    kept.push(*this);
                }
            }
            let before = left.len();
            left = kept;
            if left.len() == before {
                break;
            }
        }
        ring.points = left.iter().map(|vertex| all[*vertex]).collect();
    }
}

/// Is a point within this distance of a segment?
fn close(at: [f64; 2], [a, b]: [[f64; 2]; 2], tolerance: f64) -> bool {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (px, py) = (at[0] - a[0], at[1] - a[1]);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { ((px * dx + py * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (ex, ey) = (px - share * dx, py - share * dy);
    ex * ex + ey * ey <= tolerance * tolerance
}

/// Does no other living vertex lie in this triangle or on its rim?
fn clear(
    [a, v, b]: [[f64; 2]; 3],
    own: [usize; 3],
    all: &[[f64; 2]],
    alive: &[bool],
    buckets: &[([i64; 2], usize)],
    cell: impl Fn([f64; 2]) -> [i64; 2],
) -> bool {
    let least = |axis: usize| a[axis].min(v[axis]).min(b[axis]);
    let most = |axis: usize| a[axis].max(v[axis]).max(b[axis]);
    let (low, high) = (cell([least(0), least(1)]), cell([most(0), most(1)]));
    for x in low[0]..=high[0] {
        let from = buckets.partition_point(|(key, _)| *key < [x, low[1]]);
        for (key, vertex) in &buckets[from..] {
            if *key > [x, high[1]] {
                break;
            }
            if own.contains(vertex) || !alive[*vertex] {
                continue;
            }
            let at = all[*vertex];
            // A triangle without area has the whole of its line on its rim.
            if (0..2).any(|axis| at[axis] < least(axis) || at[axis] > most(axis)) {
                continue;
            }
            let sides = [turn(a, v, at), turn(v, b, at), turn(b, a, at)];
            if sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0) {
                return false;
            }
        }
    }
    true
}

/// A small non-negative float as a count.
fn whole(count: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates when cast")]
    let count = count as usize;
    count
}

#[cfg(test)]
mod tests;
