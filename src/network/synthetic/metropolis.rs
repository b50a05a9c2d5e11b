//! A seeded city like the middle of a large Chinese one, of any size, to measure on what no extract is at hand for.
//!
//! Arterials 800 to 1,000 m apart cut it into superblocks. Every second one is a dual carriageway: two one-way ways
//! with no turning round between the junctions. Some carry an elevated expressway with sparse slip roads. A river
//! crosses the city under few bridges. The streets of a superblock (`superblock.rs`) touch the arterials at few places.
//! So what separates the city cheaply is what separates a real one: river, expressways, arterials, walls.
//!
//! Memory and time are linear in the nodes. Not in it: signals, bus lanes, tunnels, countryside around it.

use super::sheet::{Sheet, Use};
use super::superblock::{self, Block};
use super::whole;
use crate::domain::coordinates::Point;
use crate::network::profile::Class;
use crate::network::roads::{Roads, TurnBan};
use crate::search::Random;

/// What city to build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metropolis {
    /// South-west corner.
    pub corner: Point,
    /// About how many nodes, 100 to 1,000,000 (within 15 %).
    pub nodes: usize,
    /// Of everything left to chance.
    pub seed: u64,
}

impl Default for Metropolis {
    /// Ten thousand nodes in the middle of Shanghai.
    fn default() -> Self {
        Self { corner: Point { lon: 121.44, lat: 31.26 }, nodes: 10_000, seed: 1 }
    }
}

/// Nodes of a superblock of 0.8 km2 with its share of the arterials: more than in the extracts at hand (Shanghai's
/// centre: 140 a km2, Porto: 210), in which few compounds are drawn.
const NODES_PER_BLOCK: usize = 300;
/// From the middle of a dual carriageway to each of its sides, metres.
const HALF_MEDIAN_M: f64 = 9.0;
/// From embankment to embankment, metres.
const RIVER_M: f64 = 380.0;

/// The roads of the city. Nodes and ways are numbered 1, 2, 3 … as they are drawn.
#[must_use]
pub fn metropolis(city: &Metropolis) -> Roads {
    let wanted = city.nodes.clamp(100, 1_000_000);
    let mut random = Random::new(city.seed);
    let mut sheet = Sheet::default();
    let plan = Plan::new(wanted, &mut random);
    let arterials = Arterials::draw(&plan, &mut sheet, &mut random);
    arterials.forbid_turns(&plan, &mut sheet, &mut random);
    expressways(&plan, &arterials, &mut sheet, &mut random);
    let blocks = arterials.blocks(&plan);
    for (done, block) in blocks.iter().enumerate() {
        let budget = wanted.saturating_sub(sheet.len()) / (blocks.len() - done);
        superblock::draw(block, budget, &mut sheet, &mut random);
    }
    sheet.roads(city.corner)
}

/// The lattice of arterials: rows from south to north, columns from west to east.
struct Plan {
    rows: usize,
    columns: usize,
    /// South of this row lies the river.
    river: Option<usize>,
    /// Junctions, row by row, metres.
    junctions: Vec<[f64; 2]>,
    /// Nodes between the junctions of an arterial.
    between: usize,
}

impl Plan {
    fn new(wanted: usize, random: &mut Random) -> Self {
        let blocks = (wanted / NODES_PER_BLOCK).max(1);
        let across = whole((blocks as f64).sqrt().round()).max(1);
        let up = whole((blocks as f64 / across as f64).round()).max(1);
        let river = (up >= 2).then_some(up / 2 + 1);
        let (rows, columns) = (up + 1 + usize::from(river.is_some()), across + 1);
        let mut along = |count: usize, narrow: Option<usize>| {
            let mut at = vec![0.0];
            for number in 1..count {
                let gap = if narrow == Some(number) { RIVER_M } else { 800.0 + 200.0 * random.unit() };
                at.push(at[number - 1] + gap);
            }
            at
        };
        let (y, x) = (along(rows, river), along(columns, None));
        let mut junctions = Vec::with_capacity(rows * columns);
        for y in &y {
            for x in &x {
                junctions.push([x + 120.0 * (random.unit() - 0.5), y + 100.0 * (random.unit() - 0.5)]);
            }
        }
        // A city of one block has no nodes to spare.
        let between = if wanted < 2 * NODES_PER_BLOCK { 3 } else { 8 };
        Self { rows, columns, river, junctions, between }
    }

