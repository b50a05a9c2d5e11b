//! What a solve sees: dense ids and matrices, no files, no names, no network.
//!
//! Memory: places x stops walking cells (twice where somebody is in a wheelchair) and three stops x stops matrices.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Cohort, PersonCost, Stop, TimeKind};
use super::project::{CandidateStop, Place, Policy, Project};
use crate::domain::ids::{CohortId, PlaceId, ServiceId, StopId, TypeId};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::profile::Band;
use crate::network::{BusStop, Foothold, Matrix, Network};

/// A cohort of the solve.
#[derive(Clone, Debug)]
pub struct Rides {
    /// From.
    pub origin: PlaceId,
    /// To.
    pub destination: PlaceId,
    /// Wished time.
    pub time: ServiceTime,
    /// Of arrival or departure.
    pub kind: TimeKind,
    /// Service.
    pub service: ServiceId,
    /// How many.
    pub people: People,
    /// Walk limit.
    pub max_walk: Metres,
    /// Wait limit.
    pub max_wait: Seconds,
    /// Needs a wheelchair place, step-free stops and ways without steps to them.
    pub wheelchair: bool,
    /// Cost of the alternative.
    pub alternative: PersonCost,
    /// The ways it is the cheapest of; empty where its cost was given.
    pub without: Vec<Without>,
}

/// A way to travel without us, before any train is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Without {
    /// Position in the project's alternatives.
    pub mode: usize,
    /// From place to place, stairs included.
    pub seconds: Seconds,
    /// Of one person.
    pub cost: PersonCost,
}

/// A stop of the solve.
#[derive(Clone, Debug)]
pub struct StopPlace {
    /// As the project offers it.
    pub candidate: CandidateStop,
    /// On the road.
    pub on_road: BusStop,
}

impl Stop {
    /// As a plan carries it.
    #[must_use]
    pub fn of(place: &StopPlace) -> Self {
        let candidate = &place.candidate;
        Self {
            id: candidate.id.clone(),
            name: candidate.name.clone(),
            name_en: candidate.name_en.clone().unwrap_or_else(|| candidate.name.clone()),
            lon: candidate.point.lon,
            lat: candidate.point.lat,
            way: place.on_road.way,
            between: place.on_road.between,
            offset_m: place.on_road.offset_m,
            side: place.on_road.side,
            site: candidate.site.clone(),
            step_free: candidate.step_free,
        }
    }
}

/// Everything a plan is searched on.
#[derive(Debug)]
pub struct Model {
    /// Limits and weights.
    pub policy: Policy,
    /// The plan's cohorts, in the order of [`Model::rides`].
    pub cohorts: Vec<Cohort>,
    /// The same, dense; ascending by cohort id.
    pub rides: Vec<Rides>,
    /// Places people come from and go to.
    pub places: Vec<Place>,
    /// Stops that somebody can walk to.
    pub stops: Vec<StopPlace>,
    /// From places to stops.
    pub walk: Walks,
    /// Platform to street at each place.
    pub transfer: Vec<Seconds>,
    /// `[service][place]`: trains, ascending.
    pub trains: Vec<Vec<Vec<ServiceTime>>>,
    /// Driving between stops (first) and depots (after them), by [`Band`].
    pub drive: [Matrix; 3],
    /// Position of each vehicle type's depot in `drive`; `None`: not on a road.
    pub depot: Vec<Option<usize>>,
    /// Days of each service and their sum.
    pub service_days: (Vec<u32>, u32),
    /// Departures allowed `[service day]`: minutes, ascending.
    pub minutes: Vec<u32>,
}

/// An ordered run of stops, dense.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub Vec<StopId>);

/// A leg of a rider: where, and what it costs one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Who.
    pub cohort: CohortId,
    /// Position on the line at which they board.
    pub board: u8,
    /// Position at which they alight.
    pub alight: u8,
    /// Cost of one person.
    pub cost: PersonCost,
}

impl Model {
    /// The matrix of a band.
    #[must_use]
    pub fn matrix(&self, band: Band) -> &Matrix {
        &self.drive[band as usize]
    }

