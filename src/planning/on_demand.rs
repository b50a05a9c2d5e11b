//! Where no line pays, would rides on request? Who asks, from which stops, with how many vehicles, and what drawn days come to.
//!
//! The rules stand at the top of `plan/on_demand.rs`. Requests are answered by `routing::promises`, in planning as on the day itself: [`desk::service`] is
//! what both ride with. Vehicles are tried one more at a time, the cheapest first, on drawn days; the number that brings most is judged on days
//! of its own, so that what is said of it is not the luck by which it was chosen. On these it is run or not; where luck may have decided that, a
//! finding says so.
//!
//! Who rides a line does not ask, and lines are not planned with rides in mind: the lines come first. Roads take as long as they are said to.
//! O(vehicles x days x requests) answers, after the time of the search; who wants an end gets a plan without rides, said so.

mod asks;
mod choose;
mod day;
pub mod desk;
#[cfg(test)]
mod tests;
mod times;
mod vehicles;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::costs;
use super::model::Model;
use super::plan::{Asks, Estimate, OnDemand, Plan, RideDay, RideRules, RideWorth, Standby, Stop};
use super::project::{Project, RideOffer};
use super::simulation::{draw, estimate};
use crate::domain::finding::Finding;
use crate::domain::ids::{ServiceId, StopId};
use crate::domain::units::{Fen, Metres, Seconds};
use crate::routing::problem::MOST_PRICE;
use crate::search::{Progress, Run};
use asks::Ask;
use choose::Ideal;
use day::{Day, Ground};
use times::{NO_WAY_M, NO_WAY_S, Times};
use vehicles::Candidate;

/// Standing for a stop, and for each person: 5 s and 2.75 s (Levinson 1983), in whole seconds.
const STOP_S: u32 = 5;
const PERSON_S: u32 = 3;
/// For one person.
const DWELL: Seconds = Seconds(STOP_S + PERSON_S);
/// Days on which numbers of vehicles are compared, the same for all, …
const TRIAL_DAYS: u32 = 5;
/// … and those the figures of a plan are of: its intervals hold from thirty on.
const DAYS: u32 = 32;
/// More people than these who may ask make drawing days too long.
const MOST_PEOPLE: f64 = 3_000.0;
/// Days on which everybody is taken to ask the evening before.
const KNOWN_DAYS: u32 = 4;

/// The rides on request that pay, after the lines of a plan are known; and what there is to say of the others.
#[must_use]
pub fn offer(project: &Project, model: &Model, plan: &Plan, run: &Run<'_>) -> (Vec<OnDemand>, Vec<Finding>) {
    let (mut offers, mut findings) = (Vec::new(), Vec::new());
    for wanted in &project.on_demand {
        for (service, id) in wanted.on(&project.services) {
            let case =
                Case { project, model, plan, wanted, service: ServiceId::at(service), run, drawn: AtomicU64::new(0) };
            let found = if case.go_on() { case.offer(id, &offers) } else { Err(case.broken_off()) };
            match found {
                Ok((offer, doubts)) => {
                    offers.push(offer);
                    findings.extend(doubts);
                }
                Err(finding) => findings.push(finding),
            }
        }
    }
    (offers, findings)
}

/// One offer on one service.
struct Case<'a> {
    project: &'a Project,
    model: &'a Model,
    plan: &'a Plan,
    wanted: &'a RideOffer,
    service: ServiceId,
    run: &'a Run<'a>,
    /// Days.
    drawn: AtomicU64,
}

