//! The inside of a superblock: a few streets, and compounds between them, each with two to four gates.
//!
//! A compound's roads are grown as a tree (each branch a way that winds on), closed to loops here and there; footpaths
//! and steps are short cuts for walkers only. It takes about as many nodes as it may.

use super::sheet::{Sheet, Use};
use crate::network::profile::Class;
use crate::search::Random;

/// What lies between four arterials.
pub(super) struct Block {
    /// South-west, south-east, north-west, north-east, metres.
    pub(super) corners: [[f64; 2]; 4],
    /// Nodes of the arterial in the south that streets may touch, west to east.
    pub(super) south: Vec<i64>,
    /// In the north, west to east.
    pub(super) north: Vec<i64>,
    /// In the west, south to north.
    pub(super) west: Vec<i64>,
    /// In the east, south to north.
    pub(super) east: Vec<i64>,
}

impl Block {
    /// A place by its shares of the way east and north.
    fn at(&self, u: f64, v: f64) -> [f64; 2] {
        let [a, b, c, d] = self.corners;
        [0, 1].map(|i| (1.0 - v) * ((1.0 - u) * a[i] + u * b[i]) + v * ((1.0 - u) * c[i] + u * d[i]))
    }
}

/// Streets and compounds with about `budget` nodes.
pub(super) fn draw(block: &Block, budget: usize, sheet: &mut Sheet, random: &mut Random) {
    let start = sheet.len();
    let parts = match budget {
        0..100 => 1,
        100..200 => 2,
        _ => 2 + random.below(2),
    };
    let edges = streets(block, parts, sheet, random);
    let parcels = parts * parts;
    for (parcel, edge) in edges.iter().enumerate() {
        let left = budget.saturating_sub(sheet.len() - start) / (parcels - parcel);
        let corner = [(parcel % parts) as f64, (parcel / parts) as f64].map(|at| at / parts as f64);
        compound(block, corner, 1.0 / parts as f64, edge, left, sheet, random);
    }
}

/// Streets that cut the block into `parts` by `parts` parcels; for each (west to east, row by row) the nodes around it.
fn streets(block: &Block, parts: usize, sheet: &mut Sheet, random: &mut Random) -> Vec<Vec<i64>> {
    let mut around: Vec<Vec<i64>> = vec![Vec::new(); parts * parts];
    let slice =
        |nodes: &[i64], part: usize| nodes[nodes.len() * part / parts..nodes.len() * (part + 1) / parts].to_vec();
    for part in 0..parts {
        around[part].extend(slice(&block.south, part));
        around[(parts - 1) * parts + part].extend(slice(&block.north, part));
        around[part * parts].extend(slice(&block.west, part));
        around[part * parts + parts - 1].extend(slice(&block.east, part));
    }
    if parts == 1 {
        return around;
    }
    let inner = parts - 1;
    let mut crossings = Vec::with_capacity(inner * inner);
    for v in 1..parts {
        for u in 1..parts {
            let sway = 0.05 * (random.unit() - 0.5);
            let at = block.at(u as f64 / parts as f64 + sway, v as f64 / parts as f64 - sway);
            crossings.push(sheet.node(at));
        }
    }
    // A pair of one-way streets, more often than not; the streets across are driven both ways.
    let pair = parts == 3 && random.unit() < 0.6;
    for upright in [true, false] {
        for number in 0..inner {
            let (near, far) = if upright { (&block.south, &block.north) } else { (&block.west, &block.east) };
            let touch = |nodes: &[i64]| nodes.get(nodes.len() * (number + 1) / parts).copied();
            // Few streets reach the arterial at both ends; the first of each kind always reaches it at one.
            let open = [number == 0 || random.unit() < 0.55, random.unit() < 0.55];
            let mut stops = vec![touch(near).filter(|_| open[0])];
            stops.extend(
                (0..inner).map(|at| {
                    Some(if upright { crossings[at * inner + number] } else { crossings[number * inner + at] })
                }),
            );
            stops.push(touch(far).filter(|_| open[1]));
            let mut line: Vec<i64> = Vec::new();
            for piece in 0..parts {
                let [Some(a), Some(b)] = [stops[piece], stops[piece + 1]] else { continue };
                let count = 1 + random.below(3);
                let swing = 24.0 * (random.unit() - 0.5);
                let nodes = sheet.between([a, b], count, |share| swing * libm::sin(share * std::f64::consts::PI));
                for beside in [number, number + 1] {
                    let parcel = if upright { piece * parts + beside } else { beside * parts + piece };
                    around[parcel].extend(&nodes);
                }
                if line.is_empty() {
                    line.push(a);
                }
                line.extend(nodes);
                line.push(b);
            }
            let one_way = pair && !upright;
            if one_way && number % 2 == 1 {
                line.reverse();
            }
            let class = if random.unit() < 0.4 { Class::Tertiary } else { Class::Residential };
            sheet.way("", class, if one_way { Use::Along } else { Use::Both }, 0, line);
        }
    }
    around
}

/// Nodes drawn for each place of a compound's lattice: itself and those that bend the roads to it.
const NODES_PER_PLACE: f64 = 2.9;