    /// Seconds and metres from stop to stop, leaving at a moment.
    #[must_use]
    pub fn leg(&self, from: StopId, to: StopId, at: ServiceTime) -> Option<(Seconds, Metres)> {
        self.matrix(self.policy.band_at(at)).get(from.index(), to.index())
    }

    /// Metres from a place to a stop (or back) the way a cohort goes, its limit not looked at.
    #[must_use]
    pub fn walk_metres(&self, place: PlaceId, stop: StopId, cohort: &Rides) -> Option<Metres> {
        self.walk.metres(place, stop.index(), cohort.wheelchair)
    }

    /// Walking seconds from a place to a stop (or back) for a cohort, the transfer included.
    #[must_use]
    pub fn walk_seconds(&self, place: PlaceId, stop: StopId, cohort: &Rides) -> Option<Seconds> {
        let metres = self.walk_metres(place, stop, cohort)?;
        (metres <= cohort.max_walk)
            .then(|| walking(metres, cohort.wheelchair, &self.policy) + self.transfer[place.index()])
    }

    /// Weight of a service in the objective: its days over the days of all.
    #[must_use]
    pub fn weight(&self, service: ServiceId) -> f64 {
        let (days, sum) = &self.service_days;
        if *sum == 0 { 0.0 } else { f64::from(days[service.index()]) / f64::from(*sum) }
    }

    /// Cost of one person for these seconds.
    #[must_use]
    pub fn person_cost(&self, walk: Seconds, wait: Seconds, ride: Seconds) -> PersonCost {
        person_cost(&self.policy, walk, wait, ride, self.policy.fare)
    }

    /// Which vehicle types can take this cohort at all.
    #[must_use]
    pub fn fits(&self, cohort: &Rides, project: &Project, kind: TypeId) -> bool {
        !cohort.wheelchair || project.fleet[kind.index()].wheelchair_places > 0
    }
}

/// Seconds to walk so far, rounded up.
#[must_use]
pub fn walking(metres: Metres, slow: bool, policy: &Policy) -> Seconds {
    let speed = if slow { policy.slow_walk_mm_per_s } else { policy.walk_mm_per_s };
    Seconds((metres.0.saturating_mul(1000)).div_ceil(speed.max(1)))
}

/// The cost formula of the rules.
#[must_use]
pub fn person_cost(policy: &Policy, walk: Seconds, wait: Seconds, ride: Seconds, fare: Fen) -> PersonCost {
    let weighted = i64::from(policy.weight_walk) * i64::from(walk.0)
        + i64::from(policy.weight_wait) * i64::from(wait.0)
        + i64::from(policy.weight_ride) * i64::from(ride.0);
    PersonCost(policy.value_of_time_per_h.0 * weighted + PersonCost::PER_FEN * fare.0)
}

/// Numbers the places of cohorts, first seen first.
#[derive(Debug, Default)]
pub struct Places {
    numbers: BTreeMap<String, PlaceId>,
    /// In order of number.
    pub list: Vec<Place>,
}

impl Places {
    /// The number of a place.
    pub fn number(&mut self, place: &Place) -> PlaceId {
        let list = &mut self.list;
        *self.numbers.entry(place.to_string()).or_insert_with(|| {
            list.push(place.clone());
            PlaceId::at(list.len() - 1)
        })
    }
}

/// Rows of metres, `None` out of reach.
pub type Table = Vec<Vec<Option<Metres>>>;

/// How far it is on foot from each place to some points: `[place][point]`.
#[derive(Clone, Debug, Default)]
pub struct Walks {
    /// For who takes steps.
    pub any: Table,
    /// For who takes none; empty where nobody is in a wheelchair.
    pub step_free: Table,
}

impl Walks {
    /// Metres from a place to a point the way somebody goes who is, or is not, in a wheelchair.
    #[must_use]
    pub fn metres(&self, place: PlaceId, point: usize, wheelchair: bool) -> Option<Metres> {
        let table = if wheelchair { &self.step_free } else { &self.any };
        *table.get(place.index())?.get(point)?
    }

