//! How those who wait get a bus: seats where there are some; else a stop is put into a route, or a bus sent, where that is cheapest for as many as board.

use super::ground::members;
use super::moves::{Move, make, without};
use super::state::{State, room};
use crate::search::Random;

/// A place is overlooked with this probability.
const BLINK: f64 = 0.02;
/// Prices are mistaken by up to this share.
const NOISE: f64 = 0.1;
/// Once in so many times stops are looked at that help those who wait only by others going there.
const ROUNDABOUT: usize = 4;
/// Most groups that are counted to see whom a stop would help.
const COUNTED: usize = 256;
/// Optional groups that are tried each time; once in so many without regard to their prize.
const OPTIONAL: usize = 6;
const RARELY: usize = 32;
/// Once in so many times everybody is given a seat, whatever it costs at first: a bus may pay for many together and for none of them alone.
const GENEROUS: usize = 8;

/// Groups tried in vain before the rest is left for another time: where there are seats for few, most are.
const VAIN: usize = 32;

/// Memory that is used again.
#[derive(Clone, Debug)]
pub(super) struct Recreate {
    /// Stops looked at.
    candidates: Vec<u64>,
    /// People who wait and could board at a stop.
    cover: Vec<u32>,
    /// When a group was tried in vain.
    tried: Vec<u64>,
    turn: u64,
    /// Of routes, whether more people on them would find seats; and when that was found out.
    way_out: Vec<(u64, bool)>,
    step: u64,
    /// Places until one is overlooked.
    skip: u32,
    /// How much it counts for how many a stop is: 0 not at all, 1 by the root, 2 fully.
    greed: usize,
    /// Nobody has been seated yet: all are, prizes or not.
    first: bool,
}

/// Where a stop goes.
#[derive(Clone, Copy, Debug)]
struct Place {
    score: f64,
    more: i64,
    gain: u32,
    stop: u32,
    slot: u32,
    at: u32,
}

impl Recreate {
    pub(super) fn new(state: &State<'_>) -> Self {
        let ground = state.ground;
        Self {
            candidates: vec![0; ground.words],
            cover: vec![0; ground.stops],
            tried: vec![0; ground.groups.len()],
            turn: 0,
            way_out: vec![(0, false); state.routes.len()],
            step: 0,
            skip: (1.0 / BLINK) as u32,
            greed: 0,
            first: true,
        }
    }

    /// Seats all who wait, as far as that can be; gives up, and says no, when driving and boarding cost more than `limit`.
    pub(super) fn fill(&mut self, state: &mut State<'_>, limit: i64, random: &mut Random) -> bool {
        self.turn += 1;
        self.greed = random.below(3);
        let wide = random.below(2) == 0;
        let first = std::mem::take(&mut self.first);
        let generous = state.ground.optional && (first || random.below(GENEROUS) == 0);
        let (mut optional, mut vain) = (0, 0);
        loop {
            state.seat_all();
            if state.cost > limit {
                return false;
            }
            let Some(group) = self.next(state, random) else { break };
            let prize = state.ground.groups[group as usize].prize;
            if prize.is_some() && !generous {
                optional += 1;
                if optional > OPTIONAL {
                    self.tried[group as usize] = self.turn;
                    break;
                }
            }
            let roundabout = random.below(ROUNDABOUT) == 0;
            let place = self.best(state, group, wide, roundabout, random);
            let place =
                if place.is_none() && !roundabout { self.best(state, group, false, true, random) } else { place };
            let pays = |place: &Place| {
                generous
                    || prize.is_none_or(|prize| place.more < prize * i64::from(place.gain))
                    || random.below(RARELY) == 0
            };
            match place.filter(pays) {
                Some(Place { stop, slot, at, .. }) => state.change(slot, |stops| stops.insert(at as usize, stop)),
                None => {
                    self.tried[group as usize] = self.turn;
                    vain += 1;
                    if vain > VAIN {
                        break;
                    }
                }
            }
        }
        prune(state);
        // A shorter ride may have made room.
        state.seat_all();
        state.cost <= limit
    }

