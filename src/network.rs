//! Roads and paths: import, profiles, snapping, travel times. The door the rest of the program uses is [`Network`].

pub mod geojson;
pub mod index;
pub mod isochrone;
pub mod marks;
pub mod osm;
pub mod plain;
pub mod profile;
pub mod roads;
pub mod synthetic;

mod area;
mod candidates;
mod driving;
mod made;
mod nearest;
mod pbf;
mod restrictions;
mod snap;
mod walking;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::domain::coordinates::{Local, Point};
use crate::domain::finding::Finding;
use crate::domain::site::Kerb;
use crate::domain::units::{Metres, Seconds};
pub use area::Area;
pub use candidates::{Candidate, Crossing};
use driving::{Driving, NONE, Position, Standing};
use profile::{Band, TurnCosts};
use roads::{Roads, centimetres, dense};
use snap::{Snap, Snapper};
use walking::{Pace, Spot, Walking};

/// A road graph frozen for travel: buses edge by edge (no U-turns in the road), walkers both ways.
#[derive(Clone)]
pub struct Network {
    roads: Arc<Roads>,
    driving: Driving,
    walking: Arc<Walking>,
    bus_lines: Arc<Snapper>,
    walk_lines: Arc<Snapper>,
    /// Arcs by (way, first node, second node), source ids; closed ones among them.
    named: Arc<Vec<u32>>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("coverage", &self.coverage()).finish_non_exhaustive()
    }
}

/// What a bus needs to know of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speeds {
    /// Speed in each [`Band`] / free flow, x 1000.
    pub factor: [u32; 3],
    /// Seconds at junctions.
    pub turns: TurnCosts,
}

impl Default for Speeds {
    /// Free flow, and 650 in both peaks; the usual junctions.
    fn default() -> Self {
        Self { factor: [1000, 650, 650], turns: TurnCosts::default() }
    }
}

/// Where a bus stops: arcs, offsets and sides by which it may arrive and leave.
#[derive(Clone, Debug, PartialEq)]
pub struct BusStop {
    /// Way in the source.
    pub way: i64,
    /// The source's node ids at the ends of the arc, in driving direction.
    pub between: [i64; 2],
    /// Metres from the first, whole centimetres.
    pub offset_m: f64,
    /// Kerb asked for.
    pub side: Kerb,
    /// From the given point to the road, metres; 0 for a stop named by its road.
    pub snap_m: f64,
}

/// Where a walker joins the network. Good for the network that made it only.
#[derive(Clone, Debug, PartialEq)]
pub struct Foothold {
    /// From the given point to the path, metres; walked too.
    pub snap_m: f64,
    spot: Spot,
    /// Where somebody joins who takes no steps: the nearest path without any.
    level: Option<Spot>,
}

impl Foothold {
    /// Where one joins who walks so.
    fn at(&self, pace: Pace) -> Spot {
        match pace {
            Pace::Steps => self.spot,
            Pace::StepFree => self.level.unwrap_or(Spot::NOWHERE),
        }
    }
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

/// How much of the roads can be used, in directed arcs (buses) and segments (walkers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Arcs a bus may use anywhere.
    pub bus_arcs: usize,
    /// Those of the largest strongly connected part: all that is used.
    pub bus_inside: usize,
    /// Segments a walker may use anywhere.
    pub walk_segments: usize,
    /// Those of large connected parts: all that is used.
    pub walk_inside: usize,
}

/// Who takes no steps joins the paths at most so much farther off than others: as far as houses stand from their path.
const BESIDE_STEPS_M: f64 = 25.0;
/// On the line, to half a metre, is on neither side of it.
const ON_THE_LINE_M: f64 = 0.5;

impl Network {
    /// Freezes the roads for these speeds. What was made of the same roads before, with whatever closed, is used again.
    #[must_use]
    pub fn new(roads: &Roads, speeds: &Speeds) -> Self {
        if let Some(known) = roads.made.get(speeds) {
            return known.over(alone(roads));
        }
        let network = Self::anew(roads, speeds);
        roads.made.keep(speeds, &network);
        network
    }

