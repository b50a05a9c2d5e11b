//! An answer: what each bus does, and who boards where.

use super::ground::Ground;
use super::state::Route;

/// Some people of some riders who board at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boarding {
    /// Position of the riders.
    pub riders: usize,
    /// Position of the stop.
    pub stop: usize,
    /// How many of them.
    pub people: u32,
}

/// What one bus does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// Position of its type.
    pub vehicle: usize,
    /// Positions of its stops, in order.
    pub stops: Vec<usize>,
    /// Who boards.
    pub boardings: Vec<Boarding>,
}

/// Everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Each bus that drives.
    pub tours: Vec<Tour>,
    /// People who must be carried and are not.
    pub missing: u64,
    /// What the tours cost, and the prizes not won.
    pub cost: i64,
}

impl Plan {
    /// From the routes of a search: who of each group rides where, each at the first of their stops that their bus serves.
    pub(super) fn from_routes(ground: &Ground<'_>, routes: &[Route]) -> Self {
        let riders = ground.problem.riders();
        // Of each riders, how many have no seat yet.
        let mut left: Vec<u32> = riders.iter().map(|riders| riders.people).collect();
        let mut tours: Vec<Tour> = routes.iter().map(|route| tour(ground, route, &mut left)).collect();
        for (tour, route) in tours.iter_mut().zip(routes) {
            leave_out_needless(ground, route.kind, tour);
        }
        // Nobody is aboard whose boarding pays.
        tours.retain(|tour| !tour.boardings.is_empty());
        tours.sort_by(|one, other| (one.vehicle, &one.stops).cmp(&(other.vehicle, &other.stops)));
        let cost: i64 = tours.iter().map(|tour| cost(ground, tour)).sum();
        let mut plan = Self { tours, missing: 0, cost };
        for (riders, &left) in riders.iter().zip(&left) {
            match riders.prize {
                Some(prize) => plan.cost += prize * i64::from(left),
                None => plan.missing += u64::from(left),
            }
        }
        plan
    }
}

fn tour(ground: &Ground<'_>, route: &Route, left: &mut [u32]) -> Tour {
    let mut boardings = Vec::with_capacity(route.aboard.len());
    for &(group, mut count) in &route.aboard {
        // On a bus where boarding costs more than on others, some may not pay for theirs.
        let vehicle = &ground.kinds[route.kind as usize];
        if ground.groups[group as usize].prize.is_some_and(|prize| prize < vehicle.per_person) {
            continue;
        }
        for &riders in &ground.groups[group as usize].members {
            if count == 0 {
                break;
            }
            let people = count.min(left[riders]);
            if people == 0 {
                continue;
            }
            let serves = |&&stop: &&usize| route.set[stop / 64] >> (stop % 64) & 1 == 1;
            if let Some(&stop) = ground.problem.riders()[riders].stops.iter().find(serves) {
                left[riders] -= people;
                count -= people;
                boardings.push(Boarding { riders, stop, people });
            }
        }
    }
    boardings.sort_by_key(|boarding| (boarding.riders, boarding.stop));
    Tour { vehicle: route.kind as usize, stops: route.stops.iter().map(|&stop| stop as usize).collect(), boardings }
}

/// Stops where nobody boards, unless the way without them is dearer or longer.
fn leave_out_needless(ground: &Ground<'_>, kind: u32, tour: &mut Tour) {
    let ends = ground.stops as u32;
    let mut at = 0;
    while at < tour.stops.len() {
        let stop = tour.stops[at];
        let before = if at == 0 { ends } else { tour.stops[at - 1] as u32 };
        let behind = tour.stops.get(at + 1).map_or(ends, |&stop| stop as u32);
        let saves =
            |way: &dyn Fn(u32, u32) -> i64| way(before, stop as u32) + way(stop as u32, behind) >= way(before, behind);
        let needless = tour.boardings.iter().all(|boarding| boarding.stop != stop)
            && saves(&|from, to| ground.cost(kind, from, to))
            && saves(&|from, to| ground.time(kind, from, to));
        // Without the first, the ride is from the second: never longer.
        if needless && tour.stops.len() > 1 {
            tour.stops.remove(at);
            at = at.saturating_sub(1);
        } else {
            at += 1;
        }
    }
}

fn cost(ground: &Ground<'_>, tour: &Tour) -> i64 {
    let (kind, ends) = (tour.vehicle as u32, ground.stops as u32);
    let vehicle = &ground.kinds[tour.vehicle];
    let (mut cost, mut here) = (vehicle.fixed, ends);
    for &stop in &tour.stops {
        cost += ground.cost(kind, here, stop as u32);
        here = stop as u32;
    }
    let people: i64 = tour.boardings.iter().map(|boarding| i64::from(boarding.people)).sum();
    cost + ground.cost(kind, here, ends) + people * vehicle.per_person
}
