//! Walks from the homes of those who want a bay to the gates of lots: of all, or where they are too many of those with permits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::case::Case;
use super::ground::{Ground, nearest};
use crate::domain::units::Metres;

/// Requests times lots that are looked up; beyond, the planner itself only weighs the nearest lots.
const MOST_PAIRS: usize = 2_000_000;
/// Requests up to which the planner's search is never cut short.
const MOST_REQUESTS: usize = 2_000;

#[derive(Debug)]
pub(super) struct Walks<'a> {
    /// Rows of each lot, columns of each request.
    lots: BTreeMap<&'a str, usize>,
    homes: BTreeMap<&'a str, Range<usize>>,
    table: Vec<Vec<Option<Metres>>>,
    /// Every lot and home is among them.
    pub(super) whole: bool,
}

impl<'a> Walks<'a> {
    pub(super) fn new(case: &Case<'a>, ground: &Ground<'a>) -> Self {
        let project = case.project;
        let reach = project.policy.max_foothold;
        let (wanting, lending) = (project.requests.len(), project.lots.len());
        let whole = wanting <= MOST_REQUESTS && wanting.saturating_mul(lending) <= MOST_PAIRS;
        let permits = &case.plan.parking.permits;
        let named: BTreeSet<&str> = permits.iter().flat_map(|x| [x.lot.as_str(), x.request.as_str()]).collect();
        let mut gates = Vec::new();
        let mut lots = BTreeMap::new();
        for lot in project.lots.iter().filter(|lot| whole || named.contains(lot.id.as_str())) {
            if let Some(gate) = ground.network.foothold(lot.gate.unwrap_or(lot.point), reach) {
                lots.entry(lot.id.as_str()).or_insert(gates.len());
                gates.push(gate);
            }
        }
        let mut doors = Vec::new();
        let mut homes = BTreeMap::new();
        for request in project.requests.iter().filter(|request| whole || named.contains(request.id.as_str())) {
            let start = doors.len();
            let points = project.access_points(&request.home);
            doors.extend(points.into_iter().filter_map(|point| ground.network.foothold(point, reach)));
            homes.entry(request.id.as_str()).or_insert(start..doors.len());
        }
        // There and back is the same walk.
        Self { lots, homes, table: ground.network.walk_metres(&gates, &doors, None), whole }
    }

    /// Metres from the home of a request to a lot.
    pub(super) fn of(&self, request: &str, lot: &str) -> Option<u32> {
        let row = self.lots.get(lot).and_then(|row| self.table.get(*row))?;
        self.homes.get(request)?.clone().filter_map(|door| nearest(std::slice::from_ref(row), door)).min()
    }
}