    /// The same, owing nothing to what was made before: for who judges.
    #[must_use]
    pub fn anew(roads: &Roads, speeds: &Speeds) -> Self {
        let driving = Driving::new(roads, speeds);
        let walking = Walking::new(roads);
        let mut driven = vec![false; roads.segments().len()];
        driving.ground().for_each(|(_, arc)| driven[arc.segment as usize] = true);
        let bus_lines = lines(roads, &|s| driven[s as usize]);
        let walk_lines = lines(roads, &|s| walking.has(s));
        let mut named: Vec<u32> = driving.ground().map(|(arc, _)| arc).collect();
        named.sort_by_cached_key(|arc| (name(roads, driving.at(*arc)), *arc));
        Self {
            roads: Arc::new(alone(roads)),
            driving,
            walking: Arc::new(walking),
            bus_lines: Arc::new(bus_lines),
            walk_lines: Arc::new(walk_lines),
            named: Arc::new(named),
        }
    }

    /// The same network with these ways (source ids) closed to vehicles beside those that are. The index is kept and only the
    /// weights that hang on them are worked out again: much quicker than a network made anew, the same answers.
    #[must_use]
    pub fn closing(&self, ways: &[i64]) -> Self {
        let mut roads = Roads::clone(&self.roads);
        for way in ways {
            roads.close(*way);
        }
        self.over(roads)
    }

    /// The same network with these closed that are closed in `roads`, which differ in nothing else.
    fn over(&self, roads: Roads) -> Self {
        let closed = |arc: &driving::Arc| roads.ways()[roads.segments()[arc.segment as usize].way as usize].closed;
        let driving = self.driving.closing(closed);
        Self { roads: Arc::new(roads), driving, ..self.clone() }
    }

    /// The roads it was made from.
    #[must_use]
    pub fn roads(&self) -> &Roads {
        &self.roads
    }

