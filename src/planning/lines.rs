//! Which lines could be worth running? A pool of stop orders, grown from the pairs of stops between which most is to be saved.
//!
//! Each pair of stops is a seed; stops are inserted where they add most potential, within the detour limit, and every step is kept
//! (insertion as in Baaj & Mahmassani 1995). One-way streets and kerbs are in the matrices. The reverse of a line is grown from
//! its own pair, over the stops of the other kerb.
//! O(stops^2 x flows in reach of a stop + seeds x stops x positions x flows in reach of a line).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::model::{Model, Pattern};
use super::plan::PersonCost;
use crate::domain::ids::StopId;
use crate::domain::units::Seconds;
use crate::network::profile::Band;
use crate::search::{Progress, Run};

/// Pairs of stops a line is grown from.
const SEEDS: usize = 80;
/// A line may take this much longer than the direct way, or [`DETOUR_SLACK`] (published shuttle instances use the same).
const DETOUR_FACTOR: f64 = 1.35;
/// Seconds longer than the direct way that any line may take.
const DETOUR_SLACK: f64 = 150.0;
/// Stops of one name farther apart than this are not one spot, metres.
const ONE_NAME_M: f64 = 250.0;
/// Wait a rider is assumed to have while the timetable is not known: a third of a 15-minute headway.
const ASSUMED_WAIT: Seconds = Seconds(300);

/// People with the same ways on foot to the stops, whenever they travel.
struct Flow {
    /// Expected people on a mean day.
    people: f64,
    /// On the mean of their hours.
    alternative: PersonCost,
    board: Vec<Option<Seconds>>,
    alight: Vec<Option<Seconds>>,
}

/// All flows, and which of them can board at each stop, ascending: most cannot, and need not be looked at.
struct Flows {
    list: Vec<Flow>,
    boarding: Vec<Vec<usize>>,
}

/// The pool: patterns of 2 to `max_stops` stops, most promising seeds first, without doubles. Told to stop, it grows no more lines.
#[must_use]
pub fn pool(model: &Model, run: &Run<'_>) -> Vec<Pattern> {
    let flows = flows(model);
    let stops = || (0..model.stops.len()).map(StopId::at);
    let pairs: Vec<(StopId, StopId)> = stops().flat_map(|a| stops().map(move |b| (a, b))).collect();
    let mut seeds: Vec<(f64, StopId, StopId)> = pairs
        .into_par_iter()
        .filter(|&(a, b)| !one_name(model, a, b))
        .map(|(a, b)| (potential(model, &flows, &[a, b]), a, b))
        .filter(|(potential, _, _)| *potential > 0.0)
        .collect();
    seeds.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    seeds.truncate(SEEDS);
    let stop = || (run.watch)(&Progress { stage: "stage-lines", iteration: 0, objective: None, bound: None }).stop;
    let grown: Vec<Vec<Pattern>> = seeds.into_par_iter().map(|seed| grow(model, &flows, seed, &stop)).collect();
    let mut seen = BTreeSet::new();
    grown.into_iter().flatten().filter(|pattern| seen.insert(pattern.clone())).collect()
}

/// A pair of stops and all that grows from it.
fn grow(model: &Model, flows: &Flows, seed: (f64, StopId, StopId), stop: &dyn Fn() -> bool) -> Vec<Pattern> {
    let (mut best, a, b) = seed;
    let mut line = vec![a, b];
    let mut grown = vec![Pattern(line.clone())];
    while line.len() < model.policy.max_stops as usize && !stop() {
        let Some((value, longer)) = insert_best(model, flows, &line, best) else { break };
        best = value;
        line = longer;
        grown.push(Pattern(line.clone()));
    }
    grown
}

/// Could a line of these stops be in a pool? Of a lawful number of stops, none of them twice, each within reach of the one before
/// and, where no commute lines are planned, the whole within the detour limit.
#[must_use]
pub fn possible(model: &Model, line: &Pattern) -> bool {
    let stops = &line.0;
    let twice =
        || stops.iter().enumerate().any(|(k, &stop)| stops[..k].iter().any(|&other| one_name(model, other, stop)));
    // Who is collected at home goes the way round with the bus: the longest ride is their limit.
    let drives = || if model.policy.modes.commute { connected(model, stops) } else { within_detour(model, stops) };
    (2..=model.policy.max_stops as usize).contains(&stops.len()) && !twice() && drives()
}

/// The insertion that adds most potential, if any does.
fn insert_best(model: &Model, flows: &Flows, line: &[StopId], now: f64) -> Option<(f64, Vec<StopId>)> {
    let mut best: Option<(f64, Vec<StopId>)> = None;
    for stop in (0..model.stops.len()).map(StopId::at) {
        if line.iter().any(|&other| one_name(model, other, stop)) {
            continue;
        }
        for position in 0..=line.len() {
            let mut longer = line.to_vec();
            longer.insert(position, stop);
            if !within_detour(model, &longer) {
                continue;
            }
            let value = potential(model, flows, &longer);
            if value > now * 1.000_001 && best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, longer));
            }
        }
    }
    best
}

