//! One line at even headway: what a planner draws by hand, the best of many.
//!
//! Every line of the pool, alone or with one back between the same ends, at each of [`HEADWAYS`]; those with which most could be saved
//! are put on vehicles, each kind first: departures
//! from the start of each period on, back as soon as the first vehicle there may leave again. Periods that cost more than they bring
//! are left out, then the first departure of the best is shifted within the headway.
//! O(lines x headways x departures x people in reach + lines^2), and the promising ones x periods^2 evaluations.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::draft::{Draft, DraftTrip, Shop};
use super::super::improve::Desk;
use super::super::model::Pattern;
use super::by_hand::strung;
use super::nothing;
use crate::domain::ids::{CohortId, LineId, ServiceId, TypeId};
use crate::search::{Progress, Run};

/// Minutes between departures that are tried: a timetable people keep in mind.
pub const HEADWAYS: [u32; 5] = [10, 12, 15, 20, 30];
/// Lines and pairs put on vehicles at each headway: those with which most could be saved.
const PROMISING: usize = 24;
/// So many of the best are looked at more closely.
const CLOSER: usize = 8;
/// Of a plan that breaks a limit, fen: it is worse than any that does not.
const BROKEN: f64 = 1e15;

/// The best line.
#[derive(Clone, Debug)]
pub struct Even {
    /// Minutes between departures.
    pub headway: u32,
    /// Its trips on vehicles.
    pub draft: Draft,
}

/// A line, or two, and when they run.
#[derive(Clone, Debug)]
struct Idea {
    lines: Vec<LineId>,
    headway: u32,
    /// Minutes from the start of a period to its first departure.
    first: u32,
    /// The kind of vehicle that is taken first.
    kind: TypeId,
    /// Service and first and last minute: when it runs.
    runs: Vec<(ServiceId, u32, u32)>,
}

/// Departures somebody would take, by service, line and minute: looked up many times.
type Known = Vec<Vec<BTreeMap<u32, DraftTrip>>>;

/// The cheapest of all, as people would choose; `None` where none is better than nothing, or within the limits.
#[must_use]
pub fn best(shop: &Shop<'_>, desk: &Desk<'_>, run: &Run<'_>) -> Option<Even> {
    let stop = || (run.watch)(&Progress { stage: "stage-first", iteration: 0, objective: None, bound: None }).stop;
    let known = known(shop);
    let tools = Tools { shop, desk, known: &known };
    let ideas: Vec<Idea> = ideas(shop, &known);
    let judged: Vec<(f64, usize)> =
        (0..ideas.len()).into_par_iter().filter(|_| !stop()).map(|at| (tools.possible(&ideas[at]).0, at)).collect();
    let mut closer: Vec<(f64, Idea)> = least(judged).map(|(worth, at)| (worth, ideas[at].clone())).collect();
    closer = closer.into_par_iter().map(|(_, idea)| tools.fewer(tools.possible(&idea))).collect();
    closer = closer.into_par_iter().map(|idea| tools.shifted(idea)).collect();
    // Shifted, a period may not be worth it any more, or no vehicle be needed for it.
    closer = closer.into_par_iter().map(|idea| tools.fewer(idea)).collect();
    let (worth, idea) = closer.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let idle = desk.weigh(nothing(shop)).map_or(f64::INFINITY, |idle| desk.promised(&idle));
    let draft = tools.draft(&idea).filter(|_| worth < idle.min(BROKEN))?;
    Some(Even { headway: idea.headway, draft })
}

/// The least, and of those alike the first.
fn least(mut judged: Vec<(f64, usize)>) -> impl Iterator<Item = (f64, usize)> {
    judged.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    judged.into_iter().take(CLOSER)
}

fn known(shop: &Shop<'_>) -> Known {
    let day = |service: ServiceId, line: LineId| -> BTreeMap<u32, DraftTrip> {
        let departures = shop.offers[line.index()].day(shop.model, service);
        departures
            .into_iter()
            .map(|(minute, times, choices)| {
                (minute, DraftTrip { line, minute, times: times.into(), choices: choices.into() })
            })
            .collect()
    };
    (0..shop.project.services.len())
        .map(ServiceId::at)
        .map(|service| (0..shop.offers.len()).into_par_iter().map(|line| day(service, LineId::at(line))).collect())
        .collect()
}

