//! Why somebody gets no bay, and the least single change with which there would be one *now*, all permits left as they are.
//!
//! Reasons are tried in the order reach, time, price, kind of bay, room: the first that leaves no lot is the reason.
//! A relaxation changes one thing only and is stated only if a bay is then free and the promise to the lot's owner still kept. It is the least:
//! a metre, a fen or a minute less is not enough. (A bay that is free within what was asked for does not exist: it would have been given.)

mod shorter;

use std::cell::Cell;
use std::collections::BTreeMap;

use super::{Case, Class};
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::{Refusal, Relaxation};
use shorter::Trim;

/// What is left when the permits are given out.
pub(super) struct Left<'a> {
    case: &'a Case<'a>,
    /// Stretches of the axis (the week twice) in which no bay is free, of each lot and class in use.
    full: BTreeMap<(usize, Class), Vec<(u32, u32)>>,
    /// Whether owners could bear one more car, by lot, stretch and punctuality.
    bears: Vec<Vec<[bool; 2]>>,
}

impl<'a> Left<'a> {
    pub(super) fn new(case: &'a Case<'a>, held: &[Option<usize>]) -> Self {
        // Nobody stops it.
        Self::metered(case, held, &Meter::new(&|| false)).unwrap_or_else(|TimeIsUp| Self::empty(case))
    }

    fn empty(case: &'a Case<'a>) -> Self {
        Self { case, full: BTreeMap::new(), bears: vec![Vec::new(); case.lots.len()] }
    }

    /// The same as long as there is time.
    fn metered(case: &'a Case<'a>, held: &[Option<usize>], meter: &Meter<'_>) -> Result<Self, TimeIsUp> {
        let mut left = Self::empty(case);
        for (lot, holders) in case.holders(held).iter().enumerate() {
            // The axis for each class, and two probabilities a stretch, of numbers up to about the bays' root.
            let stretches = case.lots[lot].stretches.len();
            let probability = 64 * (case.lots[lot].lot.bays.isqrt() as usize + 1);
            meter.spend(4 * case.axis.end() as usize + 2 * stretches * probability)?;
            left.look(lot, holders);
        }
        Ok(left)
    }

    /// Somebody has been given a bay of this lot.
    pub(super) fn changed(&mut self, held: &[Option<usize>], lot: usize) {
        let holders: Vec<usize> = (0..held.len()).filter(|&request| held[request] == Some(lot)).collect();
        self.look(lot, &holders);
    }

    /// These hold a bay of this lot.
    pub(super) fn look(&mut self, lot: usize, holders: &[usize]) {
        let case = self.case;
        for class in Class::ALL {
            let mut stays = holders
                .iter()
                .filter(|&&request| Class::needed(&case.project.requests[request]) == class)
                .flat_map(|&request| case.wanted[request].iter().copied())
                .peekable();
            if stays.peek().is_none() {
                continue;
            }
            let used = case.axis.present(stays);
            self.full.insert((lot, class), case.axis.crowded(&used, class.bays(case.lots[lot].lot)));
        }
        // Nights that end alike with as many cars are one.
        let mut known: BTreeMap<(u32, bool, [u32; 2]), [bool; 2]> = BTreeMap::new();
        let crowd = case.crowd(lot, holders);
        let stretches = case.lots[lot].stretches.iter().zip(crowd).enumerate();
        self.bears[lot] = stretches
            .map(|(at, (stretch, cars))| {
                *known.entry((stretch.end % 1440, stretch.endless, cars)).or_insert_with(|| {
                    [[1, 0], [0, 1]].map(|one| case.keeps_promise(lot, at, [cars[0] + one[0], cars[1] + one[1]]))
                })
            })
            .collect();
    }

    /// Would a request for this time get a bay here, if walk and price did not matter?
    pub(super) fn has_room(&self, request: usize, wanted: &[(u32, u32)], lot: usize) -> bool {
        let case = self.case;
        let ground = &case.lots[lot];
        let class = Class::needed(&case.project.requests[request]);
        let free = match self.full.get(&(lot, class)) {
            None => class.bays(ground.lot) > 0,
            Some(full) => wanted.iter().all(|&(start, end)| {
                let next = full.partition_point(|full| full.1 <= start);
                full.get(next).is_none_or(|full| end <= full.0)
            }),
        };
        free && case.uses(request, wanted, lot).is_some_and(|uses| {
            uses.iter().all(|(&stretch, &punctuality)| self.bears[lot][stretch][punctuality.index()])
        })
    }
}

