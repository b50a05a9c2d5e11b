//! The vehicles of a VRPLIB file: one by one, or all alike.

use super::sections::File;
use crate::cli::engine::routing::instance::{MOST_VEHICLES, merge};
use crate::cli::engine::routing::rounding::Rounding;
use crate::cli::engine::routing::rows;
use crate::routing::problem::{Break, DIMS, MOST, MOST_BREAKS, MOST_JOBS, MOST_PRICE, Vehicle};

/// A number for each, with its line, if they are given.
type Column = Option<Vec<(usize, f64)>>;

/// What the vehicles depend on.
pub(super) struct Ground<'a> {
    /// Which vehicles are out, by depot.
    pub(super) shifts: &'a [(i32, i32)],
    /// Nodes that are not depots: with no number given there is a vehicle for each.
    pub(super) clients: usize,
    /// Kinds of load.
    pub(super) kinds: usize,
}

/// Types of vehicles, and which ones of the file each is.
pub(super) fn read(
    file: &File<'_>,
    ground: &Ground<'_>,
    rounding: Rounding,
) -> Result<(Vec<Vehicle>, Vec<Vec<u32>>), String> {
    let count = file.whole("VEHICLES", 1, MOST_VEHICLES)?.map_or(ground.clients, |count| count as usize);
    // In CVRP files DISTANCE limits lengths and service times together: with lengths as times, a duration.
    let durations = match (file.each("VEHICLES_MAX_DURATION", count)?, file.each("DISTANCE", count)?) {
        (Some(_), Some(distances)) => {
            let line = distances.first().map_or(1, |&(line, _)| line);
            return Err(rows::at(line, "DISTANCE and VEHICLES_MAX_DURATION both limit a route; keep one"));
        }
        (durations, distances) => durations.or(distances),
    };
    let distances = file.each("VEHICLES_MAX_DISTANCE", count)?;
    let fixed = file.each("VEHICLES_FIXED_COST", count)?;
    let prices = file.each("VEHICLES_UNIT_DISTANCE_COST", count)?;
    let time_prices = file.each("VEHICLES_UNIT_DURATION_COST", count)?;
    let usual = file.each("VEHICLES_USUAL_DURATION", count)?;
    let overtime = file.each("VEHICLES_UNIT_OVERTIME_COST", count)?;
    both(&usual, &overtime, ["VEHICLES_USUAL_DURATION", "VEHICLES_UNIT_OVERTIME_COST"])?;
    let breaks = breaks(file, count, rounding)?;
    let depots = file.each("VEHICLES_DEPOT", count)?;
    let max_reloads = file.each("VEHICLES_MAX_RELOADS", count)?;
    let capacities = capacities(file, count, ground.kinds)?;
    let last = u32::try_from(ground.shifts.len()).unwrap_or(u32::MAX);
    let reloads = reloads(file, count, last)?;
    let vehicle = |at: usize| {
        let of = |column: &Column| column.as_ref().map(|column| column[at]);
        let depot = match of(&depots) {
            Some((line, depot)) => rows::whole(line, "the vehicle's depot", depot, 1..=last)? as usize - 1,
            None => 0,
        };
        let mut vehicle = Vehicle { capacity: capacities[at], shift: ground.shifts[depot], ..Vehicle::at(depot, 1) };
        if let Some(places) = reloads.get(at) {
            vehicle.reloads.clone_from(places);
        }
        if let Some((line, most)) = of(&max_reloads) {
            vehicle.max_reloads = rows::whole(line, "the number of reloads", most, 0..=MOST_JOBS as u32)? as usize;
        }
        if let Some((line, duration)) = of(&durations) {
            vehicle.max_duration = rounding.limit(line, "the longest duration", duration)?;
        }
        if let Some((line, distance)) = of(&distances) {
            vehicle.max_distance = rounding.longest(line, "the longest way", distance)?;
        }
        if let Some((line, cost)) = of(&fixed) {
            vehicle.fixed = rounding.money(line, "the fixed cost", cost)?;
        }
        if let Some((line, price)) = of(&prices) {
            // Lengths are scaled already.
            let price = rows::whole(line, "the cost of a unit of length", price, 0..=MOST_PRICE as u32)?;
            vehicle.per_distance = price.into();
        }
        if let Some((line, price)) = of(&time_prices) {
            vehicle.per_duration =
                rows::whole(line, "the cost of a unit of time", price, 0..=MOST_PRICE as u32)?.into();
        }
        if let Some((line, duration)) = of(&usual) {
            vehicle.usual_duration = rounding.limit(line, "the usual duration", duration)?;
        }
        if let Some((line, price)) = of(&overtime) {
            let most = (MOST_PRICE - vehicle.per_duration) as u32;
            vehicle.per_overtime = rows::whole(line, "the cost of a unit of overtime", price, 0..=most)?.into();
        }
        vehicle.breaks.clone_from(&breaks[at]);
        Ok(vehicle)
    };
    let vehicles = (0..count).map(vehicle).collect::<Result<Vec<Vehicle>, String>>()?;
    Ok(merge(vehicles))
}