    fn junction(&self, row: usize, column: usize) -> [f64; 2] {
        self.junctions[row * self.columns + column]
    }
    /// Carriageways of every second arterial: two, of the others (and of the smallest city's): one.
    fn carriageways(number: usize) -> usize {
        if number.is_multiple_of(2) { 2 } else { 1 }
    }
    /// An expressway above every fourth arterial, not at the edge of the city.
    fn elevated(number: usize, of: usize) -> bool {
        number % 4 == 2 && number + 1 < of
    }
    /// Does this column go on from a row to the next? Over the river only on its bridges.
    fn goes_on(&self, row: usize, column: usize) -> bool {
        self.river != Some(row + 1) || column % 3 == 1 || Self::elevated(column, self.columns)
    }
}

/// The drawn arterials.
struct Arterials {
    /// Nodes of each junction: `[row * columns + column][south or north][west or east]`; both the same where single.
    boxes: Vec<[[i64; 2]; 2]>,
    /// From junction to the next one east: nodes between, west to east, of the south and the north carriageway.
    rows: Vec<[Stretch; 2]>,
    /// From junction to the next one north: nodes between, south to north, of the west and the east carriageway.
    columns: Vec<[Stretch; 2]>,
}

/// A carriageway between two junctions.
#[derive(Clone, Default)]
struct Stretch {
    /// Its way, 0: there is none.
    way: i64,
    /// Nodes between the junctions, eastward or northward.
    nodes: Vec<i64>,
}

impl Arterials {
    fn draw(plan: &Plan, sheet: &mut Sheet, random: &mut Random) -> Self {
        let mut boxes = Vec::with_capacity(plan.rows * plan.columns);
        for row in 0..plan.rows {
            for column in 0..plan.columns {
                boxes.push(junction(plan, row, column, sheet));
            }
        }
        let none = || vec![[Stretch::default(), Stretch::default()]; plan.rows * plan.columns];
        let mut drawn = Self { boxes, rows: none(), columns: none() };
        for row in 0..plan.rows {
            let name = format!("East-West {}", row + 1);
            for column in 0..plan.columns - 1 {
                let bulge = 30.0 * (random.unit() - 0.5);
                let [first, last] = [column == 0, column + 2 == plan.columns];
                let [from, to] = [drawn.corners(plan, row, column), drawn.corners(plan, row, column + 1)];
                // Traffic keeps to the right: eastward on the south side, westward on the north side.
                let ends = [[from[0][0], from[0][1], to[0][0], to[0][1]], [from[1][0], from[1][1], to[1][0], to[1][1]]];
                drawn.rows[row * plan.columns + column] =
                    Road { name: &name, carriageways: Plan::carriageways(row), layer: 0, ends, first, last }.draw(
                        plan.between,
                        bulge,
                        sheet,
                    );
            }
        }
        for column in 0..plan.columns {
            let name = format!("North-South {}", column + 1);
            for row in (0..plan.rows - 1).filter(|row| plan.goes_on(*row, column)) {
                let bulge = 30.0 * (random.unit() - 0.5);
                let [from, to] = [drawn.corners(plan, row, column), drawn.corners(plan, row + 1, column)];
                // Northward on the east side, southward on the west side.
                let ends = [[from[0][1], from[1][1], to[0][1], to[1][1]], [from[0][0], from[1][0], to[0][0], to[1][0]]];
                let layer = i8::from(plan.river == Some(row + 1));
                let [first, last] = [
                    row == 0 || !plan.goes_on(row - 1, column),
                    row + 2 == plan.rows || !plan.goes_on(row + 1, column),
                ];
                let [north, south] =
                    Road { name: &name, carriageways: Plan::carriageways(column), layer, ends, first, last }.draw(
                        plan.between,
                        bulge,
                        sheet,
                    );
                drawn.columns[row * plan.columns + column] = [south, north];
            }
        }
        drawn
    }

    fn corners(&self, plan: &Plan, row: usize, column: usize) -> [[i64; 2]; 2] {
        self.boxes[row * plan.columns + column]
    }

    /// No left turn from the eastward carriageway at every sixth junction; straight on only at some small ones.
    fn forbid_turns(&self, plan: &Plan, sheet: &mut Sheet, random: &mut Random) {
        for row in 1..plan.rows - 1 {
            for column in 1..plan.columns - 1 {
                let here = row * plan.columns + column;
                let (arriving, on) = (self.rows[here - 1][0].way, self.rows[here][0].way);
                // Where the crossing road is dual, its northward way from the south ends beyond this corner.
                let north = if Plan::carriageways(row) == 2 {
                    self.columns[here - plan.columns][1].way
                } else {
                    self.columns[here][1].way
                };
                let draw = random.unit();
                if draw < 1.0 / 6.0 && north != 0 {
                    let via = self.boxes[here][0][1];
                    sheet.ban(TurnBan { from: arriving, via, to: north, only: false });
                } else if draw > 0.95 && Plan::carriageways(row) == 1 && Plan::carriageways(column) == 1 {
                    sheet.ban(TurnBan { from: arriving, via: self.boxes[here][0][1], to: on, only: true });
                }
            }
        }
    }

