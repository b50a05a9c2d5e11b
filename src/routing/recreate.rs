//! How orders that stand outside are put in again: one after the other in a random sort order, each at its cheapest place in the routes of the jobs
//! around it (Christiaens & Vanden Berghe 2020, section 5.2). Their blinks overlook single places; ours a route's best place.

use super::ground::NONE;
use super::route::Gap;
use super::schedule::Schedule;
use super::state::State;
use crate::search::Random;

/// The best place of a route is overlooked with this probability.
const BLINK: f64 = 0.01;
/// The same where there are pairs, which have few places to go.
const BLINK_PAIRS: f64 = 0.05;

/// About one optional order a filling is put in without regard to its prize, and at most one order in so many.
const RARELY: usize = 8;
/// Of the orders that must be served and are not, so many are tried each time, besides those around.
const RETRIED: usize = 16;

/// Memory that is used again.
#[derive(Clone, Debug)]
pub(super) struct Recreate {
    queue: Vec<u32>,
    /// How many stand outside.
    waiting: usize,
    /// Places until the next one that is overlooked.
    skip: u32,
    memory: Vec<Kept>,
    seen: Vec<u64>,
    wanted: Vec<u64>,
    turn: u64,
    near: [u32; 2 * AROUND + 1],
    /// No vehicle may leave that is not in use.
    pub(super) closed: bool,
    /// Nobody is served yet: all are, whatever their prize.
    pub(super) regardless: bool,
    schedule: Schedule,
}

/// Stands where there is no gap.
const NOWHERE: Gap = Gap { after: u16::MAX, second: u16::MAX };

/// A cost, for which a job goes into a slot, into a gap, and the type of vehicle that drives then.
type Place = (i64, u32, u32, Gap, u32);

impl Recreate {
    pub(super) fn new(state: &State<'_>) -> Self {
        let blank = Kept { version: [NONE; WAYS], gap: [NOWHERE; WAYS], cost: [i64::MAX; WAYS] };
        Self {
            queue: Vec::new(),
            waiting: 0,
            skip: (1.0 / BLINK) as u32,
            memory: vec![blank; state.ground.stops.len()],
            seen: vec![0; state.routes.len() + 1],
            wanted: vec![0; state.ground.orders.len()],
            turn: 0,
            near: [0; 2 * AROUND + 1],
            closed: false,
            regardless: false,
            schedule: Schedule::default(),
        }
    }

    /// Routes have become others without new numbers.
    pub(super) fn forget(&mut self) {
        for kept in &mut self.memory {
            kept.version = [NONE; WAYS];
        }
    }

    /// Puts in what stands outside: all that was torn out or must be served, and what stood outside before only around a job. Gives up, and says
    /// no, when that costs more than `limit`.
    pub(super) fn fill<const TIMED: bool>(
        &mut self,
        state: &mut State<'_>,
        seed: Option<u32>,
        limit: i64,
        random: &mut Random,
    ) -> bool {
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        self.choose(state, seed, &mut queue, random);
        sort(&mut queue, state, random);
        self.waiting = queue.len();
        for (at, &order) in queue.iter().enumerate() {
            match self.best::<TIMED>(state, order, random) {
                Some((_, job, slot, gap, kind)) => {
                    let slot = state.hand_over(slot, kind);
                    state.insert(job, slot, gap);
                }
                None => state.absent.push(order),
            }
            if state.cost > limit {
                state.absent.extend_from_slice(&queue[at + 1..]);
                self.queue = queue;
                return false;
            }
        }
        self.queue = queue;
        true
    }

    fn choose(&mut self, state: &mut State<'_>, seed: Option<u32>, queue: &mut Vec<u32>, random: &mut Random) {
        let ground = state.ground;
        queue.extend(state.absent.drain(state.absent_before()..));
        self.turn += 1;
        if let Some(seed) = seed {
            let around = ground.around.of(seed);
            for &job in std::iter::once(&seed).chain(&around[..around.len().min(AROUND)]) {
                self.wanted[ground.stops[job as usize].order as usize] = self.turn;
            }
        }
        let count = state.absent.len();
        let first = if count > RETRIED { random.below(count) } else { 0 };
        for at in (0..count).rev() {
            let order = state.absent[at];
            let retried = (at + count - first) % count < RETRIED && ground.orders[order as usize].prize.is_none();
            if retried || self.wanted[order as usize] == self.turn {
                state.absent.swap_remove(at);
                queue.push(order);
            }
        }
    }

    #[inline]
    fn blinks(&mut self, state: &State<'_>, random: &mut Random) -> bool {
        if self.skip == 0 {
            let share = if state.ground.paired { BLINK_PAIRS } else { BLINK };
            self.skip = (libm::log(1.0 - random.unit()) / libm::log(1.0 - share)) as u32;
            return true;
        }
        self.skip -= 1;
        false
    }