impl Case<'_> {
    /// Tells how many days are drawn; false if somebody wants an end.
    fn go_on(&self) -> bool {
        let iteration = self.drawn.load(Ordering::Relaxed);
        !(self.run.watch)(&Progress { stage: "stage-on-demand", iteration, objective: None, bound: None }).cancelled
    }

    fn finding(&self, finding: Finding) -> Finding {
        finding.arg("offer", self.wanted.id.as_str()).arg("service", self.named())
    }

    fn broken_off(&self) -> Finding {
        self.finding(Finding::warning("on-demand-broken-off"))
    }

    fn named(&self) -> &str {
        &self.project.services[self.service.index()].id
    }

    fn offer(&self, id: String, taken: &[OnDemand]) -> Result<(OnDemand, Option<Finding>), Finding> {
        let (model, wanted) = (self.model, self.wanted);
        let hours = (wanted.from, wanted.until);
        let times = Times::new(model, hours);
        let in_use: BTreeSet<&str> = self.plan.stops.iter().map(|stop| stop.id.as_str()).collect();
        let free: BTreeSet<StopId> =
            (0..model.stops.len()).map(StopId::at).filter(|&stop| in_use.contains(self.id(stop))).collect();
        let kept = self.stops(&times, &free, taken);
        if kept.len() < 2 {
            return Err(self.finding(Finding::note("on-demand-nobody")));
        }
        let these: BTreeSet<StopId> = kept.iter().copied().collect();
        let asks = asks::of(model, self.plan, self.service, hours, taken, &|stop| these.contains(&stop));
        let asked: f64 = asks.iter().map(|ask| ask.people.as_f64()).sum();
        let few = f64::from(self.project.policy.k_anonymity);
        if asked < few {
            // So few that what is said of them would be said of persons.
            return Err(self.finding(Finding::note("on-demand-too-few")).arg("few", few));
        }
        if asked > MOST_PEOPLE {
            let finding = self.finding(Finding::warning("on-demand-too-many"));
            return Err(finding.arg("people", asked.round()).arg("most", MOST_PEOPLE));
        }
        let at_most = Ideal::new(model, &times, &asks, DWELL).most();
        let candidates = vehicles::candidates(self.project, model, self.plan, self.service, wanted, taken);
        let Some(first) = candidates.first() else {
            return Err(self.finding(Finding::warning("on-demand-no-vehicle")));
        };
        let rules = self.rules(first);
        let mut offer = self.bare(id, &kept, &candidates, &times, rules);
        let news = kept.iter().filter(|stop| !free.contains(stop)).count();
        offer.worth.upkeep_fen = costs::upkeep(1, news, &self.project.upkeep);
        offer.worth.asked = asked;
        offer.worth.at_most_fen = whole(at_most.ceil());
        offer.worth.seed = draw::mix(self.run.seed, draw::name(&offer.id));
        let asks = placed(asks, &kept);
        offer.asks = asks.iter().map(|ask| self.asks(ask)).collect();
        let mut count = self.most_worth(&offer, &candidates, &asks, taken)?.unwrap_or_default();
        while count > 0 {
            self.settle(&mut offer, &candidates[..count], &asks)?;
            // Days of their own have other kilometres.
            if self.affordable(offer.worth.running_fen, taken) {
                break;
            }
            count -= 1;
        }
        if count == 0 {
            return Err(self.finding(Finding::warning("on-demand-over-budget")));
        }
        let worth = &offer.worth;
        let costs = worth.running_fen + worth.upkeep_fen;
        let doubt = |code: &str| {
            let finding = Finding::note(code).arg("saving", worth.saving.mean.to_string());
            self.finding(finding).arg("cost", costs.to_string()).arg("vehicles", count)
        };
        if worth.saving.mean > costs {
            let luck = worth.saving.low <= costs;
            let doubt = luck.then(|| doubt("on-demand-may-not-pay").arg("low", worth.saving.low.to_string()));
            return Ok((offer, doubt));
        }
        let doubt = doubt("on-demand-does-not-pay");
        offer.vehicles.clear();
        offer.day = RideDay::default();
        Ok((offer, Some(doubt)))
    }

    /// The stops that are worth keeping, ascending by id; `free` are kept up anyway.
    fn stops(&self, times: &Times<'_>, free: &BTreeSet<StopId>, taken: &[OnDemand]) -> Vec<StopId> {
        let wanted = self.wanted;
        let allowed = |stop: StopId| wanted.stops.is_empty() || wanted.stops.iter().any(|id| id == self.id(stop));
        let anywhere = asks::of(self.model, self.plan, self.service, (wanted.from, wanted.until), taken, &allowed);
        let near: Vec<Ask> = anywhere.into_iter().map(Ask::nearest).collect();
        let per_stop = self.project.upkeep.per_stop.0 as f64;
        let mut kept = Ideal::new(self.model, times, &near, DWELL).stops(free, per_stop, wanted.max_stops as usize);
        kept.sort_by(|a, b| self.id(*a).cmp(self.id(*b)));
        kept
    }

    fn id(&self, stop: StopId) -> &str {
        &self.model.stops[stop.index()].candidate.id
    }

    fn asks(&self, ask: &Ask) -> Asks {
        Asks { cohort: self.model.cohorts[ask.cohort.index()].id.clone(), people: ask.people, taken: 0.0 }
    }

    fn rules(&self, first: &Candidate<'_>) -> RideRules {
        let wanted = self.wanted;
        let price = |price: i64| u32::try_from(price.clamp(0, MOST_PRICE)).unwrap_or_default();
        RideRules {
            window_s: wanted.window.0,
            max_wait_s: wanted.max_wait.0,
            ride_percent: wanted.ride_percent,
            ride_slack_s: wanted.ride_slack.0,
            max_ride_s: wanted.max_ride.0,
            notice_s: wanted.notice.0,
            stop_s: STOP_S,
            person_s: PERSON_S,
            // Fen an hour to thousandths a second; fen a kilometre is thousandths a metre.
            second_mfen: price(self.model.policy.value_of_time_per_h.0 * 1000 / 3600),
            metre_mfen: price(first.kind.cost_per_extra_km.0),
        }
    }

    /// Without vehicles and days.
    fn bare(
        &self,
        id: String,
        kept: &[StopId],
        candidates: &[Candidate<'_>],
        times: &Times<'_>,
        rules: RideRules,
    ) -> OnDemand {
        let depots: BTreeMap<&str, usize> =
            candidates.iter().map(|candidate| (candidate.kind.depot.as_str(), candidate.depot)).collect();
        let rows: Vec<usize> = kept.iter().map(|stop| stop.index()).chain(depots.values().copied()).collect();
        let cells: Vec<(u32, u32)> = rows
            .iter()
            .flat_map(|&from| rows.iter().map(move |&to| (from, to)))
            .map(|(from, to)| match times.between(from, to) {
                _ if from == to => (0, 0),
                Some((seconds, metres)) => (seconds.0.min(NO_WAY_S), metres.0.min(NO_WAY_M)),
                None => (NO_WAY_S, NO_WAY_M),
            })
            .collect();
        let name = self.wanted.name.clone().unwrap_or_else(|| "预约乘车".to_owned());
        let name_en = self.wanted.name_en.clone().or_else(|| self.wanted.name.clone());
        OnDemand {
            id,
            name,
            name_en: name_en.unwrap_or_else(|| "Rides on request".to_owned()),
            service: self.named().to_owned(),
            from: self.wanted.from,
            until: self.wanted.until,
            stops: kept.iter().map(|stop| Stop::of(&self.model.stops[stop.index()])).collect(),
            vehicles: Vec::new(),
            rules,
            depots: depots.keys().map(|&depot| depot.to_owned()).collect(),
            seconds: cells.iter().map(|cell| cell.0).collect(),
            metres: cells.iter().map(|cell| cell.1).collect(),
            asks: Vec::new(),
            worth: RideWorth::default(),
            day: RideDay::default(),
        }
    }

    fn standbys(&self, offer: &OnDemand, candidates: &[Candidate<'_>]) -> Vec<Standby> {
        let standby = |(number, candidate): (usize, &Candidate<'_>)| Standby {
            id: format!("{}-v{}", offer.id, number + 1),
            vehicle_type: candidate.kind.id.clone(),
            seats: candidate.kind.seats,
            wheelchair_places: candidate.kind.wheelchair_places,
            depot: candidate.kind.depot.clone(),
            block: candidate.block.map(|block| block.id.clone()),
            stints: vehicles::stints(&self.model.policy, candidate.free, number),
            km: 0.0,
            over_km: 0.0,
            fen: Fen::ZERO,
        };
        candidates.iter().enumerate().map(standby).collect()
    }

    /// How many of the vehicles bring most on trial days, within the budget; at least one, if the budget allows it.
    fn most_worth(
        &self,
        offer: &OnDemand,
        candidates: &[Candidate<'_>],
        asks: &[Ask],
        taken: &[OnDemand],
    ) -> Result<Option<usize>, Finding> {
        let mut best: Option<(f64, usize)> = None;
        for count in 1..=candidates.len().min(self.wanted.vehicles as usize) {
            let mut trial = offer.clone();
            trial.vehicles = self.standbys(offer, &candidates[..count]);
            let days = self.days(&trial, asks, draw::mix(offer.worth.seed, 1), TRIAL_DAYS)?;
            let running = price(&mut trial, &candidates[..count], &days);
            if !self.affordable(running, taken) {
                break;
            }
            let saved = days.iter().map(|day| day.saved).sum::<f64>() / f64::from(TRIAL_DAYS);
            let net = saved - running.0 as f64;
            if best.is_some_and(|(most, _)| net <= most) {
                break;
            }
            best = Some((net, count));
        }
        Ok(best.map(|(_, count)| count))
    }

    /// Is there money for it beside the lines (and what was given out before)?
    fn affordable(&self, running: Fen, taken: &[OnDemand]) -> bool {
        let mut of: BTreeMap<&str, Fen> = BTreeMap::new();
        let services: BTreeMap<&str, &str> =
            self.plan.blocks.iter().map(|block| (block.id.as_str(), block.service.as_str())).collect();
        for cost in &self.plan.costs.by_block {
            *of.entry(services.get(cost.block.as_str()).copied().unwrap_or_default()).or_default() += cost.fen;
        }
        for other in taken {
            *of.entry(&other.service).or_default() += other.vehicles.iter().map(|vehicle| vehicle.fen).sum();
        }
        *of.entry(self.named()).or_default() += running;
        let days: Vec<Fen> = self
            .project
            .services
            .iter()
            .map(|service| of.get(service.id.as_str()).copied().unwrap_or_default())
            .collect();
        costs::excess(&self.project.services, &days, &self.project.budget).is_empty()
    }

    fn days(&self, offer: &OnDemand, asks: &[Ask], seed: u64, count: u32) -> Result<Vec<Day>, Finding> {
        self.drawn(offer, asks, count, |ground, number| day::drive(ground, seed, number))
    }

    /// People taken on the first days of an offer's own, if all asked the evening before.
    fn known(&self, offer: &OnDemand, asks: &[Ask]) -> Result<Vec<u32>, Finding> {
        self.drawn(offer, asks, KNOWN_DAYS, |ground, number| day::beforehand(ground, offer.worth.seed, number))
    }

    /// None where vehicles have no hours to stand by in; broken off if somebody wants an end.
    fn drawn<T: Send>(
        &self,
        offer: &OnDemand,
        asks: &[Ask],
        count: u32,
        day: impl Fn(&Ground<'_>, u32) -> Option<T> + Sync,
    ) -> Result<Vec<T>, Finding> {
        let Ok(service) = desk::silent(offer) else { return Ok(Vec::new()) };
        let go_on = || self.go_on();
        let ground = Ground { model: self.model, offer, service: &service, asks, go_on: &go_on };
        let draw = |number| {
            let day = day(&ground, number)?;
            self.drawn.fetch_add(1, Ordering::Relaxed);
            Some(day)
        };
        let days: Option<Vec<T>> = (0..count).into_par_iter().map(draw).collect();
        days.ok_or_else(|| self.broken_off())
    }

    /// The vehicles, and what days of their own say of them.
    fn settle(&self, offer: &mut OnDemand, candidates: &[Candidate<'_>], asks: &[Ask]) -> Result<(), Finding> {
        offer.vehicles = self.standbys(offer, candidates);
        let days = self.days(offer, asks, offer.worth.seed, DAYS)?;
        let running = price(offer, candidates, &days);
        let each = |figure: fn(&Day) -> f64| days.iter().map(figure).collect::<Vec<f64>>();
        let served = each(|day| f64::from(day.served));
        let fen = |estimate: Estimate<f64>| Estimate {
            mean: whole(estimate.mean.round()),
            low: whole(estimate.low.floor()),
            high: whole(estimate.high.ceil()),
        };
        // The same days answered either way: what was taken at once could have been taken beforehand too.
        let both =
            self.known(offer, asks)?.into_iter().zip(&days).map(|(known, day)| (known.max(day.served), day.served));
        let (beforehand, at_once) = both.fold((0, 0), |sum, (known, day)| (sum.0 + known, sum.1 + day));
        let (asked, taken) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.asked, sum.1 + day.served));
        let share = f64::from(taken) / f64::from(asked.max(1));
        let asked_then: u32 = days.iter().take(KNOWN_DAYS as usize).map(|day| day.asked).sum();
        let foresight = match at_once {
            0 => f64::from(beforehand) / f64::from(asked_then.max(1)),
            _ => share * f64::from(beforehand) / f64::from(at_once),
        };
        offer.worth = RideWorth {
            days: DAYS,
            served: estimate::mean(&served),
            wait_s: estimate::ratio(&each(|day| day.waits), &served),
            ride_s: estimate::ratio(&each(|day| day.rides), &served),
            saving: fen(estimate::mean(&each(|day| day.saved))),
            running_fen: running,
            foresight: foresight.max(share).min(1.0),
            ..offer.worth.clone()
        };
        for (at, asks) in offer.asks.iter_mut().enumerate() {
            let (asked, taken) =
                days.iter().fold((0, 0), |sum, day| (sum.0 + day.by_ask[at].0, sum.1 + day.by_ask[at].1));
            asks.taken = if asked == 0 { 0.0 } else { f64::from(taken) / f64::from(asked) };
        }
        // Neither the best nor the worst of them.
        let mut order: Vec<usize> = (0..days.len()).collect();
        order.sort_by_key(|&at| (days[at].served, at));
        if let Some(&at) = order.get(order.len() / 2) {
            let number = u32::try_from(at).unwrap_or_default();
            offer.day = RideDay { number, rides: days[at].taken.clone(), refused: days[at].refused.clone() };
        }
        Ok(())
    }
}

/// Kilometres of mean days, and what the vehicles cost on such; the sum. Days with more than is included cost, days with less save nothing: a day of mean
/// kilometres would be cheaper than the mean day.
fn price(offer: &mut OnDemand, candidates: &[Candidate<'_>], days: &[Day]) -> Fen {
    for (at, (vehicle, candidate)) in offer.vehicles.iter_mut().zip(candidates).enumerate() {
        let mean = |of: &dyn Fn(Metres) -> Metres| {
            let driven = days.iter().filter_map(|day| day.metres.get(at));
            let sum: u64 = driven.map(|&metres| u64::from(of(metres).0)).sum();
            Metres(u32::try_from(sum.div_ceil(days.len().max(1) as u64)).unwrap_or(u32::MAX))
        };
        let (all, over) = (mean(&|metres| metres), mean(&|metres| candidate.over(metres)));
        (vehicle.km, vehicle.over_km) = (f64::from(all.0) / 1000.0, f64::from(over.0) / 1000.0);
        vehicle.fen = candidate.fen(&vehicle.stints, over);
    }
    offer.vehicles.iter().map(|vehicle| vehicle.fen).sum()
}

/// Stops by their positions in the offer.
fn placed(asks: Vec<Ask>, kept: &[StopId]) -> Vec<Ask> {
    let at: BTreeMap<StopId, StopId> = kept.iter().enumerate().map(|(at, &stop)| (stop, StopId::at(at))).collect();
    let place = |stops: Vec<(StopId, _)>| stops.into_iter().map(|(stop, walk)| (at[&stop], walk)).collect();
    asks.into_iter()
        .map(|ask| Ask { boards: place(ask.boards), alights: place(ask.alights), ..ask }.nearest())
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a day's money is far below 2^53 fen")]
fn whole(fen: f64) -> Fen {
    Fen(fen as i64)
}