    /// What lies between four arterials each: not the river.
    fn blocks(&self, plan: &Plan) -> Vec<Block> {
        let mut blocks = Vec::with_capacity(plan.rows * plan.columns);
        for row in (0..plan.rows - 1).filter(|row| plan.river != Some(row + 1)) {
            for column in 0..plan.columns - 1 {
                let here = row * plan.columns + column;
                let corners = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(r, c)| plan.junction(row + r, column + c));
                // Each side by the carriageway next to the block.
                let south = self.rows[here][1].nodes.clone();
                let north = self.rows[here + plan.columns][0].nodes.clone();
                let west = self.columns[here][1].nodes.clone();
                let east = self.columns[here + 1][0].nodes.clone();
                blocks.push(Block { corners, south, north, west, east });
            }
        }
        blocks
    }
}

/// The one, two or four nodes where two arterials cross.
fn junction(plan: &Plan, row: usize, column: usize, sheet: &mut Sheet) -> [[i64; 2]; 2] {
    let [x, y] = plan.junction(row, column);
    let aside = |carriageways: usize| if carriageways == 2 { [-HALF_MEDIAN_M, HALF_MEDIAN_M] } else { [0.0; 2] };
    let (dy, dx) = (aside(Plan::carriageways(row)), aside(Plan::carriageways(column)));
    let mut side = |dy: f64| {
        let west = sheet.node([x + dx[0], y + dy]);
        let east = if dx[0] < dx[1] { sheet.node([x + dx[1], y + dy]) } else { west };
        [west, east]
    };
    let south = side(dy[0]);
    [south, if dy[0] < dy[1] { side(dy[1]) } else { south }]
}

/// An arterial from junction to junction.
struct Road<'a> {
    name: &'a str,
    carriageways: usize,
    layer: i8,
    /// Of the carriageway driven that way and of the one driven back: the near and far node of the first junction, the
    /// near and far node of the second.
    ends: [[i64; 4]; 2],
    /// Nothing comes before or after it, so that it must cross that junction by itself.
    first: bool,
    last: bool,
}

impl Road<'_> {
    /// Every way starts where the one before it ended: at the last node of a junction.
    fn draw(&self, between: usize, bulge: f64, sheet: &mut Sheet) -> [Stretch; 2] {
        let arc = |share: f64| bulge * libm::sin(share * std::f64::consts::PI);
        let [[near, leave, reach, far], [before, gate, start, beyond]] = self.ends;
        let there = sheet.between([leave, reach], between, arc);
        let mut line = Vec::with_capacity(between + 4);
        line.extend((self.first && near != leave).then_some(near));
        line.push(leave);
        line.extend(&there);
        line.push(reach);
        line.extend((far != reach).then_some(far));
        if self.carriageways == 1 {
            let way = sheet.way(self.name, Class::Secondary, Use::Both, self.layer, line);
            let stretch = Stretch { way, nodes: there };
            return [stretch.clone(), stretch];
        }
        let way = sheet.way(self.name, Class::Primary, Use::Along, self.layer, line);
        let forth = Stretch { way, nodes: there };
        let nodes = sheet.between([gate, start], between, arc);
        let mut line = Vec::with_capacity(between + 4);
        line.extend((self.last && beyond != start).then_some(beyond));
        line.push(start);
        line.extend(nodes.iter().rev());
        line.push(gate);
        line.extend((before != gate).then_some(before));
        let way = sheet.way(self.name, Class::Primary, Use::Along, self.layer, line);
        // Who walks crosses in the middle, some by a footbridge.
        if let (true, Some(a), Some(b)) = (between >= 5, forth.nodes.get(between / 2), nodes.get(between / 2)) {
            let class = if way % 3 == 0 { Class::Steps } else { Class::Footway };
            sheet.way("", class, Use::Walk, i8::from(class == Class::Steps), vec![*a, *b]);
        }
        [forth, Stretch { way, nodes }]
    }
}

