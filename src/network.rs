//! Roads and paths: import, profiles, snapping, travel times. The door the rest of the program uses is [`Network`].

pub mod profile;
pub mod roads;

use crate::domain::coordinates::Point;
use crate::domain::site::Kerb;
use crate::domain::units::{Metres, Seconds};
use profile::Band;
use roads::Roads;

/// A road graph frozen for travel: buses edge by edge (no U-turns in the road), walkers both ways.
#[derive(Debug)]
pub struct Network {}

/// What a bus needs to know of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speeds {
    /// Speed in each [`Band`] / free flow, x 1000.
    pub factor: [u32; 3],
}

/// Where a bus stops: arcs, offsets and sides by which it may arrive and leave.
#[derive(Clone, Debug, PartialEq)]
pub struct BusStop {
    /// Way in the source.
    pub way: i64,
    /// The source's node ids at the ends of the arc, in driving direction.
    pub between: [i64; 2],
    /// Metres from the first.
    pub offset_m: f64,
    /// Kerb asked for.
    pub side: Kerb,
    /// From the given point to the road.
    pub snap_m: f64,
}

/// Where a walker joins the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Foothold {
    /// From the given point to the path; walked too.
    pub snap_m: f64,
}

/// Times and lengths between stops; row-major, `None` where there is no way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Rows and columns.
    pub size: usize,
    /// `[from * size + to]`: seconds (rounded up) and metres (rounded) of the fastest way.
    pub cells: Vec<Option<(Seconds, Metres)>>,
}

impl Matrix {
    /// The cell of a pair.
    #[must_use]
    pub fn get(&self, from: usize, to: usize) -> Option<(Seconds, Metres)> {
        self.cells[from * self.size + to]
    }
}

/// A drawn way.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Along the road, ends included.
    pub points: Vec<Point>,
    /// Seconds, as in the matrix.
    pub seconds: Seconds,
    /// Metres, as in the matrix.
    pub metres: Metres,
}

impl Network {
    /// Freezes the roads for these speeds.
    #[must_use]
    pub fn new(_roads: &Roads, _speeds: &Speeds) -> Self {
        Self {}
    }
    /// The stop nearest to a point on the asked kerb (traffic keeps right), or `None` beyond `max_snap`.
    #[must_use]
    pub fn bus_stop(&self, _point: Point, _kerb: Kerb, _max_snap: Metres) -> Option<BusStop> {
        None
    }
    /// The stop a plan names by way, ends, offset and side; `None` if the roads have no such arc.
    #[must_use]
    pub fn bus_stop_at(&self, _way: i64, _between: [i64; 2], _offset_m: f64, _side: Kerb) -> Option<BusStop> {
        None
    }
    /// Where that stop lies on the road.
    #[must_use]
    pub fn bus_stop_point(&self, _stop: &BusStop) -> Option<Point> {
        None
    }
    /// All stops to all stops in a band.
    #[must_use]
    pub fn bus_matrix(&self, stops: &[BusStop], _band: Band) -> Matrix {
        Matrix { size: stops.len(), cells: vec![None; stops.len() * stops.len()] }
    }
    /// The way behind a cell of the matrix.
    #[must_use]
    pub fn bus_path(&self, _from: &BusStop, _to: &BusStop, _band: Band) -> Option<Path> {
        None
    }
    /// Where a walker at this point joins the network; `None` beyond `max_snap`.
    #[must_use]
    pub fn foothold(&self, _point: Point, _max_snap: Metres) -> Option<Foothold> {
        None
    }
    /// Walking metres (rounded up, snaps included) from each to each; `None` where there is no way within `limit`.
    #[must_use]
    pub fn walk_metres(&self, from: &[Foothold], to: &[Foothold], _limit: Option<Metres>) -> Vec<Vec<Option<Metres>>> {
        vec![vec![None; to.len()]; from.len()]
    }
}
