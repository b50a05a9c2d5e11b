//! Why somebody gets no bay, and the least single change with which there would be one *now*, all permits left as they are.
//!
//! Reasons are tried in the order reach, time, price, kind of bay, room: the first that leaves no lot is the reason.
//! A relaxation changes one thing only and is stated only if a bay is then free and the promise to the lot's owner still kept.

use std::collections::BTreeMap;

use super::occupancy::on_the_ring;
use super::{Case, Class};
use crate::allocation::WEEK;
use crate::planning::plan::{Refusal, Relaxation};

/// What is left when the permits are given out.
struct Left<'a> {
    case: &'a Case<'a>,
    /// Minutes before this one, over two weeks, in which no bay is free, of each lot and class in use.
    full: BTreeMap<(usize, Class), Vec<u32>>,
    /// Whether owners could bear one more car, by lot, stretch and punctuality.
    bears: Vec<Vec<[bool; 2]>>,
}

impl<'a> Left<'a> {
    fn new(case: &'a Case<'a>, held: &[Option<usize>]) -> Self {
        let holders = case.holders(held);
        let mut full: BTreeMap<(usize, Class), Vec<u32>> = BTreeMap::new();
        for (lot, holders) in holders.iter().enumerate() {
            for class in Class::ALL {
                let mut stays = holders
                    .iter()
                    .filter(|&&request| Class::needed(&case.project.requests[request]) == class)
                    .flat_map(|&request| case.wanted[request].iter().copied())
                    .peekable();
                if stays.peek().is_none() {
                    continue;
                }
                let used = on_the_ring(stays);
                let bays = class.bays(case.lots[lot].lot);
                let mut sums = vec![0];
                let mut sum = 0;
                for used in used.iter().chain(&used) {
                    sum += u32::from(*used >= bays);
                    sums.push(sum);
                }
                full.insert((lot, class), sums);
            }
        }
        let bears = holders
            .iter()
            .enumerate()
            .map(|(lot, holders)| {
                // Nights that end alike with as many cars are one.
                let mut known: BTreeMap<(u32, bool, [u32; 2]), [bool; 2]> = BTreeMap::new();
                let crowd = case.crowd(lot, holders);
                let stretches = case.lots[lot].stretches.iter().zip(crowd).enumerate();
                stretches
                    .map(|(at, (stretch, cars))| {
                        *known.entry((stretch.end % 1440, stretch.endless, cars)).or_insert_with(|| {
                            [[1, 0], [0, 1]]
                                .map(|one| case.keeps_promise(lot, at, [cars[0] + one[0], cars[1] + one[1]]))
                        })
                    })
                    .collect()
            })
            .collect();
        Self { case, full, bears }
    }

    /// Would a request for this time get a bay here, if walk and price did not matter?
    fn has_room(&self, request: usize, wanted: &[(u32, u32)], lot: usize) -> bool {
        let case = self.case;
        let ground = &case.lots[lot];
        let class = Class::needed(&case.project.requests[request]);
        let free = match self.full.get(&(lot, class)) {
            None => class.bays(ground.lot) > 0,
            Some(full) => wanted.iter().all(|&(start, end)| full[start as usize] == full[end as usize]),
        };
        free && case.uses(wanted, lot).is_some_and(|uses| {
            uses.iter().all(|(&stretch, &punctuality)| self.bears[lot][stretch][punctuality.index()])
        })
    }
}

/// Refusals between two looks at the watcher.
const LOOK: usize = 500;

