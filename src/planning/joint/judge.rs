//! Is a plan of the engine one, and does it cost what it says? Derived again from the problem, with no code of the search.

use super::neighbourhood::Kept;
use super::problem::{Column, Kind, Problem};

/// Sums of thousands of terms may differ by so much of the whole.
const CLOSE: f64 = 1e-9;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A vehicle without trips, or one that does not exist.
    #[error("vehicle {0} has no trips, or is of no kind or day there is")]
    Vehicle(usize),
    /// More vehicles than there are.
    #[error("{used} vehicles of kind {kind} on day {day}, but there are {count}")]
    Fleet {
        /// Kind.
        kind: usize,
        /// Day.
        day: usize,
        /// Used.
        used: u32,
        /// There are.
        count: u32,
    },
    /// A trip that cannot be reached in time.
    #[error("vehicle {vehicle} cannot run its trip {trip} after the one before, or cannot leave or reach its depot")]
    Late {
        /// Vehicle.
        vehicle: usize,
        /// Position of the trip.
        trip: usize,
    },
    /// One column twice by one kind.
    #[error("column {0} is run twice by one kind of vehicle")]
    Twice(u32),
    /// A row of riders that is no choice of theirs.
    #[error("riders row {0} is not possible")]
    Row(usize),
    /// Too many people.
    #[error("vehicle {vehicle} has more people than places on its trip {trip}")]
    Overfull {
        /// Vehicle.
        vehicle: usize,
        /// Position of the trip.
        trip: usize,
    },
    /// A cohort with more riders than people.
    #[error("more people of cohort {0} ride than there are")]
    Crowd(usize),
    /// The cost is not what was said.
    #[error("the plan costs {found:.6}, not {said:.6}")]
    Cost {
        /// Derived here.
        found: f64,
        /// As said.
        said: f64,
    },
}

/// Checks vehicles, seats and the cost (plain rules; upkeep included).
///
/// # Errors
/// The first [`Fault`] found.
pub fn judge(problem: &Problem, plan: &Kept, said: f64) -> Result<(), Fault> {
    let mut cost = 0.0;
    let mut used = vec![vec![0_u32; problem.kinds.len()]; problem.days.len()];
    let mut ran = Vec::new();
    for (number, (day, kind, columns)) in plan.blocks.iter().enumerate() {
        let (day, kind) = (usize::from(*day), usize::from(*kind));
        let (Some(of_day), Some(vehicle)) = (problem.days.get(day), problem.kinds.get(kind)) else {
            return Err(Fault::Vehicle(number));
        };
        let trips: Vec<&Column> = columns.iter().filter_map(|column| problem.columns.get(*column as usize)).collect();
        if trips.is_empty() || trips.len() < columns.len() || trips.iter().any(|trip| usize::from(trip.day) != day) {
            return Err(Fault::Vehicle(number));
        }
        used[day][kind] += 1;
        ran.extend(columns.iter().map(|column| (*column, kind)));
        cost += of_day.weight
            * vehicle_day(problem, vehicle, &trips).map_err(|trip| Fault::Late { vehicle: number, trip })?;
    }
    for (day, of_day) in used.iter().enumerate() {
        for (kind, used) in of_day.iter().enumerate() {
            let count = problem.kinds[kind].count;
            if *used > count {
                return Err(Fault::Fleet { kind, day, used: *used, count });
            }
        }
    }
    ran.sort_unstable();
    if let Some(pair) = ran.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Fault::Twice(pair[0].0));
    }
    let mut stops: Vec<u16> = Vec::new();
    let mut lines: Vec<u32> = ran.iter().map(|(column, _)| problem.columns[*column as usize].line).collect();
    lines.sort_unstable();
    lines.dedup();
    for line in &lines {
        stops.extend(&problem.lines[*line as usize]);
    }
    stops.sort_unstable();
    stops.dedup();
    cost += problem.upkeep.per_line * lines.len() as f64 + problem.upkeep.per_stop * stops.len() as f64;
    cost += people(problem, plan)?;
    if (cost - said).abs() > CLOSE * said.abs().max(1.0) {
        return Err(Fault::Cost { found: cost, said });
    }
    Ok(())
}

