//! Walks from the homes of those who want a bay to the gates of lots.

use std::collections::BTreeMap;
use std::ops::Range;

use super::case::Case;
use super::ground::{Ground, nearest};
use crate::domain::units::Metres;

#[derive(Debug)]
pub(super) struct Walks<'a> {
    /// Rows of each lot, columns of each request.
    lots: BTreeMap<&'a str, usize>,
    homes: BTreeMap<&'a str, Range<usize>>,
    table: Vec<Vec<Option<Metres>>>,
}

impl<'a> Walks<'a> {
    pub(super) fn new(case: &Case<'a>, ground: &Ground<'a>) -> Self {
        let project = case.project;
        let reach = project.policy.max_foothold;
        let mut gates = Vec::new();
        let mut lots = BTreeMap::new();
        for lot in &project.lots {
            if let Some(gate) = ground.network.foothold(lot.gate.unwrap_or(lot.point), reach) {
                lots.entry(lot.id.as_str()).or_insert(gates.len());
                gates.push(gate);
            }
        }
        let mut doors = Vec::new();
        let mut homes = BTreeMap::new();
        for request in &project.requests {
            let start = doors.len();
            let points = project.access_points(&request.home);
            doors.extend(points.into_iter().filter_map(|point| ground.network.foothold(point, reach)));
            homes.entry(request.id.as_str()).or_insert(start..doors.len());
        }
        // There and back is the same walk.
        Self { lots, homes, table: ground.network.walk_metres(&gates, &doors, None) }
    }

    /// Metres from the home of a request to a lot.
    pub(super) fn of(&self, request: &str, lot: &str) -> Option<u32> {
        let row = self.lots.get(lot).and_then(|row| self.table.get(*row))?;
        self.homes.get(request)?.clone().filter_map(|door| nearest(std::slice::from_ref(row), door)).min()
    }
}
