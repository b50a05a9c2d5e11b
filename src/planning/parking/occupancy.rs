//! Bays used and lent, lot by lot and weekday by weekday, as changes.

use super::Case;
use crate::allocation::WEEK;
use crate::domain::calendar::Week;
use crate::domain::units::ServiceTime;
use crate::planning::plan::Occupancy;

pub(super) fn by_day(case: &Case<'_>, held: &[Option<usize>]) -> Vec<Occupancy> {
    let week = WEEK as usize;
    let mut days = Vec::with_capacity(case.lots.len() * 7);
    let holders = case.holders(held);
    for (lot, ground) in case.lots.iter().enumerate() {
        let used = on_the_ring(holders[lot].iter().flat_map(|&request| case.wanted[request].iter().copied()));
        let mut released = vec![0_u32; week];
        for stretch in &ground.stretches {
            (stretch.start..stretch.end).for_each(|minute| released[(minute % WEEK) as usize] = ground.lot.bays);
        }
        if ground.lot.exchange {
            released.fill(ground.lot.bays);
        }
        for day in 0..7 {
            let mut changes: Vec<(ServiceTime, u32, u32)> = Vec::new();
            for minute in 0..1440_u32 {
                let at = day * 1440 + minute as usize;
                let (used, released) = (used[at], released[at]);
                if changes.last().is_none_or(|last| (last.1, last.2) != (used, released)) {
                    changes.push((ServiceTime(minute * 60), used, released));
                }
            }
            days.push(Occupancy { lot: ground.lot.id.clone(), day: Week::span(day, day).to_string(), changes });
        }
    }
    days
}

/// How many of these `[start, end)` are there in each minute of the week.
pub(super) fn on_the_ring(stays: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
    // What changes at each minute; a stay is at most a week, so that it ends within the next.
    let mut changes = vec![0_i64; 2 * WEEK as usize + 1];
    for (start, end) in stays {
        changes[start as usize] += 1;
        changes[end as usize] -= 1;
    }
    let mut there = vec![0_u32; WEEK as usize];
    let mut count = 0;
    for (minute, change) in changes.iter().take(2 * WEEK as usize).enumerate() {
        count += change;
        there[minute % WEEK as usize] += u32::try_from(count).unwrap_or(0);
    }
    there
}
