//! Are rides on request offered as the project wants them, with vehicles there are, at the price they have, and does the drawn day keep every promise?
//!
//! The rules stand at the top of `plan/on_demand.rs`. Limits: which stops and how many vehicles are worth it is the planner's choice, of which only the
//! sums are judged; of the drawn days only the one that is written is looked at, so the means are held to what is possible, not drawn again.

mod day;
mod terms;
mod vehicles;

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::ground::{Ground, Node};
use super::report::{Report, yuan};
use super::riders::Rides;
use super::{places, travel};
use crate::domain::finding::Finding;
use crate::network::profile::Band;
use crate::planning::plan::{Cohort, OnDemand, TimeKind};
use crate::planning::project::{Place, RideOffer};

/// Where there is no way: seconds and metres of a cell.
const NO_WAY: (u32, u32) = (7 * 24 * 3600, 10_000_000);

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, rides: &Rides<'_>, report: &mut Report) {
    let (mut offers, mut vehicles, mut blocks) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for offer in &case.plan.on_demand {
        let judge = Judge { case, ground, offer };
        if !offers.insert(offer.id.as_str()) {
            judge.says("id", "named once", &offer.id, report);
        }
        for vehicle in &offer.vehicles {
            let used = vehicle.block.as_deref().is_some_and(|block| !blocks.insert(block));
            if !vehicles.insert(vehicle.id.as_str()) || used {
                judge.says("vehicle", "named once", &vehicle.id, report);
            }
        }
        terms::check(&judge, report);
        judge.stops(report);
        judge.matrix(report);
        vehicles::check(&judge, report);
        judge.asks(report);
        judge.worth(rides, report);
        day::check(&judge, report);
    }
}

/// What each service's vehicles cost more a day for rides on request, fen.
pub(super) fn running<'a>(case: &Case<'a>) -> BTreeMap<&'a str, i128> {
    let mut by_service = BTreeMap::new();
    for offer in &case.plan.on_demand {
        let fen = offer.vehicles.iter().filter_map(|vehicle| vehicles::fen(case, vehicle)).sum::<i128>();
        *by_service.entry(offer.service.as_str()).or_default() += fen;
    }
    by_service
}

/// Vehicles hired for rides on request on a service, of a type.
pub(super) fn hired(case: &Case<'_>, kind: &str, service: &str) -> usize {
    let offers = case.plan.on_demand.iter().filter(|offer| offer.service == service);
    let vehicles = offers.flat_map(|offer| &offer.vehicles);
    vehicles.filter(|vehicle| vehicle.block.is_none() && vehicle.vehicle_type == kind).count()
}

struct Judge<'c, 'a> {
    case: &'c Case<'a>,
    ground: &'c Ground<'a>,
    offer: &'a OnDemand,
}

