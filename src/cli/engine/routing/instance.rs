//! What every form of file is read into: the problem, and the file's own words for what is in it.

use std::collections::HashMap;

use super::rounding::{Rounding, length};
use crate::routing::Problem;
use crate::routing::problem::{Job, Vehicle};
use crate::routing::tours::{Tour, Tours};

/// Most vehicles of a file.
pub(super) const MOST_VEHICLES: u32 = 100_000;

/// A problem, and how to speak of it.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) problem: Problem,
    /// How its numbers were made whole.
    pub(super) rounding: Rounding,
    /// Of each job, its number in the file.
    pub(super) numbers: Vec<u32>,
    /// Of each type of vehicle, which ones of the file they are, from 1.
    pub(super) vehicles: Vec<Vec<u32>>,
    /// Where what counts is the real way, whatever it was rounded to: where each place lies.
    pub(super) points: Option<Vec<(f64, f64)>>,
    /// Where fewer vehicles count more than any way: what each costs, which is more than all ways of any answer. Else 0.
    pub(super) first: i64,
}

/// One vehicle's way in the file's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// From 1, in the file's order.
    pub(super) vehicle: u32,
    /// With the depots where it reloads.
    pub(super) stops: Vec<u32>,
}

impl Instance {
    /// A cost of the problem in the unit of the file, without what vehicles cost where they count first.
    pub(super) fn cost(&self, cost: f64) -> f64 {
        let cost = if self.first > 0 { cost % self.first as f64 } else { cost };
        cost / self.rounding.scale() as f64
    }

    /// What an answer costs in the unit of the file; the real way, not the rounded one, where that counts.
    pub(super) fn stated(&self, tours: &Tours) -> f64 {
        let Some(points) = &self.points else { return self.cost(tours.cost as f64) };
        let way = |tour: &Tour| -> f64 {
            let vehicle = &self.problem.vehicles()[tour.vehicle];
            let places = tour.jobs.iter().map(|&job| self.problem.jobs()[job].place);
            let way: Vec<usize> = [vehicle.start].into_iter().chain(places).chain([vehicle.end]).collect();
            way.windows(2).map(|arc| length(points[arc[0]], points[arc[1]])).sum()
        };
        // The sum of nothing is minus nought.
        tours.tours.iter().map(way).sum::<f64>() + 0.0
    }

    fn stops(&self, tour: &Tour) -> Vec<u32> {
        let mut stops: Vec<u32> = tour.jobs.iter().map(|&job| self.numbers[job]).collect();
        for (passed, reload) in tour.reloads.iter().enumerate() {
            // Only VRPLIB files have reloads; places are nodes there, which count from 1.
            let place = self.problem.vehicles()[tour.vehicle].reloads[reload.place];
            stops.insert(reload.before + passed, place as u32 + 1);
        }
        stops
    }

    /// Do vehicles differ, so that it matters which one drives?
    pub(super) fn mixed(&self) -> bool {
        self.vehicles.len() > 1
    }

    /// Have times a price, so that it matters when?
    pub(super) fn tells_hours(&self) -> bool {
        let vehicles = self.problem.vehicles();
        vehicles.iter().any(|vehicle| vehicle.pays_time() || !vehicle.breaks.is_empty())
            || self.problem.jobs().iter().any(Job::pays_late)
    }

    /// Who drives where, each vehicle once.
    pub(super) fn routes(&self, tours: &Tours) -> Vec<Route> {
        let mut free: Vec<_> = self.vehicles.iter().map(|numbers| numbers.iter().copied()).collect();
        let route = |tour: &Tour| Route {
            // The checker has counted them.
            vehicle: free[tour.vehicle].next().unwrap_or_default(),
            stops: self.stops(tour),
        };
        tours.tours.iter().map(route).collect()
    }
}

/// Vehicles in the file's order (each counts as one) as types, in the order of their first, and which ones each type is.
pub(super) fn merge(vehicles: impl IntoIterator<Item = Vehicle>) -> (Vec<Vehicle>, Vec<Vec<u32>>) {
    let mut kinds: HashMap<Vehicle, usize> = HashMap::new();
    let (mut types, mut members): (Vec<Vehicle>, Vec<Vec<u32>>) = (Vec::new(), Vec::new());
    for (number, vehicle) in (1..).zip(vehicles) {
        let at = *kinds.entry(Vehicle { count: 0, ..vehicle.clone() }).or_insert(types.len());
        if at == types.len() {
            types.push(Vehicle { count: 0, ..vehicle });
            members.push(Vec::new());
        }
        types[at].count += 1;
        members[at].push(number);
    }
    (types, members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicles_that_are_alike_are_one_type() {
        let (small, large) = (Vehicle { fixed: 1, ..Vehicle::at(0, 1) }, Vehicle { fixed: 2, ..Vehicle::at(0, 1) });
        let (types, members) = merge([small.clone(), large.clone(), small.clone(), Vehicle::at(1, 1)]);
        let of = |vehicle: Vehicle, count: usize| Vehicle { count, ..vehicle };
        assert_eq!(types, [of(small, 2), of(large, 1), Vehicle::at(1, 1)]);
        assert_eq!(members, [vec![1, 3], vec![2], vec![4]]);
    }
}
