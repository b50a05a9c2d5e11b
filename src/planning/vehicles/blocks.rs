//! A chain as a block of the plan: items contiguous to the second, from the depot to the depot.

use super::{Chain, Link, Problem, Schedule};
use crate::domain::ids::StopId;
use crate::domain::units::{Metres, Seconds, ServiceTime};
use crate::planning::plan::{Block, Item, ItemKind};

/// Names for what a solve numbers.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Service id.
    pub service: &'a str,
    /// Trip ids by [`TripId`].
    pub trips: &'a [String],
    /// Stop ids by [`StopId`].
    pub stops: &'a [String],
    /// Standing at least this long is a break.
    pub break_length: Seconds,
}

/// The chains as blocks of the plan, contiguous to the second; ids `service-type-1`, … by type and start.
#[must_use]
pub fn build_blocks(problem: &Problem<'_>, schedule: &Schedule, names: &Names<'_>) -> Vec<Block> {
    let mut number = 0;
    let mut last_type = None;
    schedule
        .chains
        .iter()
        .map(|chain| {
            number = if last_type == Some(chain.vehicle_type) { number + 1 } else { 1 };
            last_type = Some(chain.vehicle_type);
            build_block(problem, chain, names, number)
        })
        .collect()
}

fn build_block(problem: &Problem<'_>, chain: &Chain, names: &Names<'_>, number: u32) -> Block {
    let vehicle = &problem.fleet[chain.vehicle_type.index()];
    let depot = vehicle.depot.as_str();
    let stop = |stop: StopId| names.stops.get(stop.index()).map_or("", String::as_str);
    let at = |minute: u32| ServiceTime(minute * 60);
    let mut items: Vec<Item> = Vec::new();
    let mut push =
        |kind, from: &str, to: &str, start: ServiceTime, end: ServiceTime, metres: Metres, trip: Option<&String>| {
            // Nothing is said about standing for no time.
            if start < end || trip.is_some() || from != to {
                items.push(Item {
                    kind,
                    from: from.to_owned(),
                    to: to.to_owned(),
                    start,
                    end,
                    km: f64::from(metres.0) / 1000.0,
                    trip: trip.cloned(),
                });
            }
        };
    let standing = |from: ServiceTime, to: ServiceTime| {
        if to.since(from) >= names.break_length { ItemKind::Break } else { ItemKind::Layover }
    };
    let first = chain.trips.first().map_or("", |trip| stop(problem.works[trip.index()].from));
    let out = chain.pull_out;
    push(ItemKind::PullOut, depot, first, at(out.start), at(out.end), out.metres, None);
    for (index, trip) in chain.trips.iter().enumerate() {
        let work = &problem.works[trip.index()];
        let (from, to) = (stop(work.from), stop(work.to));
        push(ItemKind::Trip, from, to, work.depart, work.arrive, work.metres, names.trips.get(trip.index()));
        let mut stand = |until: ServiceTime| {
            push(standing(work.arrive, until), to, to, work.arrive, until, Metres::ZERO, None);
        };
        let next = chain.trips.get(index + 1).map(|next| &problem.works[next.index()]);
        match (chain.links.get(index), next) {
            (Some(Link::Wait), Some(next)) => stand(next.depart),
            (Some(Link::Direct(drive)), Some(next)) => {
                stand(at(drive.start));
                push(ItemKind::Deadhead, to, stop(next.from), at(drive.start), at(drive.end), drive.metres, None);
            }
            (Some(Link::Home(home, back)), Some(next)) => {
                stand(at(home.start));
                push(ItemKind::PullIn, to, depot, at(home.start), at(home.end), home.metres, None);
                let (from, until) = (at(home.end), at(back.start));
                push(standing(from, until), depot, depot, from, until, Metres::ZERO, None);
                push(ItemKind::PullOut, depot, stop(next.from), at(back.start), at(back.end), back.metres, None);
            }
            _ => {
                let home = chain.pull_in;
                stand(at(home.start));
                push(ItemKind::PullIn, to, depot, at(home.start), at(home.end), home.metres, None);
            }
        }
    }
    Block {
        id: format!("{}-{}-{number}", names.service, vehicle.id),
        service: names.service.to_owned(),
        vehicle_type: vehicle.id.clone(),
        depot: depot.to_owned(),
        items,
    }
}