impl<'a> Judge<'_, 'a> {
    /// Something of the offer is not what it must be.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and words alike, said once")]
    fn says(&self, what: &str, expected: impl ToString, found: impl ToString, report: &mut Report) {
        report.add(
            Finding::error("check-ride-offer")
                .arg("offer", self.offer.id.as_str())
                .arg("what", what)
                .arg("expected", expected.to_string())
                .arg("found", found.to_string()),
        );
    }

    fn same<T: PartialEq + ToString>(&self, what: &str, expected: &T, found: &T, report: &mut Report) {
        if expected != found {
            self.says(what, expected.to_string(), found.to_string(), report);
        }
    }

    /// What the project asked for. An offer on several services has its own id on each.
    fn wanted(&self) -> Option<&'a RideOffer> {
        let offer = self.offer;
        let of = |wanted: &&RideOffer| {
            let named = wanted.services.is_empty() || wanted.services.contains(&offer.service);
            named && (offer.id == wanted.id || offer.id == format!("{}-{}", wanted.id, offer.service))
        };
        self.case.project.on_demand.iter().find(of)
    }

    /// They stand where they are said to, in order, each once; a stop that lines use too is the same there.
    fn stops(&self, report: &mut Report) {
        let stops = &self.offer.stops;
        if stops.windows(2).any(|pair| pair[0].id >= pair[1].id) {
            self.says("stops", "ascending", "-", report);
        }
        for stop in stops {
            let known = self.case.stops.get(stop.id.as_str());
            if known.is_some_and(|known| *known != stop) {
                self.says("stop", "as on the line", &stop.id, report);
            }
            if known.is_none() {
                places::stop(self.case, self.ground, stop, report);
            }
            if self.wanted().is_some_and(|wanted| !wanted.stops.is_empty() && !wanted.stops.contains(&stop.id)) {
                self.says("stop", "in the list", &stop.id, report);
            }
        }
    }

    /// Every cell is the longest of the bands that the hours touch.
    fn matrix(&self, report: &mut Report) {
        let offer = self.offer;
        let stops = offer.stops.iter().map(|stop| Node::Stop(&stop.id));
        let nodes: Vec<Node<'_>> = stops.chain(offer.depots.iter().map(|depot| Node::Depot(depot))).collect();
        let cells = nodes.len() * nodes.len();
        if offer.seconds.len() != cells || offer.metres.len() != cells {
            self.says("matrix", cells, offer.seconds.len().min(offer.metres.len()), report);
            return;
        }
        let hours = offer.from.0..=offer.until.0;
        let policy = &self.case.project.policy;
        let touches = |band: Band| {
            hours
                .clone()
                .step_by(60)
                .chain([offer.until.0])
                .any(|at| policy.band_at(crate::domain::units::ServiceTime(at)) == band)
        };
        let bands: Vec<Band> = Band::ALL.into_iter().filter(|band| touches(*band)).collect();
        for (row, from) in nodes.iter().enumerate() {
            for (column, to) in nodes.iter().enumerate() {
                let ways: Option<Vec<(u32, u32)>> =
                    bands.iter().map(|&band| self.ground.drive(*from, *to, band)).collect();
                let longest = |of: fn(&(u32, u32)) -> u32, no: u32| {
                    ways.as_ref().and_then(|ways| ways.iter().map(of).max()).unwrap_or(no).min(no)
                };
                let expected = if row == column {
                    (0, 0)
                } else {
                    (longest(|way| way.0, NO_WAY.0), longest(|way| way.1, NO_WAY.1))
                };
                let at = row * nodes.len() + column;
                let found = (offer.seconds[at], offer.metres[at]);
                if expected != found {
                    self.says("drive", format!("{from:?} {to:?} {expected:?}"), format!("{found:?}"), report);
                    return;
                }
            }
        }
    }

    /// Seconds from a place of a cohort to a stop, its stairs in it; nothing beyond its limit or over steps.
    fn walk(&self, cohort: &Cohort, place: &str, stop: usize) -> Option<u64> {
        let (project, stop) = (self.case.project, self.offer.stops.get(stop)?);
        let metres = self.ground.walk(cohort, place, &stop.id).filter(|metres| *metres <= cohort.max_walk_m.0)?;
        let slow = cohort.wheelchair;
        let speed = if slow { project.policy.slow_walk_mm_per_s } else { project.policy.walk_mm_per_s };
        let stairs = Place::parse(place, project).map_or(0, |place| project.transfer(&place).0);
        (!slow || stop.step_free)
            .then(|| (u64::from(metres) * 1000).div_ceil(u64::from(speed.max(1))) + u64::from(stairs))
    }

    /// Who rides no line, wishes to travel in the hours and reaches two stops.
    fn asks(&self, report: &mut Report) {
        let offer = self.offer;
        let mut left: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &self.case.plan.unserved {
            let people = left.entry(&row.cohort).or_default();
            *people = people.saturating_add(row.people.0);
        }
        // Who may ask for an earlier offer that is run asks there.
        let before = self.case.plan.on_demand.iter().take_while(|other| other.id != offer.id);
        let run = before.filter(|other| !other.vehicles.is_empty());
        let elsewhere: BTreeSet<&str> = run.flat_map(|other| &other.asks).map(|asks| asks.cohort.as_str()).collect();
        let mut expected = BTreeMap::new();
        for (id, cohort) in self.case.cohorts.iter().filter(|(id, _)| !elsewhere.contains(*id)) {
            let people = left.get(id).copied().unwrap_or_default();
            let reached = |place: &str| -> Vec<usize> {
                (0..offer.stops.len()).filter(|&stop| self.walk(cohort, place, stop).is_some()).collect()
            };
            let in_time = (offer.from..=offer.until).contains(&cohort.time) && cohort.service == offer.service;
            if people > 0 && in_time {
                let (boards, alights) = (reached(&cohort.origin), reached(&cohort.destination));
                if boards.iter().any(|board| alights.iter().any(|alight| board != alight)) {
                    expected.insert(*id, people);
                }
            }
        }
        let found: Vec<(&str, u32)> = offer.asks.iter().map(|asks| (asks.cohort.as_str(), asks.people.0)).collect();
        if !found.iter().copied().eq(expected.iter().map(|(id, people)| (*id, *people))) {
            let wrong = found.iter().find(|(id, people)| expected.get(id) != Some(people));
            let first = wrong
                .map(|(id, _)| *id)
                .or(expected.keys().find(|id| !found.iter().any(|(other, _)| other == *id)).copied());
            self.says("asks", expected.len(), format!("{} ({})", found.len(), first.unwrap_or("-")), report);
        }
        for asks in offer.asks.iter().filter(|asks| !(0.0..=1.0).contains(&asks.taken)) {
            self.says("taken", "0..1", asks.taken, report);
        }
    }

    fn worth(&self, rides: &Rides<'_>, report: &mut Report) {
        let (offer, worth) = (self.offer, &self.offer.worth);
        let asked: u64 = offer.asks.iter().map(|asks| u64::from(asks.people.0)).sum();
        if (worth.asked - asked as f64 / 1000.0).abs() > 0.001 {
            self.says("asked", asked as f64 / 1000.0, worth.asked, report);
        }
        let running: i128 = offer.vehicles.iter().filter_map(|vehicle| vehicles::fen(self.case, vehicle)).sum();
        let prices = &self.case.project.upkeep;
        let news = offer.stops.iter().filter(|stop| !self.case.stops.contains_key(stop.id.as_str())).count();
        let upkeep = i128::from(prices.per_line.0) + i128::from(prices.per_stop.0) * news as i128;
        self.same("upkeep", &yuan(upkeep), &yuan(worth.upkeep_fen.0.into()), report);
        let (most, dearest) = self.at_most(rides);
        // Theirs is in floating point: a fen.
        if (most - i128::from(worth.at_most_fen.0)).abs() > 1 {
            self.says("at_most", yuan(most), worth.at_most_fen, report);
        }
        if !(0.0..=1.0).contains(&worth.foresight) {
            self.says("foresight", "0..1", worth.foresight, report);
        }
        if worth.served.mean > worth.asked + luck(worth.asked, 1.0, worth.days) {
            self.says("served", worth.asked, worth.served.mean, report);
        }
        if worth.saving.mean.0 as f64 > most as f64 + luck(most as f64, dearest, worth.days) {
            self.says("saving", yuan(most), worth.saving.mean, report);
        }
        let ordered =
            [worth.served, worth.wait_s, worth.ride_s].iter().all(|of| of.low <= of.mean && of.mean <= of.high)
                && worth.saving.low <= worth.saving.mean
                && worth.saving.mean <= worth.saving.high;
        if !ordered || worth.days == 0 {
            self.says("estimates", "low, mean, high", "-", report);
        }
        if !offer.vehicles.is_empty() {
            self.same("running", &yuan(running), &yuan(worth.running_fen.0.into()), report);
            if i128::from(worth.saving.mean.0) <= running + upkeep {
                self.says("saving", yuan(running + upkeep), worth.saving.mean, report);
            }
        }
    }

    /// Everybody straight from the best stop to the best stop, without a wait but what nobody is spared; fen, rounded up. And the most that one of them
    /// saves.
    fn at_most(&self, rides: &Rides<'_>) -> (i128, f64) {
        let (offer, project) = (self.offer, self.case.project);
        let size = offer.stops.len() + offer.depots.len();
        let stands = 2 * u64::from(offer.rules.stop_s.saturating_add(offer.rules.person_s));
        let (mut sum, mut dearest) = (0_i128, 0_i128);
        for asks in &offer.asks {
            let id = asks.cohort.as_str();
            let Some((cohort, without)) = self.case.cohorts.get(id).zip(rides.alternative.get(id)) else { continue };
            let by_train = cohort.time_kind == TimeKind::ArriveBy && {
                let service = self.case.services.get(cohort.service.as_str());
                let place = Place::parse(&cohort.origin, project);
                place.zip(service).is_some_and(|(place, (service, _))| !project.trains_at(&place, service).is_empty())
            };
            let wait = if by_train { project.policy.change } else { project.policy.ahead };
            let ends: Vec<(usize, u64)> = (0..offer.stops.len())
                .filter_map(|stop| Some((stop, self.walk(cohort, &cohort.destination, stop)?)))
                .collect();
            let mut best = 0_i128;
            for board in 0..offer.stops.len() {
                let Some(before) = self.walk(cohort, &cohort.origin, board) else { continue };
                for &(alight, after) in ends.iter().filter(|(alight, _)| *alight != board) {
                    let Some(&direct) = offer.seconds.get(board * size + alight) else { continue };
                    if direct < NO_WAY.0 {
                        let cost =
                            travel::ride_cost(project, before + after, wait.0.into(), u64::from(direct) + stands);
                        best = best.max(without - cost);
                    }
                }
            }
            dearest = dearest.max(best);
            sum += best.saturating_mul(asks.people.0.into());
        }
        let exact = travel::PER_FEN * 1000;
        let whole = sum.div_euclid(exact) + i128::from(sum.rem_euclid(exact) > 0);
        (whole, dearest as f64 / travel::PER_FEN as f64)
    }
}

/// What a mean of drawn days may be above what is expected: six standard deviations of as many people as come (Poisson), of whom each counts no more than
/// so much. More is not by chance.
fn luck(expected: f64, each: f64, days: u32) -> f64 {
    6.0 * (expected.max(0.0) * each / f64::from(days.max(1))).sqrt()
}