    /// How much of the roads can be used.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let walked = |s: &&roads::Segment| self.roads.ways()[s.way as usize].access.foot;
        Coverage {
            bus_arcs: self.driving.all,
            bus_inside: self.driving.used().count(),
            walk_segments: self.roads.segments().iter().filter(walked).count(),
            walk_inside: self.walking.size(),
        }
    }

    /// Do the roads cross each other so much, and are they so many, that travel times would take hours?
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.driving.is_hopeless()
    }

    /// What is odd about the roads as a network: where buses can enter or leave, but not both.
    #[must_use]
    pub fn findings(&self, file: &str) -> Vec<Finding> {
        let mut metres = 0.0;
        let mut ways = BTreeMap::new();
        for (number, segment) in self.roads.segments().iter().enumerate() {
            let way = &self.roads.ways()[segment.way as usize];
            let lost = [false, true]
                .map(|back| way.bus()[usize::from(back)] && self.driving.arc(dense(number), back).is_none());
            if lost != [false; 2] {
                metres += f64::from(segment.cm) / 100.0;
                *ways.entry(way.name.as_str()).or_insert(0_u64) += u64::from(segment.cm);
            }
        }
        let mut findings = self.crowded(file);
        if self.driving.is_tangled() {
            findings.push(Finding::warning("roads-tangled").file(file));
        }
        if self.driving.bans_given_up() > 0 {
            let count = self.driving.bans_given_up();
            findings.push(Finding::warning("roads-bans-given-up").arg("count", count).file(file));
        }
        if ways.is_empty() {
            return findings;
        }
        // The longest three with a name.
        let mut names: Vec<(&str, u64)> = ways.into_iter().filter(|(name, _)| !name.is_empty()).collect();
        names.sort_by_key(|(name, cm)| (std::cmp::Reverse(*cm), *name));
        let names: Vec<&str> = names.into_iter().take(3).map(|(name, _)| name).collect();
        let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
        let lost = Finding::note("roads-no-way-through").arg("metres", metres.round()).arg("names", names);
        findings.push(lost.file(file));
        findings
    }

    /// Nodes where more roads seem to meet than anywhere: nobody is led through them.
    fn crowded(&self, file: &str) -> Vec<Finding> {
        let mut leaving = vec![0_usize; self.roads.nodes().len()];
        self.driving.ground().for_each(|(_, arc)| leaving[arc.ends[0] as usize] += 1);
        let mut nodes = leaving.iter().zip(self.roads.nodes()).filter(|(count, _)| **count > driving::MOST_ROADS);
        let Some((count, first)) = nodes.next() else { return Vec::new() };
        let Point { lon, lat } = first.point;
        let finding = Finding::warning("roads-crowded").arg("roads", *count).arg("place", format!("{lon:.5} {lat:.5}"));
        vec![finding.arg("nodes", 1 + nodes.count()).file(file)]
    }

    /// Metres around the middle of the roads.
    fn local(&self) -> Local {
        local(&self.roads)
    }

    /// Way and ends of an arc, source ids.
    fn arc_name(&self, arc: u32) -> (i64, [i64; 2]) {
        name(&self.roads, self.driving.at(arc))
    }

    /// The arc of that name a bus may use; of several (a way that runs through a segment twice), the first.
    fn arc_named(&self, way: i64, between: [i64; 2]) -> Option<u32> {
        let at = self.named.partition_point(|arc| self.arc_name(*arc) < (way, between));
        let same = self.named[at..].iter().copied().take_while(|arc| self.arc_name(*arc) == (way, between));
        same.into_iter().find(|arc| self.driving.uses(*arc))
    }

    /// The stop nearest to a point on the asked kerb (traffic keeps right), or `None` beyond `max_snap`.
    ///
    /// `Right`: the bus drives past with the point on its right; `Left`: on its left, and then only where the road is
    /// one-way; `Either`: reached and left in any direction the road allows, the first being the one with the point on
    /// its right. A point within half a metre of the road's line is on both sides of it.
    #[must_use]
    pub fn bus_stop(&self, point: Point, kerb: Kerb, max_snap: Metres) -> Option<BusStop> {
        let snap = self.bus_lines.nearest(point, f64::from(max_snap.0), |snap| self.arc_for(snap, kerb).is_some())?;
        self.stop_on(&snap, kerb)
    }

    /// The same on each of the `count` nearest segments of road, nearest first: for somebody, or a search, to choose from.
    #[must_use]
    pub fn bus_stops_near(&self, point: Point, kerb: Kerb, max_snap: Metres, count: usize) -> Vec<BusStop> {
        let fits = |snap: &Snap| self.arc_for(snap, kerb).is_some();
        let snaps = self.bus_lines.several(point, f64::from(max_snap.0), count, fits);
        snaps.iter().filter_map(|snap| self.stop_on(snap, kerb)).collect()
    }

    fn stop_on(&self, snap: &Snap, kerb: Kerb) -> Option<BusStop> {
        let number = self.arc_for(snap, kerb)?;
        let arc = self.driving.at(number);
        let along = centimetres(snap.share * f64::from(arc.cm) / 100.0).min(arc.cm);
        let cm = if arc.back { arc.cm - along } else { along };
        let (way, between) = self.arc_name(number);
        Some(BusStop { way, between, offset_m: f64::from(cm) / 100.0, side: kerb, snap_m: snap.metres })
    }

    /// The arc of a segment that drives past a point on this kerb.
    fn arc_for(&self, snap: &Snap, kerb: Kerb) -> Option<u32> {
        let [along, against] = [false, true].map(|back| self.driving.arc(snap.segment, back));
        let on_line = snap.right.abs() <= ON_THE_LINE_M;
        let right_of = |back: bool| on_line || (snap.right > 0.0) != back;
        match kerb {
            Kerb::Right => along.filter(|_| right_of(false)).or(against.filter(|_| right_of(true))),
            Kerb::Left => match (along, against) {
                (Some(arc), None) if self.one_way(arc) => Some(arc).filter(|_| on_line || snap.right < 0.0),
                (None, Some(arc)) if self.one_way(arc) => Some(arc).filter(|_| on_line || snap.right > 0.0),
                _ => None,
            },
            Kerb::Either => along.filter(|_| right_of(false)).or(against).or(along),
        }
    }

    /// May buses drive this arc's road in its direction only?
    fn one_way(&self, arc: u32) -> bool {
        let segment = self.driving.at(arc).segment;
        let way = &self.roads.ways()[self.roads.segments()[segment as usize].way as usize];
        way.bus() != [true; 2]
    }

    /// The stop a plan names by way, ends, offset and side; `None` if the roads have no such arc, the arc is shorter,
    /// or a left kerb is asked for on a two-way road.
    #[must_use]
    pub fn bus_stop_at(&self, way: i64, between: [i64; 2], offset_m: f64, side: Kerb) -> Option<BusStop> {
        let stop = BusStop { way, between, offset_m, side, snap_m: 0.0 };
        let first = self.standing(&stop)[0]?;
        Some(BusStop { offset_m: f64::from(first.cm) / 100.0, ..stop })
    }

    /// The arcs and offsets of a stop.
    fn standing(&self, stop: &BusStop) -> Standing {
        let Some(arc) = self.arc_named(stop.way, stop.between) else { return [None; 2] };
        let cm = centimetres(stop.offset_m);
        let length = self.driving.at(arc).cm;
        if !(stop.offset_m >= 0.0 && cm <= length) || (stop.side == Kerb::Left && !self.one_way(arc)) {
            return [None; 2];
        }
        let reverse = self.driving.at(arc).reverse;
        let back = (stop.side == Kerb::Either && reverse != NONE && self.driving.uses(reverse))
            .then(|| Position { arc: reverse, cm: length - cm });
        [Some(Position { arc, cm }), back]
    }

    /// Where that stop lies on the road.
    #[must_use]
    pub fn bus_stop_point(&self, stop: &BusStop) -> Option<Point> {
        self.standing(stop)[0].map(|position| self.point_at(position))
    }

    fn point_at(&self, position: Position) -> Point {
        let arc = self.driving.at(position.arc);
        let [a, b] = arc.ends.map(|node| self.roads.nodes()[node as usize].point);
        let share = if arc.cm == 0 { 0.0 } else { f64::from(position.cm) / f64::from(arc.cm) };
        Point { lon: a.lon + share * (b.lon - a.lon), lat: a.lat + share * (b.lat - a.lat) }
    }

    /// Works out now what the first question of a band would have to wait for.
    pub fn prepare(&self, band: Band) {
        self.driving.prepare(band);
    }

    /// The same for questions about everybody's walks without a limit.
    pub fn prepare_walks(&self) {
        self.walking.metric(Pace::Steps);
    }

    /// All stops to all stops in a band. A stop to itself is nothing.
    #[must_use]
    pub fn bus_matrix(&self, stops: &[BusStop], band: Band) -> Matrix {
        let standings: Vec<Standing> = stops.iter().map(|stop| self.standing(stop)).collect();
        let mut rows = self.driving.table(&standings, &standings, band);
        for at in (0..stops.len()).filter(|at| standings[*at][0].is_some()) {
            rows[at][at] = Some(driving::Cost::default());
        }
        let cells = rows.into_iter().flatten().map(|cost| cost.map(driving::Cost::rounded)).collect();
        Matrix { size: stops.len(), cells }
    }

    /// The way behind a cell of the matrix.
    #[must_use]
    pub fn bus_path(&self, from: &BusStop, to: &BusStop, band: Band) -> Option<Path> {
        let drive = self.driving.drive(self.standing(from), self.standing(to), band)?;
        let mut points = vec![self.point_at(drive.from)];
        let heads = drive.arcs.iter().take(drive.arcs.len().saturating_sub(1));
        points.extend(heads.map(|arc| {
            let node = self.driving.at(*arc).ends[1];
            self.roads.nodes()[node as usize].point
        }));
        points.push(self.point_at(drive.to));
        points.dedup();
        let (seconds, metres) = drive.cost.rounded();
        Some(Path { points, seconds, metres })
    }

    /// Where a walker at this point joins the network (small islands left aside); `None` beyond `max_snap`.
    #[must_use]
    pub fn foothold(&self, point: Point, max_snap: Metres) -> Option<Foothold> {
        let snap = self.walk_lines.nearest(point, f64::from(max_snap.0), |_| true)?;
        let spot = self.spot_on(&snap);
        let level = if self.walking.is_level(snap.segment) {
            Some(spot)
        } else {
            // Farther off, something lies between: a river, a wall.
            let farthest = f64::from(max_snap.0).min(snap.metres + BESIDE_STEPS_M);
            self.level(point, farthest).map(|snap| self.spot_on(&snap))
        };
        Some(Foothold { snap_m: snap.metres, spot, level })
    }

    /// Where somebody who takes no steps joins the network: the nearest path without any, though steps may be nearer.
    #[must_use]
    pub fn step_free_foothold(&self, point: Point, max_snap: Metres) -> Option<Foothold> {
        let snap = self.level(point, f64::from(max_snap.0))?;
        let spot = self.spot_on(&snap);
        Some(Foothold { snap_m: snap.metres, spot, level: Some(spot) })
    }

    fn spot_on(&self, snap: &Snap) -> Spot {
        let length = self.roads.segments()[snap.segment as usize].cm;
        let cm = centimetres(snap.share * f64::from(length) / 100.0).min(length);
        Spot { segment: snap.segment, cm, snap_cm: centimetres(snap.metres) }
    }

    /// The nearest path without steps that leads somewhere.
    fn level(&self, point: Point, max_snap_m: f64) -> Option<Snap> {
        self.walk_lines.nearest(point, max_snap_m, |snap| self.walking.is_level(snap.segment))
    }

    /// Walking metres (rounded up, snaps included) from each to each; `None` where there is no way within `limit`.
    #[must_use]
    pub fn walk_metres(&self, from: &[Foothold], to: &[Foothold], limit: Option<Metres>) -> Vec<Vec<Option<Metres>>> {
        self.walks(from, to, limit, Pace::Steps)
    }

    /// The same for somebody who takes no steps: in a wheelchair, with a pram.
    #[must_use]
    pub fn step_free_metres(
        &self,
        from: &[Foothold],
        to: &[Foothold],
        limit: Option<Metres>,
    ) -> Vec<Vec<Option<Metres>>> {
        self.walks(from, to, limit, Pace::StepFree)
    }

    fn walks(&self, from: &[Foothold], to: &[Foothold], limit: Option<Metres>, pace: Pace) -> Vec<Vec<Option<Metres>>> {
        let limit_cm = limit.map_or(u64::MAX, |metres| u64::from(metres.0) * 100);
        let spots = |footholds: &[Foothold]| footholds.iter().map(|foothold| foothold.at(pace)).collect::<Vec<_>>();
        let rows = self.walking.table(&spots(from), &spots(to), limit_cm, pace);
        rows.into_iter().map(|row| row.into_iter().map(|cm| cm.map(metres_up)).collect()).collect()
    }
}