    /// The same change to both tables.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Table) -> Table) -> Self {
        Self { any: change(&self.any), step_free: change(&self.step_free) }
    }
}

/// Where wheelchairs come from and go to: from nowhere else ways without steps are asked for.
#[must_use]
pub fn wheelchair_places(rides: &[Rides]) -> BTreeSet<PlaceId> {
    rides.iter().filter(|ride| ride.wheelchair).flat_map(|ride| [ride.origin, ride.destination]).collect()
}

/// Footholds of all access points of places, and which place each belongs to.
#[derive(Debug)]
pub struct Footing {
    /// Where they join the paths.
    pub footholds: Vec<Foothold>,
    /// Their places.
    pub owner: Vec<PlaceId>,
}

impl Footing {
    /// Puts every place's access points on the paths.
    #[must_use]
    pub fn of(project: &Project, network: &Network, places: &[Place]) -> Self {
        let mut footing = Self { footholds: Vec::new(), owner: Vec::new() };
        for (number, place) in places.iter().enumerate() {
            for point in project.access_points(place) {
                if let Some(foothold) = network.foothold(point, project.policy.max_foothold) {
                    footing.footholds.push(foothold);
                    footing.owner.push(PlaceId::at(number));
                }
            }
        }
        footing
    }

    /// Least metres from each place to each of these points, for who takes steps.
    #[must_use]
    pub fn metres_to(&self, network: &Network, places: usize, to: &[Foothold], limit: Option<Metres>) -> Table {
        self.least(&network.walk_metres(&self.footholds, to, limit), places, to.len())
    }

    /// The same for everybody: without steps from the places of wheelchairs.
    #[must_use]
    pub fn walks_to(
        &self,
        network: &Network,
        places: usize,
        to: &[Foothold],
        limit: Option<Metres>,
        wheelchairs: &BTreeSet<PlaceId>,
    ) -> Walks {
        let any = self.metres_to(network, places, to, limit);
        if wheelchairs.is_empty() {
            return Walks { any, step_free: Table::new() };
        }
        let own = self.of_places(wheelchairs);
        let step_free = own.least(&network.step_free_metres(&own.footholds, to, limit), places, to.len());
        Walks { any, step_free }
    }

    /// Least metres between all pairs of places, `None` beyond the limit; without steps from the places of wheelchairs.
    #[must_use]
    pub fn between(
        &self,
        network: &Network,
        places: usize,
        limit: Option<Metres>,
        wheelchairs: &BTreeSet<PlaceId>,
    ) -> Walks {
        let by_foothold = self.walks_to(network, places, &self.footholds, limit, wheelchairs);
        by_foothold.map(|rows| {
            let to_places = |row: &Vec<Option<Metres>>| {
                let mut near = vec![None; places];
                for (metres, owner) in row.iter().zip(&self.owner) {
                    shorten(&mut near[owner.index()], *metres);
                }
                near
            };
            rows.iter().map(to_places).collect()
        })
    }

    /// Those of some places.
    fn of_places(&self, places: &BTreeSet<PlaceId>) -> Self {
        let all = self.footholds.iter().zip(&self.owner).filter(|(_, owner)| places.contains(owner));
        let (footholds, owner) = all.map(|(foothold, owner)| (foothold.clone(), *owner)).unzip();
        Self { footholds, owner }
    }

    /// Of the rows of a place's footholds the least, column by column.
    fn least(&self, rows: &[Vec<Option<Metres>>], places: usize, columns: usize) -> Table {
        let mut least = vec![vec![None; columns]; places];
        for (row, owner) in rows.iter().zip(&self.owner) {
            for (cell, metres) in least[owner.index()].iter_mut().zip(row) {
                shorten(cell, *metres);
            }
        }
        least
    }
}

/// The lesser of two lengths, where there is one.
fn shorten(cell: &mut Option<Metres>, metres: Option<Metres>) {
    *cell = match (*cell, metres) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}

/// Small worlds for tests: one service, one place a stop, straight roads.
#[cfg(test)]
pub(crate) mod tiny {
    use super::*;
    use crate::domain::coordinates::Point;
    use crate::domain::site::Kerb;
    use crate::planning::project::VehicleType;