/// Two columns that say something only together.
pub(super) fn both(one: &Column, other: &Column, names: [&str; 2]) -> Result<(), String> {
    let (rows, [there, missing]) = match (one, other) {
        (Some(rows), None) => (rows, names),
        (None, Some(rows)) => (rows, [names[1], names[0]]),
        _ => return Ok(()),
    };
    let line = rows.first().map_or(1, |&(line, _)| line);
    Err(rows::at(line, format_args!("{there} says nothing without {missing}; give both")))
}

/// The breaks of each vehicle, in the order in which they stand: a row each, of the vehicle, from when, until when it begins, and how long it is.
fn breaks(file: &File<'_>, count: usize, rounding: Rounding) -> Result<Vec<Vec<Break>>, String> {
    let mut breaks: Vec<Vec<Break>> = vec![Vec::new(); count];
    let Some(section) = file.section("VEHICLES_BREAK") else { return Ok(breaks) };
    for &row in &section.rows {
        let line = row.0;
        let [vehicle, from, until, duration] = rows::numbers(row)?[..] else {
            return Err(rows::at(
                line,
                "write four numbers: the vehicle, from when and until when its break begins, how long it is",
            ));
        };
        let most = u32::try_from(count).unwrap_or(u32::MAX);
        let own = &mut breaks[rows::whole(line, "the vehicle", vehicle, 1..=most)? as usize - 1];
        if own.len() == MOST_BREAKS {
            return Err(rows::at(
                line,
                format_args!("vehicle {vehicle} has more than {MOST_BREAKS} breaks; leave some out"),
            ));
        }
        let units = |what: &str, value: f64| rounding.units(line, what, value);
        let window = (units("the start of the break", from)?, rounding.limit(line, "the end of its window", until)?);
        if window.0 > window.1 {
            return Err(rows::at(line, "the window of the break ends before it begins; swap its ends"));
        }
        if own.last().is_some_and(|before| before.window.0 > window.0) {
            return Err(rows::at(
                line,
                format_args!("the breaks of vehicle {vehicle} stand in the order in which they are taken; sort them"),
            ));
        }
        if duration <= 0.0 {
            return Err(rows::at(line, "a break takes some time; leave it out, or say how long it is"));
        }
        // One that is rounded to nothing is one still.
        own.push(Break { window, duration: units("the break", duration)?.max(1) });
    }
    Ok(breaks)
}

/// At which depots each vehicle may reload, if that is said: a row each, in any order, with as many depots as there are.
fn reloads(file: &File<'_>, count: usize, last: u32) -> Result<Vec<Vec<usize>>, String> {
    const NAME: &str = "VEHICLES_RELOAD_DEPOT";
    let Some(section) = file.section(NAME) else { return Ok(Vec::new()) };
    if section.rows.len() != count {
        let what = format!("section {NAME}_SECTION has {} rows; {count} are needed", section.rows.len());
        return Err(rows::at(section.line, what));
    }
    let mut reloads: Vec<(usize, Vec<usize>)> = vec![(0, Vec::new()); count];
    for &row in &section.rows {
        let line = row.0;
        let numbers = rows::numbers(row)?;
        let most = u32::try_from(count).unwrap_or(u32::MAX);
        let first = numbers.first().copied().unwrap_or_default();
        let vehicle = &mut reloads[rows::whole(line, "the vehicle", first, 1..=most)? as usize - 1];
        if vehicle.0 > 0 {
            return Err(rows::at(line, format_args!("vehicle {first} stands in line {} already; keep one", vehicle.0)));
        }
        vehicle.0 = line;
        for &depot in numbers.iter().skip(1) {
            vehicle.1.push(rows::whole(line, "the depot to reload at", depot, 1..=last)? as usize - 1);
        }
    }
    Ok(reloads.into_iter().map(|(_, depots)| depots).collect())
}

/// Room of each vehicle; what is not said, and kinds that nobody brings, are no limit.
fn capacities(file: &File<'_>, count: usize, kinds: usize) -> Result<Vec<[i32; DIMS]>, String> {
    let rows = match (file.table("CAPACITY", count, kinds..=kinds)?, file.head("CAPACITY")) {
        (Some(_), Some((line, _))) => return Err(rows::at(line, "CAPACITY is a head and a section too; keep one")),
        (Some(table), None) => table,
        (None, Some((line, value))) => {
            let capacity = rows::number(line, value)?;
            if kinds > 1 {
                return Err(rows::at(line, "loads are of several kinds; write a CAPACITY_SECTION with all of them"));
            }
            vec![(line, vec![capacity]); count]
        }
        (None, None) => return Ok(vec![[MOST; DIMS]; count]),
    };
    let load = |(line, numbers): (usize, Vec<f64>)| {
        let mut load = [MOST; DIMS];
        for (amount, number) in load.iter_mut().zip(numbers) {
            *amount = rows::whole(line, "the capacity", number.min(f64::from(MOST)), 0..=MOST as u32)? as i32;
        }
        Ok(load)
    };
    rows.into_iter().map(load).collect()
}