/// Roads that remember no network: one that held its roads, which held it, would never go.
fn alone(roads: &Roads) -> Roads {
    let mut roads = roads.clone();
    roads.made = made::Made::default();
    roads
}

/// Way and ends of an arc, source ids.
fn name(roads: &Roads, arc: &driving::Arc) -> (i64, [i64; 2]) {
    let way = &roads.ways()[roads.segments()[arc.segment as usize].way as usize];
    (way.id, arc.ends.map(|node| roads.nodes()[node as usize].id))
}

/// Metres around the middle of the roads.
fn local(roads: &Roads) -> Local {
    Local::new(roads.bounds().map(|bounds| bounds.centre()).unwrap_or_default())
}

/// The chosen segments, ready to be asked for the nearest.
fn lines(roads: &Roads, chosen: &dyn Fn(u32) -> bool) -> Snapper {
    let ends = |at: usize| roads.segments()[at].ends.map(|node| roads.nodes()[node as usize].point);
    let numbers = (0..roads.segments().len()).filter(|at| chosen(dense(*at)));
    Snapper::new(local(roads), numbers.map(|at| (dense(at), ends(at))))
}

/// Metres from each point to the nearest path that [`Network::foothold`] knows, without freezing a whole network; `None`
/// where the roads have no path at all.
#[must_use]
pub fn metres_to_paths(roads: &Roads, points: &[Point]) -> Vec<Option<f64>> {
    let walking = Walking::new(roads);
    let paths = lines(roads, &|s| walking.has(s));
    points.iter().map(|point| paths.nearest(*point, f64::INFINITY, |_| true).map(|snap| snap.metres)).collect()
}

/// Whole metres, rounded up.
fn metres_up(cm: u64) -> Metres {
    Metres(u32::try_from(cm.div_ceil(100)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