    /// So many buses of 19 seats: CNY 30 a day for 8 h and 100 km, no more for what is longer.
    pub(crate) fn buses(count: u32) -> VehicleType {
        VehicleType {
            id: "bus".to_owned(),
            name: "bus".to_owned(),
            seats: 19,
            wheelchair_places: 0,
            count,
            cost_per_day: Fen(3000),
            included: Seconds(28_800),
            included_m: Metres(100_000),
            cost_per_extra_hour: Fen(0),
            cost_per_extra_km: Fen(0),
            depot: "depot".to_owned(),
            from: ServiceTime(0),
            to: ServiceTime(86_400),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }
    }

    /// Stops in a row, `leg` seconds apart in both directions, each 0 m from the place of the same number; the last is the depot.
    pub(crate) fn row(stops: usize, leg: u32, rides: Vec<Rides>) -> Model {
        let size = stops + 1;
        let matrix = Matrix {
            size,
            cells: (0..size * size)
                .map(|cell| {
                    let apart = u32::try_from((cell / size).abs_diff(cell % size)).unwrap();
                    Some((Seconds(apart * leg), Metres(apart * 1000)))
                })
                .collect(),
        };
        let places: Vec<Place> = (0..stops).map(|k| Place::Site(format!("p{k}"))).collect();
        let cohorts = rides
            .iter()
            .enumerate()
            .map(|(k, ride)| Cohort {
                id: format!("c-{k:03}"),
                origin: places[ride.origin.index()].to_string(),
                destination: places[ride.destination.index()].to_string(),
                time: ride.time,
                time_kind: ride.kind,
                service: "weekday".to_owned(),
                people: ride.people,
                firms: BTreeMap::new(),
                max_walk_m: ride.max_walk,
                max_wait_s: ride.max_wait,
                wheelchair: ride.wheelchair,
                alternative: super::super::plan::Alternative {
                    mode: "walk".to_owned(),
                    seconds: Seconds::ZERO,
                    wait_s: Seconds::ZERO,
                    fen: ride.alternative.times(People::whole(1)),
                },
            })
            .collect();
        let stop = |k: usize| StopPlace {
            candidate: CandidateStop {
                id: format!("s{k}"),
                name: format!("站{k}"),
                name_en: None,
                point: Point { lon: 121.0 + k as f64 / 100.0, lat: 31.0 },
                site: None,
                kerb: Kerb::Right,
                step_free: true,
            },
            on_road: BusStop { way: 1, between: [0, 1], offset_m: 0.0, side: Kerb::Right, snap_m: 0.0 },
        };
        let walk: Table = (0..stops).map(|p| (0..stops).map(|s| (p == s).then_some(Metres::ZERO)).collect()).collect();
        Model {
            // They come on the second: sums stay short.
            policy: Policy { ahead: Seconds::ZERO, change: Seconds::ZERO, ..Policy::default() },
            cohorts,
            rides,
            // No steps anywhere.
            walk: Walks { any: walk.clone(), step_free: walk },
            transfer: vec![Seconds::ZERO; stops],
            trains: vec![vec![Vec::new(); stops]],
            places,
            stops: (0..stops).map(stop).collect(),
            drive: [matrix.clone(), matrix.clone(), matrix],
            depot: vec![Some(stops)],
            service_days: (vec![1], 1),
            minutes: (6 * 60..10 * 60).collect(),
        }
    }

    /// People from place to place who must be there by a time and otherwise pay `yuan`.
    pub(crate) fn arriving(from: u32, to: u32, by: ServiceTime, people: u32, yuan: i64) -> Rides {
        Rides {
            origin: PlaceId(from),
            destination: PlaceId(to),
            time: by,
            kind: TimeKind::ArriveBy,
            service: ServiceId(0),
            people: People(people),
            max_walk: Metres(500),
            max_wait: Seconds(1800),
            wheelchair: false,
            alternative: PersonCost(yuan * 100 * PersonCost::PER_FEN),
            without: Vec::new(),
        }
    }
}