    /// One of those who wait and were not tried in vain.
    fn next(&self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        let count = state.queue.len();
        if count == 0 {
            return None;
        }
        let first = random.below(count);
        let turns = (first..count).chain(0..first).map(|at| state.queue[at]);
        turns.into_iter().find(|&group| self.tried[group as usize] != self.turn)
    }

    fn best(
        &mut self,
        state: &mut State<'_>,
        group: u32,
        wide: bool,
        roundabout: bool,
        random: &mut Random,
    ) -> Option<Place> {
        let ground = state.ground;
        self.step += 1;
        state.find_stuck(group);
        self.candidates.fill(0);
        for &(word, bits) in ground.spots(group) {
            self.candidates[word as usize] |= bits;
        }
        if roundabout {
            for &slot in &state.search.found {
                for (candidates, reach) in self.candidates.iter_mut().zip(&state.routes[slot as usize].reach) {
                    *candidates |= reach;
                }
            }
        }
        self.count(state, wide, random);
        for (candidates, open) in self.candidates.iter_mut().zip(&state.open) {
            *candidates &= !open;
        }
        let least = state.waiting[group as usize];
        let mut best: Option<Place> = None;
        for word in 0..ground.words {
            for stop in members(word as u32, self.candidates[word]) {
                self.look_near(state, stop, least, &mut best, random);
                self.look_new(state, stop, least, &mut best, random);
            }
        }
        if best.is_none() {
            for word in 0..ground.words {
                for stop in members(word as u32, self.candidates[word]) {
                    self.look_everywhere(state, stop, least, &mut best, random);
                }
            }
        }
        best
    }

    /// Counts who waits for each stop; all their stops become candidates where the look is wide.
    fn count(&mut self, state: &State<'_>, wide: bool, random: &mut Random) {
        self.cover.fill(0);
        let count = state.queue.len();
        let first = if count > COUNTED { random.below(count) } else { 0 };
        for at in 0..count.min(COUNTED) {
            let group = state.queue[(first + at) % count];
            let people = state.waiting[group as usize];
            let wide = wide && self.tried[group as usize] != self.turn;
            for &(word, bits) in state.ground.spots(group) {
                for stop in members(word, bits & !state.open[word as usize]) {
                    self.cover[stop as usize] += people;
                }
                if wide {
                    self.candidates[word as usize] |= bits;
                }
            }
        }
    }

    #[inline]
    fn blinks(&mut self, random: &mut Random) -> bool {
        if self.skip == 0 {
            self.skip = (libm::log(1.0 - random.unit()) / libm::log(1.0 - BLINK)) as u32;
            return true;
        }
        self.skip -= 1;
        false
    }

    /// Beside stops around.
    fn look_near(
        &mut self,
        state: &mut State<'_>,
        stop: u32,
        least: u32,
        best: &mut Option<Place>,
        random: &mut Random,
    ) {
        let ground = state.ground;
        for &beside in ground.near(stop) {
            let slot = state.route_of[beside as usize];
            if state.is_open(beside) && self.leads_out(state, slot) {
                let at = state.at[beside as usize];
                self.look(state, stop, slot, at, least, best, random);
                self.look(state, stop, slot, at + 1, least, best, random);
            }
        }
    }

    /// In all routes.
    fn look_everywhere(
        &mut self,
        state: &mut State<'_>,
        stop: u32,
        least: u32,
        best: &mut Option<Place>,
        random: &mut Random,
    ) {
        for used in 0..state.used.len() {
            let slot = state.used[used];
            if self.leads_out(state, slot) {
                for at in 0..=state.routes[slot as usize].stops.len() as u32 {
                    self.look(state, stop, slot, at, least, best, random);
                }
            }
        }
    }

