//! How little later must a car come, and how little earlier go, for a lot to have room for it?
//!
//! On all days alike. For each minute to come that could be the first one (the one asked for, or one at which a minute without room
//! ends) the latest time to go is where the first minute without room begins on any day; or earlier, where the owner bears only a car that goes
//! a grace before the end. The least sum of all is the answer: what is shorter needs less, but for the punctuality, whose every change is tried.

use super::{Case, Left, Meter, TimeIsUp};
use crate::allocation::WEEK;
use crate::planning::parking::axis::SPELLS;

/// Minutes later and minutes earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trim {
    pub(super) later: u32,
    pub(super) earlier: u32,
}

/// The least trim below `most` minutes with which this lot has room.
pub(super) fn least(
    left: &Left<'_>,
    request: usize,
    lot: usize,
    most: u32,
    meter: &Meter<'_>,
) -> Result<Option<Trim>, TimeIsUp> {
    let case = left.case;
    let wanted = &case.wanted[request];
    let Some(shortest) = wanted.iter().map(|(start, end)| end - start).min() else { return Ok(None) };
    let minutes: usize = wanted.iter().map(|(start, end)| (end - start) as usize).sum();
    meter.spend(SPELLS.max(case.axis.end()) as usize + minutes)?;
    let closed = closed(left, request, lot);
    let mut best: Option<Trim> = None;
    for later in firsts(&closed, wanted) {
        let below = best.map_or(most, |best| best.later + best.earlier);
        if later >= below || later >= shortest {
            continue;
        }
        meter.spend(minutes)?;
        let Some(least) = last(&closed, wanted, later) else { continue };
        let mut ends: Vec<u32> = buffered(case, wanted, lot).filter(|&earlier| earlier > least).collect();
        ends.push(least);
        ends.retain(|&earlier| later + earlier < below && later + earlier < shortest);
        // The first that fits is the least.
        ends.sort_unstable();
        ends.dedup();
        for earlier in ends {
            // Each stay is looked up among some dozens of stretches.
            meter.spend(32 * wanted.len())?;
            let shorter: Vec<(u32, u32)> = wanted.iter().map(|&stay| onto_the_ring(stay, later, earlier)).collect();
            if case.time_fits(request, &shorter, lot) && left.has_room(request, &shorter, lot) {
                best = Some(Trim { later, earlier });
                break;
            }
        }
    }
    Ok(best)
}

/// What is left of an occurrence; of one of the week, as one of the week.
fn onto_the_ring((first, last): (u32, u32), later: u32, earlier: u32) -> (u32, u32) {
    let (start, end) = (first + later, last - earlier);
    let shift = if first < WEEK { start - start % WEEK } else { 0 };
    (start - shift, end - shift)
}

/// Minutes of the axis (the week three times: a stay begins in the first and is at most a week) in which this lot has no room for such a car.
fn closed(left: &Left<'_>, request: usize, lot: usize) -> Vec<bool> {
    let case = left.case;
    let week = WEEK as usize;
    let mut closed = vec![!case.is_own(request, lot); SPELLS.max(case.axis.end()) as usize];
    for stretch in &case.lots[lot].stretches {
        if stretch.start < WEEK {
            (stretch.start..stretch.end).for_each(|minute| closed[minute as usize % week] = false);
        } else {
            closed[stretch.start as usize..stretch.end as usize].fill(false);
        }
    }
    let class = super::Class::needed(&case.project.requests[request]);
    for &(start, end) in left.full.get(&(lot, class)).into_iter().flatten() {
        closed[start as usize..end as usize].fill(true);
    }
    for lap in 1..3 {
        closed.copy_within(..week, lap * week);
    }
    closed
}

/// Minutes later at which a stay could begin: none, or right after a minute without room on some day.
fn firsts(closed: &[bool], wanted: &[(u32, u32)]) -> Vec<u32> {
    let mut firsts = vec![0];
    for &(start, end) in wanted {
        let inside = start as usize..(end as usize).min(closed.len() - 1);
        firsts.extend(inside.filter(|&at| closed[at] && !closed[at + 1]).map(|at| at as u32 + 1 - start));
    }
    firsts.sort_unstable();
    firsts.dedup();
    firsts
}

/// The fewest minutes earlier with which every stay is over before the next minute without room; `None`: it cannot begin so.
fn last(closed: &[bool], wanted: &[(u32, u32)], later: u32) -> Option<u32> {
    let mut earlier = 0;
    for &(start, end) in wanted {
        let begin = start + later;
        if begin >= end || closed[begin as usize] {
            return None;
        }
        let until = (begin..end).find(|&minute| closed[minute as usize]).unwrap_or(end);
        earlier = earlier.max(end - until);
    }
    Some(earlier)
}

/// Minutes earlier from which on a stay leaves the owner the grace, for each day.
fn buffered<'a>(case: &'a Case<'_>, wanted: &'a [(u32, u32)], lot: usize) -> impl Iterator<Item = u32> + 'a {
    let grace = case.project.policy.overstay_grace.minutes_up();
    let stretches = &case.lots[lot].stretches;
    let (week, spells) = stretches.split_at(stretches.partition_point(|stretch| stretch.start < WEEK));
    let ends = week.iter().filter(|stretch| !stretch.endless).map(|stretch| stretch.end);
    let ends: Vec<u32> = ends.flat_map(|end| [end, end + WEEK]).collect();
    wanted.iter().flat_map(move |&(start, end)| {
        // Of a spell only the stretch that is open when the stay begins or the next ones until the grace after its end.
        let first = spells.partition_point(|stretch| stretch.end <= start);
        let near = spells[first..].iter().take_while(move |stretch| stretch.start < end + grace);
        let near = near.filter(|stretch| !stretch.endless).map(|stretch| stretch.end);
        let last = if start < WEEK { ends.clone() } else { near.collect() };
        let last = last.into_iter().filter(move |&last| last > start && last <= end.max(start) + grace);
        last.filter_map(move |last| (end + grace).checked_sub(last))
    })
}