/// A compound in a parcel (`corner` and `size` in shares of the block) with about `budget` nodes, and its gates to the
/// streets `around` it.
fn compound(
    block: &Block,
    corner: [f64; 2],
    size: f64,
    around: &[i64],
    budget: usize,
    sheet: &mut Sheet,
    random: &mut Random,
) {
    let places = super::whole((budget as f64 / NODES_PER_PLACE).round());
    if places < 2 || around.is_empty() {
        return;
    }
    let side = super::whole((places as f64 * 1.25).sqrt().ceil()).max(2);
    let mut lattice = Lattice { block, corner, size, side, nodes: vec![0; side * side], grown: Vec::new() };
    let grow = places.min(side * side);
    lattice.grow(grow, sheet, random);
    lattice.close(sheet, random);

    let gates = (2 + random.below(3)).min(around.len());
    let first = random.below(around.len());
    for gate in 0..gates {
        let outside = around[(first + gate * around.len() / gates) % around.len()];
        let here = sheet.at(outside);
        let far = |id: i64| {
            let at = sheet.at(id);
            (at[0] - here[0]).hypot(at[1] - here[1])
        };
        let inside = lattice.grown.iter().map(|place| lattice.nodes[*place]).min_by(|a, b| far(*a).total_cmp(&far(*b)));
        let Some(inside) = inside else { continue };
        let middle = sheet.between([outside, inside], 1, |_| 0.0);
        let usage = if gate >= 2 && random.unit() < 0.4 { Use::Walk } else { Use::Both };
        let class = if usage == Use::Walk { Class::Footway } else { Class::Service };
        sheet.way("", class, usage, 0, vec![outside, middle[0], inside]);
    }
}

/// Places of a compound that its roads may pass.
struct Lattice<'b> {
    block: &'b Block,
    corner: [f64; 2],
    size: f64,
    side: usize,
    /// Node of each place, 0: none yet.
    nodes: Vec<i64>,
    /// Places with a node, as they were grown.
    grown: Vec<usize>,
}

impl Lattice<'_> {
    /// Places beside one.
    fn beside(&self, place: usize) -> impl Iterator<Item = usize> + use<> {
        let side = self.side;
        let (x, y) = (place % side, place / side);
        [
            (x > 0).then(|| place - 1),
            (x + 1 < side).then_some(place + 1),
            (y > 0).then(|| place - side),
            (y + 1 < side).then_some(place + side),
        ]
        .into_iter()
        .flatten()
    }

    fn plant(&mut self, place: usize, sheet: &mut Sheet, random: &mut Random) {
        let share = |at: usize, shake: f64| (at as f64 + 0.5 + 0.5 * (shake - 0.5)) / self.side as f64;
        let [x, y] = [share(place % self.side, random.unit()), share(place / self.side, random.unit())];
        // A wall's width stays free around the compound.
        let [u, v] = [self.corner[0] + self.size * (0.08 + 0.84 * x), self.corner[1] + self.size * (0.08 + 0.84 * y)];
        self.nodes[place] = sheet.node(self.block.at(u, v));
        self.grown.push(place);
    }

    /// A tree over `count` places: ways wind on for some places, then another branches off.
    fn grow(&mut self, count: usize, sheet: &mut Sheet, random: &mut Random) {
        let mut place = random.below(self.nodes.len());
        self.plant(place, sheet, random);
        let mut open = vec![place];
        let mut line = vec![self.nodes[place]];
        while self.grown.len() < count {
            let free: Vec<usize> = self.beside(place).filter(|next| self.nodes[*next] == 0).collect();
            if free.is_empty() || (line.len() > 1 && random.unit() < 0.2) {
                branch(std::mem::take(&mut line), sheet, random);
                // Another place with room beside it; those without are forgotten.
                loop {
                    if open.is_empty() {
                        return;
                    }
                    let pick = random.below(open.len());
                    place = open[pick];
                    if self.beside(place).any(|next| self.nodes[next] == 0) {
                        break;
                    }
                    open.swap_remove(pick);
                }
                line.push(self.nodes[place]);
                continue;
            }
            let next = free[random.below(free.len())];
            self.plant(next, sheet, random);
            line.extend(bend(sheet, [self.nodes[place], self.nodes[next]], random));
            line.push(self.nodes[next]);
            open.push(next);
            place = next;
        }
        branch(line, sheet, random);
    }

    /// Loops for buses, short cuts for walkers.
    fn close(&self, sheet: &mut Sheet, random: &mut Random) {
        for place in &self.grown {
            for next in self.beside(*place).filter(|next| next > place && self.nodes[*next] != 0) {
                let ends = [self.nodes[*place], self.nodes[next]];
                let (class, usage) = match random.unit() {
                    ..0.05 => (Class::Service, Use::Both),
                    0.05..0.125 => (Class::Footway, Use::Walk),
                    0.125..0.13 => (Class::Steps, Use::Walk),
                    _ => continue,
                };
                let mut line = vec![ends[0]];
                line.extend(bend(sheet, ends, random));
                line.push(ends[1]);
                sheet.way("", class, usage, 0, line);
            }
        }
    }
}

/// None to three nodes that bend a road.
fn bend(sheet: &mut Sheet, ends: [i64; 2], random: &mut Random) -> Vec<i64> {
    let count = [0, 1, 1, 1, 2, 2, 3, 3][random.below(8)];
    let swing = 12.0 * (random.unit() - 0.5);
    sheet.between(ends, count, |share| swing * libm::sin(share * std::f64::consts::PI))
}

/// One branch of a compound's tree.
fn branch(line: Vec<i64>, sheet: &mut Sheet, random: &mut Random) {
    if line.len() >= 2 {
        let class = if random.unit() < 0.3 { Class::Residential } else { Class::Service };
        sheet.way("", class, Use::Both, 0, line);
    }
}
