//! Bays used and lent, lot by lot and weekday by weekday, as changes.

use super::Case;
use crate::allocation::WEEK;
use crate::domain::calendar::Week;
use crate::domain::units::ServiceTime;
use crate::planning::plan::Occupancy;

pub(super) fn by_day(case: &Case<'_>, held: &[Option<usize>]) -> Vec<Occupancy> {
    let week = WEEK as usize;
    let mut days = Vec::with_capacity(case.lots.len() * 7);
    for (lot, ground) in case.lots.iter().enumerate() {
        let mut used = vec![0_u32; week];
        for (request, _) in held.iter().enumerate().filter(|(_, at)| **at == Some(lot)) {
            for &(start, end) in &case.wanted[request] {
                (start..end).for_each(|minute| used[(minute % WEEK) as usize] += 1);
            }
        }
        let mut released = vec![0_u32; week];
        for stretch in &ground.stretches {
            (stretch.start..stretch.end).for_each(|minute| released[(minute % WEEK) as usize] = ground.lot.bays);
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