/// A vehicle's day; the trip that cannot be run, if one.
fn vehicle_day(problem: &Problem, kind: &Kind, trips: &[&Column]) -> Result<f64, usize> {
    let price = |minutes: u32, metres: u64| kind.per_minute * f64::from(minutes) + kind.per_metre * metres as f64;
    let (mut minutes, mut metres) = (0_u32, 0_u64);
    let (first, last) = (trips[0], trips[trips.len() - 1]);
    let (leave, out) = problem.empty.latest(kind.depot, first.first, first.minute, kind.out_from).ok_or(0_usize)?;
    minutes += u32::from(first.minute - leave);
    metres += u64::from(out);
    for (number, trip) in trips.iter().enumerate() {
        minutes += u32::from(trip.free - trip.minute);
        metres += u64::from(trip.metres);
        let Some(next) = trips.get(number + 1) else { continue };
        let gap = next.minute.checked_sub(trip.free).ok_or(number + 1)?;
        let mut best: Option<(u32, u64)> = None;
        if let Some((_, length)) = problem.empty.latest(trip.last, next.first, next.minute, trip.free) {
            best = Some((u32::from(gap), u64::from(length)));
        }
        if let Some((takes, there)) = problem.empty.at(trip.last, kind.depot, trip.free)
            && let Some((leave, back)) =
                problem.empty.latest(kind.depot, next.first, next.minute, trip.free.saturating_add(takes))
        {
            let over = (u32::from(takes) + u32::from(next.minute - leave), u64::from(there) + u64::from(back));
            if best.is_none_or(|best| price(over.0, over.1) < price(best.0, best.1)) {
                best = Some(over);
            }
        }
        let (more, length) = best.ok_or(number + 1)?;
        minutes += more;
        metres += length;
    }
    let (home, length) = problem.empty.at(last.last, kind.depot, last.free).ok_or(trips.len() - 1)?;
    if last.free.saturating_add(home) > kind.home_by {
        return Err(trips.len() - 1);
    }
    minutes += u32::from(home);
    metres += u64::from(length);
    Ok(kind.hire
        + kind.per_minute * (f64::from(minutes) - kind.included_minutes).max(0.0)
        + kind.per_metre * (metres as f64 - kind.included_metres).max(0.0))
}

/// What people cost, by the rows of riders.
fn people(problem: &Problem, plan: &Kept) -> Result<f64, Fault> {
    let mut riding = vec![0_u64; problem.cohorts.len()];
    let mut loads: std::collections::BTreeMap<(u32, u32), Vec<[u64; 2]>> = std::collections::BTreeMap::new();
    let mut saved = 0.0;
    for (row, &(cohort, vehicle, trip, units)) in plan.riders.iter().enumerate() {
        let column = plan.blocks.get(vehicle as usize).and_then(|block| block.2.get(trip as usize));
        let choice =
            column.and_then(|column| problem.choices_of(*column).iter().find(|choice| choice.cohort == cohort));
        let (Some(column), Some(choice)) = (column, choice) else { return Err(Fault::Row(row)) };
        let of = &problem.cohorts[cohort as usize];
        riding[cohort as usize] += u64::from(units);
        saved += problem.days[usize::from(of.day)].weight * choice.saving * f64::from(units);
        let legs = usize::from(problem.columns[*column as usize].legs);
        let load = loads.entry((vehicle, trip)).or_insert_with(|| vec![[0; 2]; legs]);
        for leg in &mut load[usize::from(choice.board)..usize::from(choice.alight)] {
            leg[usize::from(of.wheelchair)] += u64::from(units);
        }
    }
    for ((vehicle, trip), legs) in loads {
        let kind = &problem.kinds[usize::from(plan.blocks[vehicle as usize].1)];
        if legs.iter().any(|leg| leg[0] > u64::from(kind.seats) || leg[1] > u64::from(kind.wheels)) {
            return Err(Fault::Overfull { vehicle: vehicle as usize, trip: trip as usize });
        }
    }
    let mut nothing = 0.0;
    for (number, (cohort, riding)) in problem.cohorts.iter().zip(riding).enumerate() {
        if riding > u64::from(cohort.people) {
            return Err(Fault::Crowd(number));
        }
        nothing += problem.days[usize::from(cohort.day)].weight * cohort.alternative * f64::from(cohort.people);
    }
    Ok(nothing - saved)
}