/// Elevated expressways: two one-way ways above an arterial, from the first junction but one to the last but one, with a
/// slip road down and one up at every other stretch, and links to every expressway they cross.
fn expressways(plan: &Plan, arterials: &Arterials, sheet: &mut Sheet, random: &mut Random) {
    // The carriageways of each, as the nodes at every junction passed, eastward or northward.
    let mut decks: [Vec<(usize, [Vec<i64>; 2])>; 2] = [Vec::new(), Vec::new()];
    for upright in [false, true] {
        let (count, length) = if upright { (plan.columns, plan.rows) } else { (plan.rows, plan.columns) };
        for number in (0..count).filter(|number| Plan::elevated(*number, count) && length >= 3) {
            let along: Vec<[f64; 2]> = (0..length)
                .map(|at| if upright { plan.junction(at, number) } else { plan.junction(number, at) })
                .collect();
            let stretches: Vec<&[Stretch; 2]> = (0..length - 1)
                .map(|at| {
                    if upright {
                        &arterials.columns[at * plan.columns + number]
                    } else {
                        &arterials.rows[number * plan.columns + at]
                    }
                })
                .collect();
            decks[usize::from(upright)].push((number, expressway(&along, &stretches, upright, sheet, random)));
        }
    }
    let [rows, columns] = &decks;
    for (row, level) in rows {
        for (column, upright) in columns {
            for (east, deck) in level.iter().enumerate() {
                for (north, other) in upright.iter().enumerate() {
                    link(deck, other, [*column, *row], [east == 0, north == usize::from(true)], sheet);
                }
            }
        }
    }
}

/// One expressway; of each side its nodes, three a stretch, eastward or northward.
fn expressway(
    along: &[[f64; 2]],
    stretches: &[&[Stretch; 2]],
    upright: bool,
    sheet: &mut Sheet,
    random: &mut Random,
) -> [Vec<i64>; 2] {
    let name = if upright { "North-South Expressway" } else { "East-West Expressway" };
    let class = Class::Trunk;
    [0, 1].map(|side| {
        let aside = if side == 0 { -5.0 } else { 5.0 };
        // Side 0 is the south or west one: eastward, or southward.
        let forward = (side == 0) != upright;
        let mut deck = Vec::with_capacity(along.len() * 3);
        for pair in along.windows(2) {
            for share in [0.25, 0.5, 0.75] {
                let at = |axis: usize| pair[0][axis] + share * (pair[1][axis] - pair[0][axis]);
                deck.push(sheet.node(if upright { [at(0) + aside, at(1)] } else { [at(0), at(1) + aside] }));
            }
        }
        let mut line = deck.clone();
        if !forward {
            line.reverse();
        }
        sheet.way(name, class, Use::Fast, 2, line);
        let phase = random.below(2);
        for (at, stretch) in stretches.iter().enumerate() {
            let ends = [at == 0, at + 1 == stretches.len()];
            let ground = &stretch[side].nodes;
            if (at % 2 != phase && ends == [false; 2]) || ground.len() < 5 {
                continue;
            }
            // Down at the near end of the stretch, up at its far end; at the ends of the deck down or up only.
            let (first, last) = if forward { (0, ground.len() - 1) } else { (ground.len() - 1, 0) };
            let middle = ground.len() / 2;
            let (near, far) = if forward { (deck[3 * at], deck[3 * at + 2]) } else { (deck[3 * at + 2], deck[3 * at]) };
            let [begins, finishes] = if forward { ends } else { [ends[1], ends[0]] };
            if begins {
                let ramp = slip(sheet, [ground[first], near]);
                sheet.way(name, class, Use::Fast, 1, ramp);
            } else {
                let ramp = slip(sheet, [near, ground[middle]]);
                sheet.way(name, class, Use::Fast, 1, ramp);
            }
            if finishes {
                let ramp = slip(sheet, [far, ground[last]]);
                sheet.way(name, class, Use::Fast, 1, ramp);
            } else {
                let ramp = slip(sheet, [ground[middle], far]);
                sheet.way(name, class, Use::Fast, 1, ramp);
            }
        }
        deck
    })
}

/// A slip road from node to node.
fn slip(sheet: &mut Sheet, ends: [i64; 2]) -> Vec<i64> {
    let nodes = sheet.between(ends, 2, |_| 0.0);
    vec![ends[0], nodes[0], nodes[1], ends[1]]
}

/// Links between two crossing decks, from each to the other. `at` is the junction's `[column, row]`, `forward` whether
/// the level deck is driven eastward and the upright one northward.
fn link(level: &[i64], upright: &[i64], at: [usize; 2], forward: [bool; 2], sheet: &mut Sheet) {
    let around = |deck: &[i64], at: usize, forward: bool| {
        let (west, east) = (deck.get((3 * at).checked_sub(1)?)?, deck.get(3 * at)?);
        Some(if forward { [*west, *east] } else { [*east, *west] })
    };
    let (Some(a), Some(b)) = (around(level, at[0], forward[0]), around(upright, at[1], forward[1])) else { return };
    for ends in [[a[0], b[1]], [b[0], a[1]]] {
        let middle = sheet.between(ends, 3, |share| 40.0 * libm::sin(share * std::f64::consts::PI));
        let mut line = vec![ends[0]];
        line.extend(middle);
        line.push(ends[1]);
        sheet.way("", Class::Trunk, Use::Fast, 2, line);
    }
}

#[cfg(test)]
mod tests;