/// Time is up: nothing is told of changes any more, for what was looked at in part is not known to be the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TimeIsUp;

/// Counts work and asks the watcher by it: a request may take a thousand times as long as another.
struct Meter<'a> {
    stop: &'a dyn Fn() -> bool,
    spent: Cell<u64>,
    /// Work at which the watcher is asked next.
    next: Cell<u64>,
}

impl<'a> Meter<'a> {
    /// Minutes, stays or lots looked at between two looks at the watcher: some hundredths of a second. So much is done whatever it says: what
    /// takes no time is always told in full.
    const LOOK: u64 = 20_000_000;

    fn new(stop: &'a dyn Fn() -> bool) -> Self {
        Self { stop, spent: Cell::new(0), next: Cell::new(Self::LOOK) }
    }

    fn spend(&self, work: usize) -> Result<(), TimeIsUp> {
        let spent = self.spent.get().saturating_add(work as u64);
        self.spent.set(spent);
        if spent < self.next.get() {
            return Ok(());
        }
        // Once it is up, it stays so: the mark is not moved.
        if (self.stop)() {
            return Err(TimeIsUp);
        }
        self.next.set(spent.saturating_add(Self::LOOK));
        Ok(())
    }
}

/// One refusal for each request without a lot, in file order; without relaxations once `stop` says so.
pub(super) fn explain(case: &Case<'_>, held: &[Option<usize>], stop: &dyn Fn() -> bool) -> Vec<Refusal> {
    let meter = Meter::new(stop);
    let mut left = Left::metered(case, held, &meter).ok();
    let mut queues = Queues::default();
    let mut refusals: Vec<(usize, Refusal)> = Vec::new();
    let mut order: Vec<usize> = (0..held.len()).filter(|&request| held[request].is_none()).collect();
    order.sort_by_key(|&request| case.rank[request]);
    for request in order {
        let (mut told, near, in_time) = reason(case, request, &mut queues);
        if let Some(known) = &left {
            match relaxations(known, request, &near, &in_time, &meter) {
                Ok(relaxations) => told.relaxations = relaxations,
                Err(TimeIsUp) => left = None,
            }
        }
        refusals.push((request, told));
    }
    refusals.sort_by_key(|(request, _)| *request);
    refusals.into_iter().map(|(_, refusal)| refusal).collect()
}

/// How many already wait for each lot and kind of bay.
#[derive(Default)]
struct Queues(BTreeMap<(usize, Class), u32>);

impl Queues {
    /// Joins the queue of every lot; answers the best place among them, 1 first.
    fn join(&mut self, lots: &[usize], class: Class) -> Option<u32> {
        lots.iter()
            .map(|&lot| {
                let waiting = self.0.entry((lot, class)).or_default();
                *waiting += 1;
                *waiting
            })
            .min()
    }
}

/// Why it has none, the lots in reach from the nearest on, and those of them that lend at the time asked for.
fn reason(case: &Case<'_>, request: usize, queues: &mut Queues) -> (Refusal, Vec<usize>, Vec<usize>) {
    let asked = &case.project.requests[request];
    let wanted = &case.wanted[request];
    let mut rank = None;
    let reach = case.walks[request].iter().filter(|&&(_, walk)| walk <= asked.max_walk);
    let mut near: Vec<(u32, usize)> = reach.map(|&(lot, walk)| (walk.0, lot)).collect();
    // Of lots that want the same change the nearest would be given, so it is the one to name.
    near.sort_unstable();
    let near: Vec<usize> = near.into_iter().map(|(_, lot)| lot).collect();
    let in_time: Vec<usize> = near.iter().copied().filter(|&lot| case.time_fits(request, wanted, lot)).collect();
    let cheap: Vec<usize> = in_time.iter().copied().filter(|&lot| case.affordable(request, lot)).collect();
    let suited: Vec<usize> = cheap.iter().copied().filter(|&lot| case.has_class(request, lot)).collect();
    let reason = if near.is_empty() {
        "no-lot-in-reach"
    } else if in_time.is_empty() {
        "no-lot-at-that-time"
    } else if cheap.is_empty() {
        "too-dear"
    } else if suited.is_empty() {
        if asked.accessible { "no-accessible-bay" } else { "no-charging-bay" }
    } else {
        rank = queues.join(&suited, Class::needed(asked));
        "full"
    };
    let refusal = Refusal { request: asked.id.clone(), reason: reason.to_owned(), rank, relaxations: Vec::new() };
    (refusal, near, in_time)
}