    /// On a bus of its own.
    fn look_new(&mut self, state: &State<'_>, stop: u32, least: u32, best: &mut Option<Place>, random: &mut Random) {
        for kind in 0..state.free.len() {
            if let Some(&slot) = state.free[kind].last() {
                self.look(state, stop, slot, 0, least, best, random);
            }
        }
    }

    /// Would more people on this route find seats?
    fn leads_out(&mut self, state: &mut State<'_>, slot: u32) -> bool {
        let (step, known) = self.way_out[slot as usize];
        if step == self.step {
            return known;
        }
        let leads = !state.is_stuck(slot) && state.has_way_out(slot);
        self.way_out[slot as usize] = (self.step, leads);
        leads
    }

    /// At one position of one route.
    #[inline]
    fn look(
        &mut self,
        state: &State<'_>,
        stop: u32,
        slot: u32,
        at: u32,
        least: u32,
        best: &mut Option<Place>,
        random: &mut Random,
    ) {
        let (ground, route) = (state.ground, &state.routes[slot as usize]);
        if route.stops.len() >= ground.problem.most_stops() {
            return;
        }
        let (kind, ends) = (route.kind, ground.stops as u32);
        let before = if at == 0 { ends } else { route.stops[at as usize - 1] };
        let behind = route.stops.get(at as usize).copied().unwrap_or(ends);
        let ways = ground.cost(kind, before, stop) + ground.cost(kind, stop, behind);
        let more = if route.stops.is_empty() {
            ways + ground.kinds[kind as usize].fixed
        } else {
            ways - ground.cost(kind, before, behind)
        };
        let room = if ground.problem.max_ride().is_some() {
            room(ground, kind, ride_with(state, slot, at, stop, before, behind))
        } else {
            route.room
        };
        if room < route.load || room == 0 {
            return;
        }
        let free = room - route.load;
        // On a full bus the others go elsewhere, one at least.
        let gain = self.cover[stop as usize].max(least).min(free.max(1));
        let score = match (more <= 0, self.greed) {
            (true, _) => more as f64 * f64::from(gain),
            (false, 0) => more as f64,
            (false, 1) => more as f64 / f64::from(gain).sqrt(),
            (false, _) => more as f64 / f64::from(gain),
        };
        if best.is_some_and(|best| score >= best.score) {
            return;
        }
        let score = score * (1.0 + NOISE * random.unit());
        if best.is_none_or(|best| score < best.score) && !self.blinks(random) {
            *best = Some(Place { score, more, gain, stop, slot, at });
        }
    }
}

/// The ride of a route with one more stop.
fn ride_with(state: &State<'_>, slot: u32, at: u32, stop: u32, before: u32, behind: u32) -> i64 {
    let (ground, route) = (state.ground, &state.routes[slot as usize]);
    let dwell = |stop: u32| ground.problem.stops().get(stop as usize).map_or(0, |stop| i64::from(stop.dwell));
    let to = ground.time(route.kind, stop, behind);
    if at == 0 {
        // The way to the first stop is no ride; its dwell is in the ride, and in the way there.
        return route.ride + dwell(stop) + to - dwell(behind);
    }
    route.ride + ground.time(route.kind, before, stop) + to - ground.time(route.kind, before, behind)
}

/// Leaves out stops of touched routes that nobody needs and that cost something.
fn prune(state: &mut State<'_>) {
    let ground = state.ground;
    for touched in 0..state.touched().len() {
        let slot = state.touched()[touched];
        let mut at = state.routes[slot as usize].stops.len();
        while at > 0 && state.routes[slot as usize].stops.len() > 1 {
            at -= 1;
            let route = &state.routes[slot as usize];
            let stop = route.stops[at];
            let (word, bit) = (stop / 64, 1_u64 << (stop % 64));
            let needed = route.aboard.iter().any(|&(group, _)| {
                !ground.spots(group).iter().any(|&(other, bits)| {
                    let set = route.set[other as usize];
                    bits & if other == word { set & !bit } else { set } != 0
                })
            });
            if !needed && without(state, stop) < 0 {
                make(state, Move::Drop { stop });
            }
        }
    }
}