    fn best<const TIMED: bool>(&mut self, state: &State<'_>, order: u32, random: &mut Random) -> Option<Place> {
        let what = &state.ground.orders[order as usize];
        let mut best: Option<Place> = None;
        let free: &[Vec<u32>] = if self.closed { &[] } else { &state.free };
        // Now and then one is fetched whatever it costs: others may pay with it that do not pay alone.
        let mut under = match what.prize {
            Some(prize) if !self.regardless && random.below(RARELY.max(self.waiting)) > 0 => prize,
            _ => i64::MAX,
        };
        for &job in &what.options {
            let near = self.near_routes(state, job);
            for at in 0..near {
                let slot = self.near[at];
                let (cost, gap, kind) = self.cost::<TIMED>(state, job, slot, under);
                if cost < under && !self.blinks(state, random) {
                    (under, best) = (cost, Some((cost, job, slot, gap, kind)));
                }
            }
            for &slot in free.iter().filter_map(|slots| slots.last()) {
                let (cost, gap, kind) = self.cost::<TIMED>(state, job, slot, under);
                if cost < under && !self.blinks(state, random) {
                    (under, best) = (cost, Some((cost, job, slot, gap, kind)));
                }
            }
        }
        // Farther away is not worth a look for who may as well be left out (measured: half as many iterations again without).
        if best.is_none() && what.prize.is_none() {
            for &job in &what.options {
                for &slot in state.used.iter().chain(free.iter().filter_map(|slots| slots.last())) {
                    let (cost, gap, kind) = self.cost::<TIMED>(state, job, slot, under);
                    if cost < under {
                        (under, best) = (cost, Some((cost, job, slot, gap, kind)));
                    }
                }
            }
        }
        best
    }

    /// Fills `near` with the routes of the jobs around a job, and of those around the other of its pair.
    #[inline]
    fn near_routes(&mut self, state: &State<'_>, job: u32) -> usize {
        self.turn += 1;
        self.seen[state.nowhere() as usize] = self.turn;
        let count = self.routes_around(state, job, 0, ROUTES);
        match state.ground.stops[job as usize].partner {
            NONE => count,
            partner => self.routes_around(state, partner, count, ROUTES + ROUTES / 2),
        }
    }

    /// Adds to the first `count` of `near`; no branches, they would be guessed wrong.
    #[inline]
    fn routes_around(&mut self, state: &State<'_>, job: u32, mut count: usize, most: usize) -> usize {
        let around = state.ground.around.of(job);
        for some in around[..around.len().min(AROUND)].chunks(8) {
            for &other in some {
                let slot = state.route_of[other as usize];
                self.near[count] = slot;
                count += usize::from(self.seen[slot as usize] != self.turn);
                self.seen[slot as usize] = self.turn;
            }
            if count >= most {
                break;
            }
        }
        // What is cut off has not been seen.
        for at in most..count {
            self.seen[self.near[at] as usize] = 0;
        }
        count.min(most)
    }

    /// What the best place in a route costs, and the type of vehicle that drives then.
    #[inline]
    fn cost<const TIMED: bool>(&mut self, state: &State<'_>, job: u32, slot: u32, under: i64) -> (i64, Gap, u32) {
        let route = &state.routes[slot as usize];
        if !route.is_flexible(state.ground) {
            let (cost, gap) = self.kept::<TIMED>(state, job, slot, under);
            return (cost, gap, route.kind);
        }
        let (more, gap) = self.kept::<TIMED>(state, job, slot, i64::MAX);
        let flexed = if gap == NOWHERE { None } else { state.flexed(slot, job, more) };
        let (cost, kind) = flexed.unwrap_or((i64::MAX, route.kind));
        (cost, gap, kind)
    }

    /// The best place in a route, from memory if the route is as it was; where it is not, only one that costs less than `under`. A vehicle on its way
    /// that was not torn open takes an optional order only where its prize pays: what is fetched whatever it costs takes the place of what was torn out,
    /// or another vehicle (places that do not pay need no look at times).
    #[inline]
    fn kept<const TIMED: bool>(&mut self, state: &State<'_>, job: u32, slot: u32, under: i64) -> (i64, Gap) {
        let route = &state.routes[slot as usize];
        if state.is_touched(slot) {
            return route
                .best_place::<TIMED>(state.ground, job, under, &mut self.schedule)
                .unwrap_or((i64::MAX, NOWHERE));
        }
        let kept = &mut self.memory[job as usize];
        let mut at = WAYS;
        for way in 0..WAYS {
            if kept.version[way] == route.version {
                at = way;
            }
        }
        if at == WAYS {
            at = route.version as usize % WAYS;
            let prize = state.ground.orders[state.ground.stops[job as usize].order as usize].prize;
            let anyway = self.regardless || route.size() == 0 || route.is_flexible(state.ground);
            let most = prize.filter(|_| !anyway).unwrap_or(i64::MAX);
            let place = route.best_place::<TIMED>(state.ground, job, most, &mut self.schedule);
            let (cost, gap) = place.unwrap_or((i64::MAX, NOWHERE));
            kept.version[at] = route.version;
            kept.gap[at] = gap;
            kept.cost[at] = cost;
        }
        (kept.cost[at], kept.gap[at])
    }
}

/// Routes looked at for a job, nearest first, and jobs around it whose routes they are.
const ROUTES: usize = 12;
const AROUND: usize = 40;
/// Routes remembered for a job.
const WAYS: usize = 16;

/// Where a job would go in some routes.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Kept {
    version: [u32; WAYS],
    gap: [Gap; WAYS],
    cost: [i64; WAYS],
}

/// By one of the keys, or by chance (weights of the paper: random 4, load 4, far 2, near 1; windows 2 each; ours: releases 4).
fn sort(queue: &mut [u32], state: &State<'_>, random: &mut Random) {
    let keys = &state.ground.keys;
    let draw = random.below(if state.ground.trips {
        21
    } else if state.ground.timed {
        17
    } else {
        11
    });
    let key = match draw {
        0..4 => {
            for at in (1..queue.len()).rev() {
                queue.swap(at, random.below(at + 1));
            }
            return;
        }
        4..8 => &keys[0],
        8..10 => &keys[1],
        10 => &keys[2],
        11..13 => &keys[3],
        13..15 => &keys[4],
        15..17 => &keys[5],
        _ => &keys[6],
    };
    queue.sort_unstable_by_key(|&order| (key[order as usize], order));
}