/// The least change of each kind; all of them, or none where time is up before all is looked at.
fn relaxations(
    left: &Left<'_>,
    request: usize,
    near: &[usize],
    in_time: &[usize],
    meter: &Meter<'_>,
) -> Result<Vec<Relaxation>, TimeIsUp> {
    // Each lot in reach is asked about each stay at most once for the money and once for the walk.
    meter.spend(2 * left.case.walks[request].len() * left.case.wanted[request].len())?;
    let minutes = least_minutes(left, request, near, meter)?;
    Ok(minutes.into_iter().chain(least_fen(left, request, in_time)).chain(least_walk(left, request)).collect())
}

/// One thing changed by so much, and a bay of this lot is free.
fn relaxation(left: &Left<'_>, kind: &str, amount: f64, lot: usize) -> Relaxation {
    let lot = Some(left.case.lots[lot].lot.id.clone());
    Relaxation { lot, ..Relaxation::new(kind, amount) }
}

/// Metres beyond the walk limit to the nearest lot that has room.
fn least_walk(left: &Left<'_>, request: usize) -> Option<Relaxation> {
    let case = left.case;
    let limit = case.project.requests[request].max_walk;
    let mut lots: Vec<(u32, usize)> = case.walks[request]
        .iter()
        .filter(|&&(lot, walk)| walk > limit && case.affordable(request, lot))
        .map(|&(lot, walk)| (walk.0, lot))
        .collect();
    lots.sort_unstable();
    let (walk, lot) = lots.into_iter().find(|&(_, lot)| left.has_room(request, &case.wanted[request], lot))?;
    Some(relaxation(left, "walk_m", f64::from(walk - limit.0), lot))
}

/// Fen a night beyond the highest price to the cheapest lot within the walk that has room, the nearest of several (`in_time` begins with it).
fn least_fen(left: &Left<'_>, request: usize, in_time: &[usize]) -> Option<Relaxation> {
    let case = left.case;
    let most = case.project.requests[request].max_price?;
    let room = |lot: &&usize| !case.affordable(request, **lot) && left.has_room(request, &case.wanted[request], **lot);
    let lot = in_time.iter().filter(room).copied().min_by_key(|&lot| case.lots[lot].lot.price)?;
    Some(relaxation(left, "fen", (case.lots[lot].lot.price - most).0 as f64, lot))
}

/// Minutes by which the time asked for must be shortened, at both ends together and on all days alike, so that a lot within the walk
/// has room, the nearest of several (`near` begins with it); and the time that is left.
fn least_minutes(
    left: &Left<'_>,
    request: usize,
    near: &[usize],
    meter: &Meter<'_>,
) -> Result<Option<Relaxation>, TimeIsUp> {
    let case = left.case;
    let window = &case.project.requests[request].window;
    let suited = near.iter().copied().filter(|&lot| case.affordable(request, lot) && case.has_class(request, lot));
    let mut best: Option<(u32, usize, Trim)> = None;
    for lot in suited {
        let most = best.map_or(u32::MAX, |(minutes, ..)| minutes);
        if let Some(trim) = shorter::least(left, request, lot, most, meter)? {
            best = Some((trim.later + trim.earlier, lot, trim));
        }
    }
    let Some((minutes, lot, trim)) = best else { return Ok(None) };
    let (from, to) = (window.from + Seconds(60 * trim.later), ServiceTime(window.to.0 - 60 * trim.earlier));
    Ok(Some(Relaxation { from: Some(from), to: Some(to), ..relaxation(left, "minutes", f64::from(minutes), lot) }))
}
