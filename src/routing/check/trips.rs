//! Which trips is a tour made of, and may its vehicle reload between them?

use std::ops::Range;

use super::super::problem::{Job, Problem};
use super::super::tours::Tour;
use super::Fault;

/// One trip, by positions in the tour.
#[derive(Clone, Debug)]
pub(super) struct Trip {
    pub(super) jobs: Range<usize>,
    /// Where it leaves from.
    pub(super) place: usize,
    /// When, at the soonest: all it delivers is there.
    pub(super) release: i64,
}

/// The trips in order; nothing, and a fault, where reloads do not part the tour into some, or are where its vehicle has no place for that.
pub(super) fn of(
    problem: &Problem,
    at: usize,
    tour: &Tour,
    jobs: &[&Job],
    faults: &mut Vec<Fault>,
) -> Option<Vec<Trip>> {
    let vehicle = &problem.vehicles()[tour.vehicle];
    let mut from = 0;
    for (reload, what) in tour.reloads.iter().enumerate() {
        if what.before <= from || what.before >= jobs.len() {
            faults.push(Fault::NoTrip { tour: at, reload, before: what.before });
            return None;
        }
        if what.place >= vehicle.reloads.len() {
            let of = vehicle.reloads.len();
            faults.push(Fault::ReloadPlace { tour: at, reload, place: what.place, of });
            return None;
        }
        from = what.before;
    }
    if tour.reloads.len() > vehicle.max_reloads {
        faults.push(Fault::Reloads { tour: at, reloads: tour.reloads.len(), most: vehicle.max_reloads });
    }
    let begun = tour.reloads.iter().map(|reload| (reload.before, vehicle.reloads[reload.place]));
    let begins = std::iter::once((0, vehicle.start)).chain(begun);
    let ends = tour.reloads.iter().map(|reload| reload.before).chain([jobs.len()]);
    let trip = |((from, place), to): ((usize, usize), usize)| {
        let release = jobs[from..to].iter().map(|job| i64::from(job.release)).max().unwrap_or(0);
        Trip { jobs: from..to, place, release }
    };
    Some(begins.zip(ends).map(trip).collect())
}