/// At each headway the lines and pairs with which most could be saved if seats were plenty, with each kind of vehicle, in all periods of
/// all services.
fn ideas(shop: &Shop<'_>, known: &Known) -> Vec<Idea> {
    let services = (0..shop.project.services.len()).map(ServiceId::at).filter(|s| shop.model.weight(*s) > 0.0);
    let periods = || shop.project.periods.iter().map(|p| (p.from.0.div_ceil(60), p.to.0.div_ceil(60)));
    let runs: Vec<_> = services.flat_map(|s| periods().map(move |(from, to)| (s, from, to))).collect();
    let fleet = &shop.project.fleet;
    let usable = |kind: &TypeId| fleet[kind.index()].count > 0 && shop.model.depot[kind.index()].is_some();
    let kinds: Vec<TypeId> = (0..fleet.len()).map(TypeId::at).filter(usable).collect();
    let lines = (0..shop.offers.len()).map(LineId::at);
    let mut drawn: Vec<Vec<LineId>> = lines.clone().map(|line| vec![line]).collect();
    for out in lines.clone() {
        let back = lines.clone().filter(|back| returns(shop, out, *back));
        drawn.extend(back.map(|back| vec![out, back]));
    }
    let mut ideas = Vec::new();
    for headway in HEADWAYS {
        let alone: Vec<f64> = (0..shop.offers.len())
            .into_par_iter()
            .map(|line| potential(shop, known, LineId::at(line), headway, &runs))
            .collect();
        // There and back are for different people, but for the few between.
        let mut by_worth: Vec<(f64, &Vec<LineId>)> =
            drawn.iter().map(|lines| (lines.iter().map(|line| alone[line.index()]).sum(), lines)).collect();
        by_worth.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        for (_, lines) in by_worth.into_iter().take(PROMISING) {
            ideas.extend(kinds.iter().map(|&kind| Idea {
                lines: lines.clone(),
                headway,
                first: 0,
                kind,
                runs: runs.clone(),
            }));
        }
    }
    ideas
}

/// What people could save on a line at a headway, fen a day, each on the departure that suits them best.
fn potential(shop: &Shop<'_>, known: &Known, line: LineId, headway: u32, runs: &[(ServiceId, u32, u32)]) -> f64 {
    let mut saved: BTreeMap<CohortId, f64> = BTreeMap::new();
    for &(service, from, to) in runs {
        let day = &known[service.index()][line.index()];
        let departures = (from..to).step_by(headway as usize).filter_map(|minute| day.get(&minute));
        for choice in departures.flat_map(|trip| trip.choices.iter()) {
            let ride = &shop.model.rides[choice.cohort.index()];
            let saving =
                (ride.alternative.fen() - choice.cost.fen()) * ride.people.as_f64() * shop.model.weight(service);
            let best = saved.entry(choice.cohort).or_insert(0.0);
            *best = best.max(saving);
        }
    }
    saved.into_values().sum()
}

/// Does the one go back between the ends of the other? Ends are the same by site or by name: kerbs differ.
fn returns(shop: &Shop<'_>, out: LineId, back: LineId) -> bool {
    let ends = |line: LineId| {
        let Pattern(stops) = &shop.offers[line.index()].pattern;
        [stops[0], stops[stops.len() - 1]].map(|stop| &shop.model.stops[stop.index()].candidate)
    };
    let ([from, to], [again, home]) = (ends(out), ends(back));
    let place = |id: &Option<String>| -> Option<String> {
        let site = shop.project.site(id.as_deref()?)?;
        Some(site.parent.clone().unwrap_or_else(|| site.id.clone()))
    };
    let same = |a: &super::super::project::CandidateStop, b: &super::super::project::CandidateStop| {
        a.id == b.id
            || (!a.name.is_empty() && a.name == b.name)
            || place(&a.site).is_some_and(|at| Some(at) == place(&b.site))
    };
    same(to, again) && same(home, from)
}