/// Are they one stop to those who read the board? Both kerbs of a spot bear one name, and a line that comes by on one and
/// back on the other would name it twice. Stops far from each other are two, though both may be called "near homes".
pub(super) fn one_name(model: &Model, a: StopId, b: StopId) -> bool {
    let name = |stop: StopId| model.stops[stop.index()].candidate.name.as_str();
    let point = |stop: StopId| model.stops[stop.index()].candidate.point;
    a == b || (!name(a).is_empty() && name(a) == name(b) && point(a).metres_to(point(b)) < ONE_NAME_M)
}

/// Can the bus drive from each stop to the next?
fn connected(model: &Model, line: &[StopId]) -> bool {
    line.windows(2).all(|leg| model.matrix(Band::Am).get(leg[0].index(), leg[1].index()).is_some())
}

fn within_detour(model: &Model, line: &[StopId]) -> bool {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return false };
    let peak = model.matrix(Band::Am);
    let seconds = |a: StopId, b: StopId| peak.get(a.index(), b.index()).map(|(seconds, _)| f64::from(seconds.0));
    let Some(direct) = seconds(first, last) else { return false };
    let mut run = f64::from(model.policy.dwell.0) * (line.len() - 2) as f64;
    for pair in line.windows(2) {
        match seconds(pair[0], pair[1]) {
            Some(leg) => run += leg,
            None => return false,
        }
    }
    run <= (DETOUR_FACTOR * direct).max(direct + DETOUR_SLACK)
}

/// Fen a day saved if everybody on the way rode with an assumed wait.
fn potential(model: &Model, flows: &Flows, line: &[StopId]) -> f64 {
    let peak = model.matrix(Band::Am);
    let mut at = vec![Seconds::ZERO; line.len()];
    for k in 1..line.len() {
        let Some((leg, _)) = peak.get(line[k - 1].index(), line[k].index()) else { return 0.0 };
        let dwell = if k > 1 { model.policy.dwell } else { Seconds::ZERO };
        at[k] = at[k - 1] + dwell + leg;
    }
    let mut near: Vec<usize> =
        line[..line.len() - 1].iter().flat_map(|stop| &flows.boarding[stop.index()]).copied().collect();
    near.sort_unstable();
    near.dedup();
    let mut sum = 0.0;
    for flow in near.into_iter().map(|number| &flows.list[number]) {
        let mut best = flow.alternative;
        for (i, from) in line.iter().enumerate() {
            let Some(before) = flow.board[from.index()] else { continue };
            for (j, to) in line.iter().enumerate().skip(i + 1) {
                let Some(after) = flow.alight[to.index()] else { continue };
                best = best.min(model.person_cost(before + after, ASSUMED_WAIT, at[j] - at[i]));
            }
        }
        sum += flow.people * (flow.alternative.fen() - best.fen());
    }
    sum
}

fn flows(model: &Model) -> Flows {
    let mut numbers = BTreeMap::new();
    let mut flows: Vec<Flow> = Vec::new();
    for ride in &model.rides {
        let key = (ride.origin, ride.destination, ride.max_walk, ride.wheelchair);
        let number = *numbers.entry(key).or_insert_with(|| {
            let walks = |place| {
                (0..model.stops.len())
                    .map(StopId::at)
                    .map(|stop| {
                        let usable = !ride.wheelchair || model.stops[stop.index()].candidate.step_free;
                        usable.then(|| model.walk_seconds(place, stop, ride)).flatten()
                    })
                    .collect()
            };
            let (board, alight) = (walks(ride.origin), walks(ride.destination));
            flows.push(Flow { people: 0.0, alternative: PersonCost(0), board, alight });
            flows.len() - 1
        });
        // By the hour people meet other trains without us: the mean of what that costs them.
        let (flow, people) = (&mut flows[number], ride.people.as_f64() * model.weight(ride.service));
        let sum = flow.people + people;
        if sum > 0.0 {
            let more = (ride.alternative.0 - flow.alternative.0) as f64 * people / sum;
            #[expect(clippy::cast_possible_truncation, reason = "f64 to i64 saturates")]
            let more = more.round() as i64;
            flow.alternative.0 += more;
        }
        flow.people = sum;
    }
    let boards = |stop: usize| (0..flows.len()).filter(|&number| flows[number].board[stop].is_some()).collect();
    Flows { boarding: (0..model.stops.len()).map(boards).collect(), list: flows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::ServiceTime;
    use crate::planning::model::tiny;

    #[test]
    fn no_line_names_a_stop_twice() {
        let at = ServiceTime::hm(8, 30);
        let rides = || vec![tiny::arriving(0, 1, at, 9_000, 40), tiny::arriving(0, 2, at, 9_000, 40)];
        let mut model = tiny::row(4, 120, rides());
        let both = |pool: &[Pattern]| pool.iter().any(|line| [1, 2].iter().all(|&k| line.0.contains(&StopId(k))));
        assert!(both(&pool(&model, &Run::quiet(1))), "the pair in the middle is worth it");
        let name = model.stops[1].candidate.name.clone();
        model.stops[2].candidate.name = name;
        // A kilometre apart they are two stops all the same; on two kerbs of a street they are one.
        assert!(both(&pool(&model, &Run::quiet(1))));
        model.stops[2].candidate.point = model.stops[1].candidate.point;
        let lines = pool(&model, &Run::quiet(1));
        assert!(!lines.is_empty() && !both(&lines), "{lines:?}");
    }
}
