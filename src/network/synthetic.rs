//! Seeded cities for tests and benchmarks: here a small grid of streets, some of them one-way; in `metropolis` a city
//! that looks like a real one, of any size.

mod metropolis;
mod sheet;
mod superblock;

pub use metropolis::{Metropolis, metropolis};

use super::profile::{Access, Class};
use super::roads::{Node, Roads, Way};
use crate::domain::coordinates::{Local, Point};
use crate::search::Random;

/// What city to build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// South-west corner.
    pub corner: Point,
    /// Streets from west to east.
    pub rows: u32,
    /// Streets from south to north.
    pub columns: u32,
    /// Between streets, metres.
    pub spacing_m: f64,
    /// Streets are one-way in turns (east, west, east …; north, south, north …) except the outer ring.
    pub one_way: bool,
    /// Junctions are moved by up to this share of the spacing; 0: a perfect grid.
    pub jitter: f64,
    /// Of the jitter.
    pub seed: u64,
}

impl Default for Grid {
    /// Ten by ten streets 200 m apart in the middle of Shanghai.
    fn default() -> Self {
        Self {
            corner: Point { lon: 121.44, lat: 31.26 },
            rows: 10,
            columns: 10,
            spacing_m: 200.0,
            one_way: false,
            jitter: 0.0,
            seed: 1,
        }
    }
}

/// The roads of a grid city. The junction of row r and column c has the id `1 + r * columns + c`; row r is way
/// `1 + r`, driven from west to east, column c is way `1 + rows + c`, driven from south to north. Every third street
/// is a primary road, the others are residential.
#[must_use]
pub fn city(grid: &Grid) -> Roads {
    let local = Local::new(grid.corner);
    let mut random = Random::new(grid.seed);
    let mut jitter = || (random.unit() * 2.0 - 1.0) * grid.jitter * grid.spacing_m;
    let id = |row: u32, column: u32| 1 + i64::from(row) * i64::from(grid.columns) + i64::from(column);
    let mut nodes = Vec::new();
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let at = [f64::from(column) * grid.spacing_m + jitter(), f64::from(row) * grid.spacing_m + jitter()];
            nodes.push(Node { id: id(row, column), point: local.unproject(at) });
        }
    }
    let street = |number: u32, of: u32, first: i64, name: String, nodes: Vec<i64>| {
        let class = if number.is_multiple_of(3) { Class::Primary } else { Class::Residential };
        let inner = number > 0 && number + 1 < of;
        let bus = match (grid.one_way && inner, number.is_multiple_of(2)) {
            (false, _) => [true, true],
            (true, even) => [even, !even],
        };
        Way {
            id: first + i64::from(number),
            name,
            name_en: String::new(),
            class,
            access: Access::open(bus, class.kmh()),
            lanes: None,
            layer: 0,
            closed: false,
            nodes,
        }
    };
    let mut ways = Vec::new();
    for row in 0..grid.rows {
        let along = (0..grid.columns).map(|column| id(row, column)).collect();
        ways.push(street(row, grid.rows, 1, format!("Row {row}"), along));
    }
    for column in 0..grid.columns {
        let along = (0..grid.rows).map(|row| id(row, column)).collect();
        ways.push(street(column, grid.columns, 1 + i64::from(grid.rows), format!("Column {column}"), along));
    }
    Roads::new(nodes, ways, Vec::new())
}

/// A small non-negative float as a count.
fn whole(count: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates when cast")]
    let count = count as usize;
    count
}