struct Tools<'a> {
    shop: &'a Shop<'a>,
    desk: &'a Desk<'a>,
    known: &'a Known,
}

impl Tools<'_> {
    /// The trips of an idea on vehicles; `None` where the fleet does not suffice.
    fn draft(&self, idea: &Idea) -> Option<Draft> {
        let mut kinds = vec![idea.kind];
        kinds.extend((0..self.shop.project.fleet.len()).map(TypeId::at).filter(|kind| *kind != idea.kind));
        let mut draft = nothing(self.shop);
        for (number, service) in draft.services.iter_mut().enumerate() {
            let mut trips = Vec::new();
            for &(_, from, to) in idea.runs.iter().filter(|(s, ..)| s.index() == number) {
                trips.extend(self.trips(idea, ServiceId::at(number), from, to)?);
            }
            trips.sort_by_key(|trip| (trip.minute, trip.line));
            *service = strung(self.shop, trips, &kinds).ok()?;
        }
        Some(draft)
    }

    /// Departures in a period; `None` where one cannot be driven.
    fn trips(&self, idea: &Idea, service: ServiceId, from: u32, to: u32) -> Option<Vec<DraftTrip>> {
        let mut first = idea.first;
        let mut trips = Vec::new();
        for &line in &idea.lines {
            let minutes = (from + first % idea.headway..to).step_by(idea.headway as usize);
            let all: Option<Vec<DraftTrip>> = minutes.map(|minute| self.trip(service, line, minute)).collect();
            let all = all?;
            // The slowest of the period: nobody draws a turn that half of the day is too short.
            let turn = all.iter().map(|trip| self.shop.free_at(trip) - trip.minute).max().unwrap_or(0);
            first += turn;
            trips.extend(all);
        }
        Some(trips)
    }

    fn trip(&self, service: ServiceId, line: LineId, minute: u32) -> Option<DraftTrip> {
        let known = self.known[service.index()][line.index()].get(&minute);
        known.cloned().or_else(|| self.shop.trip(service, line, minute))
    }

    /// Fen a day, as people choose among all seats.
    fn objective(&self, idea: &Idea) -> f64 {
        let Some(draft) = self.draft(idea) else { return f64::INFINITY };
        match self.desk.weigh(draft.clone()) {
            Some(weighed) => self.desk.promised(&weighed),
            // Beyond a limit, the nearer the better: the people's cost decides what is left out first.
            None => {
                let people = |(s, service)| self.shop.people(ServiceId::at(s), service, 1000);
                BROKEN + draft.services.iter().enumerate().map(people).sum::<f64>()
            }
        }
    }

    /// Without so many periods that it breaks no limit.
    fn possible(&self, idea: &Idea) -> (f64, Idea) {
        let worth = self.objective(idea);
        if worth < BROKEN { (worth, idea.clone()) } else { self.fewer((worth, idea.clone())) }
    }

    /// Without the periods that cost more than they bring.
    fn fewer(&self, (mut worth, mut idea): (f64, Idea)) -> (f64, Idea) {
        while idea.runs.len() > 1 {
            let without = (0..idea.runs.len()).map(|k| {
                let mut fewer = idea.clone();
                fewer.runs.remove(k);
                (self.objective(&fewer), fewer)
            });
            let Some(best) = without.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
            // While a limit is broken, whatever is left out helps.
            if best.0 >= worth && worth < BROKEN {
                break;
            }
            (worth, idea) = best;
        }
        (worth, idea)
    }

    /// With the first departure at the best minute of the headway.
    fn shifted(&self, (worth, idea): (f64, Idea)) -> (f64, Idea) {
        let shifts = (1..idea.headway).map(|first| {
            let shifted = Idea { first, ..idea.clone() };
            (self.objective(&shifted), shifted)
        });
        let best = shifts.min_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|best| best.0 < worth).unwrap_or((worth, idea))
    }
}
