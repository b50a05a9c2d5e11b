//! How far is it on foot, from the plan's places to its stops and to each other? Derived from the roads, like the checker's but
//! apart from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::domain::coordinates::Point;
use crate::domain::units::Metres;
use crate::network::{Foothold, Network};
use crate::planning::plan::{Cohort, Plan};
use crate::planning::project::{Place, Project};

/// Walks of a plan. To compare plans of one project it can be made once, of a plan that has all stops and cohorts.
#[derive(Clone, Debug, Default)]
pub struct Walks {
    /// Of cohorts on foot and of those in wheelchairs, who take no steps.
    pub(super) ways: [Ways; 2],
}

/// Walks of some cohorts.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    /// From place (as cohorts write it) to stop (by id).
    pub(super) to_stop: BTreeMap<(String, String), Metres>,
    /// From origin to destination.
    pub(super) between: BTreeMap<(String, String), Metres>,
}

impl Walks {
    /// All walks of a plan: to stops within the farthest walk anybody makes, between the ends of each cohort.
    #[must_use]
    pub fn new(project: &Project, network: &Network, plan: &Plan) -> Self {
        Self { ways: [false, true].map(|wheelchair| Ways::new(project, network, plan, wheelchair)) }
    }

    /// Those of a cohort.
    pub(super) fn of(&self, cohort: &Cohort) -> &Ways {
        &self.ways[usize::from(cohort.wheelchair)]
    }
}

impl Ways {
    fn new(project: &Project, network: &Network, plan: &Plan, wheelchair: bool) -> Self {
        let cohorts: Vec<&Cohort> = plan.cohorts.iter().filter(|cohort| cohort.wheelchair == wheelchair).collect();
        if cohorts.is_empty() {
            return Self::default();
        }
        let places: BTreeSet<&str> = cohorts.iter().flat_map(|c| [c.origin.as_str(), c.destination.as_str()]).collect();
        let (doors, ranges) = doors(project, network, &places);
        let mut stops = Vec::new();
        let mut kerbs = Vec::new();
        for stop in plan.stops.iter().filter(|stop| stop.lon.is_finite() && stop.lat.is_finite()) {
            let point = Point { lon: stop.lon, lat: stop.lat };
            if let Some(foothold) = network.foothold(point, project.policy.max_foothold) {
                stops.push(stop.id.as_str());
                kerbs.push(foothold);
            }
        }
        let farthest = cohorts.iter().map(|cohort| cohort.max_walk_m).max();
        let measure = measure(wheelchair);
        let table = measure(network, &doors, &kerbs, farthest.or(Some(Metres::ZERO)));
        let mut to_stop = BTreeMap::new();
        for (place, range) in &ranges {
            let rows = table.get(range.clone()).unwrap_or_default();
            for (column, stop) in stops.iter().enumerate() {
                if let Some(metres) = rows.iter().filter_map(|row| row.get(column).copied().flatten()).min() {
                    to_stop.entry(((*place).to_owned(), (*stop).to_owned())).or_insert(metres);
                }
            }
        }
        Self { to_stop, between: between(project, network, &cohorts, measure) }
    }

    pub(super) fn stop(&self, place: &str, stop: &str) -> Option<Metres> {
        self.to_stop.get(&(place.to_owned(), stop.to_owned())).copied()
    }

    pub(super) fn way(&self, origin: &str, destination: &str) -> Option<Metres> {
        self.between.get(&(origin.to_owned(), destination.to_owned())).copied()
    }
}

/// Metres on foot from each to each within a limit.
type Measure = fn(&Network, &[Foothold], &[Foothold], Option<Metres>) -> Vec<Vec<Option<Metres>>>;

/// Who is in a wheelchair takes no steps.
fn measure(wheelchair: bool) -> Measure {
    if wheelchair { Network::step_free_metres } else { Network::walk_metres }
}

/// Where the places are entered on foot, and which door is whose.
fn doors<'a>(
    project: &Project,
    network: &Network,
    places: &BTreeSet<&'a str>,
) -> (Vec<Foothold>, BTreeMap<&'a str, Range<usize>>) {
    let mut doors = Vec::new();
    let mut ranges = BTreeMap::new();
    for text in places {
        let Some(place) = Place::parse(text, project) else { continue };
        if let Place::Point(point) = &place
            && !(point.lon.abs() <= 180.0 && point.lat.abs() <= 90.0)
        {
            continue;
        }
        let start = doors.len();
        let points = project.access_points(&place);
        doors.extend(points.into_iter().filter_map(|point| network.foothold(point, project.policy.max_foothold)));
        ranges.insert(*text, start..doors.len());
    }
    (doors, ranges)
}

fn between(
    project: &Project,
    network: &Network,
    cohorts: &[&Cohort],
    measure: Measure,
) -> BTreeMap<(String, String), Metres> {
    let origins: BTreeSet<&str> = cohorts.iter().map(|cohort| cohort.origin.as_str()).collect();
    let ends: BTreeSet<&str> = cohorts.iter().map(|cohort| cohort.destination.as_str()).collect();
    let (from, from_ranges) = doors(project, network, &origins);
    let (to, to_ranges) = doors(project, network, &ends);
    // Beyond the farthest any alternative goes nobody walks; where one has no limit, as far as paths go.
    let limits: Option<Vec<Metres>> = project.alternatives.iter().map(|mode| mode.max_m).collect();
    let limit = limits.map(|limits| limits.into_iter().max().unwrap_or(Metres::ZERO));
    let table = measure(network, &from, &to, limit);
    let mut found = BTreeMap::new();
    for cohort in cohorts {
        let (Some(rows), Some(columns)) =
            (from_ranges.get(cohort.origin.as_str()), to_ranges.get(cohort.destination.as_str()))
        else {
            continue;
        };
        let rows = table.get(rows.clone()).unwrap_or_default();
        let cells = rows.iter().filter_map(|row| row.get(columns.clone())).flatten();
        if let Some(metres) = cells.filter_map(|cell| *cell).min() {
            found.insert((cohort.origin.clone(), cohort.destination.clone()), metres);
        }
    }
    found
}