/// One refusal for each request without a lot, in file order; without relaxations once `stop` says so.
pub(super) fn explain(case: &Case<'_>, held: &[Option<usize>], stop: &dyn Fn() -> bool) -> Vec<Refusal> {
    let left = Left::new(case, held);
    let mut queues = Queues::default();
    let mut refusals: Vec<(usize, Refusal)> = Vec::new();
    let mut order: Vec<usize> = (0..held.len()).filter(|&request| held[request].is_none()).collect();
    order.sort_by_key(|&request| case.rank[request]);
    let mut thorough = true;
    for (done, request) in order.into_iter().enumerate() {
        // The first few hundred always get a full answer: they take no time.
        thorough &= done == 0 || done % LOOK != 0 || !stop();
        refusals.push((request, refusal(&left, request, &mut queues, thorough)));
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

fn refusal(left: &Left<'_>, request: usize, queues: &mut Queues, thorough: bool) -> Refusal {
    let case = left.case;
    let asked = &case.project.requests[request];
    let wanted = &case.wanted[request];
    let mut relaxations = Vec::new();
    let mut relax = |kind: &str, amount: Option<f64>| {
        relaxations.extend(amount.map(|amount| Relaxation { kind: kind.to_owned(), amount }));
    };
    let reach = case.walks[request].iter().filter(|&&(_, walk)| walk <= asked.max_walk);
    let near: Vec<usize> = reach.map(|&(lot, _)| lot).collect();
    let in_time: Vec<usize> = near.iter().copied().filter(|&lot| case.time_fits(wanted, lot)).collect();
    let cheap: Vec<usize> = in_time.iter().copied().filter(|&lot| case.affordable(request, lot)).collect();
    let suited: Vec<usize> = cheap.iter().copied().filter(|&lot| case.has_class(request, lot)).collect();
    let reason = if near.is_empty() {
        "no-lot-in-reach"
    } else if in_time.is_empty() {
        relax("minutes", thorough.then(|| least_minutes(left, request, &near)).flatten());
        "no-lot-at-that-time"
    } else if cheap.is_empty() {
        "too-dear"
    } else if suited.is_empty() {
        if asked.accessible { "no-accessible-bay" } else { "no-charging-bay" }
    } else {
        relax("rank", queues.join(&suited, Class::needed(asked)).map(f64::from));
        "full"
    };
    if thorough {
        relax("fen", least_fen(left, request, &in_time));
        relax("walk_m", least_walk(left, request));
    }
    Refusal { request: asked.id.clone(), reason: reason.to_owned(), relaxations }
}

/// Metres beyond the walk limit to the nearest lot that has room.
fn least_walk(left: &Left<'_>, request: usize) -> Option<f64> {
    let case = left.case;
    let limit = case.project.requests[request].max_walk;
    let mut lots: Vec<(u32, usize)> = case.walks[request]
        .iter()
        .filter(|&&(lot, walk)| walk > limit && case.affordable(request, lot))
        .map(|&(lot, walk)| (walk.0, lot))
        .collect();
    lots.sort_unstable();
    let found = lots.into_iter().find(|&(_, lot)| left.has_room(request, &case.wanted[request], lot));
    found.map(|(walk, _)| f64::from(walk - limit.0))
}

/// Fen a night beyond the highest price to the cheapest lot within the walk that has room.
fn least_fen(left: &Left<'_>, request: usize, in_time: &[usize]) -> Option<f64> {
    let case = left.case;
    let most = case.project.requests[request].max_price?;
    let room = |lot: &&usize| !case.affordable(request, **lot) && left.has_room(request, &case.wanted[request], **lot);
    let price = in_time.iter().filter(room).map(|&lot| case.lots[lot].lot.price).min()?;
    Some((price - most).0 as f64)
}

/// Minutes by which the time asked for must be shortened, at either end together, so that a lot within the walk has room.
fn least_minutes(left: &Left<'_>, request: usize, near: &[usize]) -> Option<f64> {
    let case = left.case;
    let wanted = &case.wanted[request];
    let grace = case.project.policy.overstay_grace.minutes_up();
    let mut best: Option<u32> = None;
    for &lot in near.iter().filter(|&&lot| case.affordable(request, lot) && case.has_class(request, lot)) {
        let Some((later, earlier, shortest)) = trims(case, wanted, lot) else { continue };
        // As it must be, and with the grace on top where owners cannot bear a tight end.
        for more in [0, grace] {
            let earlier = earlier + more;
            if later + earlier >= shortest {
                continue;
            }
            let shorter: Vec<(u32, u32)> =
                wanted.iter().map(|&(start, end)| (start + later, end - earlier)).map(onto_the_ring).collect();
            if case.time_fits(&shorter, lot) && left.has_room(request, &shorter, lot) {
                best = Some(best.map_or(later + earlier, |best| best.min(later + earlier)));
                break;
            }
        }
    }
    best.map(f64::from)
}

fn onto_the_ring((start, end): (u32, u32)) -> (u32, u32) {
    let shift = start - start % WEEK;
    (start - shift, end - shift)
}

/// How much later to come and earlier to leave, on all days alike, to lie within the lot's stretches; and the shortest occurrence.
fn trims(case: &Case<'_>, wanted: &[(u32, u32)], lot: usize) -> Option<(u32, u32, u32)> {
    let (mut later, mut earlier, mut shortest) = (0, 0, u32::MAX);
    for &(start, end) in wanted {
        shortest = shortest.min(end - start);
        // The stretch that leaves most of this occurrence.
        let (trim_start, trim_end) = case.lots[lot]
            .stretches
            .iter()
            .flat_map(|stretch| {
                [0, WEEK].map(|shift| {
                    // Occurrence shifted by a week, or the stretch: the same meeting of the two.
                    let (from, to) = (start + shift, end + shift);
                    let early = stretch.start.saturating_sub(from);
                    let late = to.saturating_sub(stretch.end);
                    (early, late)
                })
            })
            .filter(|&(early, late)| early + late < end - start)
            .min_by_key(|&(early, late)| early + late)?;
        later = later.max(trim_start);
        earlier = earlier.max(trim_end);
    }
    Some((later, earlier, shortest))
}
